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
