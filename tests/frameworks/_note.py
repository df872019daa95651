"""What this note's functions do, asked as the libraries are."""

import numpy as np

from snippets import (
    adam,
    batch_norm,
    gradient_descent,
    initialization,
    learning_rate_decay,
    momentum,
    moving_averages,
    regularization,
    rmsprop,
)
from tests.frameworks._probe import (
    ADAM,
    ALL,
    ALPHA0,
    BASE,
    BATCH,
    BETA,
    BN_EPSILON,
    BN_MEMORY,
    BN_MOMENTUM,
    BN_SMALL,
    BY_HAND,
    COUNTED,
    DECAY,
    DROPOUT,
    EPSILON,
    FACTOR,
    FALL,
    GAMMA,
    GRADIENTS,
    HELD,
    LAMBD,
    N_IN,
    N_OUT,
    ONES,
    RATE,
    RATES,
    SERIES,
    SHIFT,
    SHRINK,
    START,
    STEP,
    WARM,
    WEIGHT,
    M,
    X,
    Y,
    Z,
    default,
    draws,
    dropped,
    long_gradients,
)


def path(step, rates, **options):
    params, state, found = {"w": np.zeros(1)}, step.init({"w": np.zeros(1)}), []
    for rate, gradient in zip(rates, GRADIENTS, strict=True):
        params, state = step.update(params, {"dw": np.array([gradient])}, state, learning_rate=rate, **options)
        found.append(params["w"].item())
    return found


def through(step, dtype, **options) -> np.ndarray:
    """The path of a parameter through the long gradients."""
    params, found = {"w": START.astype(dtype)}, []
    state = step.init(params)
    for gradient in long_gradients():
        params, state = step.update(params, {"dw": gradient.astype(dtype)}, state, **options)
        found.append(params["w"])
    return np.array(found)


def decayed() -> np.ndarray:
    """Adam with decoupled decay, weights and biases of the same gradients: (steps, 2, 3, 4)."""
    params, found, options = {"W1": START, "b1": START}, [], {name: ADAM[name] for name in ("beta1", "beta2", "epsilon")}
    state = adam.init(params)
    for gradient in long_gradients():
        params = regularization.decay_weights(params, STEP, SHRINK)
        params, state = adam.update(params, {"dW1": gradient, "db1": gradient}, state, STEP, **options)
        found.append([params["W1"], params["b1"]])
    return np.array(found)


def normalized():
    """A hundred batches through batch norm: what comes out, transposed, and the running mean and variance, ours and by m - 1."""
    gamma, beta, state, found = GAMMA[:, None], SHIFT[:, None], batch_norm.init(3), []
    mean, var, unbiased = state["mean"], state["var"], state["var"]
    for k in range(100):
        out, cache = batch_norm.forward(Z + k % 7, gamma, beta, BN_SMALL)
        more = cache["var"] * Z.shape[1] / (Z.shape[1] - 1)
        unbiased = batch_norm.running(mean, unbiased, cache["mean"], more, BN_MEMORY)[1]
        mean, var = batch_norm.running(mean, var, cache["mean"], cache["var"], BN_MEMORY)
        found.append(out.T)
    return np.array(found), mean[:, 0], var[:, 0], unbiased[:, 0]


def backward(params) -> dict:
    """The gradient of `_probe.squares`, by the chain rule."""
    inputs, targets = X.astype(params["W1"].dtype), Y.astype(params["W1"].dtype)
    A1 = np.tanh(params["W1"] @ inputs + params["b1"])
    dZ2 = (params["W2"] @ A1 - targets) / inputs.shape[1]
    dZ1 = params["W2"].T @ dZ2 * (1 - A1**2)
    grads = {"dW1": dZ1 @ inputs.T, "db1": dZ1.sum(axis=1, keepdims=True), "dW2": dZ2 @ A1.T}
    return grads | {"dunused": np.zeros_like(params["unused"])}


