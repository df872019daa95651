"""Write a layer of batch norm, and find what its backward pass forgets: checkers with a hint for each misconception."""

import numpy as np

from snippets import batch_norm
from snippets.exercises._check import Hint, attempt, checker, compare, parts

Z = np.array([[1.0, 3.0, 5.0, 11.0], [0.5, -0.5, 0.25, 0.75], [4.0, 8.0, 2.0, 7.0]])
GAMMA, BETA = np.array([[2.0], [0.5], [1.5]]), np.array([[10.0], [-3.0], [0.25]])
MEAN, VAR = np.array([[3.0], [0.5], [6.0]]), np.array([[9.0], [0.5], [4.0]])
EPSILON, MOMENTUM = 0.3, 0.8


def layer(Z, gamma, beta, mean, var, training, momentum=0.9, epsilon=1e-5):
    """Z_tilde of Z (n, m), and the running mean and var, (n, 1), after this call.
    In training a batch goes by its own statistics, and the running ones move on:
    the old value has the weight `momentum`, the batch's has the rest.
    """
    if training:
        batch_mean = ...
        batch_var = ...
        Z_norm = ...
        mean = ...
        var = ...
    else:
        Z_norm = ...
    return gamma * Z_norm + beta, mean, var


def layer_solved(Z, gamma, beta, mean, var, training, momentum=0.9, epsilon=1e-5):
    """Three functions of the snippet, put together."""
    if not training:
        return batch_norm.infer(Z, gamma, beta, mean, var, epsilon), mean, var
    Z_tilde, cache = batch_norm.forward(Z, gamma, beta, epsilon)
    return Z_tilde, *batch_norm.running(mean, var, cache["mean"], cache["var"], momentum)


@checker
def check_layer(layer):
    """Try `layer(...)` on three units and four examples: once in training, and once at test time."""
    names = "Z_tilde", "mean", "var"
    given, options = (Z, GAMMA, BETA, MEAN, VAR), dict(momentum=MOMENTUM, epsilon=EPSILON)
    try:
        tried = {training: parts(attempt(layer, *given, training, **options), *names) for training in (True, False)}
    except Hint as hint:
        if "broadcast" not in str(hint):
            raise
        raise Hint(f"{hint}. A mean that goes along a unit's row, axis=1, loses this axis; keepdims=True keeps it.") from None

    def normalized(mean, var):
        return GAMMA * (Z - mean) / np.sqrt(var + EPSILON) + BETA

    def moved(old, new, keep=MOMENTUM):
        return keep * old + (1 - keep) * new

    m, n = Z.shape[1], Z.shape[0]
    mu, sigma2 = Z.mean(axis=1, keepdims=True), Z.var(axis=1, keepdims=True)
    unbiased = sigma2 * m / (m - 1)
    over_units = Z.mean(axis=0), Z.var(axis=0)
    Z_norm = (normalized(mu, sigma2) - BETA) / GAMMA
    outside = "epsilon stands under the root: where the variance is 0, the root of epsilon is left to divide by"
    across = "the mean is taken over the units of an example (that is layer norm): go along a unit's row, axis=1"
    root = "it is the standard deviation that is kept, and an average of roots is no root of an average: keep the variance"
    half = "this is the variance with m - 1: batch norm divides by m"
    weights = "the weights are swapped: the old value keeps momentum, the new one gets the rest (PyTorch has it the other way)"
    right = dict(zip(names, layer_solved(*given, True, **options), strict=True))
    hints = {
        "Z_tilde": {
            outside: GAMMA * (Z - mu) / (np.sqrt(sigma2) + EPSILON) + BETA,
            across: normalized(*over_units),
            "one mean and variance serve for all units: each has its own": normalized(Z.mean(), Z.var()),
            half: normalized(mu, unbiased),
            "it is divided by the variance: take the root": GAMMA * (Z - mu) / (sigma2 + EPSILON) + BETA,
            "gamma and beta are missing: every unit is stuck at mean 0 and spread 1": Z_norm,
            "gamma is missing": Z_norm + BETA,
            "beta is missing": GAMMA * Z_norm,
            "gamma and beta are swapped: gamma scales and beta shifts": BETA * Z_norm + GAMMA,
            "a batch in training is normalized by its own statistics, not by the running ones": normalized(MEAN, VAR),
            "the running averages have moved before they are used; the batch has statistics of its own": normalized(
                right["mean"], right["var"]
            ),
        },
        "mean": {
            weights: moved(MEAN, mu, 1 - MOMENTUM),
            "it is that of this batch alone: an average remembers the others": mu,
            "it has not moved": MEAN,
            "the weights do not add up to 1: the new value gets 1 - momentum": MOMENTUM * MEAN + mu,
        },
        "var": {
            weights: moved(VAR, sigma2, 1 - MOMENTUM),
            root: moved(VAR, np.sqrt(sigma2)),
            half: moved(VAR, unbiased),
            "it is that of this batch alone: an average remembers the others": sigma2,
            "it has not moved": VAR,
            "epsilon is in it: that is added when you divide, and then only": moved(VAR, sigma2 + EPSILON),
        },
    }
    for name, value in zip(names, tried[True], strict=True):
        if name != "Z_tilde" and np.shape(value) in {(n,), (m,), (1, m), ()} and value is not ...:
            raise Hint(
                f"{name} has shape {np.shape(value)}, not {(n, 1)}: go along a unit's row, axis=1, and keep both axes, keepdims=True."
            )
        compare(f"{name} in training", value, right[name], hints[name])
    right = dict(zip(names, layer_solved(*given, False, **options), strict=True))
    hints = {
        "Z_tilde": {
            "at test time it is the batch that decides: an example's output may not depend on its neighbours": normalized(mu, sigma2),
            outside: GAMMA * (Z - MEAN) / (np.sqrt(VAR) + EPSILON) + BETA,
            "var is a variance already: it is squared": normalized(MEAN, VAR**2),
            "it is divided by the variance: take the root": GAMMA * (Z - MEAN) / (VAR + EPSILON) + BETA,
        },
        "mean": {"it moves on although nothing is trained": moved(MEAN, mu)},
        "var": {"it moves on although nothing is trained": moved(VAR, sigma2)},
    }
    for name, value in zip(names, tried[False], strict=True):
        compare(f"{name} at test time", value, right[name], hints[name])
    return "in training the batch decides, at test time what was learned from all batches."


