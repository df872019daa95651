"""Explorables: figures that a reader can touch, in docs/assets/explorables; and the numbers that they show, from experiments."""

import json

import numpy as np

from snippets.experiments import _cache
from snippets.site.source import DOCS

FOLDER = DOCS / "assets" / "explorables"


def names() -> list[str]:
    """The modules that a figure may name: those that export `explore`."""
    return sorted(path.stem for path in FOLDER.glob("*.js") if "export async function explore(" in path.read_text(encoding="utf-8"))


def data() -> dict[str, str]:
    """What an explorable starts from, as JSON by its name: results of experiments, where these are there."""
    found = {}
    if temperatures := _cache.read("moving_averages", "temperatures"):
        found["averages"] = {"theta": temperatures["theta"].tolist()}
    if surfaces := _cache.read("adam", "surfaces"):
        order = surfaces["names"].tolist()
        best = {name.removesuffix("_rate"): value for name, value in surfaces.items() if name.endswith("_rate")}
        found["race"] = {surface: dict(zip(order, np.asarray(rates).tolist(), strict=True)) for surface, rates in best.items()}
    return {name: json.dumps(content) for name, content in found.items()}
