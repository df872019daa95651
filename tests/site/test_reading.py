"""How long a page takes is said below its title; and the link to edit it, where there is an address for that."""

import re
import xml.etree.ElementTree as etree

import pytest
from mkdocs.config import load_config
from mkdocs.structure.files import File
from mkdocs.structure.pages import Page

from snippets.site import reading, source
from snippets.site.source import DOCS, ROOT

SAID = re.compile(r'</h1>\s*<p class="evidence reading">(\d+) minutes? to read(?:, (\d+) more for all its code)?</p>')


def test_each_page_of_the_course_says_how_long_it_takes(site):
    said = {}
    for path in DOCS.glob("*.md"):
        html = (site / ("" if path.stem == "index" else path.stem) / "index.html").read_text(encoding="utf-8")
        if match := SAID.search(html):
            said[path.stem] = int(match[1])
    topics = {path.stem for path in (ROOT / "snippets").glob("[a-z]*.py")}
    assert said.keys() == {path.stem for path in DOCS.glob("*.md") if source.read(path).topic in topics}
    assert max(said.values()) <= 10, said


def test_what_is_counted():
    """Text by its words, code apart, and nothing that is folded, behind the first tab, or below a figure."""
    stash = ['<div class="highlight"><pre><code>' + "<b>x</b> " * 600 + "</code></pre></div>", '<div class="formula">x y</div>']
    placeholders = [f"\x02wzxhzdk:{i}\x03" for i in range(2)]
    tabs = "<div class='tabbed-content'><div><p>{0}</p></div><div><p>{0}</p></div></div>"
    page = (
        "<div><h1>One</h1><p>{1} <em>{1}</em> {1}</p>"
        + tabs
        + "<details><p>{1}</p></details><figure><figcaption>{1}</figcaption></figure></div>"
    )
    tree = etree.fromstring(page.format("CODE FORMULA", "word " * 190))
    for element in tree.iter("p"):
        element.text = (element.text or "").replace("CODE", placeholders[0]).replace("FORMULA", placeholders[1])
    assert reading.minutes(tree, stash) == (3, 3)


@pytest.mark.parametrize(
    ("address", "link"), [("https://example.org/edit/main/docs/{path}", "https://example.org/edit/main/docs/adam.md"), ("", None)]
)
def test_a_page_can_be_edited_where_there_is_an_address(monkeypatch, tmp_path, address, link):
    """The workflow gives it; at home there is no link. No page asks the repository's host for anything: that is what repo_url would do."""
    monkeypatch.setenv("EDIT_URL", address)
    config = load_config(str(ROOT / "mkdocs.yml"))
    assert not config.repo_url and "content.action.edit" in config.theme["features"]
    page = Page(None, File("adam.md", str(DOCS), str(tmp_path), use_directory_urls=True), config)
    assert page.edit_url == link
    assert "EDIT_URL: https://" in (ROOT / ".github" / "workflows" / "site.yml").read_text(encoding="utf-8")
