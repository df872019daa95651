"""The whole note as one page has every page's words, links that lead on within it, and prints into a PDF one can read."""

import copy
import re

import pypdfium2
import pytest
from bs4 import BeautifulSoup

from snippets.site import overview, whole
from tests.site import paper
from tests.site.test_cheatsheet import printed

MARGIN = 25  # points, on paper; the narrowest margin is 10 mm, or 28 of them


def words(article) -> list[str]:
    """The words of its text, without formulas, code, and what is only for the screen."""
    article = copy.copy(article)  # the page is read by other tests too
    for part in article.select(".katex, pre, details.symbols, .headerlink, .md-content__button, .beside, style"):
        part.replace_with(" ")
    return re.findall(r"[A-Za-z]{3,}", article.get_text(" "))


@pytest.fixture(scope="module")
def page(site):
    return BeautifulSoup((site / whole.NAME).read_text(encoding="utf-8"), "html5lib")


@pytest.fixture(scope="module")
def articles(site):
    """Those of the pages, by their address."""
    paths = {path.parent.relative_to(site).as_posix().strip("."): path for path in sorted(site.rglob("index.html"))}
    return {name: BeautifulSoup(path.read_text(encoding="utf-8"), "html5lib").article for name, path in paths.items()}


@pytest.mark.long(12)
def test_every_page_is_in_it_in_the_order_of_the_navigation(site, page, articles):
    there = [article["id"] for article in page.select("article")]
    assert sorted(there) == sorted(name or "note" for name in articles)
    nav = {group: [file.removesuffix(".md").replace("index", "note") for file in files] for group, files in overview.navigation().items()}
    assert [name for name in there if "/" not in name] == [name for files in nav.values() for name in files]
    assert there.index("batch_norm") < there.index("notebooks/initialization") < there.index("contributing")
    assert [a["href"][1:].split("/")[0] for a in page.select(".contents > ul > li > a")] == nav[""]
    assert [group.get_text() for group in page.select(".contents .group")][:2] == list(nav)[1:3]
    for article in page.select("article"):
        own = articles["" if article["id"] == "note" else article["id"]]
        assert [tex.get_text() for tex in article.select("annotation")] == [tex.get_text() for tex in own.select("annotation")]
        assert [code.get_text() for code in article.select("pre > code")] == [code.get_text() for code in own.select("pre > code")]
        assert len(article.select("img")) == len(own.select("img:not(.only-dark)"))
        assert words(article) == words(own)


def test_each_link_leads_on_within_it_or_to_a_file_of_the_site(site, page):
    ids = [tag["id"] for tag in page.select("[id]")]
    assert len(ids) == len(set(ids)) > 500
    known = set(ids)
    links = [tag["href"] for tag in page.select("a[href]")]
    assert sum(link.startswith("#") for link in links) > 500
    for link in links:
        if link.startswith("#"):
            assert link[1:] in known, link
        elif not link.startswith("http"):
            assert (site / link.split("#")[0]).is_file(), link
    for tag in page.select("[src], link[href]"):
        assert (site / (tag.get("src") or tag["href"])).is_file(), tag
    for label in page.select("label[for]"):
        assert label["for"] in known
    names = {field["name"] for field in page.select("input[type=radio]")}
    assert len(names) == len(page.select(".tabbed-set"))


def test_it_is_open_light_still_and_for_no_search_engine(site, page):
    assert page.select("details") and not page.select("details:not([open])")
    assert not page.select("script, .only-dark")
    assert page.select_one("meta[name=robots]")["content"] == "noindex"
    assert whole.NAME not in (site / "sitemap.xml").read_text(encoding="utf-8")
    searched = [path.read_text(encoding="utf-8") for path in (site / "search").iterdir()]
    assert searched and not [text for text in searched if whole.NAME in text]
    assert f'href="../{whole.NAME}"' in (site / "adam/index.html").read_text(encoding="utf-8")


# On paper.


def right_edge(page) -> float:
    """How far the text on a page of a PDF keeps from its right edge, what is cut off and not seen counted too."""
    text = page.get_textpage()
    return page.get_width() - max((text.get_charbox(i)[2] for i in range(text.count_chars())), default=0)


@pytest.fixture(scope="module")
def pdf(browser, site, address):
    data = browser.visit(lambda page: paper.printed(page, address), "the whole note on paper", patience=240, scheme="dark", width=1280)
    assert len(data) < 30e6
    return pypdfium2.PdfDocument(data)


@pytest.mark.long(45)
def test_printed_it_has_each_page_whole_its_outline_and_its_page_numbers(pdf, page):
    outline = [(entry.get_title(), entry.get_dest().get_index()) for entry in pdf.get_toc(max_depth=9)]
    headings = page.select("article :is(h1, h2, h3, h4, h5, h6)")
    for heading in headings:
        for link in heading.select(".headerlink"):
            link.decompose()
    for (title, _), heading in zip(outline, headings, strict=True):  # Chromium says one twice that a column's end sent on
        assert re.sub(r"\s", "", title).startswith(re.sub(r"\s", "", heading.get_text()))
    at = {heading["id"]: index for heading, (_, index) in zip(headings, outline, strict=True)}
    text = ["".join(pdf[i].get_textpage().get_text_range().split()) for i in range(len(pdf))]
    assert 100 < len(pdf) < 500
    chapters = [at[article.h1["id"]] for article in page.select("article")]
    assert chapters == sorted(set(chapters))  # each begins on a page of its own
    for article, start, end in zip(page.select("article"), chapters, [*chapters[1:], len(pdf)], strict=True):
        there = "".join(text[start:end])
        assert not {word for word in words(article) if word not in there}, article["id"]
    contents = "".join(text[: chapters[0]])
    for link in page.select(".contents a[href^='#']"):
        assert f"{''.join(link.get_text().split())}{at[link['href'][1:]] + 1}" in contents
    for i in range(1, len(pdf)):
        assert text[i].endswith(str(i + 1)) or str(i + 1) in text[i], f"page {i + 1} has no number"
        assert right_edge(pdf[i]) > MARGIN, f"text is cut at the right edge of page {i + 1}"


@pytest.mark.parametrize("name", ["network", "how_we_know", "hyperparameter_tuning", "notebooks/optimization_methods"])
def test_a_page_alone_is_not_cut_either(browser, address, name):
    document = pypdfium2.PdfDocument(printed(browser, address, name))
    assert len(document) > 2
    assert min(right_edge(page) for page in document) > MARGIN
