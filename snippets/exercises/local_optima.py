"""Find what is wrong with a test for minima: a checker with a hint for each misconception."""

import numpy as np

from snippets import local_optima
from snippets.exercises._check import Hint, attempt, checker

CASES = [
    np.diag([2.0, 3.0]),
    np.diag([-2.0, -3.0]),
    np.array([[1.0, 2.0], [2.0, 1.0]]),
    np.diag([1.0, -1.0, -1.0]),
    np.diag([-1.0, -2.0, -3.0]),
    np.diag([2.0, 3.0, 4.0]),
    np.diag([-1.0, -1.0, 3.0]),
    np.diag([2.0, 3.0, -1.0, -1.0]),
    np.diag([3.0, -1.0, 0.0]),
    np.diag([2.0, 0.0]),
    np.diag([-2.0, 0.0]),
    1e-12 * np.diag([1.0, 2.0, 3.0]),
    np.diag([1.0, 1e-4]),
    *(np.outer(v, v) for v in ([0.1, 0.7, 0.3], [0.6, 0.9, 0.7], [0.3, 0.1, 0.9])),  # two eigenvalues are zero, but for rounding
]


def kind(hessian):
    """Which it is: "minimum", "maximum", "saddle", "degenerate" if one cannot tell.
    hessian: (n, n). One that is not symmetric is none, and raises ValueError.
    """
    determinant = np.linalg.det(hessian)
    if determinant == 0:
        return "degenerate"
    if determinant < 0:
        return "saddle"
    return "minimum" if hessian[0, 0] > 0 else "maximum"


kind_solved = right = local_optima.critical_point
eigenvalues = np.linalg.eigvalsh


def by_signs(numbers, zero=1e-9, nothing="degenerate"):
    """The kind, if these were the eigenvalues; what is at most `zero` times the largest of them counts as nothing."""
    least, low, high = zero * np.max(np.abs(numbers)), np.min(numbers), np.max(numbers)
    if low < -least and high > least:
        return "saddle"
    return "minimum" if low > least else "maximum" if high < -least else nothing


def by_determinant(hessian):
    """The test for two dimensions, in any."""
    determinant = np.linalg.det(hessian)
    return "degenerate" if determinant == 0 else "saddle" if determinant < 0 else by_signs(hessian[:1, :1])


SWAPPED = {"minimum": "maximum", "maximum": "minimum"}
MISTAKES = {
    "the determinant is a product, in which two falling directions cancel: its sign decides in two dimensions only": by_determinant,
    "the trace is a sum, in which one steep direction outweighs the others": lambda H: by_signs(np.trace(H)),
    "the diagonal tells the curvature along the axes, and there are other directions": lambda H: by_signs(np.diag(H)),
    "minimum and maximum are swapped: with positive eigenvalues it goes up on all sides": lambda H: SWAPPED.get(right(H), right(H)),
    "an eigenvalue of zero is counted as going up, but second derivatives cannot tell": lambda H: by_signs(
        eigenvalues(H), nothing="minimum"
    ),
    "an eigenvalue of zero makes no saddle by itself: that takes both signs": lambda H: by_signs(eigenvalues(H), nothing="saddle"),
    "rounding leaves about 1e-17 of an eigenvalue of zero: compare with the largest": lambda H: by_signs(eigenvalues(H), zero=0),
    "small is small beside the largest eigenvalue, not beside 1: units are free": lambda H: by_signs(
        np.where(np.abs(eigenvalues(H)) < 1e-9, 0, eigenvalues(H))
    ),
    "one ten thousandth of the largest is small, but not rounding: that leaves about 1e-16 of it": lambda H: by_signs(
        eigenvalues(H), zero=1e-3
    ),
    "where both signs are there, it is a saddle, whatever the other eigenvalues are": lambda H: (
        "degenerate" if np.min(np.abs(eigenvalues(H))) <= 1e-9 * np.max(np.abs(eigenvalues(H))) else right(H)
    ),
}


@checker
def check_kind(kind):
    """Try `kind(hessian)` in two dimensions, where much is right by accident, and in more."""
    said = [attempt(kind, hessian) for hessian in CASES]
    wrong = [i for i, hessian in enumerate(CASES) if said[i] != right(hessian)]
    if wrong:
        at = CASES[wrong[0]]
        shown = [[float(f"{number:.2g}") for number in row] for row in [*at, eigenvalues(at)]]
        text = f"It says {said[wrong[0]]!r} of {shown[:-1]} with eigenvalues {shown[-1]}, and {right(at)!r} is right"
        explained = {hint: [i for i, H in enumerate(CASES) if mistake(H) != right(H)] for hint, mistake in MISTAKES.items()}
        fits = [hint for hint, mistake in MISTAKES.items() if all(mistake(CASES[i]) == said[i] for i in wrong)]
        raise Hint(f"{text}: {min(fits, key=lambda hint: len(explained[hint]))}." if fits else f"{text}.")
    try:
        kind(np.array([[1.0, 3.0], [0.0, 1.0]]))
    except ValueError:
        return "the signs of all eigenvalues decide, and what is no Hessian is refused."
    except Exception as error:
        raise Hint(f"It refuses [[1, 3], [0, 1]], but by {type(error).__name__}: raise ValueError.") from None
    raise Hint("It takes [[1, 3], [0, 1]] for a Hessian. Mixed second derivatives are equal, so that is a mistake: raise ValueError.")
