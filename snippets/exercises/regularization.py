"""Write L2 and dropout, and find what is wrong with a layer that drops: checkers with a hint for each misconception."""

import numpy as np

from snippets import regularization
from snippets.exercises._check import Hint, attempt, checker, compare, entries, parts

PARAMS = {
    "W1": np.array([[1.0, -2.0], [0.5, 3.0], [-1.5, 0.25]]),
    "b1": np.array([[2.0], [-1.0], [0.5]]),
    "W2": np.array([[0.75, -1.25, 2.5]]),
    "b2": np.array([[1.5]]),
}
GRADS = {
    "dW1": np.array([[0.3, 0.1], [-0.2, 0.4], [0.6, -0.5]]),
    "db1": np.array([[0.2], [-0.4], [0.1]]),
    "dW2": np.array([[-0.7, 0.9, 0.35]]),
    "db2": np.array([[-0.3]]),
}
LAMBD, M = 0.6, 5
A = np.array([[1.0, -0.5, 2.0, 0.25, -3.0], [0.75, 1.5, -1.0, 4.0, 0.5], [-2.5, 3.5, 1.25, -0.75, 2.25], [0.1, -1.75, 5.0, 0.6, -0.9]])
dA = A[::-1] * 0.3 + 0.2
KEEP = 0.7


def l2(params, grads, lambd, m):
    """What L2 adds to the cost, and the gradients with L2 in them.
    params has W1, b1, W2, b2; grads has dW1, db1, dW2, db2."""
    cost = ...  # one number
    grads = ...  # a new dict with the keys of the old one
    return cost, grads


def l2_solved(params, grads, lambd, m):
    """Weights only: half of lambda over m times their squares, and lambda over m times themselves."""
    weights = [name for name in params if name[0] == "W"]
    cost = lambd / (2 * m) * sum(np.sum(params[name] ** 2) for name in weights)
    return cost, grads | {f"d{name}": grads[f"d{name}"] + lambd / m * params[name] for name in weights}


@checker
def check_l2(l2):
    """Try `l2(params, grads, lambd, m)` on two layers: the cost first, then each gradient."""
    cost, found = parts(attempt(l2, PARAMS, GRADS, LAMBD, M), "cost", "grads")
    W1, b1, W2, b2 = PARAMS.values()
    squares, factor = np.sum(W1**2) + np.sum(W2**2), LAMBD / (2 * M)
    compare(
        "cost",
        cost,
        factor * squares,
        {
            "the biases are in it; only weights are regularized": factor * (squares + np.sum(b1**2) + np.sum(b2**2)),
            "1/m is missing: the cost of the data is a mean over the examples": LAMBD / 2 * squares,
            "the 1/2 is missing: lambda / (2m), not lambda / m": LAMBD / M * squares,
            "only the last layer counts: a sum that grows is made with +, not with = alone": factor * np.sum(W2**2),
            "only the first layer counts: the sum runs over all of them": factor * np.sum(W1**2),
            "the norms are not squared": factor * (np.linalg.norm(W1) + np.linalg.norm(W2)),
            "the weights are added up without squaring them, so that they cancel": factor * (np.sum(W1) + np.sum(W2)),
            "it is the sum of absolute values, which is L1": factor * (np.abs(W1).sum() + np.abs(W2).sum()),
            "lambda is not in it": squares / (2 * M),
            "it holds the mean of the squares of each layer; it is their sum": factor * (np.mean(W1**2) + np.mean(W2**2)),
            "its sign is turned: a reward for large weights": -factor * squares,
        },
    )
    names = "dW2", "dW1", "db2", "db1"
    for name, value in zip(names, entries(found, *names), strict=True):
        weight, gradient = PARAMS[name[1:]], GRADS[name]
        regularized = gradient + LAMBD / M * weight
        if name[1] == "b":
            hints = {
                "biases are left out: their gradient stays as it was": regularized,
                "it is zero; a bias that is not regularized still has its gradient": np.zeros(np.shape(gradient)),
            }
            compare(name, value, gradient, hints)
            continue
        compare(
            name,
            value,
            regularized,
            {
                "it is what you were given: the cost has a new term, so the gradient has one, too": gradient,
                "its factor is lambda / (2m); the 2 of the square's derivative takes the 1/2 away": gradient + LAMBD / (2 * M) * weight,
                "its factor is 2 lambda / m: the 1/2 of the cost was forgotten": gradient + 2 * LAMBD / M * weight,
                "1/m is missing from its new term": gradient + LAMBD * weight,
                "the gradient of the data is lost; the new term is added to it": LAMBD / M * weight,
                "the new term is subtracted; it is added here, and the step subtracts it": gradient - LAMBD / M * weight,
                "it holds squared weights; the derivative of a square is not one": gradient + LAMBD / (2 * M) * weight**2,
            },
        )
    return "the cost has its new term, each dW has its derivative, and the biases are left alone."


def dropout_forward(A, keep_prob, rng):
    """The new activations, and the mask D, true where a unit is kept."""
    D = ...  # one draw of rng.random
    A = ...  # a new array
    return A, D


dropout_forward_solved = regularization.dropout_forward


