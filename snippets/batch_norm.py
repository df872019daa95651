"""Batch normalization: each unit's values over the batch, shifted and scaled to a mean and a spread that are learned.

Rows are units, columns are examples. Every function also takes a leading axis of runs: Z (runs, n, m).
"""

import numpy as np


def init(n, dtype=float):
    """What a layer of n units starts with: gamma of ones and beta of zeros to learn, mean 0 and variance 1 to keep track of.

    Returns {"gamma": (n, 1), "beta": (n, 1), "mean": (n, 1), "var": (n, 1)}; an optimizer updates the first
    two, `running` the last two. Raises ValueError where n is not a whole number of 1 or more.

    >>> from snippets import batch_norm
    >>> {name: array.ravel().tolist() for name, array in batch_norm.init(2).items()}
    {'gamma': [1.0, 1.0], 'beta': [0.0, 0.0], 'mean': [0.0, 0.0], 'var': [1.0, 1.0]}
    """
    if isinstance(n, bool) or not isinstance(n, int | np.integer) or n < 1:
        raise ValueError(f"n: must be a whole number, 1 or more, not {n}")
    ones, zeros = np.ones((n, 1), dtype), np.zeros((n, 1), dtype)
    return {"gamma": ones, "beta": zeros, "mean": zeros.copy(), "var": ones.copy()}


def forward(Z, gamma, beta, epsilon=1e-5):
    """Normalize each unit over the batch, then give it the spread gamma and the mean beta: training only.

    Z: (n, m), or (runs, n, m). gamma, beta: (n, 1), or (runs, n, 1). epsilon: above 0, added to the variance
    under the root.

    Returns (Z_tilde, cache): Z_tilde of Z's shape; cache["mean"] and cache["var"], each (n, 1), are the
    batch's own (the variance divides by m), the rest is what `backward` needs. One example alone comes out
    as beta. Raises ValueError where a shape does not fit, Z is empty, something is NaN or infinite, or epsilon
    is not above 0. Source: Ioffe and Szegedy (2015), algorithm 1.

    >>> from snippets import batch_norm
    >>> Z = np.array([[1.0, 3.0, 5.0, 7.0]])  # mean 4, variance 5
    >>> Z_tilde, cache = batch_norm.forward(Z, np.array([[2.0]]), np.array([[10.0]]), epsilon=4.0)
    >>> Z_tilde  # 10 + 2 (Z - 4) / sqrt(5 + 4)
    array([[ 8.        ,  9.33333333, 10.66666667, 12.        ]])
    >>> cache["mean"], cache["var"]
    (array([[4.]]), array([[5.]]))
    >>> runs = np.array([[[0.0, 2.0], [10.0, 30.0]]])  # one run, two units, two examples: each unit by its own mean and spread
    >>> batch_norm.forward(runs, np.ones((2, 1)), np.zeros((2, 1)), epsilon=1e-9)[0].round(6).tolist()
    [[[-1.0, 1.0], [-1.0, 1.0]]]
    """
    Z = _check(Z, epsilon, gamma=gamma, beta=beta)
    mean = Z.mean(axis=-1, keepdims=True)
    var = Z.var(axis=-1, keepdims=True)
    Z_norm = (Z - mean) / np.sqrt(var + epsilon)
    cache = {"mean": mean, "var": var, "Z_norm": Z_norm, "gamma": gamma, "epsilon": epsilon}
    return gamma * Z_norm + beta, cache


def backward(dZ_tilde, cache):
    """The gradient through `forward`, mean and variance included: each example moves them for all others.

    dZ_tilde: the gradient with respect to Z_tilde, of its shape. cache: what `forward` returned.

    Returns (dZ, dgamma, dbeta): dZ of Z's shape, dgamma and dbeta (n, 1), or (runs, n, 1). Raises ValueError
    where dZ_tilde has another shape. Source: Ioffe and Szegedy (2015), section 3, simplified.

    >>> from snippets import batch_norm
    >>> Z = np.array([[0.0, 0.0, 4.0, 4.0]])  # mean 2, variance 4
    >>> Z_tilde, cache = batch_norm.forward(Z, np.array([[3.0]]), np.array([[0.0]]), epsilon=5.0)
    >>> dZ, dgamma, dbeta = batch_norm.backward(np.array([[1.0, 0.0, 0.0, 1.0]]), cache)
    >>> dZ, dgamma, dbeta
    (array([[ 0.5, -0.5, -0.5,  0.5]]), array([[0.]]), array([[2.]]))
    >>> batch_norm.backward(np.array([[0.0, 0.0, 0.0, 9.0]]), cache)[0]
    array([[-1.25, -1.25, -3.25,  5.75]])
    """
    dZ_tilde, Z_norm, gamma = np.asarray(dZ_tilde), cache["Z_norm"], cache["gamma"]
    if dZ_tilde.shape != Z_norm.shape:
        raise ValueError(f"dZ_tilde: must be {Z_norm.shape} as Z is, not {dZ_tilde.shape}")
    dbeta = dZ_tilde.sum(axis=-1, keepdims=True)
    dgamma = (dZ_tilde * Z_norm).sum(axis=-1, keepdims=True)
    m = Z_norm.shape[-1]
    dZ = gamma / np.sqrt(cache["var"] + cache["epsilon"]) * (dZ_tilde - dbeta / m - Z_norm * dgamma / m)
    return dZ, dgamma, dbeta


