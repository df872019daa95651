"""The gradient of a cost by TensorFlow's tape, in the form in which this note checks gradients. Keras has no tape of its own."""

import tensorflow as tf


def gradients(J, params):
    """The gradient of J for each parameter, called dW1 for W1.

    J takes a dict of variables and is written in Keras's or TensorFlow's functions. `params` is a dict of NumPy arrays, and so
    is the result, in their precision. A parameter that J does not use has a gradient of zeros.

    >>> import numpy as np
    >>> gradients(lambda p: tf.reduce_sum(p["w"] ** 3), {"w": np.array([2.0, -1.0])})
    {'dw': array([12.,  3.])}
    """
    variables = {name: tf.Variable(value) for name, value in params.items()}
    with tf.GradientTape() as tape:
        cost = J(variables)
    found = tape.gradient(cost, variables, unconnected_gradients="zero")
    return {f"d{name}": gradient.numpy() for name, gradient in found.items()}
