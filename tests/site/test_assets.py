"""What every page needs is named by what is in it; pages carry nothing that nobody reads."""

import re

from bs4 import BeautifulSoup

from snippets.site import assets, hook, policy


def test_a_name_changes_with_what_is_in_the_file(house):
    house.write("mkdocs.yml", "extra_css: [assets/katex/katex.min.css, assets/one.css, assets/two.css]\nlogo: assets/logo.svg\n")
    for name in ("one.css", "two.css", "logo.svg", "source.css"):
        house.write(f"docs/assets/{name}", f"{name} {{ }}")
    named = assets.named()
    assert named["assets/one.css"] == named["assets/two.css"] != named["assets/source.css"]
    assert named["assets/one.css"][1] == b"one.css { }\ntwo.css { }"
    listed = assets.renamed(["assets/katex/katex.min.css", "assets/one.css", "assets/two.css", "assets/other.css"])
    assert re.fullmatch(r"assets/katex/katex.min.css assets/note\.[0-9a-f]{8}\.css assets/other.css", " ".join(listed))
    before = {name: address for name, (address, _) in named.items()}
    house.write("docs/assets/two.css", "more { }")
    after = {name: address for name, (address, _) in assets.named().items()}
    assert {name for name in before if before[name] != after[name]} == {"assets/one.css", "assets/two.css"}


def test_what_is_sent_has_no_comments():
    style = b"/* what\nit is */\na { b: c; /* why */ }\n  /* more */\nd { e: url('//f'); }\n"
    assert assets.bare("one.css", style) == b"\na { b: c; }\nd { e: url('//f'); }\n".replace(b"\n", b"", 1)
    script = b'// What it is.\n"use strict";\n  // Why.\nload("//a"); // how\n'
    assert assets.bare("one.js", script) == b'"use strict";\nload("//a"); // how\n'
    assert assets.bare("one.svg", style) == style


def test_a_browser_may_keep_what_has_a_hash_and_nothing_else(site):
    pages = [path.read_text(encoding="utf-8") for path in [*site.rglob("index.html"), *site.glob("source/**/*.html")]]
    needed = {address for page in pages for address in re.findall(r'(?:src|href)="(?:\.\./|\./)*(assets/[^"]+\.(?:css|js|svg))"', page)}
    needed = {address for address in needed if not address.startswith("assets/explorables/")}
    lines = (site / "_headers").read_text(encoding="utf-8").split("\n")
    kept = {line.lstrip("/") for line, after in zip(lines, lines[1:], strict=False) if after == f"  Cache-Control: {assets.KEEP}"}
    assert needed <= kept
    assert len(needed) > 6
    for address in kept:
        assert re.search(r"\.[0-9a-f]{8}\.", address), address
        assert (site / address).is_file()
    below = policy.headers(site, "/note").split("\n")
    assert [line for line in below if line and not line.startswith(("  ", "/note/"))] == []


def test_katex_has_its_styles_where_there_is_a_formula(site):
    for path in site.rglob("index.html"):
        page = path.read_text(encoding="utf-8")
        assert bool(re.search(r'href="[^"]*assets/katex\.[0-9a-f]{8}\.css"', page)) == ('class="katex' in page or path.parent == site), path
        assert "katex.min.css" not in page


def test_a_page_is_lighter_and_says_the_same():
    page = '<div>\n    <p data-search-exclude="">A\n   b</p>\n  <pre><code>if x:\n    y  </code></pre>\n\n'
    page += "  <mrow data-search-exclude>c</mrow></div>"
    light = hook.light(page)
    assert light == "<div>\n<p>A\nb</p>\n<pre><code>if x:\n    y  </code></pre>\n<mrow>c</mrow></div>"
    words = [BeautifulSoup(text, "html5lib").get_text().split() for text in (page, light)]
    assert words[0] == words[1]
