"""The checks of built HTML, whoever built it: what each says, and what they leave alone."""

import pytest

from snippets.site import checks

PAGE = (
    '<!doctype html><html><head><meta name="description" content="x"><link rel="stylesheet" href="../style.css"></head>'
    '<body><a href="../other/">Other</a><article><h1 id="t">T<a href="#t">&para;</a></h1>{}</article></body></html>'
)
FORMULA = '<span class="katex"><span class="katex-mathml">\\frac{1}{2} $</span><span class="katex-html"><span>x</span></span></span>'
CLEAN = (
    f"<p>It costs &#36;3, <code>$x \\alpha [^1]</code> {FORMULA} and 2 &lt; 3.</p><pre><code>```\n$ ls **\n!!! x</code></pre>"
    '<h2 id="a">A</h2><h3>B</h3><h2>C</h2><p><a href="#a">a</a> <a href="../other/#there">b</a> <a href="https://example.org/">c</a></p>'
    '<img src="../dot.svg" alt="A dot"><div class="tabbed-set" data-tabs="1:2"></div><svg><a href="nowhere"/></svg>'
)
FAULTS = [
    ("<h1>Again</h1>", "a second title (h1) 'Again'"),
    ("<h3>Deep</h3>", "the heading 'Deep' skips a level: h3 follows on h1"),
    ('<p id="t">x</p>', "the id 't' stands twice on the page"),
    ('<img src="../dot.svg">', "the picture ../dot.svg has no alt text"),
    ('<img src="../dot.svg" alt=" ">', "the picture ../dot.svg has no alt text"),
    ('<div class="tabbed-set" data-tabs="1:1"></div>', "a lone tab"),
    ("<p>It is $x$ here</p>", "a $ is left in the text: '$x$ here'"),
    ("<p>It is \\frac{1}{2}</p>", "LaTeX is left in the text: '\\\\frac{1}{2}'"),
    ("<p>```python x = 1</p>", "a fence is not rendered"),
    ('<p>!!! note "So"</p>', "a box is not rendered"),
    ('<p>??? note "So"</p>', "a box is not rendered"),
    ('<p>=== "NumPy"</p>', "a tab is not rendered"),
    ("<p>See [there](x.md</p>", "a link is not rendered"),
    ("<p>See [there][x]</p>", "a link is not rendered"),
    ("<p>So it is.[^1]</p>", "a footnote is not rendered"),
    ("<p>So it is [@kingma2015].</p>", "a citation is not rendered"),
    ("<p>** so **</p>", "emphasis is not rendered"),
    ("<p>| a | b | |---|---|</p>", "a table is not rendered"),
    ('<p>--8<-- "adam.py:update"</p>', "an embedding is not rendered"),
    ("<p>{.evidence}</p>", "attributes are not rendered"),
    ("<p>It is {adam.race.ratio:.2f}</p>", "a number is not filled in"),
    ("<p>TODO: more</p>", "a placeholder is left"),
    ('<script src="https://example.org/x.js"></script>', "loaded from another host: https://example.org/x.js"),
    ('<link rel="preload" href="//example.org/x.woff2">', "loaded from another host: //example.org/x.woff2"),
    ('<img srcset="https://example.org/x.png 2x" src="../dot.svg" alt="A dot">', "loaded from another host: https://example.org/x.png"),
    ('<p style="background: url(https://example.org/x.png)">x</p>', "loaded from another host: https://example.org/x.png"),
    ('<a href="../nowhere/">x</a>', "a dead link: ../nowhere/"),
    ('<a href="../other/#nowhere">x</a>', "a link to a place that is not on its page: ../other/#nowhere"),
    ('<a href="/other/">x</a>', "an absolute address"),
    ('<a href="">x</a>', "the link 'x' has no address"),
    ('<img src="missing.png" alt="Not there">', "a dead link: missing.png"),
]


@pytest.fixture
def faults(tmp_path, monkeypatch):
    """What is said of a page with this in it, whose source is a file that holds the same."""

    def of(inside: str) -> list[str]:
        site, docs = tmp_path / "site", tmp_path / "docs"
        for name, html in (("page", PAGE.format(inside)), ("other", PAGE.format('<p id="there">x</p>'))):
            (site / name).mkdir(parents=True)
            (site / name / "index.html").write_text(html, encoding="utf-8")
        (site / "style.css").write_text("a { color: red }")
        (site / "dot.svg").write_text("<svg/>")
        docs.mkdir()
        (docs / "page.md").write_text(f"# T\n\nWords\n\n{inside}\n", encoding="utf-8")
        monkeypatch.setattr(checks, "DOCS", docs)
        return [f"{path.relative_to(docs)}:{line}: {what}" for path, line, what in checks.built(site)]

    return of


def test_nothing_is_said_of_a_page_that_is_right(faults):
    assert faults(CLEAN) == []


@pytest.mark.parametrize(("inside", "says"), FAULTS)
def test_what_is_wrong_is_said_with_its_line(faults, inside, says):
    said = [fault for fault in faults(inside) if says in fault]
    assert said
    assert said[0].startswith("page.md:5: ")


def test_a_page_without_title_or_description(tmp_path):
    (tmp_path / "index.html").write_text("<article><p>Words</p></article>")
    assert [what for _, _, what in checks.built(tmp_path)] == ["the page has no title (h1)", "the page has no description"]


def test_formulas_are_cut_out_whole():
    assert checks.without_formulas(f"<p>a {FORMULA} b {FORMULA}</p>") == "<p>a \ufffc b \ufffc</p>"
