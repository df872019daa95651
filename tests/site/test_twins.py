"""A symbol and its twins are marked where they are the same and nowhere else, and nothing is drawn otherwise for it."""

import re

import pytest
from bs4 import BeautifulSoup

from snippets.site import formulas, source, twins
from snippets.site.symbols import rewrite, symbols, whole

HEAD = "| Symbol | Shape | What it is | In the code |\n|---|---|---|---|\n"
ROWS = (
    r"| $\alpha$ | number | the learning rate | `learning_rate` |",
    r"| $W^{[l]}$ | $(n, m)$ | weights | `params['W1']` |".replace("'", '"'),
    r"| $dW^{[l]}$ | as $W$ | gradient | `grads['dW1']` |".replace("'", '"'),
    r"| $\beta_1$ | number | memory | `beta1` |",
    r"| $v = v_{dW}$ | as $W$ | average of gradients | `v`, kept as `state['v']` |".replace("'", '"'),
    r"| $\hat{v}$ | as $W$ | the same, corrected | `v_hat` |",
)
SNIPPET = '''"""Toy."""


def update(W, dW, state, learning_rate, beta1):
    """W less the average gradient times the rate."""
    v = beta1 * state["v"] + (1 - beta1) * dW
    v_hat = v / (1 - beta1)
    return W - learning_rate * v_hat
'''
MARK = """<!-- checked: toy.update
given W, dW, v, alpha, beta1 = rng.uniform(0.1, 0.9, 5)
W := toy.update(W, dW, {"v": v}, alpha, beta1)
-->"""
FORMULA = r"W := W - \alpha\, \frac{\beta_1 v + (1 - \beta_1)\, dW}{1 - \beta_1^1}"


@pytest.fixture
def toy(house):
    house.write("snippets/toy.py", SNIPPET)
    house.write("docs/notation.md", "# Notation\n\n" + HEAD + "\n".join(ROWS) + "\n")
    return house


def page(formula=FORMULA, mark=MARK, code="toy.py:update"):
    return f'```python\n--8<-- "{code}"\n```\n\n$$\n{formula}\n$$\n{mark}\n\nWith $\\hat{{v}}$, $W^2$, $W_1$ and `beta1`.'


def lit(html, twin):
    """What is marked as this twin: words of the drawn formulas, and of code."""
    found = [e for e in html.select(f'[data-twin="{twin}"]') if not e.find_parent("details")]
    return [e.get_text().replace("\u200b", "") for e in found]


# What is a symbol.


@pytest.mark.parametrize(
    ("tex", "found"),
    [
        (r"\beta_1^t v", [(r"\beta", "1", "t"), ("t", "", ""), ("v", "", "")]),
        (r"dW^2 + d\gamma", [("d W", "", "2"), (r"d \gamma", "", "")]),
        (r"W^{[l]\top} A^{[l-1]}", [("W", "", r"[ l ] \top"), ("l", "", ""), ("A", "", "[ l - 1 ]"), ("l", "", "")]),
        (r"\hat{v} \hat v \bar\mu", [(r"\hat v", "", "")] * 2 + [(r"\bar \mu", "", "")]),
        (r"z_{\text{norm}}^{(i)}", [("z", r"\text{norm}", "( i )"), (r"\text{norm}", "", ""), ("i", "", "")]),
        (r"\text{for } n \\[4pt] \operatorname{Var}(w)", [(r"\text{for }", "", ""), ("n", "", ""), ("w", "", "")]),
        (r"\sqrt\beta \log x \sum_{i=1}^m", [("x", "", ""), ("i", "", ""), ("m", "", "")]),
        (r"f'", [("f", "", r"\prime")]),
    ],
)
def test_symbols_are_found_whole(tex, found):
    assert [(s.letters, s.below, s.above) for s in symbols(tex)] == found


def test_what_makes_two_symbols_the_same():
    def core(tex):
        return whole(tex).core

    assert core("W^{[l]}") == core("W^2") == core("W_{ij}") == core("W") != core("W_1")
    assert core(r"v_{t-1}") == core("v_t") != core("v")
    assert core(r"\hat{v}") == core(r"\hat v") != core("v")
    assert core(r"\bar\sigma^2") == core(r"\bar{\sigma}")
    assert whole("a b") is whole("f(w)") is whole("=") is None


def test_rewriting_with_no_marks_changes_nothing_on_any_page():
    for path in source.DOCS.rglob("*.md"):
        for formula in formulas.find(path.read_text(encoding="utf-8")):
            assert rewrite(formula.tex, lambda symbol: ("", 0)) == formula.tex


# What is drawn.


def without(html):
    """The HTML less the spans that mark twins."""
    soup = BeautifulSoup(html, "html.parser")
    for span in soup.select("span[data-twin]"):
        span.unwrap()
    return str(soup)


