"""A formula that is not what the code computes is found, whichever character is wrong."""

import random
import re
from importlib import import_module

import numpy as np
import pytest

from snippets.site import formula_checks, formulas, source
from snippets.site.formula_checks import CheckError, compare, parse, rows_of, sides_of, tokens

DESCENT = (
    r"W := W - \alpha\, dW",
    """gradient_descent.update
    given W, dW = rng.normal(size=(2, 3)), rng.normal(size=(2, 3)); alpha = rng.uniform(0.1, 0.9)
    W := gradient_descent.update({"W": W}, {"dW": dW}, gradient_descent.init({"W": W}), alpha)[0]["W"]""",
)
COST = (
    r"J = -\frac{1}{m} \sum_{i=1}^{m} \Bigl( y^{(i)} \log a^{(i)} + \bigl(1 - y^{(i)}\bigr) \log\bigl(1 - a^{(i)}\bigr) \Bigr)",
    """network.cost
    given A, Y = rng.uniform(0.1, 0.9, (1, 5)), rng.integers(0, 2, (1, 5)); m = 5
    y^{(i)} -> Y[0, i - 1]
    a^{(i)} -> A[0, i - 1]
    J = network.cost(A, Y)""",
)
PENALTY = (
    r"J_{L2} = \frac{\lambda}{2m} \sum_{l=1}^{L} \sum_{k=1}^{n^{[l]}} \sum_{j=1}^{n^{[l-1]}} \bigl(W^{[l]}_{k,j}\bigr)^2",
    """regularization.l2_cost
    given W1, W2, m, lambd, L = rng.normal(size=(3, 4)), rng.normal(size=(3, 4)), 7, rng.uniform(0.1, 0.9), 2
    W^{[l]}_{k,j} -> (W1, W2)[l - 1][k - 1, j - 1]
    n^{[l]} -> 3
    n^{[l-1]} -> 4
    J_{L2} = regularization.l2_cost({"W1": W1, "W2": W2}, lambd, m)""",
)
RIGHT = {"gradient_descent.update": DESCENT, "network.cost": COST, "regularization.l2_cost": PENALTY}


@pytest.mark.parametrize("name", RIGHT)
def test_the_right_formula_passes(name):
    compare(*RIGHT[name])


CHANGES = [
    ("-", "+"),
    ("+", "-"),
    ("alpha", "beta"),
    ("lambda", "mu"),
    ("2m", "m"),
    (")^2", ")^3"),
    ("i=1", "i=2"),
    ("^{m}", "^{2}"),
    ("a^{(i)}", "y^{(i)}"),
]


@pytest.mark.parametrize("name", RIGHT)
def test_any_changed_character_is_found(name):
    tex, mark = RIGHT[name]
    changed = 0
    for old, new in CHANGES:
        for match in re.finditer(re.escape(old), tex):
            if tex[match.start() - 3 : match.start()] == "[l-" or tex[max(0, match.start() - 2) : match.start()].endswith("[l"):
                continue  # within a symbol that is declared as a whole: found as undeclared, below
            with pytest.raises(CheckError):
                compare(tex[: match.start()] + new + tex[match.end() :], mark)
            changed += 1
    assert changed >= 2


def test_a_changed_index_of_a_declared_symbol_is_found():
    with pytest.raises(CheckError):
        compare(PENALTY[0].replace("W^{[l]}_{k,j}", "W^{[l]}_{j,k}"), PENALTY[1])


@pytest.mark.parametrize(
    ("tex", "mark", "said"),
    [
        (r"W := \hat{v}", DESCENT[1], "stands for nothing|cannot read"),
        (r"W := W \\ b := b", DESCENT[1], "2 rows, but 1 lines"),
        (r"W - \alpha", DESCENT[1], "no ="),
        (DESCENT[0].replace("W :=", "V :="), DESCENT[1], "begins with 'V :='"),
        (DESCENT[0].replace(":=", "="), DESCENT[1], "begins with 'W ='"),
        (DESCENT[0] + "^{[2]}", DESCENT[1], r"the index \^\{\[2\]\} belongs to no symbol"),
        (DESCENT[0], "gradient_descent.downdate\n= 1", "has no function 'downdate'"),
        (DESCENT[0], "gradient_descent.update\n= 1", "does not call update"),
        (DESCENT[0], "gradient_descent.update\nW is W\n= update", "cannot read 'W is W'"),
        (DESCENT[0], "gradient_descent.update\n= gradient_descent.update(1)", "raised TypeError"),
        (r"W := \arcsin(W)", DESCENT[1], "not evaluated"),
    ],
)
def test_what_cannot_be_compared_is_said(tex, mark, said):
    with pytest.raises(CheckError, match=said):
        compare(tex, mark)


def test_an_answer_is_remembered_and_forgotten_with_its_content(tmp_path, monkeypatch):
    monkeypatch.setattr(formula_checks._cache, "CACHE", tmp_path)
    formula_checks.check(*DESCENT)
    assert len([path for path in (tmp_path / "checked").iterdir() if path.suffix != ".sum"]) == 1
    monkeypatch.setattr(formula_checks, "compare", lambda tex, mark: pytest.fail("asked again"))
    formula_checks.check(*DESCENT)
    with pytest.raises(pytest.fail.Exception, match="asked again"):
        formula_checks.check(DESCENT[0].replace("-", "+"), DESCENT[1])
    with pytest.raises(CheckError, match="is no function of snippets"):
        formula_checks.check("a = b", "nothing.here")


