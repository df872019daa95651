"""Write the backward pass, and find what is wrong with a step: checkers with a hint for each misconception."""

import numpy as np

from snippets import gradient_descent, network
from snippets.exercises._check import Hint, attempt, checker, compare, entries, parts

NAMES = "W1", "b1", "W2", "b2"
GRADS = "dW2", "db2", "dW1", "db1"


def backward(X, Y, params, A1, A2):
    """The gradients of the mean cross-entropy.
    X (2, m), times W1 (3, 2), ReLU: A1 (3, m), times W2 (1, 3), sigmoid: A2 (1, m).
    """
    m = X.shape[1]
    dZ2 = ...  # (1, m)
    dW2 = ...  # (1, 3)
    db2 = ...  # (1, 1)
    dZ1 = ...  # (3, m)
    dW1 = ...  # (3, 2)
    db1 = ...  # (3, 1)
    return {"dW2": dW2, "db2": db2, "dW1": dW1, "db1": db1}


def backward_solved(X, Y, params, A1, A2):
    """1/m comes once, at the start."""
    m = X.shape[1]
    dZ2 = (A2 - Y) / m
    dW2 = dZ2 @ A1.T
    db2 = np.sum(dZ2, axis=1, keepdims=True)
    dZ1 = (params["W2"].T @ dZ2) * (A1 > 0)
    dW1 = dZ1 @ X.T
    db1 = np.sum(dZ1, axis=1, keepdims=True)
    return {"dW2": dW2, "db2": db2, "dW1": dW1, "db1": db1}


@checker
def check_backward(backward):
    """Try `backward(X, Y, params, A1, A2)` on five examples, of which ReLU lets through some."""
    X, Y, params = _example()
    A1, A2 = _activations(X, params)
    try:
        found = attempt(backward, X, Y, params, A1, A2)
    except Hint as hint:
        if "mismatch" not in str(hint):
            raise
        raise Hint(f"{hint}. Two shapes do not fit: dW is dZ times its layer's input transposed, dA is W transposed times dZ.") from None
    right = backward_solved(X, Y, params, A1, A2)
    m, W2 = X.shape[1], params["W2"]
    dZ2 = (A2 - Y) / m
    dA1 = W2.T @ dZ2

    def of(dZ2, dZ1):
        sums = [np.sum(dZ, axis=1, keepdims=True) for dZ in (dZ2, dZ1)]
        return dict(zip(GRADS, (dZ2 @ A1.T, sums[0], dZ1 @ X.T, sums[1]), strict=True))

    def through(dZ2):
        return of(dZ2, W2.T @ dZ2 * (A1 > 0))

    mistakes = {
        "the cost is a mean over the examples, and its 1/m is missing": through(m * dZ2),
        "1/m came twice, once in dZ and once again": through(dZ2 / m),
        "the sign is that of going up: dZ2 begins with A2 - Y, not with Y - A2": through(-dZ2),
        "the slope of the sigmoid, A2 (1 - A2), is in it, but with the cross-entropy it cancels": through(dZ2 * A2 * (1 - A2)),
        "the slope of ReLU is missing: units that were off get no gradient": of(dZ2, dA1),
        "ReLU was taken of the gradient; its slope is 1 where A1 is above 0, whatever the sign of dA1": of(dZ2, dA1 * (dA1 > 0)),
        "dA1 was multiplied by A1 itself; the slope of ReLU is 1 where A1 is above 0, else 0": of(dZ2, dA1 * A1),
    }
    for name, value in zip(GRADS, entries(found, *GRADS), strict=True):
        wanted = np.shape(right[name])
        if np.shape(value) == wanted[:1] and name[1] == "b":
            raise Hint(f"{name} has lost an axis, and adding it to b would make a square of it: sum with keepdims=True.")
        if np.shape(value) in {(), (1, m), (m,)} and wanted != () and name[1] == "b" and value is not ...:
            raise Hint(f"{name} has shape {np.shape(value)}, not {wanted}: sum over the examples, axis=1, and over nothing else.")
        if np.shape(value) == wanted[::-1] != wanted:
            raise Hint(f"{name} is transposed: a gradient has the shape of its parameter, here {wanted}.")
        compare(name, value, right[name], {hint: grads[name] for hint, grads in mistakes.items()})
    return "all four gradients are those of the cost. On m = 1 the mistakes with 1/m would not have shown."