def test_every_formula_of_every_page_is_drawn_as_without_its_marks_and_keeps_its_latex():
    marked = 0
    for path in sorted(source.DOCS.rglob("*.md")):
        page = source.read(path)
        known, found = twins.of(page), formulas.find(page.text)
        tex = [known.marked(formula, page.text, page.origins) for formula in found]
        for formula, one, plain, html in zip(found, tex, formulas.render(found), formulas.render(found, tex), strict=True):
            if isinstance(plain, formulas.FormulaError):  # a number in it is not filled in here
                continue
            if one == formula.tex:
                assert html == plain
                continue
            marked += 1
            assert html.count("data-twin") == one.count("\\twin"), f"{path.name}: {one} is drawn without its marks"
            assert html[: html.index("katex-html")] == plain[: plain.index("katex-html")], "MathML or LaTeX differ"
            braces = re.compile(r'<span class="mord mtight">|</span>')  # a script of one letter, to have a span, has braces
            now, before = (
                (without(html), without(plain))
                if without(html) == without(plain)
                else (braces.sub("", without(html)), braces.sub("", without(plain)))
            )
            assert now == before, f"{path.name}: {formula.tex}"
    assert marked > 300


def test_a_formula_that_cannot_be_marked_is_drawn_as_it_is():
    formula = formulas.Formula(0, 1, "dW^2", False)
    assert formulas.render([formula], [r"\twin{dW}{dW}^2"]) == formulas.render([formula])
    assert formulas.render([formula], [r"\twin{dW}{dV^2}"]) == formulas.render([formula])


def test_an_author_is_not_trusted_with_html():
    (answer,) = formulas.render([formulas.Formula(0, 1, r"\htmlData{x=y}{z}", False)])
    assert isinstance(answer, formulas.FormulaError)


# What is marked on a page.


def test_formula_text_code_and_list_are_marked_and_only_they(toy):
    html = toy.convert(page())
    assert not toy.said
    assert lit(html, "beta1") == ["beta1"] * 4 + ["β11", "β1", "β1"] + ["beta1"]
    assert lit(html, "learning_rate") == ["learning_rate"] * 2 + ["α"]
    assert lit(html, "v") == ["v", '"v"', "v", "v"]
    assert lit(html, "W") == ["W", "W", "W", "W", "W"], "W^2 is W's square; W_1 is another symbol"
    assert lit(html, "dW") == ["dW", "dW", "dW"], "and not W within it"
    assert lit(html, "v_hat") == ["v_hat", "v_hat", "v^"], "by its name in the code, which no formula beside code has"


def test_code_is_the_same_text_with_and_without_marks(toy):
    marked = toy.convert(page()).select_one("pre code").get_text()
    toy.write("docs/notation.md", "# Notation\n")
    assert marked == toy.convert(page()).select_one("pre code").get_text()


def test_the_list_has_each_symbol_once_with_its_meaning_and_stands_below_the_first_checked_formula(toy):
    html = toy.convert(page() + "\n\n" + page().split("```", 2)[2])
    (box,) = html.select("details.symbols")
    assert box.find_previous_sibling("div", class_="formula")["data-checked"] == "toy.update"
    assert not box.has_attr("open")
    said = [re.sub(r"\s+", " ", item.get_text()) for item in box.select("li")]
    assert len(said) == 6
    assert sum("beta1 memory" in item for item in said) == 1
    assert sum("learning_rate the learning rate" in item for item in said) == 1
    for name in box.select("li > span.symbol"):
        assert name.select_one("[data-twin]") and name.code
    assert not html.select("button"), "a button that does nothing without the script"


def test_the_list_does_not_come_between_formulas_that_stand_together(toy):
    once_more = f"\n$$\n{FORMULA}\n$$\n{MARK}\n\n"
    together, apart = page().replace("With ", once_more.strip() + "\n\nWith "), page() + "\n" + once_more
    for body, above in ((together, 2), (apart, 1)):
        box = toy.convert(body).select_one("details.symbols")
        assert len(box.find_previous_siblings("div", class_="formula")) == above
        assert len(box.find_next_siblings("div", class_="formula")) == 2 - above
    assert not toy.said


def test_the_list_has_a_symbol_without_the_power_that_it_stands_in(toy):
    html = toy.convert("$dW^2$ and $\\beta_1^t$.\n\n" + page())
    said = [tex.get_text() for tex in html.select("details.symbols button annotation, details.symbols li annotation")]
    assert "dW" in said and r"\beta_1" in said
    assert not any("^2" in tex or "^t" in tex for tex in said)


def test_the_list_has_a_symbol_of_all_layers_rather_than_of_one(toy):
    html = toy.convert("First $W^{[1]}$, of all $W^{[l]}$, of the last $W^{[L]}$.\n\n" + page())
    said = [tex.get_text() for tex in html.select("details.symbols button annotation, details.symbols li annotation")]
    assert "W^{[l]}" in said and not {"W^{[1]}", "W^{[L]}"} & set(said)


def test_a_formula_of_somebody_elses_letters_is_left_alone(toy):
    html = toy.convert(page() + "\n\nTheir $v$<!-- no twin --> is another.")
    assert lit(html, "v") == ["v", '"v"', "v", "v"]