def test_a_snippet_that_is_edited_while_the_site_is_served_is_compared_as_it_is_now(house):
    """The next build is of the same process, and what it finds is kept for all that come after."""
    source = house.write("snippets/toy.py", "def sample(x):\n    return 2 * x\n")
    given = "given x = rng.normal(size=3)\n"
    formula_checks.check("y = 2 x", f"toy.sample\n{given}y = toy.sample(x)")
    source.write_text("def triple(x):\n    return 3 * x\n", encoding="utf-8")  # not by house.write, which forgets by itself
    formula_checks.forget()
    formula_checks.check("y = 3 x", f"toy.triple\n{given}y = toy.triple(x)")


BOTH = (
    r"W - \alpha \Bigl( dW + \frac{\lambda}{m} W \Bigr) = \Bigl( 1 - \frac{\alpha\lambda}{m} \Bigr) W - \alpha\, dW",
    """regularization.l2_gradient
    given W, dW, m, alpha, lambd = rng.normal(size=3), rng.normal(size=3), 7, rng.uniform(), rng.uniform()
    = W - alpha * (dW + regularization.l2_gradient(W, lambd, m))""",
)


def test_where_no_name_is_given_both_sides_are_evaluated():
    compare(*BOTH)
    for side in BOTH[0].split(" = "):
        with pytest.raises(CheckError, match="≢"):
            compare(BOTH[0].replace(side, side.replace("- ", "+ ")), BOTH[1])


def test_every_side_of_a_chain_is_evaluated():
    mark = "network.sigmoid\ngiven z = rng.normal(size=3)\ns = network.sigmoid(z)"
    compare(r"s = \frac{1}{1 + e^{-z}} = \frac{e^{z}}{e^{z} + 1}", mark)
    with pytest.raises(CheckError, match="≢"):
        compare(r"s = \frac{1}{1 + e^{-z}} = \frac{e^{z}}{e^{z} - 1}", mark)


def test_a_product_of_matrices_is_declared_as_a_whole():
    mark = """network.forward
    given A, W, b = rng.normal(size=(3, 4)), rng.normal(size=(1, 3)), rng.normal(size=(1, 1))
    W A -> W @ A
    Y = network.forward(A, {"W1": W, "b1": b})[0]"""
    compare(r"Y = \frac{1}{1 + e^{-(W A + b)}}", mark)
    with pytest.raises(CheckError):
        compare(r"Y = \frac{1}{1 + e^{-(A W + b)}}", mark)


# On the real pages: no character of a checked formula can change unnoticed.

CHANGES_EACH = 4
SIGNS = "abdehimnstzLW0123456789+-=^_{}()|\\,:/ "


def test_random_changes_of_one_character_in_the_pages_are_found():
    unnoticed, tried, pages = [], 0, set()
    for path in sorted(source.DOCS.glob("*.md")):
        text = path.read_text(encoding="utf-8")
        for formula in formulas.find(text):
            if formula.checked:
                pages.add(path)
                rng = random.Random(formula.tex)  # so that an edit elsewhere draws no other changes here
                for _ in range(CHANGES_EACH):
                    at, sign = rng.randrange(len(formula.tex)), rng.choice([*SIGNS, ""])
                    changed = formula.tex[:at] + sign + formula.tex[at + 1 :]
                    tried += 1
                    if passes(changed, formula.checked) and not same(formula.tex, changed, formula.checked):
                        unnoticed.append(f"{source.shown(path)}:{text.count(chr(10), 0, formula.start) + 1}: {changed}")
    assert not unnoticed
    assert tried >= 40 * CHANGES_EACH
    assert len(pages) >= 10


def passes(tex: str, mark: str) -> bool:
    """Whether neither KaTeX nor the comparison stops the build; KaTeX first, for it says so sooner."""
    (answer,) = formulas.render([formulas.Formula(0, 0, tex, True)])
    if isinstance(answer, formulas.FormulaError):
        return False
    try:
        compare(tex, mark)
    except CheckError:
        return False
    return True


def same(tex: str, changed: str, mark: str) -> bool:
    """Whether only layout has changed, or SymPy shows that every side is equal: x + y and x + 1y."""
    import sympy

    target, given, declared, _ = formula_checks.parse_mark(mark)
    topic = target.partition(".")[0]
    env = {"np": np, "rng": np.random.default_rng(0), topic: import_module(f"snippets.{topic}")}
    exec(given, env)
    symbols = tuple(formula_checks.spellings(env) | declared)
    before, after = ([side for row in rows_of(text) for side in sides_of(row)] for text in (tex, changed))
    return len(before) == len(after) and all(
        tokens(old) == tokens(new) or sympy.simplify(parse(old, symbols) - parse(new, symbols)) == 0
        for old, new in zip(before, after, strict=True)
    )
