"""Gradient descent: a step against the gradient, the optimizer that remembers nothing."""

import numpy as np


def init(params):
    """The state before the first step: empty, since gradient descent remembers nothing."""
    return {}


def update(params, grads, state, learning_rate):
    """One step downhill: W := W - learning_rate * dW for every parameter, biases too.

    params: {"W1": array, "b1": array, ...}; grads: {"dW1": array, ...}, each of its parameter's shape.
    state: what `init` or the last call returned. learning_rate: a number, or an array that broadcasts
    with every parameter, such as (runs, 1, 1) for a stack of runs. A NaN in one gradient stays there.

    Returns (params, state), both new. Raises ValueError where a gradient is missing or has another shape
    than its parameter, or where learning_rate is negative or not finite. Source: Cauchy (1847).

    >>> from snippets import gradient_descent
    >>> params, grads = {"w": np.array([1.0, -2.0])}, {"dw": np.array([10.0, -5.0])}
    >>> params, state = gradient_descent.update(params, grads, gradient_descent.init(params), learning_rate=0.1)
    >>> params["w"]
    array([ 0. , -1.5])
    """
    fine = (learning_rate >= 0) & (learning_rate < np.inf)
    if not (fine is True or np.all(fine)):
        raise ValueError(f"learning_rate: must be finite and not negative, not {learning_rate}")
    for name, W in params.items():
        if "d" + name not in grads or np.shape(grads["d" + name]) != np.shape(W):
            raise ValueError(f"grads: must hold d{name} of shape {np.shape(W)}")
    return {name: W - learning_rate * grads["d" + name] for name, W in params.items()}, dict(state)
