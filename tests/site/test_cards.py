"""Where a page is shared, its card is shown: there for every page, small, the same on every build, and named by whole addresses."""

import io
import re

import pytest
from bs4 import BeautifulSoup
from PIL import Image

from snippets.site import cards
from snippets.site.source import ROOT
from tests.site.test_same_bytes import ADDRESS, locales, small  # noqa: F401 - fixtures


def head(site, page):
    found = BeautifulSoup((site / page / "index.html").read_text(encoding="utf-8"), "html5lib").head
    return {tag.get("property") or tag["name"]: tag["content"] for tag in found.select("meta[property], meta[name]")}, found


def size(path) -> tuple[int, int]:
    return Image.open(io.BytesIO(path.read_bytes())).size


def test_every_page_has_a_card_of_the_size_that_is_asked_for_and_under_60_kb(site):
    for path in site.rglob("index.html"):
        page = path.parent.relative_to(site).as_posix().strip(".")
        card = site / cards.name(page)
        assert card.stat().st_size < 60_000, page
        assert size(card) == (1200, 630)
    assert size(site / cards.TOUCH_ICON) == (180, 180)


@pytest.mark.parametrize("card", ["cards/rmsprop.png", "cards/conventions.png"])
def test_a_card_drawn_again_is_the_same(site, card):
    assert cards.picture(card, cards.all_cards()[card]) == (site / card).read_bytes()


def test_what_is_written_on_a_card_stays_on_its_half():
    """However long title and description are: nothing is drawn over the figure, nor over the lower edge."""
    white = Image.new("RGB", (540, 550), cards.PAPER)
    card = cards.compose("Setting up", "Hyperparameters and unpronounceability", "incomprehensible " * 60, white)
    assert card.crop((620, 0, 1200, 630)).getcolors() == [(580 * 630, (255, 255, 255))]
    assert len(card.crop((0, 610, 620, 630)).getcolors()) == 1
    told = cards.compose("Setting up", "Adam", "A longer description that is cut, " * 20, white)
    assert told.tobytes() != cards.compose("Setting up", "Adam", "A longer description that is cut, " * 2, white).tobytes()


def test_only_a_site_that_knows_its_address_names_cards(site, small):  # noqa: F811
    here, found = head(site, "adam")
    assert not [name for name in here if name.startswith(("og:", "twitter:"))]
    assert not found.select("link[rel=canonical]")
    assert not (site / "robots.txt").exists()
    there, found = head(small("plain"), "")
    assert found.select_one("link[rel=canonical]")["href"] == there["og:url"] == ADDRESS
    assert there["og:image"] == there["twitter:image"] == f"{ADDRESS}cards/index.png"
    assert size(small("plain") / "cards/index.png") == (1200, 630)
    assert there["og:title"] in there["og:image:alt"] and there["og:description"] == there["description"]
    assert there["twitter:card"] == "summary_large_image"
    assert f"Sitemap: {ADDRESS}sitemap.xml" in (small("plain") / "robots.txt").read_text(encoding="utf-8")
    assert f"<loc>{ADDRESS}</loc>" in (small("plain") / "sitemap.xml").read_text(encoding="utf-8")


def test_every_page_says_what_it_is_about_and_a_phone_finds_its_picture(site):
    pages = [path.parent.relative_to(site).as_posix() for path in site.rglob("index.html") if "source" not in path.parts]
    said = [head(site, page)[0]["description"] for page in pages]
    assert len(pages) > 30 and len(set(said)) == len(pages)  # each page by itself
    assert "You write He's initialization yourself, and a checker tells you what is wrong with it." in said
    for page in ("", "adam", "notebooks/initialization"):
        _, found = head(site, page)
        assert (site / page / found.select_one("link[rel=apple-touch-icon]")["href"]).resolve().is_file()


def test_a_page_that_is_not_there_says_what_to_do(site):
    text = BeautifulSoup((site / "404.html").read_text(encoding="utf-8"), "html5lib").article.get_text(" ")
    assert "no such page" in text and "Search" in text


def test_the_picture_in_readme_is_there_small_and_told_in_words():
    words, path = re.search(r"!\[([^\]]*)\]\((docs/assets/[^)]*)\)", (ROOT / "README.md").read_text(encoding="utf-8")).groups()
    assert (ROOT / path).stat().st_size < 400_000
    assert "Ten views" in words and words.count(";") >= 6
