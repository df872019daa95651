"""Explorables: figures that a reader can touch, in docs/assets/explorables; and the numbers that they show, from experiments."""

import json

from snippets.experiments import _cache
from snippets.site import kept
from snippets.site.source import DOCS

FOLDER = "assets/explorables"


def names() -> list[str]:
    """The modules that a figure may name: those that export `explore`."""
    paths = (DOCS / FOLDER).glob("*.js")
    return sorted(path.stem for path in paths if "export async function explore(" in path.read_text(encoding="utf-8"))


def data() -> dict[str, str]:
    """What an explorable starts from, as JSON by its name: results of experiments, where these are there."""
    results = [
        str(path)
        for topic in _cache.topics("experiments")
        for name in _cache.names(topic)
        if (path := _cache.result_path(topic, name)).exists()
    ]
    return kept.once(f"{FOLDER}/data", "data", (results,), _data)


def _data() -> dict[str, str]:
    found = {}
    if temperatures := _result("moving_averages", "temperatures"):
        found["averages"] = {"theta": temperatures["theta"].tolist()}
    if surfaces := _result("adam", "surfaces"):
        order = surfaces["names"].tolist()
        best = {name.removesuffix("_rate"): rates.tolist() for name, rates in surfaces.items() if name.endswith("_rate")}
        found["race"] = {surface: dict(zip(order, rates, strict=True)) for surface, rates in best.items()}
    if digits := _result("initialization", "pixels"):
        found["layers"] = {"pixels": digits["pixels"].tolist()}
    if units := _result("batch_norm", "statistics"):
        found["statistics"] = {"z": units["z"].tolist()}
    if moons := _result("regularization", "boundary"):
        found["boundary"] = {name: moons[name].tolist() for name in ("X", "Y", "X_dev", "Y_dev")}
    return {name: json.dumps(content) for name, content in found.items() if name in names()}


def _result(topic: str, experiment: str) -> dict | None:
    return _cache.read(topic, experiment) if experiment in _cache.names(topic) else None