def test_a_page_without_checked_formulas_has_no_marks(toy):
    html = toy.convert("Only $W$ and `beta1`.\n\n```python\nbeta1 = 1\n```")
    assert not html.select("[data-twin], details")


# What is said where page and table differ.


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (ROWS[3] + "\n", "", r"docs/toy.md:10: \beta_1 has no row in docs/notation.md"),
        ("`beta1` |", "`b1` |", r"docs/toy.md:10: \beta_1 is `beta1` in the code beside it, but docs/notation.md:8 calls it b1"),
        (
            "`learning_rate`",
            "`alpha`",
            r"docs/toy.md:10: \alpha is `learning_rate` in the code beside it, but docs/notation.md:5 calls it alpha",
        ),
        ("$dW^{[l]}$", "$dV$", "docs/toy.md:10: dW has no row"),
        (r"$\alpha$", r"$\alpha_0$", r"docs/toy.md:10: \alpha has no row"),
    ],
)
def test_a_symbol_without_its_row_or_with_another_name_is_said_at_its_formula(toy, old, new, said):
    toy.edit("docs/notation.md", old, new)
    toy.convert(page())
    assert len(toy.said) == 1
    assert toy.said[0].startswith(said)


def test_a_local_symbol_needs_no_row_and_has_its_name_in_its_function_alone(toy):
    toy.edit("docs/notation.md", ROWS[3] + "\n", "")
    local = MARK.replace("given", "local \\beta_1: what it keeps\ngiven")
    html = toy.convert(page(mark=local) + "\n\n```python\nbeta1 = 0.9\n```")
    assert not toy.said
    assert lit(html, "beta1") == ["beta1"] * 4 + ["β11", "β1", "β1"], "and neither in the text nor in the other block"
    assert "what it keeps" in html.select_one("details.symbols").get_text()


@pytest.mark.parametrize("line", ["local q: no such symbol", r"local \beta_1 without its colon", "local a b: two symbols"])
def test_a_local_line_that_names_no_symbol_is_said(toy, line):
    toy.convert(page(mark=MARK.replace("given", f"{line}\ngiven")))
    assert len(toy.said) == 1
    assert toy.said[0].startswith(f"docs/toy.md:10: {line!r}: no such symbol here")


def test_of_two_rows_with_one_symbol_the_one_that_links_to_the_page_holds(toy):
    row = r"| $v$ | number | speed, on [the toy](toy.md) | `state['v']` |".replace("'", '"')
    toy.edit("docs/notation.md", ROWS[3], f"{ROWS[3]}\n{row}")
    assert "speed, on the toy" in toy.convert(page()).select_one("details.symbols").get_text()
    toy.edit("docs/notation.md", "toy.md", "network.md")
    text = toy.convert(page()).select_one("details.symbols").get_text()
    assert "speed" not in text
    assert "average of gradients" in text


def test_without_a_notation_page_nothing_is_asked(toy):
    (toy.root / "docs" / "notation.md").unlink()
    html = toy.convert(page())
    assert not toy.said
    assert not html.select("[data-twin], details")


@pytest.mark.parametrize(
    ("span", "name"),
    [
        ("beta1", "beta1"),
        ("epsilon=1e-8", "epsilon"),
        ("L = len(layer_dims) - 1", "L"),
        ('params["W1"]', "W"),
        ('state["t"]', "t"),
        ("network.relu", "relu"),
        ("layer_dims[l]", ""),
        ("A, caches = forward(X)", ""),
    ],
)
def test_what_a_piece_of_code_names(span, name):
    assert twins.code_name(span) == name


def test_each_row_of_the_notation_is_marked_in_formula_and_code(site):
    html = BeautifulSoup((site / "notation" / "index.html").read_text(encoding="utf-8"), "html5lib")
    rows = [
        row for table in html.select("article table") if "Shape" in table.th.find_next("th").get_text() for row in table.select("tbody tr")
    ]
    assert len(rows) == len(twins.notation()) > 40
    named = 0
    for row, entry in zip(rows, twins.notation(), strict=True):
        cells = row.find_all("td")
        own = cells[0].select_one("[data-twin]")["data-twin"]
        assert {e["data-twin"] for e in cells[-1].select("code[data-twin]")} == ({own} if entry.names else set()), row.get_text()
        named += bool(entry.names)
    assert named > 35
    keys = [e["data-twin"] for row in rows for e in row.find("td").select("[data-twin]")[:1]]
    assert len(set(keys)) == len(keys), "two rows with one key"


def test_the_built_page_of_adam_is_marked_throughout(site):
    html = BeautifulSoup((site / "adam" / "index.html").read_text(encoding="utf-8"), "html5lib")
    for part in (
        ".formula [data-twin=beta1]",
        "p .katex [data-twin=beta1]",
        "pre [data-twin=beta1]",
        "li code[data-twin=beta1]",
        "td [data-twin=beta1]",
    ):
        assert html.select(part), part
    assert html.select_one('script[src*="assets/note."]')
    assert not html.select("annotation [data-twin], math [data-twin]")
