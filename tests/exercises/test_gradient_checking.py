"""Every known misconception about gradient checking gets its own hint."""

import numpy as np
import pytest

from snippets import gradient_checking
from snippets.exercises.gradient_checking import (
    backward,
    backward_solved,
    check_backward,
    check_numerical_gradient,
    check_relative_difference,
)
from tests.exercises._hints import each_gets_its_own


def slope(make):
    """A numerical gradient with another slope, made of J, theta, one element's step, and epsilon."""

    def numerical_gradient(J, theta, epsilon):
        gradient = np.zeros(theta.shape)
        for i in np.ndindex(theta.shape):
            step = np.zeros(theta.shape)
            step[i] = epsilon
            gradient[i] = make(J, theta, step, epsilon)
        return gradient

    return numerical_gradient


def left_behind(copy):
    """theta itself, or one copy of it, is moved up, then down, and not put back."""

    def numerical_gradient(J, theta, epsilon):
        theta, gradient = theta.copy() if copy else theta, np.zeros(theta.shape)
        for i in np.ndindex(theta.shape):
            theta[i] += epsilon
            up = J(theta)
            theta[i] -= 2 * epsilon
            gradient[i] = (up - J(theta)) / (2 * epsilon)
        return gradient

    return numerical_gradient


def both_move_on(J, theta, epsilon):
    plus, minus, gradient = theta.copy(), theta.copy(), np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        plus[i] += epsilon
        minus[i] -= epsilon
        gradient[i] = (J(plus) - J(minus)) / (2 * epsilon)
    return gradient


def one_array(J, theta, epsilon):
    gradient = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        plus, minus = theta, theta
        plus[i] += epsilon
        minus[i] -= epsilon
        gradient[i] = (J(plus) - J(minus)) / (2 * epsilon)
    return gradient


NUMERICAL = {
    "returned None": lambda J, theta, epsilon: None,
    "has shape (4,)": lambda J, theta, epsilon: gradient_checking.numerical_gradient(J, theta, epsilon).ravel(),
    "raised ZeroDivisionError": lambda J, theta, epsilon: 1 / 0,
    "not put back, so": left_behind(copy=False),
    "J is never called": lambda J, theta, epsilon: np.zeros(theta.shape),
    "one and the same array": one_array,
    "much smaller epsilon": lambda J, theta, epsilon: gradient_checking.numerical_gradient(J, theta, 1e-7),
    "to one side only, up": slope(lambda J, theta, step, epsilon: (J(theta + step) - J(theta)) / epsilon),
    "to one side only, down": slope(lambda J, theta, step, epsilon: (J(theta) - J(theta - step)) / epsilon),
    "it divides by epsilon": slope(lambda J, theta, step, epsilon: (J(theta + step) - J(theta - step)) / epsilon),
    "with brackets": slope(lambda J, theta, step, epsilon: (J(theta + step) - J(theta - step)) / 2 * epsilon),
    "not divided by the distance": slope(lambda J, theta, step, epsilon: J(theta + step) - J(theta - step)),
    "but not by epsilon": slope(lambda J, theta, step, epsilon: (J(theta + step) - J(theta - step)) / 2),
    "is a plus": slope(lambda J, theta, step, epsilon: (J(theta + step) + J(theta - step)) / (2 * epsilon)),
    "costs are swapped": slope(lambda J, theta, step, epsilon: (J(theta - step) - J(theta + step)) / (2 * epsilon)),
    "all elements move": slope(lambda J, theta, step, epsilon: (J(theta + epsilon) - J(theta - epsilon)) / (2 * epsilon)),
    "the element before is not put back": left_behind(copy=True),
    "keep the steps": both_move_on,
    "is right.": slope(lambda J, theta, step, epsilon: J(theta)),
}

norm = np.linalg.norm
RELATIVE = {
    "returned None": lambda a, b: None,
    "number for each element": lambda a, b: np.abs(a - b) / (np.abs(a) + np.abs(b)),
    "has shape (2,)": lambda a, b: norm(a - b, axis=1) / (norm(a, axis=1) + norm(b, axis=1)),
    "large gradients would always": lambda a, b: norm(a - b),
    "or by the larger": lambda a, b: norm(a - b) / norm(a),
    "or by the smaller": lambda a, b: norm(a - b) / norm(b),
    "norms are squared": lambda a, b: norm(a - b) ** 2 / (norm(a) ** 2 + norm(b) ** 2),
    "nothing where a sign is flipped": lambda a, b: norm(a - b) / norm(a + b),
    "sizes only": lambda a, b: abs(norm(a) - norm(b)) / (norm(a) + norm(b)),
    "sums stand for norms": lambda a, b: abs(np.sum(a - b)) / (abs(np.sum(a)) + abs(np.sum(b))),
    "both squares together": lambda a, b: norm(a - b) / np.sqrt(norm(a) ** 2 + norm(b) ** 2),
    "the mean of the norms": lambda a, b: norm(a - b) / np.mean([norm(a), norm(b)]),
    "singular value": lambda a, b: norm(a - b, 2) / (norm(a, 2) + norm(b, 2)),
    "A billion times smaller": lambda a, b: norm(a - b) / (norm(a) + norm(b) + 1e-8),
    "yours says nan": lambda a, b: norm(a - b) / (norm(a) + norm(b)),
    "yours says 'It raised ZeroDivisionError": lambda a, b: float(norm(a - b)) / (float(norm(a)) + float(norm(b))),
    "yours says 1": lambda a, b: 1.0 if not np.any(a) else norm(a - b) / (norm(a) + norm(b)),
}


