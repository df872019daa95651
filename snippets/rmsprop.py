"""RMSprop: each coordinate's step divided by the recent size of its own gradient."""

import numpy as np


def init(params):
    """The state before the first step: a mean square of zero for every parameter.

    params: {"W1": array, "b1": array, ...}. Returns {"s": {"W1": zeros of its shape, ...}}.
    """
    return {"s": {name: np.zeros_like(W) for name, W in params.items()}}


def update(params, grads, state, learning_rate=0.001, beta=0.9, epsilon=1e-8):
    """One step: s := beta s + (1 - beta) dW^2, then W := W - learning_rate dW / (sqrt(s) + epsilon), by element.

    params: {"W1": array, "b1": array, ...}; grads: {"dW1": array, ...}, each of its parameter's shape.
    state: what `init` or the last call returned; s starts at zero and is not corrected for it, so that the
    first step is 1 / sqrt(1 - beta) times the learning rate.
    learning_rate, beta: numbers, or arrays that broadcast with every parameter, such as (runs, 1, 1) for a
    stack of runs; beta from 0 to less than 1. epsilon: not negative; added to the root always, so that a
    gradient of zero gives a step of zero. A square that overflows gives a step of zero too. A NaN in one
    gradient stays there.

    Returns (params, state), both new. Raises ValueError where a gradient or a mean square is missing or has
    another shape than its parameter, or where a number is out of its range.
    Source: Tieleman and Hinton (2012), lecture 6.5.

    >>> from snippets import rmsprop
    >>> params, state = {"w": np.array([1.0])}, {"s": {"w": np.array([8.0])}}
    >>> params, state = rmsprop.update(params, {"dw": np.array([4.0])}, state, learning_rate=0.5, beta=0.875, epsilon=0.25)
    >>> state["s"]["w"], params["w"]  # 0.875 * 8 + 0.125 * 16 = 9; 1 - 0.5 * 4 / (3 + 0.25)
    (array([9.]), array([0.38461538]))
    >>> layer, grads = {"W1": np.array([[1.0]]), "b1": np.array([[1.0]])}, {"dW1": np.array([[4.0]]), "db1": np.array([[-0.5]])}
    >>> rmsprop.update(layer, grads, rmsprop.init(layer), 0.25, 0.75, epsilon=0.0)[0]  # 0.25 / sqrt(1 - 0.75), whatever the gradient
    {'W1': array([[0.5]]), 'b1': array([[1.5]])}
    """
    _check(params, grads, state, learning_rate, beta, epsilon)
    s = {name: beta * state["s"][name] + (1 - beta) * grads["d" + name] ** 2 for name in params}
    return {name: W - learning_rate * grads["d" + name] / (np.sqrt(s[name]) + epsilon) for name, W in params.items()}, {"s": s}


def _check(params, grads, state, learning_rate, beta, epsilon):
    for argument, value in (("learning_rate", learning_rate), ("epsilon", epsilon)):
        fine = (value >= 0) & (value < np.inf)
        if not (fine is True or np.all(fine)):
            raise ValueError(f"{argument}: must be finite and not negative, not {value}")
    fine = (beta >= 0) & (beta < 1)
    if not (fine is True or np.all(fine)):
        raise ValueError(f"beta: must be at least 0 and less than 1, not {beta}")
    for name, W in params.items():
        if "d" + name not in grads or np.shape(grads["d" + name]) != np.shape(W):
            raise ValueError(f"grads: must hold d{name} of shape {np.shape(W)}")
        if name not in state.get("s", {}) or np.shape(state["s"][name]) != np.shape(W):
            raise ValueError(f"state: must hold s of {name} of shape {np.shape(W)}; begin with init(params)")
