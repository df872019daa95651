"""A page becomes the HTML that design promises, and what is wrong is said with its line."""

import pytest

from snippets.experiments import _cache
from snippets.figures import _draw

EXPERIMENT = '''"""Toy."""

from snippets.experiments._cache import experiment


@experiment
def race():
    return {"ratio": 3.14159, "seeds": 20}


@experiment
def untested():
    return {"x": 1}
'''
FIGURE = '''"""Toy."""

from snippets.figures import _style


def race():
    """Draw."""
    return _style.panels(height=2.0)[0]


def later():
    """Draw."""
'''
BIB = "@misc{a, author={A, B}, publisher={P}, title={T}, year=2000}\n@misc{b, author={C, D}, publisher={P}, title={U}, year=2001}\n"


@pytest.fixture
def toy(house):
    house.write("snippets/toy.py", '"""Toy."""\n\n\ndef step(x):\n    """Step."""\n    return x\n')
    house.write("snippets/experiments/toy.py", EXPERIMENT)
    house.write("snippets/figures/toy.py", FIGURE)
    house.write("tests/test_toy.py", "from snippets.experiments import toy as experiments\n\n\ndef test_it():\n    experiments.race()\n")
    house.write("docs/references.bib", BIB)
    assert _cache.run("toy", "race")[1] is _cache.run("toy", "untested")[1] is None
    return house


@pytest.fixture
def drawn(toy):
    for theme in _draw.THEMES:
        picture = b'<svg width="360pt" height="144pt"></svg>'
        _cache.write_whole(_draw.picture_path("toy", "race", theme), lambda file: file.write(picture))
    return toy


def said(house, body) -> str:
    house.convert(body)
    return "\n".join(house.said)


# Formulas.


@pytest.mark.parametrize(
    ("body", "inside"),
    [
        ("So $x_1 = 1$.", "p"),
        ("| a | b |\n|---|---|\n| $|x| = 1$ | $y$ |", "td"),
        ("!!! note\n    So $x = 1$.", ".admonition-title + p"),
        ("!!! note\n    $$\n    x = 1\n    $$\n    <!-- notation -->", ".admonition > .formula"),
        ("!!! note\n    ??? answer\n        $$\n        x = 1\n        $$\n        <!-- notation -->", ".admonition > details > .formula"),
        ('=== "A"\n    $$\n    x = 1\n    $$\n    <!-- notation -->\n\n=== "B"\n    b', ".tabbed-block > .formula"),
        ("- one\n\n    $$\n    x = 1\n    $$\n    <!-- notation -->", "li > .formula"),
        ("$$\nx = 1\n$$\n<!-- notation -->", "body > .formula"),
    ],
)
def test_formulas_are_rendered_wherever_they_stand(house, body, inside):
    page = house.convert(body)
    element = page.select_one(inside)
    assert element.select_one("math annotation")
    assert "= 1" in element.select_one("annotation").get_text()
    page_text = "".join(page.find("body").find_all(string=lambda text: "$" in text))
    assert not page_text
    assert not house.said


def test_where_columns_are_many_each_cell_says_its_heading_and_its_row_becomes_a_card_on_a_phone(house):
    page = house.convert("| | Keras `SGD` | At $x$ |\n|---|---|---|\n| a | b | c |\n\n| A | B |\n|---|---|\n| a | b |\n")
    many, few = page.select("div.table")
    assert many["class"] == ["table", "cards"]
    assert [cell.get("data-label", "") for cell in many.select("tbody td")] == ["", "Keras SGD", "At x"]
    assert few["class"] == ["table"]
    assert not few.select("[data-label]")


def test_a_table_cell_may_hold_a_formula_with_a_bar(house):
    cells = house.convert("| a | b |\n|---|---|\n| $|x|$ | $y$ |").select("td")
    assert [cell.select_one("annotation").get_text() for cell in cells] == ["|x|", "y"]


@pytest.mark.parametrize(
    ("body", "what"),
    [
        ("a\n\n$\\frac{1$", ":8: formula: "),
        ("a $", ":6: a stray $"),
        ("$$\na = b\n$$", ":6: say below this formula what computes the same"),
        ("a\n\n$$\na = b\n$$\n<!-- checked -->", ":8: say below this formula what computes the same"),
        ("text $$x$$", ":6: a display formula begins on a line of its own"),
        ("| a |\n|---|\n| $\\nosuch$ |", ":8: formula: "),
    ],
)
def test_a_wrong_formula_is_said_at_its_line(house, body, what):
    assert f"docs/toy.md{what}" in said(house, body)