@checker
def check_dropout_forward(dropout_forward):
    """Try `dropout_forward(A, keep_prob, rng)` on five examples of four units, with two generators."""
    found, D = parts(attempt(dropout_forward, A, KEEP, np.random.default_rng(1)), "A", "D")
    uniform = np.random.default_rng(1).random(A.shape)
    right = uniform < KEEP
    if np.shape(D) == (len(A), 1):
        raise Hint("D has one column for all examples, so that each of them loses the same units. Draw one number for each element of A.")
    hints = {
        "it keeps what it should drop: a number below keep_prob means kept": ~right,
        "as many are kept, but those above 1 - keep_prob; take those below keep_prob, as this note does": uniform > 1 - KEEP,
        "it keeps with 1 - keep_prob; that is the probability of dropping": uniform < 1 - KEEP,
        "these are the random numbers themselves; compare them with keep_prob": uniform,
        "these are normal numbers below keep_prob; rng.random gives uniform ones": np.random.default_rng(1).standard_normal(A.shape) < KEEP,
        "the division by keep_prob is in it already, and the way back would divide a second time": right / KEEP,
        "all examples lose the same units: draw one number for each element of A": _one_for_all(A, np.random.default_rng(1)),
        "it is the new A; return A, then D": A * right / KEEP,
    }
    again, other = (attempt(dropout_forward, A, KEEP, np.random.default_rng(seed))[1] for seed in (1, 2))
    if np.shape(D) == A.shape and np.array_equal(D, other):
        raise Hint("D is the same for another generator: draw it from the rng that you are given.")
    if np.shape(D) == A.shape and not np.array_equal(D, again):
        raise Hint("D is another one for the same generator: draw it from the rng that you are given, and from nothing else.")
    compare("D", D, right, hints)
    compare("A", found, A * right / KEEP, _wrong_activations(right))
    return "the mask is one draw for each unit of each example, and what is kept makes good for what is dropped."


def dropout_backward(dA, D, keep_prob):
    """The gradient on its way back; D is the mask of the way there."""
    ...  # your line


dropout_backward_solved = regularization.dropout_backward


@checker
def check_dropout_backward(dropout_backward):
    """Try `dropout_backward(dA, D, keep_prob)` with a mask."""
    D = np.random.default_rng(3).random(A.shape) < KEEP
    found = attempt(dropout_backward, dA, D, KEEP)
    if np.shape(found) == dA.shape:
        dropped = np.asarray(found) == 0
        if dropped.any() and not np.array_equal(dropped, ~D) and not np.array_equal(dropped, D):
            raise Hint("Other units are dropped than on the way there. Take the mask D that you are given.")
    compare("dA", found, dA * D / KEEP, _wrong_gradients(D))
    return "the gradient passes where the activation passed, and is divided as it was."


def dropout_layer(A, dA, keep_prob, rng):
    """Dropout there and back: the new A, and the gradient by the old one.
    dA is the gradient by the new one."""
    D = rng.random(A.shape) < keep_prob
    A *= D
    A /= keep_prob
    D = rng.random(dA.shape) < keep_prob
    dA = dA * D
    return A, dA


def dropout_layer_solved(A, dA, keep_prob, rng):
    """One mask, both ways, with the same division; and new arrays."""
    A, D = regularization.dropout_forward(A, keep_prob, rng)
    return A, regularization.dropout_backward(dA, D, keep_prob)


@checker
def check_dropout_layer(dropout_layer):
    """Try `dropout_layer(A, dA, keep_prob, rng)`: the activations, then the gradient."""
    rng = np.random.default_rng(4)
    D, again = rng.random(A.shape) < KEEP, rng.random(A.shape) < KEEP
    new_A, new_dA = parts(attempt(dropout_layer, A, dA, KEEP, np.random.default_rng(4)), "A", "dA")
    alike = A * _one_for_all(A, np.random.default_rng(4)) / KEEP
    above = A * (np.random.default_rng(4).random(A.shape) > 1 - KEEP) / KEEP
    others = {"all examples lose the same units": alike, "as many are kept, but others: take those whose number is below keep_prob": above}
    compare("A", new_A, A * D / KEEP, _wrong_activations(D) | others)
    twice = {
        "other units are dropped than on the way there, for the mask is drawn twice": dA * again / KEEP,
        "the mask is drawn twice, so that other units are dropped than on the way there; nor is it divided": dA * again,
    }
    compare("dA", new_dA, dA * D / KEEP, _wrong_gradients(D) | twice)
    return "one mask, both ways, with the same division, and the caller's arrays are as they were."


def _one_for_all(A, rng):
    return np.broadcast_to(rng.random((len(A), 1)) < KEEP, A.shape)


def _wrong_activations(D) -> dict:
    return {
        "it is not divided by keep_prob, so that the next layer gets less than it is used to": A * D,
        "it is multiplied by keep_prob; fewer units are left, so each has to count for more": A * D * KEEP,
        "it is divided by 1 - keep_prob; divide by the share that is kept": A * D / (1 - KEEP),
        "it is what you were given: nothing is dropped": A,
        "nothing is dropped, but all is divided": A / KEEP,
        "those are dropped that should be kept": A * ~D / KEEP,
    }


def _wrong_gradients(D) -> dict:
    return {
        "it is masked but not divided: A was divided by keep_prob, so its derivative is": dA * D,
        "it is divided but not masked: a unit that was dropped passes no gradient on": dA / KEEP,
        "it is multiplied by keep_prob; on the way there A was divided by it": dA * D * KEEP,
        "it is what you were given; dropout has a way back as well": dA,
        "it passes where the unit was dropped, and stops where it was kept": dA * ~D / KEEP,
        "it is divided by 1 - keep_prob; divide by the share that is kept": dA * D / (1 - KEEP),
        "it is divided twice": dA * D / KEEP**2,
    }
