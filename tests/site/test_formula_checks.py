"""A formula that is not what the code computes is found, whichever character is wrong."""

import re

import pytest

from snippets.site import formula_checks
from snippets.site.formula_checks import CheckError, compare

DESCENT = (
    r"W := W - \alpha\, dW",
    """gradient_descent.update
    given W, dW = rng.normal(size=(2, 3)), rng.normal(size=(2, 3)); alpha = rng.uniform(0.1, 0.9)
    = gradient_descent.update({"W": W}, {"dW": dW}, gradient_descent.init({"W": W}), alpha)[0]["W"]""",
)
COST = (
    r"J = -\frac{1}{m} \sum_{i=1}^{m} \Bigl( y^{(i)} \log a^{(i)} + \bigl(1 - y^{(i)}\bigr) \log\bigl(1 - a^{(i)}\bigr) \Bigr)",
    """network.cost
    given A, Y = rng.uniform(0.1, 0.9, (1, 5)), rng.integers(0, 2, (1, 5)); m = 5
    y^{(i)} -> Y[0, i - 1]
    a^{(i)} -> A[0, i - 1]
    = network.cost(A, Y)""",
)
PENALTY = (
    r"J_{L2} = \frac{\lambda}{2m} \sum_{l=1}^{L} \sum_{k=1}^{n^{[l]}} \sum_{j=1}^{n^{[l-1]}} \bigl(W^{[l]}_{k,j}\bigr)^2",
    """regularization.l2_cost
    given W1, W2, m, lambd, L = rng.normal(size=(3, 4)), rng.normal(size=(3, 4)), 7, rng.uniform(0.1, 0.9), 2
    W^{[l]}_{k,j} -> (W1, W2)[l - 1][k - 1, j - 1]
    n^{[l]} -> 3
    n^{[l-1]} -> 4
    = regularization.l2_cost({"W1": W1, "W2": W2}, lambd, m)""",
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
    assert len(list((tmp_path / "checked").iterdir())) == 1
    monkeypatch.setattr(formula_checks, "compare", lambda tex, mark: pytest.fail("asked again"))
    formula_checks.check(*DESCENT)
    with pytest.raises(pytest.fail.Exception, match="asked again"):
        formula_checks.check(DESCENT[0].replace("-", "+"), DESCENT[1])
    with pytest.raises(CheckError, match="is no function of snippets"):
        formula_checks.check("a = b", "nothing.here")
