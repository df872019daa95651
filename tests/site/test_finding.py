"""The search: what it finds first, however one spells it; and that a visit in which nobody searches loads none of it."""

import gzip
import json
import re

import pytest

from snippets.site import finding
from snippets.site.source import DOCS
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
    "test_epsilon_stands_under_the_root": "batch_norm",
    "batch norm": "batch_norm",
    "running mean": "batch_norm_at_test_time",
    "covariate shift": "batch_norm_why",
    "saddle point": "local_optima",
}
BOX = "[data-md-component=search-query]"
SAYS = "() => document.querySelector('.md-search-result__meta').textContent.trim()"
FOUND = "() => [...document.querySelectorAll('.md-search-result__item > a:first-child')].map(a => a.href)"
READY = "() => document.querySelector('.md-search-result__meta').textContent.startsWith('Type')"
RESULTS = ".md-search__scrollwrap"
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

    own = f"{address}/search/search_index.json"  # Material's, at every visit: it is all but empty

    def look(page):
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url.removeprefix(address)) if request.url != own else None)
        wrong = listen(page, address)
        page.goto(f"{address}/momentum/", wait_until="networkidle")
        before = list(asked)
        page.locator(BOX).focus()
        page.wait_for_function(READY)
        begun = len(asked)
        found = {}
        for query in FIRST:
            found[query] = search(page, query)[0]
            if len(found) == 1:
                first = asked[begun:]
        marked = page.locator(".md-search-result__item:first-child mark").all_inner_texts()
        return wrong, before, asked[len(before) : begun], first, asked[begun:], found, marked

    wrong, before, begun, first, then, found, marked = browser.visit(look, "searching", scheme="light", width=1280)
    assert not wrong
    assert not [url for url in before if "/search/" in url or "worker" in url]
    assert begun == ["/search/words.js"]
    assert 1 <= len(first) <= 3
    assert len(then) == len(set(then))
    assert all(re.fullmatch(r"/search/[\w.]+\.js", url) for url in then)
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


def test_who_looks_further_down_is_shown_more_and_stays_where_he_is(browser, address):
    """At first the pages that come first are read. Of the others there are the titles, and all that was found once one scrolls."""

    def look(page):
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{address}/momentum/", wait_until="networkidle")
        page.locator(BOX).focus()
        page.wait_for_function(READY)
        found = search(page, "gradient")
        begun = len([url for url in asked if re.search(r"/search/.*\.js$", url)])
        page.locator(".md-search-result__item > a").nth(1).focus()
        held = page.evaluate("document.activeElement.href")
        before = page.locator(RESULTS).evaluate("list => (list.scrollTo(0, 60), list.scrollTop)")
        page.wait_for_function("() => document.querySelectorAll('.md-search-result__item:nth-child(6) p').length")
        top, still = page.locator(RESULTS).evaluate("list => list.scrollTop"), page.evaluate("document.activeElement.href")
        return found, begun, page.evaluate(FOUND), before, top, held, still

    found, begun, more, before, top, held, still = browser.visit(look, "looking further down", scheme="light", width=1280)
    assert begun == 4  # the words, and three pages
    assert len(found) >= 8
    assert more[:3] == found[:3]
    assert top == before > 0
    assert held == still


def texts(site) -> dict[str, list[dict]]:
    """The sections of each page as they are searched, by its address."""
    begun = [path.read_text(encoding="utf-8").partition(" = ") for path in (site / "search").glob("*.js")]
    return {begin.split('"')[1]: json.loads(rest.rstrip(";\n")) for begin, _, rest in begun if begin.startswith("searched.texts[")}


def test_it_says_each_thing_once_and_is_small(site):
    """The words of all pages, the texts of each; and what Material loads at every visit in their place."""
    script = (site / "search" / "words.js").read_text(encoding="utf-8")
    pages = json.loads(script.removeprefix("var searched = ").removesuffix(";\n"))["pages"]
    found = texts(site)
    assert {page["location"] for page in pages} == found.keys()
    assert len(pages) == len(found) == len(list(site.rglob("index.html")))
    lines = [line for sections in found.values() for section in sections for line in f"{section['text']}\n{section['code']}".split("\n")]
    long = [line for line in lines if len(line) >= finding.SHORT]
    assert len(long) == len(set(long)) > 1000
    assert not [line for line in lines if "\\frac" in line or "test_" in line and "source/" in line]
    assert len(gzip.compress(script.encode())) < 35_000
    assert (site / "search" / "search_index.json").stat().st_size < 100


def unpacked(packed: str) -> dict[str, set[int]]:
    """On which pages each word is."""
    found, word = {}, ""
    for line in packed.split("\n"):
        rest, where = line.split(" ")
        word = word[: ord(rest[0]) - 48] + rest[1:]
        found[word] = {ord(sign) - 48 for sign in where[::2]}
    return found


def test_the_words_are_those_of_the_pages(site):
    script = (site / "search" / "words.js").read_text(encoding="utf-8")
    searched = json.loads(script.removeprefix("var searched = ").removesuffix(";\n"))
    found, sections = unpacked(searched["words"]), texts(site)
    for number, page in enumerate(searched["pages"]):
        own = {word for s in sections[page["location"]] for name in ("title", "text", "code") for word in finding.words(s[name])}
        assert own == {word for word, pages in found.items() if number in pages}, page["location"]


def test_browser_and_build_read_a_word_alike(browser, site):
    """All texts of the site, and spellings of symbols: cut into the same words by search.js and by finding.py."""
    script = (DOCS / "assets" / "search.js").read_text(encoding="utf-8")
    reads = script[script.index("  const GREEK") : script.index("  const squeezed")]
    given = [section[name] for sections in texts(site).values() for section in sections for name in ("title", "text", "code")]
    given += [
        *FIRST,
        r"\hat{\beta}_1 \widehat{s} \bar x",
        "ẑ₁₂ W̃ x̄ β̂ ϵϕ ς",
        "É naïve ﬁne ½ 10⁻³ 2ᵗ",
        "a__b _c_ d_{2} _ one_two_three_four",
        "日本 привет",
    ]

    def look(page):
        page.goto((site / "404.html").as_uri())
        return page.evaluate(f"texts => {{ {reads}; return texts.map(text => words(text).flatMap(parts)) }}", given)

    theirs = browser.visit(look, "words", scheme="light", width=1280)
    assert [pair for pair in zip(given, theirs, strict=True) if pair[1] != finding.words(pair[0])] == []


def test_what_says_more_of_a_page_weighs_more():
    def page(boost: float, *sections: tuple[str, str, str]) -> dict:
        return {"boost": boost, "sections": [{"title": title, "text": text, "code": code} for title, text, code in sections]}

    pages = [
        page(1, ("Adam", "one step", ""), ("Rates", "a rate, a step, a word", "step = 1")),
        page(1, ("Steps", "a step and many other words that have nothing to do with it", "")),
        page(0.5, ("Adam", "one step", ""), ("Rates", "a rate, a step, a word", "step = 1")),
        page(1, ("More", "w := w - a_rate", "")),
    ]
    found = finding.weights(pages)
    assert found["step"][0] > found["step"][1]
    assert found["step"][2] == found["step"][0] / 2
    assert found["adam"].keys() == {0, 2}
    assert found["w"][3] > found["a"][3]
    assert {"a_rate", "rate"} <= found.keys()
    assert unpacked(finding.packed(found)) == {word: set(where) for word, where in found.items()}


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
