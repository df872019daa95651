"""Write He's initialization and break the symmetry: checkers with a hint for each misconception."""

import numpy as np

from snippets import initialization
from snippets.exercises._check import Hint, attempt, checker, entries

LAYER_DIMS = [400, 300, 200, 1]


def he(layer_dims, rng):
    """First weights for ReLU: normals of variance 2 / n_in, and biases of zero."""
    params = {}
    for l in range(1, len(layer_dims)):
        ...  # params[f"W{l}"], of shape (n_l, n_(l-1))
        ...  # params[f"b{l}"], of shape (n_l, 1)
    return params


he_solved = initialization.he


@checker
def check_he(he):
    """Try `he(layer_dims, rng)`: keys, shapes, and the spread of each layer."""
    params = attempt(he, LAYER_DIMS, np.random.default_rng(0))
    expected = initialization.he(LAYER_DIMS, np.random.default_rng(0))
    entries(params, *expected)
    for name, array in expected.items():
        if np.shape(params[name]) != array.shape:
            raise Hint(f"{name} has shape {np.shape(params[name])}, not {array.shape}. W of layer l is (n_l, n_(l-1)), and b is (n_l, 1).")
    if any(np.any(params[name]) for name in params if name[0] == "b"):
        raise Hint("The biases are not zero. Nothing is gained by drawing them: the weights break the symmetry.")
    if not any(np.any(params[name]) for name in params):
        raise Hint("Every weight is zero: no gradient reaches a weight, and all of them stay zero. Draw them.")
    if np.array_equal(params["W1"][0], params["W1"][1]):
        raise Hint("Units 0 and 1 of layer 1 begin with the same weights, and stay one unit. Draw a number for each weight.")
    spread = np.array([np.std(params[f"W{layer}"]) for layer in (1, 2, 3)])
    n_in, n_out = np.array(LAYER_DIMS[:-1]), np.array(LAYER_DIMS[1:])
    hints = {
        "the square root is missing: the standard deviation is sqrt(2 / n_in), not 2 / n_in": 2 / n_in,
        "this is LeCun's 1 / n_in: ReLU halves the signal, so He doubles the variance": np.sqrt(1 / n_in),
        "this divides by the units that go out, not by those that come in": np.sqrt(2 / n_out),
        "this is Glorot's compromise 2 / (n_in + n_out), made for tanh": np.sqrt(2 / (n_in + n_out)),
        "the weights are not scaled at all": np.ones(3),
        "they are drawn uniformly from 0 to 1: half of the signs are missing": np.sqrt(2 / n_in) / np.sqrt(12),
        "so spread uniform numbers from -1 to 1, or normals without their signs: take rng.standard_normal as it is": np.sqrt(2 / n_in / 3),
        "the root is that of the 2 alone; n_in stands under it, too": np.sqrt(2) / n_in,
        "the root is that of n_in alone; the 2 stands under it, too": 2 / np.sqrt(n_in),
    }
    wanted = np.sqrt(2 / n_in)
    if np.allclose(spread, wanted, rtol=0.15):
        if abs(np.mean(params["W1"])) > 0.2 * wanted[0]:
            raise Hint("The spread is right, but the mean is not zero. Draw with rng.standard_normal.")
        again, other = (attempt(he, LAYER_DIMS, np.random.default_rng(seed))["W1"] for seed in (0, 1))
        if not np.array_equal(params["W1"], again):
            raise Hint("The same rng gives other weights, so nobody can run this start again. Draw from rng, and from nothing else.")
        if np.array_equal(params["W1"], other):
            raise Hint("Another rng gives the same weights: draw from the one that is given.")
        return "every layer has the spread that He et al. ask for, and the biases are zero."
    for hint, value in hints.items():
        if np.allclose(spread[:2], value[:2], rtol=0.05):
            raise Hint(f"The spread per layer is {np.round(spread, 3)}, not {np.round(wanted, 3)}: {hint}.")
    raise Hint(f"The spread per layer is {np.round(spread, 3)}, not {np.round(wanted, 3)}: multiply by sqrt(2 / n_in).")


def unequal():
    """First weights for 2 inputs, 2 hidden units and 1 output."""
    W1 = np.array([[0.5, 0.5], [0.5, 0.5]])
    W2 = np.array([[1.0, 1.0]])
    return {"W1": W1, "b1": np.zeros((2, 1)), "W2": W2, "b2": np.zeros((1, 1))}


def unequal_solved():
    """One number of one unit is another."""
    return unequal() | {"W1": np.array([[0.6, 0.5], [0.5, 0.5]])}


@checker
def check_unequal(unequal):
    """Say whether the hidden units of a network with these parameters can come to differ."""
    params, shapes = attempt(unequal), {"W1": (2, 2), "b1": (2, 1), "W2": (1, 2), "b2": (1, 1)}
    W1, b1, W2, _ = map(np.asarray, entries(params, *shapes))
    for name, shape in shapes.items():
        if np.shape(params[name]) != shape:
            raise Hint(f"{name} has shape {np.shape(params[name])}, not {shape}.")
    if not W1.any() and not (b1 > 0).any():
        raise Hint("W1 is zero, so ReLU puts out zero, and its slope there is zero: only the output's bias moves.")
    if np.array_equal(W1[0], W1[1]) and b1[0] == b1[1] and W2[0, 0] == W2[0, 1]:
        raise Hint("Units 0 and 1 begin equal in every weight, get equal gradients, and stay one unit.")
    return "the two hidden units do not begin equal, so they can come to differ."