def test_money_and_code_are_no_formulas(house):
    page = house.convert("It costs \\$3, `$x$`.\n\n```text\n$y$\n```")
    assert "It costs $3, $x$." in page.get_text()
    assert "$y$" in page.get_text()
    assert not page.select("math")
    assert not house.said


# Numbers and citations.


def test_a_number_is_filled_in_anywhere(toy):
    page = toy.convert('!!! note "Up {toy.race.ratio:.1f}"\n    b\n\n| a |\n|---|\n| {toy.race.seeds} |')
    assert page.select_one(".admonition-title data")["value"] == "3.14159"
    assert page.select_one("td data").get_text() == "20"
    assert page.select_one("td data")["data-from"] == "toy.race"
    assert not toy.said


@pytest.mark.parametrize("body", ["{toy.race.rate}", "{toy.rase.ratio:.2f}"])
def test_a_wrong_number_is_said_at_its_line(toy, body):
    assert "docs/toy.md:7: " in said(toy, f"a\n{body}")


def test_what_is_cited_is_listed_below_sources(toy):
    page = toy.convert("As [@b; @a], section 1, have it.\n\n## Sources\n\nMore.")
    assert [a["href"] for a in page.select("a.citation")] == ["#ref-b", "#ref-a"]
    assert [li["id"] for li in page.select("h2 + ul.bibliography li")] == ["ref-a", "ref-b"]
    assert not toy.said


@pytest.mark.parametrize(
    ("body", "what"),
    [
        ("a\n[@nobody]\n\n## Sources", ":7: docs/references.bib has no entry 'nobody'"),
        ("[@a]", "has no `## Sources`"),
        ("a\n\n## Sources", ":8: `## Sources` without a citation"),
    ],
)
def test_a_wrong_citation_is_said(toy, body, what):
    assert what in said(toy, body)


# Boxes.


def test_a_claim_has_an_address_and_links_to_what_holds_it(toy):
    page = toy.convert('!!! measured "It is {toy.race.ratio:.2f}"\n    Over {toy.race.seeds} seeds.')
    box = page.select_one(".measured")
    assert box["id"] == "measured-toy-race"
    links = {a.get_text(): a["href"] for a in box.select(".evidence a")}
    assert links == {
        "toy.race": "source/snippets/experiments/toy.py.html#L-7",
        "test_it": "source/tests/test_toy.py.html#L-4",
    }
    assert not toy.said


@pytest.mark.parametrize(
    ("body", "what"),
    [
        ('!!! measured "Much"\n    So much.', ":6: a measured box holds at least one"),
        ('!!! measured "Much"\n    {toy.untested.x}', ":6: no test in tests/test_toy.py calls the experiment untested"),
        ('!!! contested "Much"\n    [@a]\n\n## Sources', ":6: a contested box cites both sides"),
    ],
)
def test_a_box_without_its_evidence_is_said(toy, body, what):
    assert f"docs/toy.md{what}" in said(toy, body)


def test_exercises_are_numbered_and_answers_folded(toy):
    exercise = '??? exercise "By hand, 3 minutes: do it"\n    Do.\n\n    ??? answer "Answer"\n        Done.\n\n'
    page = toy.convert(exercise * 2 + "!!! corrections\n    | The note | Right |\n    |---|---|\n    | a | b |")
    found = page.select("details.exercise")
    assert [e["data-exercise"] for e in found] == ["toy.1", "toy.2"]
    assert len({e["id"] for e in found}) == 2
    assert all(e.select_one("details.answer") for e in found)
    assert page.select_one("div.corrections td")
    assert not toy.said


@pytest.mark.parametrize(
    ("title", "body", "what"),
    [
        ("By hand: do it", "answer", "an exercise is called"),
        ("By hand, 3 minutes: do it", "note", "an exercise has its answer"),
        ("In code, 8 minutes: do it", "answer", "an exercise with a checker has two hints"),
    ],
)
def test_an_exercise_says_how_long_it_takes_and_has_hints_and_an_answer(toy, title, body, what):
    toy.convert(f'??? exercise "{title}"\n    Do.\n\n    ??? {body} "In words"\n        Done.\n')
    assert what in "".join(toy.said)


# Figures.


