"""Batch normalization as in this note, in jax.numpy alone: neither JAX nor Optax has a layer for it."""

import jax.numpy as jnp


def forward(Z, gamma, beta, epsilon=1e-5):
    """Normalize each unit, a row of Z: returns Z_tilde, the mean and the variance.

    There is no backward pass to write: `jax.grad` goes through mean and variance too.

    >>> Z_tilde, mean, var = forward(jnp.array([[1.0, 3.0, 5.0, 7.0]]), gamma=2.0, beta=10.0, epsilon=4.0)
    >>> [round(z, 3) for z in Z_tilde[0].tolist()], mean.item(), var.item()  # 10 + 2 (Z - 4) / sqrt(5 + 4)
    ([8.0, 9.333, 10.667, 12.0], 4.0, 5.0)
    """
    mean, var = Z.mean(axis=-1, keepdims=True), Z.var(axis=-1, keepdims=True)
    return gamma * (Z - mean) / jnp.sqrt(var + epsilon) + beta, mean, var


def running(mean, var, batch_mean, batch_var, momentum=0.9):
    """The averages for test time; the old value keeps `momentum`.

    JAX changes nothing in place: pass both on yourself.

    >>> tuple(round(average, 6) for average in running(0.0, 1.0, 5.0, 3.0))
    (0.5, 1.2)
    """
    mean = momentum * mean + (1 - momentum) * batch_mean
    return mean, momentum * var + (1 - momentum) * batch_var


def infer(Z, gamma, beta, mean, var, epsilon=1e-5):
    """Normalize by a mean and a variance that are given: test time.

    >>> round(infer(jnp.array([[7.0]]), gamma=2.0, beta=10.0, mean=4.0, var=5.0, epsilon=4.0).item(), 6)
    12.0
    """
    return gamma * (Z - mean) / jnp.sqrt(var + epsilon) + beta
