"""KaTeX's styles and fonts are cut to what the pages need, and nobody sees that."""

import re
from pathlib import Path

import pytest

from snippets.site import fonts
from snippets.site.formulas import KATEX

DIST = KATEX / "dist"
STYLES = '<link rel="stylesheet" href="../assets/katex/katex.min.css">\n'

# Where each piece of a formula stands and how wide it is, its characters and its lines, and which fonts were needed for it.
MEASURE = """async () => {
  document.documentElement.style.scrollBehavior = "auto";
  await document.fonts.ready;
  const boxes = [...document.querySelectorAll(".katex-html, .katex-html span, .katex-html svg")].map(piece => {
    const box = piece.getBoundingClientRect(), style = getComputedStyle(piece);
    return [piece.className, box.x, box.y, box.width, box.height, style.fontFamily, style.fontSize, style.fontStyle].join(" ");
  });
  const loaded = [...document.fonts].filter(font => font.status === "loaded");
  return [boxes, loaded.map(font => `${font.family} ${font.style} ${font.weight}`).sort()];
}"""


def test_formulas_look_the_same_with_the_whole_of_katex(browser, site, address):
    """Of all pages, in whole.html: cut down, and with KaTeX's own styles and fonts put in their place."""
    asked: list[str] = []

    def whole(route):
        name = route.request.url.rpartition("/")[2]
        asked.append(name)
        own = DIST / "katex.min.css" if name.endswith(".css") else next((DIST / "fonts").glob(f"{name.partition('.')[0]}.woff2"))
        route.fulfill(path=own)

    def look(page, cut: bool):
        if not cut:
            page.route(re.compile(r"/assets/(katex\.\w+\.css|.*KaTeX_.*)"), whole)
        page.goto(f"{address}/whole.html", wait_until="load")
        found = page.evaluate(MEASURE)
        page.locator(".katex-display").first.scroll_into_view_if_needed()
        return found, page.screenshot()

    for width in (1280, 360):
        (boxes, loaded), picture = browser.visit(lambda page: look(page, True), "formulas", scheme="light", width=width)
        (whole_boxes, whole_loaded), whole_picture = browser.visit(lambda page: look(page, False), "formulas", scheme="light", width=width)
        assert len(boxes) > 20_000
        assert [pair for pair in zip(boxes, whole_boxes, strict=True) if pair[0] != pair[1]] == []
        assert loaded == whole_loaded
        assert picture == whole_picture
    assert {"katex.min.css", "KaTeX_Main-Regular.woff2"} <= {re.sub(r"\.[0-9a-f]{8}\.css", ".min.css", name) for name in asked}


def test_what_is_served_is_little(site):
    cut = {path.name.partition(".")[0]: path.stat().st_size for path in (site / "assets").glob("KaTeX_*.woff2")}
    assert "KaTeX_Fraktur-Regular" not in cut
    for name, size in cut.items():
        assert size < (DIST / "fonts" / f"{name}.woff2").stat().st_size / 1.8, name
    assert {path.relative_to(site).as_posix() for path in site.rglob("*.woff2")} == {
        f"assets/{name}" for name in re.findall(r"url\(([^)]*)\)", next((site / "assets").glob("katex.*.css")).read_text())
    }


def pages(folder: Path, **texts: str) -> dict[str, str]:
    """A site of these pages when its fonts have been added: the names of the files in assets by their stems."""
    for name, text in texts.items():
        path = folder / ("index.html" if name == "index" else f"{name}/index.html")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"<head>\n{STYLES}</head><p>{text}</p>", encoding="utf-8")
    fonts.write(folder)
    return {path.name.partition(".")[0]: path.name for path in (folder / "assets").iterdir()}


def drawn(*pieces: str) -> str:
    return f'<span class="katex"><span class="katex-html" aria-hidden="true">{"".join(pieces)}</span></span>'


def test_a_new_glyph_makes_a_new_font_and_no_other(house, tmp_path):
    one, big = '<span class="katex-base"><span class="mord">x</span></span>', '<span class="delimsizing size4">(</span>'
    first = pages(tmp_path / "first", index="words", a=drawn(one) + " words")
    assert first == pages(tmp_path / "again", index="other words", a="more" + drawn(one))
    assert first.keys() == {"katex", "KaTeX_Main-Regular"}
    more = pages(tmp_path / "more", index="words", a=drawn(one), b=drawn(one, big))
    assert more.keys() - first.keys() == {"KaTeX_Size4-Regular"}
    assert all(more[name] != first[name] for name in first)
    (tmp_path / "first" / "assets" / first["KaTeX_Main-Regular"]).unlink()
    assert pages(tmp_path / "first", index="words", a=drawn(one)) == first


def test_pages_without_a_formula_load_none_of_it_but_for_the_first(house, tmp_path):
    names = pages(tmp_path, index="words", a=drawn("x"), b="words")
    link = f'<link rel="stylesheet" href="../assets/{names["katex"]}">\n'
    a, b, index = ((tmp_path / name).read_text() for name in ("a/index.html", "b/index.html", "index.html"))
    assert link in a and link in index
    assert "stylesheet" not in b
    assert "<head>\n</head>" in b


def test_styles_are_those_that_concern_a_class():
    face = "@font-face{font-family:KaTeX_%s;src:url(a)}"
    styles = (
        face % "Main"
        + face % "Script"
        + ".katex .a,.katex .b{font-family:KaTeX_Main}.katex .b.c{d:e}.a:not(.c){h:i}.katex .s{font:KaTeX_Script}svg{f:g}"
    )
    assert fonts.only(styles, {"katex", "a"}) == face % "Main" + ".katex .a{font-family:KaTeX_Main}.a:not(.c){h:i}svg{f:g}"


def test_a_bold_font_stays_where_a_style_asks_for_one():
    faces = [f"@font-face{{font-family:KaTeX_A;{more}src:url(fonts/KaTeX_A-X.ttf)}}" for more in ("", "font-weight:700;")]
    styles = ".k{font:1em KaTeX_A}.k .b{font-weight:700}" + "".join(faces)
    assert fonts.only(styles, {"k"}) == ".k{font:1em KaTeX_A}" + faces[0]
    assert fonts.only(styles, {"k", "b"}) == styles


def test_what_stands_within_a_span():
    part = ' class="x"><span class="a b">1<span>2</span><svg class="c"><path d="M"/></svg></span>&lt;</span>4</span>'
    found = [("".join(sorted(classes)), text) for classes, text in fonts.within(part)]
    assert found == [("ab", ""), ("ab", "1"), ("ab", ""), ("ab", "2"), ("", "<")]
    with pytest.raises(ValueError, match="not closed"):
        list(fonts.within(">a<span>b</span>"))


def test_a_font_has_what_stands_where_a_rule_names_it():
    styles = ".k{font:1em KaTeX_A}.k .a,.k .b.c{font-family:KaTeX_B}.a .d{e:f}@font-face{font-family:KaTeX_C}"
    needed = {"k": set("123456"), "a": set("12"), "b": set("345"), "c": set("456"), "d": set("1")}
    assert fonts.of_fonts(styles, needed) == {"KaTeX_A": set("123456"), "KaTeX_B": set("1245")}
