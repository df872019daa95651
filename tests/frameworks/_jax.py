"""What Optax and JAX do, asked as the others are. JAX computes in float64 inside `observe` only."""

import jax
import jax.numpy as jnp
import numpy as np
import optax

from tests.frameworks._probe import (
    BETA,
    DECAY,
    EPSILON,
    GRADIENTS,
    LAMBD,
    N_IN,
    N_OUT,
    RATE,
    RATES,
    SERIES,
    START,
    WEIGHT,
    default,
    draws,
    long_gradients,
)

initializers = jax.nn.initializers


def path(make, rates, start=0.0, **options):
    """The learning rate may change on the way: to Optax it is a function of the step."""
    table = jnp.array(rates)
    return walk(make(lambda count: table[count], **options), GRADIENTS[: len(rates)], start)


def walk(transform, gradients, start=0.0):
    w, found = jnp.array(start), []
    state = transform.init(w)
    for gradient in gradients:
        change, state = transform.update(jnp.array(gradient), state, w)
        w = optax.apply_updates(w, change)
        found.append(np.asarray(w))
    return np.array(found).tolist()


def average(transform):
    state, found = transform.init(jnp.array(0.0)), []
    for value in SERIES:
        out, state = transform.update(jnp.array(value), state)
        found.append(out.item())
    return found


def observe() -> dict:
    with jax.enable_x64(True):
        decayed = {"W": jnp.array(WEIGHT), "b": jnp.array(WEIGHT)}
        adamw = optax.adamw(RATE, weight_decay=DECAY)
        change, _ = adamw.update({"W": jnp.array(0.0), "b": jnp.array(0.0)}, adamw.init(decayed), decayed)
        added = optax.add_decayed_weights(LAMBD)
        key, shape = jax.random.key(0), (N_IN, N_OUT)
        falling = walk(optax.sgd(optax.exponential_decay(1.0, transition_steps=1, decay_rate=0.5)), [1.0, 1.0])
        he = initializers.he_normal()(key, shape)
        return {
            "momentum path": path(optax.sgd, RATES, momentum=BETA),
            "momentum factor": walk(optax.chain(optax.ema(BETA, debias=False), optax.scale(-1.0)), GRADIENTS),
            "momentum beta": default(optax.sgd, "momentum"),
            "rmsprop path": path(optax.rmsprop, RATES, decay=BETA, eps=EPSILON),
            "rmsprop defaults": [default(optax.rmsprop, name) for name in ("learning_rate", "decay", "eps")],
            "adam path": path(optax.adam, RATES, b1=0.7, b2=BETA, eps=EPSILON),
            "adam defaults": [default(optax.adam, name) for name in ("learning_rate", "b1", "b2", "eps")],
            "adamw": path(optax.adamw, [RATE], WEIGHT, eps=0.0, weight_decay=DECAY)[0],
            "adamw default": default(optax.adamw, "weight_decay"),
            "bias": WEIGHT + change["b"].item(),
            "l2": added.update(jnp.array(0.0), added.init(jnp.array(WEIGHT)), jnp.array(WEIGHT))[0].item(),
            "he": draws(he),
            "glorot": draws(initializers.glorot_normal()(key, shape)),
            "lecun": draws(initializers.lecun_normal()(key, shape)),
            "weights": [N_IN, N_OUT] if abs(he.var() * N_IN / 2 - 1) < 0.05 else [N_OUT, N_IN],
            "schedule counts": (-np.diff(falling, prepend=0.0)).tolist(),
            "schedule boundary": [float(optax.piecewise_constant_schedule(1.0, {2: 0.5})(step)) for step in (1, 2, 3)],
            "schedule cosine": [float(optax.warmup_cosine_decay_schedule(0.0, 1.0, 2, 6)(step)) for step in range(10)],
            "schedule base": default(optax.exponential_decay, "decay_rate"),
            "average": average(optax.ema(BETA)),
            "average, other": average(optax.ema(BETA, debias=False)),
        }


def through(transform, dtype) -> np.ndarray:
    """The path of a parameter through the long gradients."""
    with jax.enable_x64(dtype == "float64"):
        return np.array(walk(transform, long_gradients().astype(dtype), START.astype(dtype)))