def test_what_only_keeps_zero_from_below_the_bar_is_let_pass():
    assert check_relative_difference(lambda a, b: norm(a - b) / (norm(a) + norm(b) + 1e-30)).startswith("Right")


def spoilt(name, make):
    """The right gradients but for one, made of the right one, its parameter, lambda and m."""

    def backward(params, X, Y, lambd):
        grads = backward_solved(params, X, Y, lambd)
        return grads | {name: make(grads[name], params[name[1:]], lambd, X.shape[1])}

    return backward


def with_slope(slope):
    def backward(params, X, Y, lambd):
        A1, m = np.tanh(params["W1"] @ X + params["b1"]), X.shape[1]
        dZ1 = params["W2"].T @ (params["W2"] @ A1 + params["b2"] - Y) * slope(A1)
        mended = {"dW1": dZ1 @ X.T / m + lambd / m * params["W1"], "db1": dZ1.mean(axis=1, keepdims=True)}
        return backward_solved(params, X, Y, lambd) | mended

    return backward


BACKWARD = {
    "returned None": lambda params, X, Y, lambd: None,
    "It should have": lambda params, X, Y, lambd: {},
    "1/m is missing: the cost is a mean": backward,
    "missing from both": spoilt("dW2", lambda g, W, lambd, m: m * g),
    "missing from its L2 term": spoilt("dW2", lambda g, W, lambd, m: g + (lambd - lambd / m) * W),
    "L2 is in the cost": spoilt("dW1", lambda g, W, lambd, m: g - lambd / m * W),
    "takes the 1/2 away": spoilt("dW1", lambda g, W, lambd, m: g - lambd / (2 * m) * W),
    "sign of its L2": spoilt("dW1", lambda g, W, lambd, m: g - 2 * lambd / m * W),
    "sign of the error": spoilt("dW2", lambda g, W, lambd, m: 2 * lambd / m * W - g),
    "a sum over the examples": spoilt("db2", lambda g, b, lambd, m: m * g),
    "not regularized": spoilt("db1", lambda g, b, lambd, m: g + lambd / m * b),
    "the square is missing": with_slope(lambda A1: 1 - A1),
    "slope of tanh is missing": with_slope(lambda A1: 1),
    "of the sigmoid": with_slope(lambda A1: A1 * (1 - A1)),
    "of ReLU": with_slope(lambda A1: A1 > 0),
    "has shape (2, 3)": spoilt("dW1", lambda g, W, lambd, m: g.T),
}


@pytest.mark.parametrize(
    ("check", "misconceptions"),
    [(check_numerical_gradient, NUMERICAL), (check_relative_difference, RELATIVE), (check_backward, BACKWARD)],
)
def test_each_misconception_gets_its_own_hint(check, misconceptions):
    each_gets_its_own(check, misconceptions)


def test_the_mended_backward_pass_is_that_of_its_cost():
    rng = np.random.default_rng(1)
    X, Y, lambd = rng.normal(size=(2, 6)), rng.normal(size=(1, 6)), 0.3
    params = {"W1": rng.normal(size=(4, 2)), "b1": rng.normal(size=(4, 1)), "W2": rng.normal(size=(1, 4)), "b2": rng.normal(size=(1, 1))}

    def J(params):
        error = params["W2"] @ np.tanh(params["W1"] @ X + params["b1"]) + params["b2"] - Y
        return np.mean(error**2) / 2 + lambd / 12 * sum(np.sum(params[name] ** 2) for name in ("W1", "W2"))

    good = gradient_checking.check_parameters(J, lambda p: backward_solved(p, X, Y, lambd), params)
    assert {report.verdict for report in good.values()} == {"right"}
    bad = gradient_checking.check_parameters(J, lambda p: backward(p, X, Y, lambd), params)
    assert {name: report.verdict != "right" for name, report in bad.items()} == {"W1": True, "b1": True, "W2": True, "b2": False}
