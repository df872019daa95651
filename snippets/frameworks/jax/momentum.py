"""Momentum as in this note, by Optax."""

import optax


def optimizer(learning_rate=0.01, beta=0.9):
    """An average with the factor 1 - beta, not corrected; then the learning rate.

    `optax.sgd((1 - beta) * learning_rate, momentum=beta)` takes the same steps.

    >>> import jax.numpy as jnp
    >>> transform = optimizer(learning_rate=0.5, beta=0.75)
    >>> transform.update(jnp.array([4.0]), transform.init(jnp.array([1.0])))[0].tolist()  # -0.5 * 0.25 * 4
    [-0.5]
    """
    average = optax.ema(beta, debias=False)
    return optax.chain(average, optax.scale_by_learning_rate(learning_rate))
