"""Regularization: what keeps a network from learning its training set by heart.

L2 regularization, decoupled weight decay and inverted dropout.
"""

import numpy as np


def l2_cost(params, lambd, m):
    """What L2 regularization adds to the cost: lambd / (2m) times the sum of the squared weights.

    `params` holds weights `W1`, `W2`, ... of shape (n_l, n_{l-1}); every other key, biases among them, is left out.
    `lambd` >= 0; `m` >= 1 is the number of examples that the cost is the mean of. Returns one number. Weights with a
    leading axis of runs, (runs, n_l, n_{l-1}), give (runs,); `lambd` may then be (runs, 1, 1).

    Raises ValueError where `lambd` is negative or NaN, `m` is below 1, or `params` has no weights.
    Source: Goodfellow, Bengio, Courville, Deep Learning, section 7.1.1, with the course's 1/m.

    >>> import numpy as np
    >>> from snippets import regularization
    >>> params = {"W1": np.array([[1.0, -2.0]]), "b1": np.array([[10.0]])}
    >>> float(regularization.l2_cost(params, lambd=0.4, m=2))
    0.5
    """
    _check(lambd, m)
    weights = [W for name, W in params.items() if name.startswith("W")]
    if not weights:
        raise ValueError(f"params has no weights (no key begins with W): {list(params)}")
    return sum(np.sum(lambd / (2 * m) * W**2, axis=(-2, -1)) for W in weights)


def l2_gradient(W, lambd, m):
    """The derivative of `l2_cost` by one weight matrix, lambd / m times W: add it to dW.

    `W` has any shape, the result has the same. `lambd` >= 0, `m` >= 1 as in `l2_cost`, or ValueError.
    Source: Goodfellow, Bengio, Courville, Deep Learning, section 7.1.1, with the course's 1/m.

    >>> import numpy as np
    >>> from snippets import regularization
    >>> regularization.l2_gradient(np.array([[1.0, -2.0]]), lambd=0.5, m=2)
    array([[ 0.25, -0.5 ]])
    """
    _check(lambd, m)
    return lambd / m * W


def decay_weights(params, learning_rate, decay):
    """Decoupled weight decay: shrink every weight by learning_rate times decay, before the optimizer's step.

    `params` as in `l2_cost`; weights are shrunk, biases and all else stay as they are. The gradient knows nothing of
    it, so Adam does not divide it by anything. Returns new params of the same shapes.

    Raises ValueError where `learning_rate` or `decay` is negative or NaN.
    Source: Loshchilov and Hutter, Decoupled Weight Decay Regularization, algorithm 2, in PyTorch's scaling, where the
    learning rate multiplies the decay.

    >>> import numpy as np
    >>> from snippets import regularization
    >>> params = {"W1": np.array([[1.0, -2.0]]), "b1": np.array([[10.0]])}
    >>> regularization.decay_weights(params, learning_rate=0.5, decay=0.5)
    {'W1': array([[ 0.75, -1.5 ]]), 'b1': array([[10.]])}
    """
    for name, value in ("learning_rate", learning_rate), ("decay", decay):
        if not np.all(np.asarray(value) >= 0):
            raise ValueError(f"{name} must be at least 0, not {value}")
    return {k: v - learning_rate * decay * v if k.startswith("W") else v.copy() for k, v in params.items()}


def dropout_forward(A, keep_prob, rng):
    """Inverted dropout: each activation is kept with probability keep_prob and divided by it, else 0.

    `A` has any shape; the mask of 0 and 1 (a boolean array of that shape) is one draw of `rng`, a
    `np.random.Generator`. At `keep_prob` 1 nothing is drawn, `rng` may be None, and A comes back as it was.
    Returns (A, mask), both new; the expectation of the new A is the old A. Use it in training only.

    Raises ValueError unless 0 < `keep_prob` <= 1, and where something is to be drawn and `rng` is no Generator.
    Source: Srivastava et al., Dropout, section 10, scaled in training rather than at test time.

    >>> import numpy as np
    >>> from snippets import regularization
    >>> A = np.array([[1.0, 2.0, -3.0, 4.0]])
    >>> A_dropped, mask = regularization.dropout_forward(A, keep_prob=0.5, rng=np.random.default_rng(1))
    >>> A_dropped
    array([[ 0.,  0., -6.,  0.]])
    """
    if not 0 < keep_prob <= 1:
        raise ValueError(f"keep_prob must be above 0 and at most 1, not {keep_prob}")
    if keep_prob == 1:
        mask = np.ones(A.shape, dtype=bool)
    elif not hasattr(rng, "random"):
        raise ValueError(f"rng must be a np.random.Generator, not {rng}")
    else:
        mask = rng.random(A.shape) < keep_prob
    return A * mask / keep_prob, mask


def dropout_backward(dA, mask, keep_prob):
    """The gradient through inverted dropout: the very mask of the forward pass, and the same division.

    `dA` and `mask` (from `dropout_forward`) have one shape, which the result has too.

    Raises ValueError unless 0 < `keep_prob` <= 1, and where the shapes differ.
    Source: the chain rule on `dropout_forward`; Srivastava et al., Dropout, section 5.1.

    >>> import numpy as np
    >>> from snippets import regularization
    >>> mask = np.array([[False, False, True, True]])
    >>> regularization.dropout_backward(np.array([[1.0, 2.0, 3.0, -4.0]]), mask, 0.5)
    array([[ 0.,  0.,  6., -8.]])
    """
    if not 0 < keep_prob <= 1:
        raise ValueError(f"keep_prob must be above 0 and at most 1, not {keep_prob}")
    if np.shape(mask) != np.shape(dA):
        raise ValueError(f"mask has shape {np.shape(mask)}, dA {np.shape(dA)}: they must be the same")
    return dA * mask / keep_prob


def _check(lambd, m):
    if not np.all(np.asarray(lambd) >= 0):
        raise ValueError(f"lambd must be at least 0, not {lambd}")
    if not m >= 1:
        raise ValueError(f"m must be at least 1, not {m}")
