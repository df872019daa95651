"""Write the two halves of a gradient check, and find what is wrong with a backward pass: checkers with a hint for each misconception."""

import numpy as np

from snippets import gradient_checking
from snippets.exercises._check import Hint, attempt, checker, compare, entries

NAMES = "dW2", "db2", "db1", "dW1"  # from the output down, and the bias first: it has fewer terms


def numerical_gradient(J, theta, epsilon):
    """The slope of J along each element of theta, from two sides.
    J takes an array of theta's shape and returns one number.
    """
    gradient = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        ...  # your lines: two costs, and from them gradient[i]
    return gradient


numerical_gradient_solved = gradient_checking.numerical_gradient


@checker
def check_numerical_gradient(numerical_gradient):
    """Try `numerical_gradient(J, theta, epsilon)` with an epsilon so large that one side differs from two."""
    theta, epsilon, calls = np.array([[1.0, -0.5], [0.25, 2.0]]), 0.125, []

    def J(theta):
        calls.append(1)
        return float(np.sum(theta**3) + 2 * theta[0, 0] * theta[1, 1] + 3 * theta[0, 1] * theta[1, 0] + 0.5 * theta[0, 0])

    try:
        found = attempt(numerical_gradient, J, theta, epsilon)
    except Hint as hint:
        if "changed what it was given" not in str(hint):
            raise
        raise Hint("theta[i] is not put back, so the next slope is taken elsewhere. Change a copy, and make a new one each time.") from None
    if not calls:
        raise Hint("J is never called. Fill in the loop: two costs for each element, and their slope.")
    if np.shape(found) == theta.shape and not np.any(found):
        raise Hint("The two costs are always equal: are plus and minus one and the same array? Take a .copy() for each.")
    right = numerical_gradient_solved(J, theta, epsilon)
    steps = [epsilon * np.eye(4)[k].reshape(2, 2) for k in range(4)]
    before = [sum(steps[:k], np.zeros((2, 2))) for k in range(4)]

    def each(slope):
        return np.array([slope(*both) for both in zip(steps, before, strict=True)]).reshape(2, 2)

    exact = numerical_gradient_solved(J, theta, 1e-5)
    if np.shape(found) == theta.shape and np.allclose(found, exact, rtol=1e-4):
        raise Hint("These are the slopes for a much smaller epsilon than the one that you are given. Use that one.")
    compare(
        "The gradient",
        found,
        right,
        {
            "it looks to one side only, up": each(lambda e, _: (J(theta + e) - J(theta)) / epsilon),
            "it looks to one side only, down": each(lambda e, _: (J(theta) - J(theta - e)) / epsilon),
            "the two points are 2 epsilon apart, and it divides by epsilon": 2 * right,
            "it divides by 2 and multiplies by epsilon: write / (2 * epsilon), with brackets": right * epsilon**2,
            "it is not divided by the distance of the two points, 2 epsilon": right * 2 * epsilon,
            "it is divided by 2, but not by epsilon": right * epsilon,
            "the minus between the two costs is a plus": each(lambda e, _: (J(theta + e) + J(theta - e)) / (2 * epsilon)),
            "the two costs are swapped, and the slope has the wrong sign": -right,
            "all elements move at once; a slope is for one of them": np.full(
                (2, 2), (J(theta + epsilon) - J(theta - epsilon)) / (2 * epsilon)
            ),
            "the element before is not put back when the next one moves": each(
                lambda e, left: (J(theta + e - left) - J(theta - e - left)) / (2 * epsilon)
            ),
            "plus and minus keep the steps of the elements before": each(
                lambda e, left: (J(theta + e + left) - J(theta - e - left)) / (2 * epsilon)
            ),
        },
        rtol=1e-6,
    )
    return "two sides, one element at a time, divided by the distance of the two points."


def relative_difference(a, b):
    """How far apart two gradients of one shape are for their size, from 0 to 1."""
    ...  # your lines


relative_difference_solved = gradient_checking.relative_difference


@checker
def check_relative_difference(relative_difference):
    """Try `relative_difference(a, b)` on two matrices, and on two gradients of zeros."""
    a, b = np.array([[3.0, -1.0, 2.0], [0.5, 4.0, -2.5]]), np.array([[2.5, 1.5, 2.0], [0.5, -3.0, 1.0]])
    apart, norms, norm = a - b, [np.linalg.norm(a), np.linalg.norm(b)], np.linalg.norm
    found = attempt(relative_difference, a, b)
    if np.shape(found) == a.shape:
        raise Hint("It returned one number for each element. Take the norms over all of them, and return one number.")
    compare(
        "The difference",
        found,
        norm(apart) / sum(norms),
        {
            "it is not divided by the sizes of the two: large gradients would always seem wrong": norm(apart),
            "it is divided by the norm of a, or by the larger one; the sum of both treats them alike, and ends at 1": norm(apart)
            / norms[0],
            "it is divided by the norm of b, or by the smaller one; the sum of both treats them alike": norm(apart) / norms[1],
            "the norms are squared: small differences would seem smaller still": norm(apart) ** 2 / (norms[0] ** 2 + norms[1] ** 2),
            "the norm below is that of a + b, which is nothing where a sign is flipped": norm(apart) / norm(a + b),
            "it compares the sizes only: a flipped sign would pass": abs(norms[0] - norms[1]) / sum(norms),
            "sums stand for norms: what is too much in one place cancels what is too little in another": abs(apart.sum())
            / (abs(a.sum()) + abs(b.sum())),
            "the root below is that of both squares together; take two norms, then their sum": norm(apart) / np.hypot(*norms),
            "it is divided by the mean of the norms; divide by their sum": 2 * norm(apart) / sum(norms),
            "norm(x, 2) of a matrix is its largest singular value; leave the 2 out": norm(apart, 2) / (norm(a, 2) + norm(b, 2)),
        },
        rtol=1e-6,
    )
    small = attempt(relative_difference, 1e-9 * a, 1e-9 * b)
    if not np.isclose(small, norm(apart) / sum(norms), rtol=1e-3):
        raise Hint(f"A billion times smaller, both are as far apart for their size, and yours says {small:.3g}: add nothing below.")
    with np.errstate(all="ignore"):
        try:
            nothing = attempt(relative_difference, 0 * a, 0 * a)
        except Hint as hint:
            nothing = f"'{hint}'"
    if nothing != 0:
        raise Hint(f"Two gradients of zeros are equal, so they are 0 apart; yours says {nothing}. Look at the sum of the norms first.")
    return "one number, and it means the same for large gradients and for small ones."


