"""The glossary: a sentence for each word, a place that explains it, and a tooltip where a page first uses it."""

import re
import xml.etree.ElementTree as etree

from bs4 import BeautifulSoup

from snippets.site import glossary, source
from tests.site.test_browser import listen


def article(site, page: str) -> BeautifulSoup:
    return BeautifulSoup((site / page / "index.html").read_text(encoding="utf-8"), "html5lib").find("article")


def test_each_term_stands_once_in_order_and_is_explained(site):
    terms = glossary.terms()
    rows = [line for line in (source.DOCS / "glossary.md").read_text(encoding="utf-8").split("\n") if line.startswith("- **")]
    assert len(terms) == len(rows) > 25
    names = [term.name.lower() for term in terms]
    assert names == sorted(set(names))
    assert len({term.id for term in terms}) == len(terms)
    ids = {tag["id"] for tag in article(site, "glossary").select("li > strong[id]")}
    assert ids == {term.id for term in terms}
    for term in terms:
        assert term.meaning.endswith("."), term.name
        used = [page.stem for page in source.DOCS.glob("*.md") if re.search(rf"\b{term.form}\b", page.read_text(encoding="utf-8"), re.I)]
        assert set(used) - {"glossary"}, term.name


def test_a_term_is_linked_at_its_first_use_on_each_page_but_its_own(site):
    terms, linked = {term.id: term for term in glossary.terms()}, set()
    for path in sorted(source.DOCS.glob("*.md")):
        if path.stem == "index":
            continue
        links = article(site, path.stem).select("a.term")
        here = [link["href"].removeprefix("../glossary/#") for link in links]
        assert len(here) == len(set(here)), path.stem
        for name, link in zip(here, links, strict=True):
            assert link["title"] == terms[name].meaning
            assert path.stem not in (terms[name].told, "glossary")
            assert link.parent.name not in glossary.NOT_IN
        linked |= set(here)
    assert len(linked) > 20


def test_words_are_found_whole_and_the_longest_first(house):
    house.write("docs/glossary.md", "# G\n\n- **step**{ #step }: One. [A](a.md)\n- **big step**{ #big-step }: Two. [B](b.md#x)\n")
    page = source.Page(source.DOCS / "page.md", [])
    tree = etree.fromstring("<div><h2>step</h2><p>Footstep, <em>a <code>step</code></em> big steps, a Step<a>step</a> and step.</p></div>")
    glossary.mark(tree, page)
    assert [(link.text, link.get("href"), link.tail) for link in tree.iter("a")][:2] == [
        ("big steps", "glossary.md#big-step", ", a "),
        ("Step", "glossary.md#step", ""),
    ]
    assert "".join(tree.itertext()) == "stepFootstep, a step big steps, a Stepstep and step."
    assert len(list(tree.iter("a"))) == 3


def test_its_tooltip_comes_by_mouse_and_by_keyboard(browser, site, address):
    """Under the strict policy; a reader of the screen is told it too; a click leads to the word."""

    def look(page):
        wrong = listen(page, address)
        page.goto(f"{address}/adam/", wait_until="load")
        term, told = page.locator("a.term").first, []
        meaning = term.get_attribute("title")
        for begin, end in ((term.hover, page.locator("h1").hover), (term.focus, term.blur)):
            begin()
            tip = page.locator(".md-tooltip2--active")
            tip.wait_for()
            told.append((tip.inner_text().strip(), page.locator(f"#{term.get_attribute('aria-describedby')}").inner_text().strip()))
            end()
            tip.wait_for(state="detached")
        term.click()
        page.wait_for_url("**/glossary/#*")
        return wrong, meaning, told, page.locator(":target").inner_text()

    wrong, meaning, told, word = browser.visit(look, "a tooltip", scheme="light", width=1280)
    assert not wrong
    assert told == [(meaning, meaning)] * 2
    assert word.lower() in {term.name.lower() for term in glossary.terms()}