def test_a_figure_is_shown_light_and_dark_with_its_code_one_click_away(drawn):
    page = drawn.convert("![Up it goes, {toy.race.seeds} times](figures/toy/race.svg)")
    figure = page.select_one("figure")
    images = figure.select("img")
    assert [i["src"] for i in images] == ["figures/toy/race.light.svg", "figures/toy/race.dark.svg"]
    assert [i["class"] for i in images] == [["only-light"], ["only-dark"]]
    assert {i["alt"] for i in images} == {"Up it goes, 20 times"}
    assert {(i["width"], i["height"]) for i in images} == {("480", "192")}
    assert figure.select_one("figcaption a")["href"] == "source/snippets/figures/toy.py.html#L-6"
    assert not drawn.said


@pytest.mark.parametrize(
    ("body", "what"),
    [
        ("![](figures/toy/race.svg)", "has no alt text"),
        ("![A](figures/toy/chase.svg)", "no function draws figures/toy/chase.svg"),
        ("![A](figures/other/race.svg)", "no function draws"),
        ("![A](figures/toy/later.svg)", "is not drawn for the code as it is now"),
        ("![A](figures/toy/race.svg)\n<!-- explorable: nothing -->", "no explorable 'nothing' in docs/assets/explorables"),
        ("Words.\n\n<!-- explorable: race -->", "write it below the figure"),
    ],
)
def test_a_picture_that_cannot_be_seen_is_said_at_its_line(drawn, body, what):
    assert f"docs/toy.md:{8 + body.count(chr(10))}: " in said(drawn, f"a\n\n{body}")
    assert what in drawn.said[0]


def test_a_figure_with_an_explorable_names_it_and_links_to_both_its_codes(drawn):
    drawn.write("docs/assets/explorables/race.js", "export async function explore(figure) {}\n")
    mark = "![Up it goes](figures/toy/race.svg)\n<!-- explorable: race -->"
    page = drawn.convert(f"{mark}\n\nWords.\n\n```text\n<!-- explorable: nothing -->\n```\n")
    figure = page.select_one("figure[data-explorable=race]")
    assert [a["href"] for a in figure.select("figcaption a")][1] == "assets/explorables/race.js"
    assert len(figure.select("img")) == 2
    assert page.select("p")[-1].get_text() == "Words."
    assert not drawn.said


# Blocks.


def test_an_embedded_block_has_its_language_and_links_to_its_file_a_download_and_its_test(toy):
    page = toy.convert('!!! note\n    ```python\n    --8<-- "toy.py:step"\n    ```\n\nAfter.')
    block = page.select_one(".admonition .language-python")
    assert block.get_text() == 'def step(x):\n    """Step."""\n    return x\n'
    links = [a["href"] for a in page.select(".admonition .evidence a")]
    assert links == ["source/snippets/toy.py.html#L-4", "downloads/toy.py", "source/tests/test_toy.py.html#L-1"]
    assert not toy.said


def test_a_block_that_does_not_stand_alone_says_so(toy):
    page = toy.convert('``` {.python .continues title="Goes on from the block above"}\nx = 1\n```')
    block = page.select_one(".language-python")
    assert "continues" in block["class"]
    assert "Goes on from the block above" in block.get_text()
    assert not toy.said


@pytest.mark.parametrize(
    ("body", "what"),
    [
        ("``` {.python .continues}\nx = 1\n```", "says so to its reader"),
        ("```py\nx = 1\n```", "write `python` for 'py'"),
        ("```Python\nx = 1\n```", "write ```python"),
        ("```python notest\nx = 1\n```", "write ```python"),
        ("```python\n```", "this block is empty"),
        ("```python\nx = 1", "never closed"),
        ('```python\n--8<-- "toy.py:stp"\n```', ":7: snippets/toy.py has no function"),
    ],
)
def test_a_block_that_would_not_be_run_is_said(toy, body, what):
    text = said(toy, body)
    assert "docs/toy.md:6: " in text or ":7: " in what
    assert what in text


# Blocks of libraries.

TABS = """=== "NumPy"

    ```python
    --8<-- "toy.py:step"
    ```

=== "PyTorch"

    ```python
    --8<-- "frameworks/pytorch/toy.py:step"
    ```

=== "Keras"

    ``` {.python .continues title="Goes on"}
    import keras
    ```

=== "JAX/Optax"

    ```pycon
    >>> import optax
    ```
"""


@pytest.fixture
def tabs(toy):
    toy.write("tests/frameworks/test_pytorch.py", "x = 1\n")
    toy.write("snippets/frameworks/pytorch/toy.py", "import torch\n\n\ndef step(x):\n    return torch.abs(x)\n")
    return toy


