"""The cheat sheet brings its formulas from the pages that check them, and fits one printed page; any page prints clean."""

import re

import pytest

from snippets.site import formulas, overview, source

NETWORK = r"""---
description: It steps.
---
# The network

$$
W := W - \alpha\, dW
$$
<!-- checked: toy.update
given W, dW = rng.normal(size=3), rng.normal(size=3); alpha = rng.uniform()
W := toy.update(W, dW, alpha)
-->

- In a list:

    $$
    v = 2 \alpha
    $$
    <!-- checked: toy.twice
    given alpha = rng.uniform()
    v = toy.twice(alpha)
    -->

$$
v = \alpha + \alpha
$$
<!-- checked: toy.again
given alpha = rng.uniform()
v = toy.again(alpha)
-->

$$
u = 1
$$
<!-- notation -->
"""
CODE = '''"""Toy."""


def update(W, dW, alpha):
    """A step."""
    return W - alpha * dW


def twice(alpha):
    """Twice."""
    return 2 * alpha


def again(alpha):
    """Twice."""
    return alpha + alpha
'''


@pytest.fixture
def note(house):
    house.write("snippets/toy.py", CODE)
    house.write("docs/network.md", NETWORK)
    return house


def test_a_formula_comes_with_its_check_from_the_page_that_has_it(note):
    page = note.convert("<!-- formula: network W -->\n\n<!-- formula: network.twice v -->")
    assert [box["data-checked"] for box in page.select(".formula")] == ["toy.update", "toy.twice"]
    assert [tex.get_text() for tex in page.select("annotation")] == [r"W := W - \alpha\, dW", r"v = 2 \alpha"]
    assert not note.said


def test_it_follows_its_page_and_is_checked_where_it_is_shown(note):
    note.edit("docs/network.md", r"W - \alpha\, dW", r"W + \alpha\, dW")
    page = note.convert("<!-- formula: network W -->")
    assert page.annotation.get_text() == r"W := W + \alpha\, dW"
    (said,) = note.said
    assert re.match(r"docs/network\.md:6: formula: .*≢ toy\.update", said)


@pytest.mark.parametrize(
    ("asked", "has"),
    [("network Q", "no checked formula 'Q'"), ("network v", "2 checked formulas 'v'"), ("network u", "no"), ("nowhere W", "no")],
)
def test_one_that_is_not_there_or_not_alone_is_said_at_its_line(note, asked, has):
    note.convert(f"<!-- formula: {asked} -->")
    (said,) = note.said
    assert said.startswith("docs/toy.md:6: docs/") and f".md has {has}" in said


def test_the_sheet_has_no_formula_of_its_own_and_every_update_rule_and_default():
    page = source.read(source.DOCS / "cheatsheet.md")
    assert not [formula for formula in formulas.find(page.text) if formula.display]
    shown = {formula.checked.split()[0] for formula in formulas.find(overview.expand(page).text) if formula.checked}
    rules = {"gradient_descent.update", "momentum.update", "rmsprop.update", "adam.update"}
    assert rules | {"network.backward", "initialization.he", "regularization.dropout_forward", "batch_norm.infer"} <= shown
    for module, names in {"momentum": ["beta"], "rmsprop": ["beta", "epsilon"], "adam": ["beta1", "beta2", "epsilon"]}.items():
        for name in [*names, "learning_rate"]:
            assert f"{{default: {module}.update.{name}" in page.text


# On paper.


def printed(browser, address: str, name: str) -> bytes:
    def do(page):
        page.goto(f"{address}/{name}/", wait_until="load")
        return page.pdf(format="A4", prefer_css_page_size=True)

    return browser.visit(do, f"{name} on paper", scheme="dark", width=1280)


def on_paper(browser, address: str, name: str, script: str):
    """What a script says of a page as it is laid out for paper."""

    def do(page):
        page.goto(f"{address}/{name}/", wait_until="load")
        page.emulate_media(media="print")
        return page.evaluate(script)

    return browser.visit(do, f"{name} for paper", scheme="light", width=794)


def test_the_sheet_is_one_page_of_paper(browser, address):
    pages = re.findall(rb"/Type\s*/Page\b(?!s)", printed(browser, address, "cheatsheet"))
    assert len(pages) == 1
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", printed(browser, address, "adam"))) > 5  # pages are counted at all


CUT = """() => [...document.querySelectorAll(".crib .formula")]
  .filter(box => box.scrollWidth > box.clientWidth + 1).map(box => box.dataset.checked)"""


def test_no_formula_of_the_sheet_is_cut_by_its_column(browser, address):
    assert on_paper(browser, address, "cheatsheet", CUT) == []


CLEAN = """() => {
  const seen = e => e.checkVisibility() && e.getBoundingClientRect().height > 0;
  const of = s => [...document.querySelectorAll(s)].filter(seen);
  const tabs = document.querySelector(".tabbed-set");
  return {
    around: of(".md-header, .md-tabs, .md-sidebar, .md-footer, .md-top, .md-search, .md-clipboard, .headerlink").map(e => e.className),
    labels: [...tabs.querySelectorAll(":scope > .tabbed-labels > label")].filter(seen).map(e => e.innerText.trim()),
    blocks: [...tabs.querySelectorAll(":scope > .tabbed-content > .tabbed-block")].filter(seen).length,
    paper: getComputedStyle(document.body).backgroundColor,
    works: of(".bibliography a").map(e => getComputedStyle(e, "::after").content),
    hidden: [...document.querySelectorAll("details:not(.symbols) > :not(summary)")].filter(e => !seen(e)).length,
    answers: of(".answer").length,
  };
}"""


def test_a_page_on_paper_has_no_navigation_all_tabs_all_boxes_and_addresses(browser, address):
    found = on_paper(browser, address, "adam", CLEAN)
    assert found["around"] == []
    assert found["labels"] == ["NumPy", "PyTorch", "Keras", "JAX/Optax"]
    assert found["blocks"] == 4
    assert found["paper"] in ("rgb(255, 255, 255)", "rgba(0, 0, 0, 0)")
    assert found["works"] and all('"http' in content or "<" in content for content in found["works"])
    assert found["answers"] >= 3 and found["hidden"] == 0
