"""Write a step of RMSprop, and find what is wrong with a bias: checkers with a hint for each misconception."""

import numpy as np

from snippets.exercises._check import attempt, checker, compare, parts

W = np.array([[1.0, -2.0, 3.0], [0.5, -0.25, 2.0]])
dW = np.array([[4.0, -1.0, 0.5], [-3.0, 2.5, 0.0]])
s = np.array([[9.0, 2.0, 0.25], [1.5, 6.0, 0.0]])
b, db, s_b = np.array([[1.0], [-0.5]]), np.array([[0.03], [-0.2]]), np.array([[0.001], [0.02]])
ALPHA, BETA, EPSILON = 0.4, 0.7, 0.45  # so large an epsilon shows where it stands


def rmsprop_step(W, dW, s, learning_rate, beta, epsilon):
    """One step of RMSprop for one array: the new W and the new s."""
    ...  # your two lines, for s and for W
    return W, s


def rmsprop_step_solved(W, dW, s, learning_rate, beta, epsilon):
    """Average the squares, and divide by the root of their average."""
    s = beta * s + (1 - beta) * dW**2
    W = W - learning_rate * dW / (np.sqrt(s) + epsilon)
    return W, s


@checker
def check_rmsprop_step(rmsprop_step):
    """Try one `rmsprop_step(W, dW, s, learning_rate, beta, epsilon)`: the mean square first, then the weight."""
    with np.errstate(all="ignore"):
        found = parts(attempt(rmsprop_step, W, dW, s, ALPHA, BETA, EPSILON), "W", "s")
        new_W, new = rmsprop_step_solved(W, dW, s, ALPHA, BETA, EPSILON)
        compare(
            "s",
            found[1],
            new,
            {
                "it is what you were given; your lines are still to come": s,
                "the gradient is not squared": BETA * s + (1 - BETA) * dW,
                "it averages the gradient's size; it is the square that is averaged": BETA * s + (1 - BETA) * np.abs(dW),
                "it is the square of a mean; square the gradient first, then average": (BETA * s + (1 - BETA) * dW) ** 2,
                "1 - beta is squared along with the gradient": BETA * s + ((1 - BETA) * dW) ** 2,
                "the factor 1 - beta is missing": BETA * s + dW**2,
                "beta and 1 - beta are swapped: beta is the share of the old s": (1 - BETA) * s + BETA * dW**2,
                "all elements share one mean; each has its own": BETA * s + (1 - BETA) * np.mean(dW**2),
                "it is the square of the weight that is averaged; take the gradient's": BETA * s + (1 - BETA) * W**2,
                "it is corrected for its start, as in Adam; RMSprop is not": new / (1 - BETA),
                "it is the new W; return W, then s": new_W,
            },
        )
        root = np.sqrt(new)
        compare(
            "W",
            found[0],
            new_W,
            {
                "s is right, but W has not moved": W,
                "it climbs; the step has a minus": W + ALPHA * dW / (root + EPSILON),
                "epsilon stands inside the root, as in Keras; here it is added to the root": W - ALPHA * dW / np.sqrt(new + EPSILON),
                "epsilon is missing, so that a gradient of zero gives 0 / 0": W - ALPHA * dW / root,
                "epsilon is added only where the root is zero; add it always": W - ALPHA * dW / np.where(new > 0, root, EPSILON),
                "a bracket is lost, so epsilon is added to the weight": W - ALPHA * dW / root + EPSILON,
                "epsilon is added to the quotient; it belongs below the bar": W - ALPHA * (dW / root + EPSILON),
                "the root is missing: the larger the gradient, the shorter the step": W - ALPHA * dW / (new + EPSILON),
                "it is multiplied by the root; divide": W - ALPHA * dW * (root + EPSILON),
                "it divides by the root of the old s; make the new one first": W - ALPHA * dW / (np.sqrt(s) + EPSILON),
                "the numerator is squared too; it is dW": W - ALPHA * dW**2 / (root + EPSILON),
                "the learning rate is missing": W - dW / (root + EPSILON),
            },
        )
    return "every element is divided by the recent size of its own gradient."


def layer(W, b, dW, db, s_dW, s_db, learning_rate, beta, epsilon):
    """One step of RMSprop for a layer: the new W, b, s_dW and s_db.
    One of its lines is wrong."""
    s_dW = beta * s_dW + (1 - beta) * dW**2
    s_db = beta * s_db + (1 - beta) * db**2
    W = W - learning_rate * dW / (np.sqrt(s_dW) + epsilon)
    b = b - learning_rate * db / (np.sqrt(s_dW) + epsilon)
    return W, b, s_dW, s_db


def layer_solved(W, b, dW, db, s_dW, s_db, learning_rate, beta, epsilon):
    """The bias is divided by the root of its own mean square."""
    W, s_dW = rmsprop_step_solved(W, dW, s_dW, learning_rate, beta, epsilon)
    b, s_db = rmsprop_step_solved(b, db, s_db, learning_rate, beta, epsilon)
    return W, b, s_dW, s_db


@checker
def check_layer(layer):
    """Try `layer` where W has one column, so that W and b have one shape."""
    given = (W[:, :1], b, dW[:, :1], db, s[:, :1], s_b, ALPHA, BETA, EPSILON)
    found = parts(attempt(layer, *given), "W", "b", "s_dW", "s_db")
    expected = layer_solved(*given)
    below_W, below_b = (np.sqrt(square) + EPSILON for square in expected[2:])
    mistakes = {
        "b": {
            "db is divided by the root of s_dW, the mean square of another gradient": b - ALPHA * db / below_W,
            "b has not moved": b,
            "b moves by the gradient of W": b - ALPHA * dW[:, :1] / below_b,
        },
        "W": {"now dW is divided by the root of s_db; that line was right": W[:, :1] - ALPHA * dW[:, :1] / below_b},
        "s_db": {"it is made of s_dW or dW; a bias has its own": expected[2]},
        "s_dW": {"it is made of s_db or db; that line was right": expected[3]},
    }
    for name, value, right in zip(("W", "b", "s_dW", "s_db"), found, expected, strict=True):
        compare(name, value, right, mistakes[name])
    return "each array is divided by the root of its own mean square."
