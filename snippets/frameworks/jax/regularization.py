"""L2 and decoupled weight decay as in this note, by Optax, and dropout in JAX. Parameters are a dict of "W1", "b1", ..."""

import jax
import optax


def weights(params):
    """Which parameters are weights: those whose name begins with W.

    >>> weights({"W1": 1.0, "b1": 2.0})
    {'W1': True, 'b1': False}
    """
    return {name: name.startswith("W") for name in params}


def gradient_descent_with_l2(learning_rate, lambd, m):
    """Gradient descent on the cost plus lambd / (2m) sum(W^2); not for biases.

    >>> transform, params = gradient_descent_with_l2(1.0, lambd=0.5, m=2), {"W1": 4.0, "b1": 4.0}
    >>> change, _ = transform.update({"W1": 0.0, "b1": 0.0}, transform.init(params), params)
    >>> float(change["W1"]), float(change["b1"])
    (-1.0, -0.0)
    """
    penalty = optax.add_decayed_weights(lambd / m, mask=weights)
    return optax.chain(penalty, optax.sgd(learning_rate))


def adam_with_decay(learning_rate, decay):
    """Adam; before each step weights, not biases, lose learning_rate * decay.

    >>> transform, params = adam_with_decay(1.0, decay=0.5), {"W1": 4.0, "b1": 4.0}
    >>> change, _ = transform.update({"W1": 0.0, "b1": 0.0}, transform.init(params), params)
    >>> float(change["W1"]), float(change["b1"])
    (-2.0, -0.0)
    """
    return optax.adamw(learning_rate, weight_decay=decay, mask=weights)


def dropout(key, A, keep_prob):
    """Inverted dropout, a mask for each key; `jax.grad` goes through the mask.

    JAX has no layer for it: to switch it off, leave it out.

    >>> import jax.numpy as jnp
    >>> sorted(set(dropout(jax.random.key(0), jnp.ones(100), 0.25).tolist()))
    [0.0, 4.0]
    """
    kept = jax.random.bernoulli(key, keep_prob, A.shape)
    return A * kept / keep_prob