def step(X, Y, params, learning_rate):
    """One step of gradient descent: the new parameters, and the cost before it."""
    W1, b1, W2, b2 = params["W1"], params["b1"], params["W2"], params["b2"]
    m = X.shape[1]
    A1 = np.maximum(0, W1 @ X + b1)
    A2 = 1 / (1 + np.exp(-(W2 @ A1 + b2)))
    J = -np.mean(Y * np.log(A2) + (1 - Y) * np.log(1 - A2))
    dZ2 = (A2 - Y) / m
    W2 = W2 - learning_rate * dZ2 @ A1.T
    b2 = b2 - learning_rate * np.sum(dZ2, axis=1, keepdims=True)
    dZ1 = (W2.T @ dZ2) * (A1 > 0)
    W1 = W1 - learning_rate * dZ1 @ X.T
    b1 = b1 - learning_rate * np.sum(dZ1, axis=1, keepdims=True)
    return {"W1": W1, "b1": b1, "W2": W2, "b2": b2}, J


def step_solved(X, Y, params, learning_rate):
    """All gradients first, then the step; and logarithms that stop before they are infinite."""
    A, caches = network.forward(X, params)
    grads = network.backward(A, Y, caches)
    return gradient_descent.update(params, grads, {}, learning_rate)[0], network.cost(A, Y)


@checker
def check_step(step):
    """Try `step(X, Y, params, learning_rate)`: the parameters, the cost, and the cost of outputs that are exactly 0 or 1."""
    X, Y, params = _example()
    rate = 0.7
    right, J = step_solved(X, Y, params, rate)
    A1, A2 = _activations(X, params)
    dZ2 = (A2 - Y) / X.shape[1]

    def moved(rate, back):
        dZ1 = back.T @ dZ2 * (A1 > 0)
        grads = dZ1 @ X.T, dZ1.sum(axis=1, keepdims=True), dZ2 @ A1.T, dZ2.sum(axis=1, keepdims=True)
        return {name: params[name] - rate * grad for name, grad in zip(NAMES, grads, strict=True)}

    mistakes = {
        "the way back leads through a W2 that is new already; all gradients are taken at the old weights": moved(rate, right["W2"]),
        "the step goes up: subtract the gradient": moved(-rate, params["W2"]),
        "learning_rate is not in it": moved(1, params["W2"]),
    }
    with np.errstate(all="ignore"):
        new, cost = parts(attempt(step, X, Y, params, rate), "params", "J")
        for name, value in zip(NAMES[::-1], entries(new, *NAMES)[::-1], strict=True):
            compare(name, value, right[name], {hint: wrong[name] for hint, wrong in mistakes.items()})
        hints = {
            "its sign is lost: the logarithm of a probability is negative, the cost is not": -J,
            "it is a sum; the cost is the mean over the examples": J * X.shape[1],
            "it was taken after the step": step_solved(X, Y, right, rate)[1],
        }
        compare("J", cost, J, hints, rtol=1e-6)
        for output, example in {1: [[1e3], [1e3]], 0: [[-1e3], [1e3]]}.items():
            for label in (output, 1 - output):
                sure = attempt(step, np.array(example), np.full((1, 1), label), params, rate)[1]
                where = f"J is {sure:.3g} where the output is exactly {output} and the label {label}"
                if not np.isfinite(sure):
                    raise Hint(f"{where}: keep the logarithm away from that of 0.")
                if label == output and sure > 1e-3 or label != output and sure < 10:
                    raise Hint(f"{where}: stop the logarithm nearer to 0, at 1e-8 or so.")
    return "every gradient is taken before a weight moves, and the cost stays finite."


def _example():
    """Five examples that switch each hidden unit on and off; (2, 3, 1) units and m = 5, so that no shape fits by accident."""
    X = np.array([[1.0, -1.0, 0.5, -2.0, 1.5], [0.5, 1.0, -1.5, -0.5, 2.0]])
    W1, b1 = np.array([[1.0, -0.5], [-0.5, 1.0], [0.5, 0.5]]), np.array([[0.1], [0.2], [-0.3]])
    return X, np.array([[1, 0, 1, 1, 0]]), {"W1": W1, "b1": b1, "W2": np.array([[1.5, -1.0, 0.5]]), "b2": np.array([[0.2]])}


def _activations(X, params):
    A2, caches = network.forward(X, params)
    return caches[1][0], A2
