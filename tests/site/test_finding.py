"""The search: what it finds first, however one spells it; and that a visit in which nobody searches loads none of it."""

import gzip
import json

import pytest

from snippets.site import finding
from tests.site.test_browser import listen

FIRST = {  # what a reader types, and the page that answers it
    "beta1": "adam",
    "β₁": "adam",
    r"\beta_1": "adam",
    "np.sqrt(1 - beta2)": "adam",
    "s_hat": "adam",
    "ŝ": "adam",
    r"\hat{s}": "adam",
    "keep_prob": "regularization",
    "dropuot": "regularization",
    "A * mask": "regularization",
    "dW": "network",
    "μ": "batch_norm",
    "bias correction": "moving_averages",
    "dead units": "diagnose",
    "the loss is NaN": "diagnose",
    "log scale": "hyperparameter_tuning",
    "saddle point": "local_optima",
}
BOX = "[data-md-component=search-query]"
SAYS = "() => document.querySelector('.md-search-result__meta').textContent.trim()"
FOUND = "() => [...document.querySelectorAll('.md-search-result__item > a:first-child')].map(a => a.href)"
READY = "() => document.querySelector('.md-search-result__meta').textContent.startsWith('Type')"
ANSWERED = "() => !document.querySelector('.md-search-result__meta').textContent.startsWith('Type')"


def search(page, query: str) -> list[str]:
    """The addresses of the pages that are found, in order."""
    page.locator(BOX).fill("")
    page.keyboard.press("Shift")  # Material's script reads the box when a key is let go
    page.wait_for_function(READY)
    page.locator(BOX).fill(query)
    page.keyboard.press("Shift")
    page.wait_for_function(ANSWERED)
    return page.evaluate(FOUND)


def test_the_right_page_comes_first(browser, site, address):
    """Also under the site's strict policy, and with nothing loaded before somebody searches."""

    def look(page):
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url.removeprefix(address)))
        wrong = listen(page, address)
        page.goto(f"{address}/momentum/", wait_until="networkidle")
        before = list(asked)
        page.locator(BOX).focus()
        page.wait_for_function(READY)
        found = {query: search(page, query)[0] for query in FIRST}
        marked = page.locator(".md-search-result__item:first-child mark").all_inner_texts()
        return wrong, before, asked[len(before) :], found, marked

    wrong, before, then, found, marked = browser.visit(look, "searching", scheme="light", width=1280)
    assert not wrong
    assert not [url for url in before if "minisearch" in url or "pages.js" in url or "worker" in url]
    assert then == ["/assets/minisearch.js", "/search/pages.js"]
    pages = {query: url.split("?")[0].removeprefix(address).strip("/") for query, url in found.items()}
    assert pages == FIRST
    assert "saddle" in marked


def test_it_searches_from_a_folder(browser, site):
    """Where browsers start no worker and fetch no file. A result leads to a file, not to a folder."""

    def look(page):
        page.goto((site / "adam" / "index.html").as_uri(), wait_until="load")
        page.locator(BOX).focus()
        page.wait_for_function(READY)
        return search(page, "keep_prob")[0]

    found = browser.visit(look, "searching in a folder", scheme="light", width=1280)
    assert found.split("?")[0] == (site / "regularization" / "index.html").as_uri()


def test_it_says_each_thing_once_and_is_small(site):
    """The index; and what Material loads at every visit in its place."""
    script = (site / "search" / "pages.js").read_text(encoding="utf-8")
    pages = json.loads(script.removeprefix("var searched = ").removesuffix(";\n"))
    assert len({page["location"] for page in pages}) == len(pages) == len(list(site.rglob("index.html")))
    lines = [line for page in pages for section in page["sections"] for line in f"{section['text']}\n{section['code']}".split("\n")]
    long = [line for line in lines if len(line) >= finding.SHORT]
    assert len(long) == len(set(long)) > 1000
    assert not [line for line in lines if "\\frac" in line or "test_" in line and "source/" in line]
    assert len(gzip.compress(script.encode())) < 160_000
    assert (site / "search" / "search_index.json").stat().st_size < 100


@pytest.mark.parametrize(
    ("tex", "shown"),
    [
        (r"W := W - \alpha \frac{\hat{v}}{\sqrt{\hat{s}} + \epsilon}", "W := W - α (v\u0302) / (√(s\u0302) + ε)"),
        (r"(1 - \beta_1^t)\,dW^{[l]}", "(1 - β₁ᵗ) dW^[l]"),
        (r"\tilde{Z}_{\text{norm}} \approx 3 \cdot 10^{-7}", "Z\u0303_norm ≈ 3 · 10^-7"),
    ],
)
def test_a_formula_as_one_would_type_it(tex, shown):
    assert finding.plain(tex) == shown
