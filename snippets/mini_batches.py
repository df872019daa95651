"""Mini-batches: the examples shuffled, then dealt out in slices, and one pass over them."""

import numpy as np


def mini_batches(X, Y, batch_size, rng):
    """Shuffle the examples, inputs and labels together, and deal them out in batches: one epoch.

    X: (n_x, m). Y: (1, m). batch_size: examples in a batch, 1 or more; from m on there is one batch.
    rng: a np.random.Generator; one permutation of the m examples is drawn from it, before the first batch.

    Returns an iterator of (X_t, Y_t), X_t (n_x, batch_size) and Y_t (1, batch_size); where batch_size does
    not divide m, the last ones are smaller. Every example comes exactly once; values are not looked at, so a
    NaN stays with its example. Raises ValueError, at the call, where X holds no examples, Y has not one column
    for each, batch_size is no whole number of 1 or more, or rng is no Generator.

    >>> from snippets import mini_batches
    >>> X, Y = np.array([[0, 1, 2, 3, 4]]), np.array([[0, 10, 20, 30, 40]])
    >>> np.random.default_rng(3).permutation(5)
    array([4, 2, 1, 3, 0])
    >>> for X_t, Y_t in mini_batches.mini_batches(X, Y, batch_size=2, rng=np.random.default_rng(3)):
    ...     print(X_t, Y_t)
    [[4 2]] [[40 20]]
    [[1 3]] [[10 30]]
    [[0]] [[0]]
    >>> X  # as it was
    array([[0, 1, 2, 3, 4]])
    >>> mini_batches.mini_batches(X, Y, batch_size=2, rng=0)
    Traceback (most recent call last):
    ValueError: rng: must be a np.random.Generator, not int
    """
    X, Y = np.asarray(X), np.asarray(Y)
    if X.ndim < 2 or X.size == 0:
        raise ValueError(f"X: must be (n_x, m) with at least one example, not {X.shape}")
    m = X.shape[-1]
    if Y.ndim < 2 or Y.shape[-1] != m:
        raise ValueError(f"Y: must be (1, {m}), a column for each example of X, not {Y.shape}")
    if isinstance(batch_size, bool) or not isinstance(batch_size, int | np.integer) or batch_size < 1:
        raise ValueError(f"batch_size: must be a whole number, 1 or more, not {batch_size}")
    if not isinstance(rng, np.random.Generator):
        raise ValueError(f"rng: must be a np.random.Generator, not {type(rng).__name__}")
    order = rng.permutation(m)
    slices = (order[t : t + batch_size] for t in range(0, m, batch_size))
    return ((X[..., columns], Y[..., columns]) for columns in slices)


def epoch(X, Y, params, step, batch_size, rng):
    """One pass over the examples: a step for each mini-batch, and the mean cost of the pass.

    X, Y, batch_size, rng: as for `mini_batches`, whose ValueErrors it shares. params: where to start.
    step: (params, X_t, Y_t) -> (params, J_t), one update on one batch and that batch's mean cost before it.

    Returns (params, J). J weights each J_t by the size of its batch, so that every example counts the same.

    >>> from snippets import mini_batches
    >>> def step(w, X_t, Y_t):  # J_t is the mean of (w X - Y)^2 / 2
    ...     gap = w * X_t - Y_t
    ...     return w - 0.1 * np.mean(gap * X_t), np.mean(gap**2) / 2
    >>> X = np.array([[1.0, 1.0, 1.0]])
    >>> w, J = mini_batches.epoch(X, 4 * X, 0.0, step, batch_size=2, rng=np.random.default_rng(0))
    >>> print(w.round(4), J.round(4))  # w goes to 0.4, then 0.76; J = (2 * 4^2 / 2 + 1 * 3.6^2 / 2) / 3
    0.76 7.4933
    """
    J = 0.0
    for X_t, Y_t in mini_batches(X, Y, batch_size, rng):
        params, J_t = step(params, X_t, Y_t)
        J += J_t * X_t.shape[-1] / X.shape[-1]
    return params, J