def test_a_block_carries_which_library_it_needs(tabs):
    html = tabs.convert(TABS)
    found = [sorted(set(block["class"]) - {"highlight"}) for block in html.select(".tabbed-block .highlight")]
    assert found == [
        ["language-python"],
        ["language-python", "needs-torch"],
        ["continues", "language-python", "needs-tensorflow"],
        ["language-pycon", "needs-jax"],
    ]
    assert html.select_one(".continues .filename").text == "Goes on" and tabs.said == []


def test_below_a_block_of_a_library_stand_its_file_and_the_tests_of_the_library(tabs):
    links = [link["href"] for link in tabs.convert(TABS).select(".tabbed-block p.evidence a")]
    assert links[-2:] == ["source/snippets/frameworks/pytorch/toy.py.html#L-4", "source/tests/frameworks/test_pytorch.py.html#L-1"]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("```python\nimport torch\n```", "a block that needs torch says so"),
        ('``` {.python title="Needs PyTorch"}\nimport torch\n```', ""),
        ('``` {.python title="Needs Keras"}\nimport tensorflow\n```', ""),
        ('``` {.python title="Needs TensorFlow"}\nimport torch\n```', "a block that needs torch says so"),
        ('``` {.python title="Needs JAX and PyTorch"}\nimport jax, torch\n```', "a block needs one library, not jax and torch"),
        (TABS.replace('"Keras"', '"Keras 3"'), "not the tabs NumPy, PyTorch, Keras, JAX/Optax, but NumPy, PyTorch, Keras 3, JAX/Optax"),
        (TABS.replace("import keras", "import torch"), "a block that needs torch says so"),
        ('=== "Then"\n    a\n\n=== "Now"\n    b', ""),
        ('=== "Keras"\n    a\n\n```python\nimport keras\n```\n\n=== "B"\n    b', "a block that needs tensorflow says so"),
    ],
)
def test_a_block_says_which_library_it_needs_and_tabs_are_called_alike(tabs, body, says):
    found = said(tabs, body)
    assert says in found if says else not found


HELPED = """def step(x):
    _check(x)
    return _half(x)


def _check(x):
    if x < 0:

        raise ValueError("x")
    if x > 9:
        raise ValueError("x")


def _half(x):
    return x / 2


def _long(
    x,
):
    y = x
    return y


step(2)
"""


def test_private_functions_that_come_along_are_folded_to_a_line_and_the_code_is_the_same(house):
    code = house.convert(f"```python\n{HELPED}```").select_one("pre code")
    assert code.get_text() == HELPED
    assert [helper.get_text().rstrip() for helper in code.select(".helper")] == [
        HELPED[HELPED.index(f"def {name}") : end].rstrip() for name, end in (("_check", HELPED.index("def _half")), ("_long", -8))
    ]
    assert [label["data-lines"] for label in code.select("label")] == ["5", "4"]
    assert [box["aria-label"] for box in code.select("label > input")] == ["Show all of _check", "Show all of _long"]


def test_a_private_function_that_is_what_a_block_shows_is_not_folded(house):
    assert not house.convert("```python\ndef _check(x):\n    a = 1\n    b = 2\n    return a\n```").select(".helper")


def test_a_sign_of_punctuation_stays_with_the_formula_before_it(house):
    long = "a + b + c + d + e + f + g + h"
    html = house.convert(f"Of $x$, $y$ and $a + b$, $a - b$ and ${long}$. Is [it $x$](#a)? $z$\n{{: #a }}\n\n| $a + b$ |\n|---|\n| $c$. |")
    assert [held.get_text()[-1] for held in html.p.select(".held")] == [",", ",", "b"], "a long formula may break within itself"
    assert len(html.select("table .held")) == 1, "in a table a short one may too"
    assert html.p.get_text().count(".") == 1 and html.p.get_text().count(",") == 2


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("`test_a_long_name_of_it`", "test_<wbr/>a_<wbr/>long_<wbr/>name_<wbr/>of_<wbr/>it"),
        ("[`docs/notebooks/file.py:name_of`](#a)", "docs/<wbr/>notebooks/<wbr/>file.py:name_of"),
        ("`keras.layers.Dense(units=2)`", "keras.<wbr/>layers.<wbr/>Dense(<wbr/>units=2)"),
        ("`short_name`", "short_name"),
        ("`a = b / c + a_b_c`", "a = b / c + a_b_c"),
    ],
)
def test_a_line_may_end_between_the_words_of_a_long_name(house, code, shown):
    assert house.convert(f"{code}\n{{: #a }}").code.decode_contents() == shown
