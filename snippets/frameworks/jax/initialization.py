"""First weights as in this note, by JAX's own initializers: each takes a key and a shape, and this note's W is (n_out, n_in).

JAX's normals are cut at two standard deviations of the normal before the cut, and widened to the variance asked for.
"""

import jax

SIDES = dict(in_axis=-1, out_axis=-2)  # or JAX takes W as (n_in, n_out)


def he(key, shape):
    """Weights of variance 2 / n_in.

    >>> he(jax.random.key(1), (2, 3)).shape
    (2, 3)
    """
    return jax.nn.initializers.he_normal(**SIDES)(key, shape)


def xavier(key, shape):
    """Weights of variance 2 / (n_in + n_out).

    >>> xavier(jax.random.key(1), (2, 3)).shape
    (2, 3)
    """
    return jax.nn.initializers.glorot_normal(**SIDES)(key, shape)


def lecun(key, shape):
    """Weights of variance 1 / n_in.

    >>> lecun(jax.random.key(1), (2, 3)).shape
    (2, 3)
    """
    return jax.nn.initializers.lecun_normal(**SIDES)(key, shape)
