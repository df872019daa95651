"""Every known misconception about critical points gets its own hint."""

import numpy as np
import pytest

from snippets import local_optima
from snippets.exercises.local_optima import CASES, MISTAKES, check_kind, kind
from tests.exercises._hints import each_gets_its_own


def by(signs_of, zero=1e-9, nothing="degenerate", names=("minimum", "maximum")):
    """What a reader writes who asks the signs of the wrong numbers, or the right ones in the wrong way."""

    def kind(hessian):
        if not np.array_equal(hessian, hessian.T):
            raise ValueError("hessian: must be symmetric")
        e = np.atleast_1d(signs_of(hessian))
        least = zero * np.abs(e).max()
        if (e > least).any() and (e < -least).any():
            return "saddle"
        return names[0] if (e > least).all() else names[1] if (e < -least).all() else nothing

    return kind


def absolute(hessian):
    e = np.linalg.eigvalsh(hessian)
    return np.where(np.abs(e) < 1e-6, 0, e)


def zeros_first(hessian):
    e = np.linalg.eigvalsh(hessian)
    return np.zeros(1) if np.abs(e).min() <= 1e-9 * np.abs(e).max() else e


def symmetric(hessian):
    assert np.array_equal(hessian, hessian.T)
    return True


KIND = {
    "its sign decides in two dimensions only": kind,
    "the trace is a sum": by(np.trace),
    "the curvature along the axes": by(np.diag),
    "are swapped": by(np.linalg.eigvalsh, names=("maximum", "minimum")),
    "counted as going up": by(np.linalg.eigvalsh, nothing="minimum"),
    "takes both signs": by(np.linalg.eigvalsh, nothing="saddle"),
    "rounding leaves": by(np.linalg.eigvalsh, zero=0),
    "units are free": by(absolute),
    "small, but not rounding": by(np.linalg.eigvalsh, zero=0.01),
    "by AssertionError: raise ValueError": lambda hessian: symmetric(hessian) and local_optima.critical_point(hessian),
    "whatever the other eigenvalues are": by(zeros_first),
    "It says 'saddle' of [[2.0, 0.0], [0.0, 3.0]] with eigenvalues [2.0, 3.0], and 'minimum' is right.": lambda hessian: "saddle",
    "that is a mistake: raise ValueError": lambda hessian: local_optima.critical_point(hessian + np.triu(hessian.T - hessian)),
    "It raised LinAlgError": lambda hessian: np.linalg.cholesky(-hessian @ hessian),
}


def test_each_misconception_gets_its_own_hint():
    each_gets_its_own(check_kind, KIND)
    assert all(any(part in hint for part in KIND) for hint in MISTAKES)


def test_a_mistake_in_one_place_alone_is_told_by_the_hint_that_says_least():
    said = check_kind(lambda hessian: "minimum" if np.array_equal(hessian, np.diag([2.0, 0.0])) else local_optima.critical_point(hessian))
    assert "counted as going up" in said


@pytest.mark.parametrize("n", [2, 3, 4])
def test_the_starter_is_right_in_two_dimensions_and_wrong_in_more(n):
    rng = np.random.default_rng(0)
    draws = [(A := rng.normal(size=(n, n))) + A.T + n * rng.choice([-2, 0, 2]) * np.eye(n) for _ in range(100)]
    agree = np.mean([kind(H) == local_optima.critical_point(H) for H in draws])
    assert agree == 1 if n == 2 else agree < 0.95
    assert {hessian.shape[0] for hessian in CASES} == {2, 3, 4}
