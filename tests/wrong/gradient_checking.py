"""Wrong gradient checks, from the course note and from elsewhere."""

import numpy as np

from tests.wrong._registry import wrong

PARABOLA = "test_numerical_gradient_divides_by_twice_epsilon_whatever_epsilon_is"
NORMS = "test_relative_difference_is_of_norms_over_all_elements"
SIZES = "test_relative_difference_of_equal_flipped_and_zero"


def _each(theta):
    for i in np.ndindex(np.shape(theta)):
        step = np.zeros(np.shape(theta))
        step[i] = 1
        yield step


@wrong(of="numerical_gradient", killed_by=PARABOLA)
def plus_for_minus(J, theta, epsilon=1e-7):
    """The lost minus sign: J(theta + epsilon) + J(theta - epsilon) (course note, line 51, as printed)."""
    return np.array([(J(theta + epsilon * e) + J(theta - epsilon * e)) / (2 * epsilon) for e in _each(theta)]).reshape(theta.shape)


@wrong(of="numerical_gradient", killed_by=PARABOLA)
def one_sided(J, theta, epsilon=1e-7):
    """One-sided: its error is proportional to epsilon, not to its square."""
    return np.array([(J(theta + epsilon * e) - J(theta)) / epsilon for e in _each(theta)]).reshape(theta.shape)


@wrong(of="numerical_gradient", killed_by=PARABOLA)
def divided_by_epsilon(J, theta, epsilon=1e-7):
    """Two-sided but divided by epsilon: twice the gradient."""
    return np.array([(J(theta + epsilon * e) - J(theta - epsilon * e)) / epsilon for e in _each(theta)]).reshape(theta.shape)


@wrong(of="numerical_gradient", killed_by=PARABOLA)
def all_at_once(J, theta, epsilon=1e-7):
    """All elements are moved together, so that each gets the sum of all slopes."""
    return np.full(theta.shape, (J(theta + epsilon) - J(theta - epsilon)) / (2 * epsilon))


@wrong(of="numerical_gradient", killed_by=PARABOLA)
def epsilon_ignored(J, theta, epsilon=1e-7):
    """The limit taken at its word (course note, line 51): an epsilon so small that nothing moves."""
    return np.array([(J(theta + 1e-17 * e) - J(theta - 1e-17 * e)) / 2e-17 for e in _each(theta)]).reshape(theta.shape)


@wrong(of="numerical_gradient", killed_by="test_the_difference_is_taken_in_float64_and_comes_back_in_the_precision_of_theta")
def in_the_precision_of_theta(J, theta, epsilon=1e-7):
    """The difference is taken in float32 where theta is float32."""
    step = [(theta + epsilon * e.astype(theta.dtype), theta - epsilon * e.astype(theta.dtype)) for e in _each(theta)]
    return np.array([(J(plus) - J(minus)) / (2 * epsilon) for plus, minus in step], theta.dtype).reshape(theta.shape)


@wrong(of="relative_difference", killed_by=SIZES)
def difference_without_norms(a, b):
    """The difference alone: large gradients seem wrong, small ones right (the note gives no measure, lines 49 to 51)."""
    return float(np.linalg.norm(np.asarray(a) - np.asarray(b)))


@wrong(of="relative_difference", killed_by=NORMS)
def sum_for_norm(a, b):
    """Plain sums for norms: differences of opposite sign cancel."""
    a, b = np.asarray(a, float), np.asarray(b, float)
    return float(abs(np.sum(a - b)) / (abs(np.sum(a)) + abs(np.sum(b)) or 1))


@wrong(of="relative_difference", killed_by=SIZES)
def norm_of_the_sum(a, b):
    """|a - b| / |a + b|: divides by nothing where a sign is flipped."""
    a, b = np.asarray(a, float), np.asarray(b, float)
    return float(np.linalg.norm(a - b) / max(np.linalg.norm(a + b), 1e-300)) if a.any() else 0.0


@wrong(of="relative_difference", killed_by=SIZES)
def two_zeros_are_nan(a, b):
    """0/0 where both gradients are zero: a right gradient is reported as NaN."""
    a, b = np.asarray(a, float), np.asarray(b, float)
    with np.errstate(invalid="ignore"):
        return float(np.linalg.norm(a - b) / np.float64(np.linalg.norm(a) + np.linalg.norm(b)))


@wrong(of="to_vector", killed_by="test_vectors_keep_the_order_of_the_dict_row_by_row_and_the_precision")
def sorted_by_name(params):
    """Sorted by name, while the gradients come in the dict's order: elements are compared with others' gradients."""
    shapes = {name: params[name].shape for name in sorted(params)}
    return np.concatenate([params[name].ravel() for name in shapes]), shapes


@wrong(of="from_vector", killed_by="test_vectors_keep_the_order_of_the_dict_row_by_row_and_the_precision")
def column_by_column(theta, shapes):
    """Taken apart column by column though put together row by row."""
    parts = np.split(theta.ravel(), np.cumsum([np.prod(shape, dtype=int) for shape in shapes.values()])[:-1])
    return {name: part.astype(float).reshape(shape, order="F") for (name, shape), part in zip(shapes.items(), parts, strict=True)}


@wrong(of="check_gradient", killed_by="test_check_gradient_tells_right_from_wrong")
def compares_sizes(J, gradient, theta, epsilon=1e-7):
    """Compares norms only: a flipped sign passes."""
    numerical = np.array([(J(theta + epsilon * e) - J(theta - epsilon * e)) / (2 * epsilon) for e in _each(theta)])
    return abs(np.linalg.norm(gradient(theta)) - np.linalg.norm(numerical)) / np.linalg.norm(numerical)
