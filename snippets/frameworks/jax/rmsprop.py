"""RMSprop as in this note, by Optax."""

import optax


def optimizer(learning_rate=0.001, beta=0.9, epsilon=1e-8):
    """RMSprop with epsilon outside the root; Optax has it inside unless told.

    >>> import jax.numpy as jnp
    >>> transform = optimizer(learning_rate=1.0, beta=0.75, epsilon=2.0)
    >>> transform.update(jnp.array([4.0]), transform.init(jnp.array([1.0])))[0].tolist()  # -4 / (sqrt(0.25 * 16) + 2)
    [-1.0]
    """
    return optax.rmsprop(learning_rate, decay=beta, eps=epsilon, eps_in_sqrt=False)
