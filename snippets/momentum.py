"""Gradient descent with momentum: steps along a moving average of the gradients."""

import numpy as np


def init(params):
    """The state before the first step: a velocity of zero for every parameter.

    params: {"W1": array, "b1": array, ...}. Returns {"v": {"W1": zeros of its shape, ...}}.
    """
    return {"v": {name: np.zeros_like(W) for name, W in params.items()}}


def update(params, grads, state, learning_rate=0.01, beta=0.9):
    """One step along the moving average of the gradients: v := beta v + (1 - beta) dW, then W := W - learning_rate v.

    params: {"W1": array, "b1": array, ...}; grads: {"dW1": array, ...}, each of its parameter's shape.
    state: what `init` or the last call returned; v starts at zero and is not corrected for it.
    learning_rate, beta: numbers, or arrays that broadcast with every parameter, such as (runs, 1, 1) for a
    stack of runs; beta from 0, which is gradient descent, to less than 1. A NaN in one gradient stays there.

    Returns (params, state), both new. Raises ValueError where a gradient or a velocity is missing or has
    another shape than its parameter, or where a number is out of its range.
    Source: Polyak (1964); with the factor 1 - beta, as the course has it.

    >>> from snippets import momentum
    >>> params, state = {"w": np.array([1.0])}, {"v": {"w": np.array([2.0])}}
    >>> params, state = momentum.update(params, {"dw": np.array([4.0])}, state, learning_rate=0.1, beta=0.75)
    >>> state["v"]["w"], params["w"]  # 0.75 * 2 + 0.25 * 4 = 2.5; 1 - 0.1 * 2.5
    (array([2.5]), array([0.75]))
    >>> layer, grads = {"W1": np.array([[1.0]]), "b1": np.array([[1.0]])}, {"dW1": np.array([[4.0]]), "db1": np.array([[-2.0]])}
    >>> momentum.update(layer, grads, momentum.init(layer), learning_rate=0.5, beta=0.75)[0]  # the first step is a quarter
    {'W1': array([[0.5]]), 'b1': array([[1.25]])}
    """
    _check(params, grads, state, learning_rate, beta)
    v = {name: beta * state["v"][name] + (1 - beta) * grads["d" + name] for name in params}
    return {name: W - learning_rate * v[name] for name, W in params.items()}, {"v": v}


def _check(params, grads, state, learning_rate, beta):
    fine = (learning_rate >= 0) & (learning_rate < np.inf)
    if not (fine is True or np.all(fine)):
        raise ValueError(f"learning_rate: must be finite and not negative, not {learning_rate}")
    fine = (beta >= 0) & (beta < 1)
    if not (fine is True or np.all(fine)):
        raise ValueError(f"beta: must be at least 0 and less than 1, not {beta}")
    for name, W in params.items():
        if "d" + name not in grads or np.shape(grads["d" + name]) != np.shape(W):
            raise ValueError(f"grads: must hold d{name} of shape {np.shape(W)}")
        if name not in state.get("v", {}) or np.shape(state["v"][name]) != np.shape(W):
            raise ValueError(f"state: must hold v of {name} of shape {np.shape(W)}; begin with init(params)")
