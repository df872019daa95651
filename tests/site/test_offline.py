"""The archive of the site is read from a folder: links lead to files, a click to its page, and figures and formulas are there."""

import re
import zipfile
from urllib.parse import unquote

import pytest

from snippets.site import offline


@pytest.fixture(scope="module")
def folder(site, tmp_path_factory):
    place = tmp_path_factory.mktemp("an old disk")
    with zipfile.ZipFile(offline.write(site)) as archive:
        archive.extractall(place)
    (site / offline.NAME).unlink()
    return place / "the-note"


@pytest.mark.parametrize(
    ("link", "after"),
    [
        ("../adam/", "../adam/index.html"),
        ("../adam/#the-race", "../adam/index.html#the-race"),
        ("..", "../index.html"),
        (".", "./index.html"),
        ("../../", "../../index.html"),
        ("../source/snippets/adam.py.html#L-3", "../source/snippets/adam.py.html#L-3"),
        ("#here", "#here"),
        ("https://example.org/", "https://example.org/"),
    ],
)
def test_a_link_to_a_folder_says_its_page(link, after):
    html = '<a class="x" href="{}">../adam/</a> <code>href="../adam/"</code>'
    assert offline.from_folder(html.format(link)) == html.format(after)


def test_each_link_of_the_archive_leads_to_a_file(folder):
    links = 0
    for page in folder.rglob("*.html"):
        for link in re.findall(r'<(?:a|link)\s[^>]*?href="([^"]*)"', page.read_text(encoding="utf-8")):
            if not re.match(r"[a-z]+:|#|$", link):
                links += 1
                assert (page.parent / unquote(link.partition("#")[0])).is_file(), f"{page.relative_to(folder)}: {link}"
    assert links > 2000
    assert (folder / "whole.html").is_file() and not (folder / "_headers").exists()


def test_one_reads_it_from_a_folder(browser, folder):
    def read(page):
        page.goto((folder / "index.html").as_uri())
        page.click(".md-content a[href='adam/index.html'] >> nth=0")
        page.wait_for_selector("article h1#adam")
        page.click(".md-footer__link--next")
        page.wait_for_selector("article h1#learning-rate-decay")
        page.keyboard.press("/")
        page.keyboard.type("momentum")
        page.wait_for_selector(".md-search-result__item")
        return page.evaluate("""async () => {
          const near = [...document.querySelectorAll("article img.only-light")].slice(0, 2);
          near.forEach(image => image.loading = "eager");
          await Promise.all(near.map(image => image.decode()));
          const formulas = document.querySelectorAll(".katex");
          return [near.length, formulas.length, getComputedStyle(formulas[0]).fontFamily];
        }""")

    pictures, formulas, font = browser.visit(read, "from a folder", scheme="light", width=1280)
    assert pictures and formulas and "KaTeX" in font