def backward(dZ_tilde, Z, gamma, epsilon=1e-5):
    """From the gradient by what batch norm puts out to those by Z, gamma and beta."""
    mean = np.mean(Z, axis=1, keepdims=True)
    s = np.sqrt(np.var(Z, axis=1, keepdims=True) + epsilon)
    Z_norm = (Z - mean) / s
    dgamma = np.sum(dZ_tilde * Z_norm, axis=1, keepdims=True)
    dbeta = np.sum(dZ_tilde, axis=1, keepdims=True)
    dZ = gamma * dZ_tilde / s
    return dZ, dgamma, dbeta


def backward_solved(dZ_tilde, Z, gamma, epsilon=1e-5):
    """Each example moves the mean and the variance, and through them all others."""
    return batch_norm.backward(dZ_tilde, batch_norm.forward(Z, gamma, np.zeros_like(gamma), epsilon)[1])


@checker
def check_backward(backward):
    """Try `backward(dZ_tilde, Z, gamma, epsilon)`, and say which path is forgotten."""
    dZ_tilde = np.array([[1.0, -2.0, 0.5, 3.0], [0.2, 0.1, -0.7, 1.0], [-1.0, 0.3, 2.0, 0.4]])
    found = parts(attempt(backward, dZ_tilde, Z, GAMMA, EPSILON), "dZ", "dgamma", "dbeta")
    right = backward_solved(dZ_tilde, Z, GAMMA, EPSILON)
    m, s = Z.shape[1], np.sqrt(Z.var(axis=1, keepdims=True) + EPSILON)
    Z_norm = (Z - Z.mean(axis=1, keepdims=True)) / s
    dgamma, dbeta = right[1:]

    def through(mean, var, gamma=GAMMA):
        return gamma / s * (dZ_tilde - mean * dbeta / m - var * Z_norm * dgamma / m)

    twice = "the mean over the batch is taken; the 1/m of the cost is in dZ_tilde already"
    hints = {
        "dZ": {
            "each example also moves the mean and the variance, which move all others: two paths are missing": through(0, 0),
            "the path through the variance is missing": through(1, 0),
            "the path through the mean is missing": through(0, 1),
            "the paths through mean and variance are added: they work against the direct one": through(-1, -1),
            "the path through the mean has the wrong sign": through(-1, 1),
            "the path through the variance has the wrong sign": through(1, -1),
            "1/m is missing in the two paths: one example moves the mean by 1/m": through(m, m),
            "the path through the variance has lost its 1/m": through(1, m),
            "the path through the mean has lost its 1/m": through(m, 1),
            "the path through the variance counts twice: the root's one half cancels the 2 of the square": through(1, 2),
            "gamma is missing": through(1, 1, 1),
        },
        "dgamma": {
            "gamma scales the normalized Z, not Z itself": np.sum(dZ_tilde * Z, axis=1, keepdims=True),
            twice: dgamma / m,
            "this is dbeta": dbeta,
        },
        "dbeta": {twice: dbeta / m, "this is dgamma": dgamma},
    }
    for (name, mistakes), value, wanted in zip(hints.items(), found, right, strict=True):
        compare(name, value, wanted, mistakes)
    return "every path is there. Add up dZ along a row: it is 0, since a shift of all Z changes nothing."