def running(mean, var, batch_mean, batch_var, momentum=0.9):
    """Running averages of the batches' means and variances, for use at test time.

    mean, var: the averages so far, (n, 1). batch_mean, batch_var: cache["mean"] and cache["var"] of `forward`.
    momentum: from 0 to 1, the weight of the old value. (In PyTorch it is the weight of the new one.)

    Returns (mean, var), both new. Raises ValueError where the shapes differ, a variance is negative, or
    momentum is outside 0 to 1. Source: Ioffe and Szegedy (2015), section 3.1, which has moving averages,
    and where the average of the variance is taken times m / (m - 1); here it is not.

    >>> from snippets import batch_norm
    >>> mean, var = batch_norm.running(np.array([[0.0]]), np.array([[1.0]]), np.array([[5.0]]), np.array([[3.0]]))
    >>> mean.round(6), var.round(6)  # 0.9 * 0 + 0.1 * 5 and 0.9 * 1 + 0.1 * 3
    (array([[0.5]]), array([[1.2]]))
    """
    if not 0 <= momentum <= 1:
        raise ValueError(f"momentum: must lie from 0 to 1, not {momentum}")
    for name, new, old in ("batch_mean", batch_mean, mean), ("batch_var", batch_var, var), ("var", var, mean):
        if np.shape(new)[-2:] != np.shape(old)[-2:] or not _runs_fit(new, old):
            raise ValueError(f"{name}: has shape {np.shape(new)}, the others {np.shape(old)}")
        if "var" in name and not (new >= 0).all():
            raise ValueError(f"{name}: holds something that is not 0 or more")
    return momentum * mean + (1 - momentum) * batch_mean, momentum * var + (1 - momentum) * batch_var


def infer(Z, gamma, beta, mean, var, epsilon=1e-5):
    """Normalize by a mean and a variance that are given, so that an example's output depends on itself alone: test time.

    Z: (n, m), or (runs, n, m). gamma, beta, mean, var: (n, 1), or (runs, n, 1). epsilon: as in training.

    Returns Z_tilde of Z's shape. Raises ValueError where a shape does not fit, Z is empty, something is NaN
    or infinite, a variance is negative, or epsilon is not above 0. Source: Ioffe and Szegedy (2015), algorithm 2.

    >>> from snippets import batch_norm
    >>> gamma, beta, mean, var = (np.array([[value]]) for value in (2.0, 10.0, 4.0, 5.0))
    >>> batch_norm.infer(np.array([[7.0]]), gamma, beta, mean, var, epsilon=4.0)  # 10 + 2 (7 - 4) / sqrt(5 + 4)
    array([[12.]])
    """
    Z = _check(Z, epsilon, gamma=gamma, beta=beta, mean=mean, var=var)
    if not (var >= 0).all():
        raise ValueError("var: holds something that is not 0 or more")
    return gamma * (Z - mean) / np.sqrt(var + epsilon) + beta


def _runs_fit(*arrays):
    try:
        np.broadcast_shapes(*(np.shape(array)[:-2] for array in arrays))
    except ValueError:
        return False
    return True


def _check(Z, epsilon, **columns):
    Z = np.asarray(Z)
    if Z.ndim < 2 or Z.size == 0:
        raise ValueError(f"Z: must be (n, m) with at least one example, not {Z.shape}")
    for name, column in columns.items():
        if np.shape(column)[-2:] != (Z.shape[-2], 1) or not _runs_fit(column, Z):
            raise ValueError(f"{name}: must be ({Z.shape[-2]}, 1) as Z is {Z.shape}, not {np.shape(column)}")
    for name, values in {"Z": Z, **columns}.items():
        if not np.isfinite(values).all():
            raise ValueError(f"{name}: holds NaN or infinity")
    if not 0 < epsilon < np.inf:
        raise ValueError(f"epsilon: must be above 0, not {epsilon}")
    return Z
