"""The site built by Zensical has the same pages: words, formulas, code, numbers, figures. What it lacks is listed here, with reasons."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from snippets.site.source import DOCS, ROOT

PAGES = sorted(path.stem for path in DOCS.glob("*.md"))
MISSING = {"notebooks": "mkdocs-jupyter is a plugin of MkDocs; Zensical runs none. Their downloads are there."}
BUILDERS = ".headerlink, .md-content__button, .md-source-file, .md-feedback, .md-clipboard, script, style, form"  # theirs, not the page's


@pytest.fixture(scope="session")
def zensical(once) -> Path:
    """The folder of the site that Zensical built; where it did not, what it said."""

    def make(folder: Path) -> str:
        command = [sys.executable, "-m", "snippets.site.zensical", str(folder / "site")]
        run = subprocess.run(command, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True)
        return f"{run.returncode}\n{folder / 'site'}\n{run.stdout}{run.stderr}"

    returned, folder, said = once("zensical", make).split("\n", 2)
    assert returned == "0", said
    return Path(folder)


def article(site: Path, page: str) -> BeautifulSoup:
    path = site / "index.html" if page == "index" else site / page / "index.html"
    found = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser").find("article")  # quicker, and the same for both
    for own in found.select(BUILDERS):
        own.decompose()
    return found


def content(found: BeautifulSoup) -> dict[str, list]:
    """What a reader takes from a page."""
    return {
        "words": found.get_text(" ").split(),
        "formulas": [annotation.get_text() for annotation in found.select("annotation")],
        "marks": [(f.get("data-checked"), f.has_attr("data-notation")) for f in found.select(".formula")],
        "code": [code.get_text() for code in found.select("pre > code")],
        "numbers": [(data["data-from"], data["value"]) for data in found.select("data.result")],
        "pictures": [(image["src"], image["alt"]) for image in found.select("img")],
        "boxes": [(box.get("id"), box.get("data-exercise")) for box in found.select(".measured, .exercise")],
    }


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_the_same_from_both_and_shows_its_figures(site, zensical, page):
    ours, theirs = content(article(site, page)), content(article(zensical, page))
    for part in ours:
        assert theirs[part] == ours[part], part
    here = zensical if page == "index" else zensical / page
    for source, _ in theirs["pictures"]:
        assert (here / source).resolve().is_file(), source


@pytest.mark.long(10)
def test_nothing_else_is_missing(site, zensical):
    ours, theirs = ({path.relative_to(s).as_posix() for path in s.rglob("*.*")} for s in (site, zensical))
    builder = {"sitemap.xml.gz", "assets/images/favicon.png", "_headers"}  # the builder's own
    folders = ("assets/javascripts/", "assets/stylesheets/", "search/")
    lost = {path for path in ours - theirs if not path.startswith(folders) and path not in builder}
    assert {path.split("/")[0] for path in lost} == MISSING.keys(), lost
    assert all(path.endswith("/index.html") for path in lost)
