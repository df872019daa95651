"""What the page on TensorFlow shows of TensorFlow, made with it and kept beside this file: no build of the site needs it.

    make kept

writes tensorflow.json anew. A test makes the same again and compares. Not part of experiments/tensorflow.py, whose results would
else be keyed by a library that is not there where the site is built.
"""

import datetime
import json
import os
import platform
from importlib import metadata
from pathlib import Path

from snippets import tensorflow
from snippets.experiments.tensorflow import EPOCHS, N_IN, N_OUT, RATE, ROUNDED, SEED, WAYS, data

KEPT = Path(__file__).with_name("tensorflow.json")
SETTINGS = {"TF_CPP_MIN_LOG_LEVEL": "3", "TF_ENABLE_ONEDNN_OPTS": "0", "KERAS_BACKEND": "tensorflow"}  # quiet, and the same sums everywhere


def make() -> dict:
    """Training in the three ways at both learning rates, weights from one seed, and the versions that made them."""
    X, Y, start = data()
    found = {}
    for way in WAYS:
        train = getattr(tensorflow, f"train_with_{way}")
        params, costs = train(X, Y, start, epochs=EPOCHS, learning_rate=RATE)
        rounded, _ = train(X, Y, start, epochs=EPOCHS, learning_rate=ROUNDED)
        found[way] = {"costs": costs.tolist(), "params": last_layer(params), "rounded": last_layer(rounded)}
    found["seed"] = {when: getattr(tensorflow, f"glorot_{when}")(N_OUT, N_IN, SEED).tolist() for when in ("then", "now")}
    return found


def last_layer(params: dict) -> dict:
    """The last layer's parameters alone, which everything before them has passed through."""
    return {name: array.tolist() for name, array in params.items() if name[1:] == str(len(params) // 2)}


def versions() -> dict:
    packages = {"TensorFlow": "tensorflow-cpu", "Keras": "keras", "NumPy": "numpy"}
    return {"Python": platform.python_version()} | {name: metadata.version(package) for name, package in packages.items()}


if __name__ == "__main__":
    os.environ |= SETTINGS
    made = {"made": datetime.date.today().isoformat(), "versions": versions()} | make()
    lines = [f"{json.dumps(name)}: {json.dumps(value)}" for name, value in made.items()]
    KEPT.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
