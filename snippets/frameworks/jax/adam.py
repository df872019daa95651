"""Adam as in this note, by Optax."""

import optax


def optimizer(learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    """Adam: Optax's steps and defaults are this note's.

    >>> import jax.numpy as jnp
    >>> transform = optimizer(learning_rate=1.0, epsilon=4.0)
    >>> change = transform.update(jnp.array([4.0]), transform.init(jnp.array([1.0])))[0]
    >>> round(change.item(), 3)  # -4 / (4 + 4)
    -0.5
    """
    return optax.adam(learning_rate, b1=beta1, b2=beta2, eps=epsilon)
