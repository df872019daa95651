"""Point at a symbol with a mouse, a key or a finger: its twins are lit, readable in both schemes, and Escape puts them out."""

import re

import pytest

from tests.site import browser as browsers
from tests.site.test_browser import AXE, VIOLATIONS, listen

PARTS = {
    "formula": ".formula .lit",
    "line": "p .katex .lit",
    "code": "pre .lit",
    "list": "button.symbol .lit",
}
LIT = "() => [...document.querySelectorAll('.lit')].map(e => e.dataset.twin)"
MARKED = "twin => document.querySelectorAll(`[data-twin='${twin}']`).length"
COLOURS = """selector => [...document.querySelectorAll(selector)].map(e => {
  const style = getComputedStyle(e), paper = [];
  for (let p = e.parentElement; p; p = p.parentElement) paper.push(getComputedStyle(p).backgroundColor);
  const behind = paper.find(colour => !/, 0\\)$/.test(colour));
  return {ink: style.color, lit: style.backgroundColor, line: style.outlineColor, wide: parseFloat(style.outlineWidth), behind};
})"""


def open_page(page, address, name="adam"):
    wrong = listen(page, address)
    page.goto(f"{address}/{name}/", wait_until="load")
    return wrong


def all_lit(page, twin) -> bool:
    """Every twin on the page is lit, and nothing else."""
    lit = page.evaluate(LIT)
    return set(lit) == {twin} and len(lit) == page.evaluate(MARKED, twin)


def contrast(one: str, other: str) -> float:
    def light(colour):
        channels = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((light(one), light(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(("scheme", "width"), browsers.SETTINGS)
def test_pointing_lights_every_twin_in_formula_text_code_and_list(browser, address, scheme, width):
    def point(page):
        wrong = open_page(page, address)
        page.evaluate("document.querySelector('details.symbols').open = true")
        before = page.locator("pre code").first.evaluate("code => code.textContent")
        page.locator(".formula [data-twin=beta1]").first.hover()
        assert all_lit(page, "beta1")
        for part, selector in PARTS.items():
            assert page.locator(selector).count(), f"nothing lit in {part}"
        for selector in (".formula .lit", "pre .lit"):
            for seen in page.evaluate(COLOURS, selector):
                assert contrast(seen["ink"], seen["lit"]) >= 4.5, seen
                assert contrast(seen["line"], seen["behind"]) >= 3, seen
                assert contrast(seen["line"], seen["lit"]) >= 3, seen
                assert seen["wide"] >= 1, "by more than colour"
        assert page.locator("pre code").first.evaluate("code => code.textContent") == before
        page.locator("pre [data-twin=learning_rate]").first.hover()
        assert all_lit(page, "learning_rate")
        page.locator("h1").hover()
        assert page.evaluate(LIT) == []
        return wrong

    assert browser.visit(point, "adam, pointing", scheme=scheme, width=width) == []


def test_the_keyboard_reaches_every_symbol_of_the_list_and_none_elsewhere(browser, address):
    def press(page):
        wrong = open_page(page, address)
        assert page.locator(":is(.katex, pre, p) [data-twin]:is(button, [tabindex])").count() == 0
        page.locator("details.symbols summary").focus()
        page.keyboard.press("Enter")
        buttons = page.locator("details.symbols button.symbol")
        names = buttons.evaluate_all("all => all.map(b => b.querySelector('[data-twin]').dataset.twin)")
        assert {"beta1", "beta2", "learning_rate", "epsilon", "W", "dW", "v", "s", "t"} <= set(names)
        for name in names:
            page.keyboard.press("Tab")
            assert all_lit(page, name), f"focus on {name} lights it"
        page.keyboard.press("Tab")
        assert page.evaluate(LIT) == [], "nothing is kept by passing"
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.getAttribute('aria-pressed')") == "true"
        page.keyboard.press("Tab")
        assert all_lit(page, names[-1]), "what is pressed stays lit"
        assert page.locator("[aria-pressed=true]").count() == 1
        page.keyboard.press("Escape")
        assert page.evaluate(LIT) == []
        assert page.locator("[aria-pressed=true]").count() == 0
        return wrong

    assert browser.visit(press, "adam, by keyboard", scheme="light", width=1280) == []


def test_a_tap_lights_and_another_puts_out(browser, address):
    def tap(page):
        wrong = open_page(page, address)
        symbol = page.locator(".formula [data-twin=beta2]").first
        symbol.tap()
        assert all_lit(page, "beta2")
        page.locator("pre [data-twin=beta1]").first.tap()
        assert all_lit(page, "beta1"), "one at a time"
        page.locator("pre [data-twin=beta1]").first.tap()
        assert page.evaluate(LIT) == []
        symbol.tap()
        page.locator("h1").tap()
        assert page.evaluate(LIT) == [], "a tap beside them puts them out"
        return wrong

    assert browser.visit(tap, "adam, by touch", scheme="dark", width=360, has_touch=True) == []


def test_a_row_of_the_notation_is_lit_in_symbol_and_code(browser, address):
    def press(page):
        wrong = open_page(page, address, "notation")
        row = page.locator("tr:has(code[data-twin=beta1])")
        row.locator("button.symbol").click()
        assert all_lit(page, "beta1")
        assert row.locator(".lit").count() == 2
        return wrong

    assert browser.visit(press, "notation, pressing", scheme="dark", width=1280) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["adam", "notation"])
def test_the_lit_page_is_accessible(browser, address, scheme, name):
    def look(page):
        page.add_init_script(path=AXE)
        open_page(page, address, name)
        page.evaluate("document.querySelectorAll('details').forEach(box => box.open = true)")
        page.evaluate(browsers.SCROLL)  # a block of code can be scrolled by keys from when it was seen
        page.locator("button.symbol:has([data-twin=beta1])").first.click()
        assert page.evaluate(LIT)
        return [f"{v['what']} {v['where']}" for v in page.evaluate(VIOLATIONS)]

    assert browser.visit(look, f"{name}, lit", scheme=scheme, width=360) == []


def test_without_script_the_list_is_there_to_read_and_nothing_looks_like_a_button(browser, address):
    def read(page):
        wrong = open_page(page, address)
        page.locator("details.symbols summary").click()
        item = page.locator("details.symbols li", has=page.locator("code", has_text=re.compile("^beta1$")))
        assert "how much Adam keeps of past gradients" in item.inner_text()
        assert page.locator("article button").count() == 0
        return wrong

    assert browser.visit(read, "adam, no scripts", scheme="light", width=360, java_script_enabled=False) == []


def test_on_paper_nothing_is_lit_and_the_list_is_gone(browser, address):
    def print_it(page):
        open_page(page, address)
        page.emulate_media(media="print")
        before = page.evaluate(COLOURS, "[data-twin=beta1]")
        page.emulate_media(media="screen")
        page.locator(".formula [data-twin=beta1]").first.click()
        assert page.evaluate(COLOURS, "[data-twin=beta1]") != before
        page.emulate_media(media="print")
        assert page.evaluate(COLOURS, "[data-twin=beta1]") == before
        assert page.locator("details.symbols").is_hidden()
        page.emulate_media(media="screen")

    browser.visit(print_it, "adam, on paper", scheme="light", width=1280)
