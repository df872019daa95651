"""The gradient of a cost by JAX, in the form in which this note checks gradients."""

import jax
import numpy as np


def gradients(J, params):
    """The gradient of J for each parameter, called dW1 for W1.

    J takes a dict of arrays and is written in jax.numpy's functions. `params` is a dict of NumPy arrays, and so is the result, in their
    precision: JAX has to be asked for float64.
    A parameter that J does not use has a gradient of zeros.

    >>> gradients(lambda p: (p["w"] ** 3).sum(), {"w": np.array([2.0, -1.0])})
    {'dw': array([12.,  3.])}
    """
    with jax.enable_x64(True):
        found = jax.grad(J)(params)
    return {f"d{name}": np.asarray(found[name]) for name in params}
