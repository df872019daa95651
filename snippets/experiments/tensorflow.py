"""One training in NumPy and in three ways of TensorFlow; TensorFlow's side is kept in tensorflow.json, see _tensorflow.py."""

import json
from pathlib import Path

import numpy as np

from snippets import initialization, network
from snippets.experiments._cache import experiment
from snippets.experiments._data import digits

LAYERS, EPOCHS = [64, 16, 1], 200
RATE, ROUNDED = 0.25, 0.3  # float32 holds the first exactly, the second it does not
WAYS = ["session", "tape", "keras"]
N_OUT, N_IN, SEED = 3, 5, 1


def data():
    """Real digits, odd or even, and He's weights to start from."""
    X, Y, _, _ = digits()
    return X, Y, initialization.he(LAYERS, np.random.default_rng(0))


def _kept() -> dict:
    return json.loads((Path(__file__).parent / "tensorflow.json").read_text(encoding="utf-8"))


def _furthest(theirs: dict, ours: dict) -> float:
    return max(np.abs(np.array(theirs[name]) - ours[name]).max() for name in theirs)


@experiment
def versions():
    """What made TensorFlow's side, and when."""
    kept = _kept()
    return {"made": kept["made"]} | {name.lower(): version for name, version in kept["versions"].items()}


@experiment
def overlay():
    """Costs of four trainings from the same weights, one of them `network.train`, and the largest differences from it."""
    X, Y, start = data()
    params, costs = network.train(X, Y, start, epochs=EPOCHS, learning_rate=RATE)
    kept = _kept()
    result = {"epochs": EPOCHS, "rate": RATE, "m": X.shape[1], "numpy": costs, "first": costs[0], "last": costs[-1]}
    for way in WAYS:
        result[way] = np.array(kept[way]["costs"])
        result[f"{way}_cost"] = np.abs(result[way] - costs).max()
        result[f"{way}_params"] = _furthest(kept[way]["params"], params)
    result["params"] = max(result[f"{way}_params"] for way in WAYS)
    return result


@experiment
def rounded_rate():
    """The largest difference in the last layer's parameters, where the learning rate is no number that float32 holds."""
    X, Y, start = data()
    params, _ = network.train(X, Y, start, epochs=EPOCHS, learning_rate=ROUNDED)
    kept = _kept()
    return {"rate": ROUNDED, "as_float32": float(np.float32(ROUNDED))} | {way: _furthest(kept[way]["rounded"], params) for way in WAYS}


@experiment
def same_seed():
    """Glorot's uniform weights from one seed, by a graph and by Keras."""
    then, now = (np.array(_kept()["seed"][when]) for when in ("then", "now"))
    return {
        "seed": SEED,
        "n_in": N_IN,
        "n_out": N_OUT,
        "bound": np.sqrt(6 / (N_IN + N_OUT)),
        "then": then[0, 0],
        "now": now[0, 0],
        "furthest": np.abs(then - now).max(),
        "largest": max(np.abs(then).max(), np.abs(now).max()),
    }
