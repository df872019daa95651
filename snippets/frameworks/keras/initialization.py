"""First weights as in this note, by Keras's own initializers: what to pass as `kernel_initializer`.

Keras's normals are cut at two standard deviations of the normal before the cut, and widened to the variance asked for.
"""

import keras


def he(seed=None):
    """Weights of variance 2 / n_in.

    >>> he(seed=1)((3, 2)).shape
    TensorShape([3, 2])
    """
    return keras.initializers.HeNormal(seed=seed)


def xavier(seed=None):
    """Weights of variance 2 / (n_in + n_out).

    >>> xavier(seed=1)((3, 2)).shape
    TensorShape([3, 2])
    """
    return keras.initializers.GlorotNormal(seed=seed)


def lecun(seed=None):
    """Weights of variance 1 / n_in.

    >>> lecun(seed=1)((3, 2)).shape
    TensorShape([3, 2])
    """
    return keras.initializers.LecunNormal(seed=seed)
