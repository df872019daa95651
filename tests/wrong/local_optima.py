"""Critical points and surfaces, wrong."""

import numpy as np

from tests.wrong._registry import wrong

KINDS = "test_the_kinds_by_hand"


def _points(w):
    return w[0], w[1]


def _surface(value, gradient):
    return (value if np.ndim(value) else float(value)), np.stack(gradient)


@wrong(of="critical_point", killed_by=KINDS)
def no_slope_no_way_down(hessian):
    """Where the gradient vanishes training is stuck, so it is an optimum: what lines 165 to 169 of the course note make you think."""
    return "minimum"


@wrong(of="critical_point", killed_by="test_a_matrix_of_crossed_signs_is_a_saddle_though_its_diagonal_is_positive")
def by_the_diagonal(hessian):
    """Only the curvature along each axis: a valley that runs between the axes is missed."""
    d = np.diag(hessian)
    return "minimum" if (d > 0).all() else "maximum" if (d < 0).all() else "saddle" if d.min() < 0 < d.max() else "degenerate"


@wrong(of="critical_point", killed_by=KINDS)
def by_the_determinant(hessian):
    """The determinant's sign, right for two dimensions only: two falling directions of three look like a minimum."""
    det = np.linalg.det(hessian)
    return "degenerate" if abs(det) < 1e-9 else "saddle" if det < 0 else "minimum" if np.trace(hessian) > 0 else "maximum"


@wrong(of="critical_point", killed_by=KINDS)
def by_the_trace(hessian):
    """The mean curvature alone."""
    trace = np.trace(hessian)
    return "minimum" if trace > 0 else "maximum" if trace < 0 else "degenerate"


@wrong(of="critical_point", killed_by=KINDS)
def signs_exchanged(hessian):
    """Positive curvature taken for a maximum."""
    e = np.linalg.eigvalsh(hessian)
    return "maximum" if (e > 0).all() else "minimum" if (e < 0).all() else "saddle" if e.min() < 0 < e.max() else "degenerate"


@wrong(of="critical_point", killed_by=KINDS)
def zeros_first(hessian):
    """Any eigenvalue of zero makes it degenerate, even where the others already have both signs."""
    e = np.linalg.eigvalsh(hessian)
    if np.abs(e).min() <= 1e-9 * np.abs(e).max():
        return "degenerate"
    return "minimum" if (e > 0).all() else "maximum" if (e < 0).all() else "saddle"


@wrong(of="critical_point", killed_by="test_the_kind_does_not_depend_on_the_scale_and_turns_with_the_sign")
def an_absolute_zero(hessian):
    """1e-9 whatever the scale: a very flat minimum is called degenerate."""
    e = np.linalg.eigvalsh(hessian)
    if e.min() < -1e-9 and e.max() > 1e-9:
        return "saddle"
    if np.abs(e).min() <= 1e-9:
        return "degenerate"
    return "minimum" if e.min() > 0 else "maximum"


@wrong(of="saddle", killed_by="test_the_saddle_is_its_formula")
def a_bowl(w):
    """A plus for the minus: no saddle at all."""
    w1, w2 = _points(w)
    return _surface(w1**2 + w2**2, [2 * w1, 2 * w2])


@wrong(of="saddle", killed_by="test_the_gradients_are_those_of_the_values")
def gradient_of_a_bowl(w):
    """The gradient's second sign lost."""
    w1, w2 = _points(w)
    return _surface(w1**2 - w2**2, [2 * w1, 2 * w2])


@wrong(of="plateau", killed_by="test_the_plateau_is_its_formula")
def square_forgotten(w):
    """1 + w1 for 1 + w1^2 below the line."""
    w1, w2 = _points(w)
    return _surface(w1**2 / (1 + np.abs(w1)) + w2**2 / 2, [2 * w1 / (1 + w1**2), w2])


@wrong(of="plateau", killed_by="test_the_gradients_are_those_of_the_values")
def slope_not_squared(w):
    """The derivative of the quotient without the square below the line."""
    w1, w2 = _points(w)
    return _surface(w1**2 / (1 + w1**2) + w2**2 / 2, [2 * w1 / (1 + w1**2), w2])