def backward(params, X, Y, lambd):
    """The gradients of J, which is half the mean of the squared errors, and L2.
    A1 = tanh(W1 @ X + b1) is the hidden layer, W2 @ A1 + b2 the prediction.
    """
    m = X.shape[1]
    A1 = np.tanh(params["W1"] @ X + params["b1"])
    dZ2 = params["W2"] @ A1 + params["b2"] - Y
    dW2 = dZ2 @ A1.T + lambd / m * params["W2"]
    db2 = np.mean(dZ2, axis=1, keepdims=True)
    dZ1 = params["W2"].T @ dZ2 * (1 - A1)
    dW1 = dZ1 @ X.T / m + lambd / (2 * m) * params["W1"]
    db1 = np.mean(dZ1, axis=1, keepdims=True)
    return {"dW1": dW1, "db1": db1, "dW2": dW2, "db2": db2}


def backward_solved(params, X, Y, lambd):
    """1/m for both terms, the slope of tanh, and lambda / m for both layers."""
    m = X.shape[1]
    A1 = np.tanh(params["W1"] @ X + params["b1"])
    dZ2 = params["W2"] @ A1 + params["b2"] - Y
    dW2 = dZ2 @ A1.T / m + lambd / m * params["W2"]
    db2 = np.mean(dZ2, axis=1, keepdims=True)
    dZ1 = params["W2"].T @ dZ2 * (1 - A1**2)
    dW1 = dZ1 @ X.T / m + lambd / m * params["W1"]
    db1 = np.mean(dZ1, axis=1, keepdims=True)
    return {"dW1": dW1, "db1": db1, "dW2": dW2, "db2": db2}


@checker
def check_backward(backward):
    """Try `backward(params, X, Y, lambd)` on five examples, and say of the first gradient that is wrong what it is."""
    rng, lambd = np.random.default_rng(5), 0.8
    X, Y = rng.standard_normal((2, 5)), rng.standard_normal((1, 5))
    params = {"W1": rng.standard_normal((3, 2)), "b1": rng.standard_normal((3, 1))}
    params |= {"W2": rng.standard_normal((1, 3)), "b2": rng.standard_normal((1, 1))}
    found = attempt(backward, params, X, Y, lambd)
    right, m = backward_solved(params, X, Y, lambd), X.shape[1]
    A1 = np.tanh(params["W1"] @ X + params["b1"])
    dZ2 = params["W2"] @ A1 + params["b2"] - Y
    slopes = {
        "the slope of tanh is 1 - A1**2; the square is missing": 1 - A1,
        "the slope of tanh is missing": 1,
        "that is the slope of the sigmoid; that of tanh is 1 - A1**2": A1 * (1 - A1),
        "that is the slope of ReLU; that of tanh is 1 - A1**2": A1 > 0,
    }
    for name, value in zip(NAMES, entries(found, *NAMES), strict=True):
        weight, data = params[name[1:]], right[name]
        if name[1] == "W":
            data = right[name] - lambd / m * weight
            hints = {
                "1/m is missing: the cost is a mean over the examples": m * data + lambd / m * weight,
                "1/m is missing from both of its terms": m * data + lambd * weight,
                "1/m is missing from its L2 term": data + lambd * weight,
                "L2 is in the cost, but not in it": data,
                "the factor of L2 is lambda / m; the 2 of the square's derivative takes the 1/2 away": data + lambd / (2 * m) * weight,
                "the sign of its L2 term is turned": data - lambd / m * weight,
                "the sign of the error is turned: it is prediction less Y": lambd / m * weight - data,
            }
        else:
            hints = {
                "1/m is missing: it is a sum over the examples, not a mean": m * data,
                "a bias is not regularized": data + lambd / m * weight,
                "the sign of the error is turned: it is prediction less Y": -data,
            }
        if name[-1] == "1":
            into = X.T if name[1] == "W" else np.ones((m, 1))
            decay = lambd / m * weight if name[1] == "W" else 0
            hints |= {hint: params["W2"].T @ dZ2 * slope @ into / m + decay for hint, slope in slopes.items()}
        compare(name, value, right[name], hints)
    return "all four gradients are those of the cost, L2 included."
