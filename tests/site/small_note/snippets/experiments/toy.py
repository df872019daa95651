"""Experiments of the topic."""

from snippets.experiments._cache import experiment


@experiment
def race():
    return {"ratio": 3.14, "low": -1e-7, "seeds": 20, "mean": [1.0, 2.0], "undefined": float("nan")}


@experiment
def untested():
    return {"ratio": 1.0}
