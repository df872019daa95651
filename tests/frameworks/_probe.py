"""What every library is asked, so that the answers can be compared: gradients, constants, shapes."""

import inspect

import numpy as np

RATE, BETA, EPSILON, DECAY = 0.5, 0.8, 0.3, 0.4
RATES = [0.5, 0.5, 0.5, 0.1, 0.1, 0.1]  # the learning rate changes on the way
GRADIENTS = [1.0, -2.0, 0.5, 3.0, -0.25, 1.5]
WEIGHT, M, LAMBD = 2.0, 5, 0.3
BATCH = [1.0, 2.0, 4.0, 9.0]  # for one unit: mean 4, squared distances 38
BN_MOMENTUM, BN_EPSILON = 0.7, 2.0
DROPOUT, ONES = 0.2, 20_000
N_IN, N_OUT = 400, 100
SERIES = [4.0, 1.0, -2.0, 8.0]


# Constants that float32 holds exactly: Keras and TensorFlow 1 round what they are given to float32, whatever the weights are.
STEP = 2.0**-6
MOMENTUM = dict(learning_rate=STEP, beta=0.875)
RMSPROP = dict(learning_rate=STEP, beta=0.875, epsilon=2.0**-20)
ADAM = dict(learning_rate=STEP, beta1=0.875, beta2=1 - 2.0**-10, epsilon=2.0**-26)
SHRINK = 2.0**-3
KEEP = 0.75
AGREE = {"float64": dict(rtol=1e-12, atol=1e-12), "float32": dict(rtol=1e-6, atol=1e-6)}
BN_MEMORY, BN_SMALL = 0.875, 2.0**-16


def default(function, name):
    """The default of an argument; where it has none it must be given."""
    value = inspect.signature(function).parameters[name].default
    return "must be given" if value is inspect.Parameter.empty else value if value is not None else 0.0


def takes(function, name) -> bool:
    return name in inspect.signature(function).parameters


def draws(values) -> dict:
    """What matters of many draws: their variance, the furthest from 0 in standard deviations, and the mean fourth power."""
    values = np.asarray(values, float).ravel()
    spread = values.std()
    furthest, fourth = np.abs(values).max() / spread, (values**4).mean() / spread**4
    return {"variance": float(spread**2), "furthest": float(furthest), "fourth": float(fourth)}


def dropped(values) -> dict:
    """The share of zeros among what was ones, and what the others have become."""
    values = np.asarray(values, float).ravel()
    return {"zeros": float((values == 0).mean()), "kept": float(values.max())}


def long_gradients(steps=100):
    """Gradients of a (3, 4) parameter for `steps` steps: of several sizes, one row tiny, every tenth step nothing at all."""
    rng = np.random.default_rng(0)
    g = rng.standard_normal((steps, 3, 4)) * 10.0 ** rng.uniform(-2, 2, (steps, 1, 1))
    g[:, 0], g[::10] = 1e-6, 0
    return g


START = np.random.default_rng(1).standard_normal((3, 4))
Z = np.random.default_rng(2).standard_normal((3, 8)) * 2 + 1
GAMMA, SHIFT = np.array([0.5, 1.0, -2.0]), np.array([1.0, 0.0, 3.0])


# A cost to differentiate: the one of docs/gradient_checking.md, in any library's functions.

X, Y = np.random.default_rng(3).standard_normal((3, 5)), np.random.default_rng(4).standard_normal((1, 5))
PARAMS = {
    name: np.random.default_rng(5).standard_normal(shape)
    for name, shape in {"W1": (4, 3), "b1": (4, 1), "W2": (1, 4), "unused": (2,)}.items()
}


def squares(params, X, Y, tanh=np.tanh, mean=np.mean):
    return mean((params["W2"] @ tanh(params["W1"] @ X + params["b1"]) - Y) ** 2) / 2


def descend(gradients, dtype, steps=100) -> np.ndarray:
    """Gradient descent by `gradients(params)`, a dict of dW1 and so on: after each step all parameters in one vector."""
    params, found = {name: value.astype(dtype) for name, value in PARAMS.items()}, []
    for _ in range(steps):
        grads = gradients(params)
        assert all(grads[f"d{name}"].dtype == dtype for name in params)
        params = {name: value - np.array(0.1, dtype) * grads[f"d{name}"] for name, value in params.items()}
        found.append(np.concatenate([value.ravel() for value in params.values()]))
    return np.array(found)


# Learning rates that fall: their arguments, those of a schedule that counts steps among them.

ALPHA0, PER_EPOCH, COUNTED = 0.5, 4, 120
BASE, FALL, HELD, FACTOR, WARM, ALL = 0.875, 0.75, 3, 0.625, 16, 112
BY_HAND = {0: 0.5, 4: 0.125, 10: 0.25, 21: 0.0625}
BY_STEP = {
    "inverse_time": dict(alpha0=ALPHA0, decay_rate=FALL, steps_per_epoch=PER_EPOCH),
    "exponential": dict(alpha0=ALPHA0, steps_per_epoch=PER_EPOCH, base=BASE),
    "inverse_sqrt": dict(alpha0=ALPHA0, k=FACTOR),
    "staircase": dict(alpha0=ALPHA0, decay_rate=FALL, interval=HELD, steps_per_epoch=PER_EPOCH),
    "manual": dict(rates=BY_HAND, steps_per_epoch=PER_EPOCH),
    "warmup_cosine": dict(alpha0=ALPHA0, warmup=WARM, total=ALL),
}