def rates(per_epoch) -> dict[str, np.ndarray]:
    """The learning rates at each of the first steps, for that many steps an epoch."""
    decay, step = learning_rate_decay, np.arange(COUNTED)
    return {
        "inverse_time": decay.inverse_time(ALPHA0, step / per_epoch, FALL),
        "exponential": decay.exponential(ALPHA0, step / per_epoch, BASE),
        "inverse_sqrt": decay.inverse_sqrt(ALPHA0, step + 1, FACTOR),
        "staircase": decay.staircase(ALPHA0, step / per_epoch, FALL, HELD),
        "manual": decay.manual(step / per_epoch, BY_HAND),
        "warmup_cosine": decay.warmup_cosine(ALPHA0, step, WARM, ALL),
    }


def falling(rates) -> np.ndarray:
    """The path of a parameter by gradient descent, the learning rate of each step given."""
    params, found = {"w": START}, []
    for rate, gradient in zip(rates, long_gradients(len(rates)), strict=True):
        params, _ = gradient_descent.update(params, {"dw": gradient}, {}, rate)
        found.append(params["w"])
    return np.array(found)


def observe() -> dict:
    rng = np.random.default_rng(0)
    shrunk = regularization.decay_weights({"W": np.array([WEIGHT]), "b": np.array([WEIGHT])}, RATE, DECAY)
    adamw = adam.update({"W": shrunk["W"]}, {"dW": np.array([GRADIENTS[0]])}, adam.init({"W": shrunk["W"]}), RATE, epsilon=0.0)[0]
    column, one = np.array([BATCH]), np.ones((1, 1))
    norm, cache = batch_norm.forward(column, one, 0 * one, BN_EPSILON)
    start = batch_norm.init(1)
    mean, var = batch_norm.running(start["mean"], start["var"], cache["mean"], cache["var"], BN_MOMENTUM)
    layers = [N_IN, N_OUT]
    he = initialization.he(layers, rng)
    average = moving_averages.exponentially_weighted_average
    out = regularization.dropout_forward(np.ones((100, ONES // 100)), DROPOUT, rng)[0]
    return {
        "momentum path": path(momentum, RATES, beta=BETA),
        "momentum factor": path(momentum, [1.0] * 6, beta=BETA),
        "momentum beta": default(momentum.update, "beta"),
        "rmsprop path": path(rmsprop, RATES, beta=BETA, epsilon=EPSILON),
        "rmsprop defaults": [default(rmsprop.update, name) for name in ("learning_rate", "beta", "epsilon")],
        "adam path": path(adam, RATES, beta1=0.7, beta2=BETA, epsilon=EPSILON),
        "adam defaults": [default(adam.update, name) for name in ("learning_rate", "beta1", "beta2", "epsilon")],
        "adamw": adamw["W"].item(),
        "adamw default": default(regularization.decay_weights, "decay"),
        "bias": shrunk["b"].item(),
        "l2": regularization.l2_gradient(np.array([WEIGHT]), LAMBD, M).item(),
        "bn forward": norm.ravel().tolist(),
        "bn running": [mean.item(), var.item()],
        "bn start": [start["mean"].item(), start["var"].item()],
        "bn defaults": [default(batch_norm.running, "momentum"), default(batch_norm.forward, "epsilon")],
        "bn one": batch_norm.forward(np.array([[7.0]]), one, 3 * one)[0].item(),
        "dropout": dropped(out),
        "dropout off": np.array_equal(regularization.dropout_forward(np.ones((3, 4)), 1.0, None)[0], np.ones((3, 4))),
        "he": draws(he["W1"]),
        "glorot": draws(initialization.xavier(layers, rng)["W1"]),
        "lecun": draws(initialization.lecun(layers, rng)["W1"]),
        "weights": list(he["W1"].shape),
        "schedule boundary": learning_rate_decay.manual(np.array([1, 2, 3]), {0: 1.0, 2: 0.5}).tolist(),
        "schedule cosine": learning_rate_decay.warmup_cosine(1.0, np.arange(10), warmup=2, total=6).tolist(),
        "schedule base": default(learning_rate_decay.exponential, "base"),
        "average": average(np.array(SERIES), BETA).tolist(),
        "average, other": average(np.array(SERIES), BETA, bias_correction=True).tolist(),
    }
