"""The whole note built from nothing: a copy of its files, nothing kept, with all experiments, notebooks, figures and formulas."""

import os
import resource
import tempfile
import time
from pathlib import Path

from snippets.experiments import _cache
from snippets.figures import _draw
from snippets.site import notebooks
from tests.bench import row
from tests.site.test_same_bytes import build, clone

PACKAGES = ("mkdocs", "mkdocs-material", "numpy", "matplotlib", "scikit-learn")


def work() -> float:
    """Seconds of all cores that ended processes of ours have used."""
    return sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])


def rows():
    with tempfile.TemporaryDirectory() as folder:
        note = clone(Path(folder) / "note")
        before, begin = work(), time.perf_counter()
        build(note, note / "site", {})
        taken, used = time.perf_counter() - begin, work() - before
    experiments = sum(len(_cache.names(topic)) for topic in _cache.topics("experiments"))
    figures = sum(len(_draw.names(topic)) for topic in _cache.topics("figures"))
    ran = sum(not notebooks.needed(path) for path in notebooks.sources())
    what = f"{experiments} experiments, {figures} figures in two themes, {ran} notebooks, on {os.cpu_count()} cores"
    yield row("full build, nothing cached", [taken], "s", at_most=120, note=what)
    yield row("the same, work of all cores", [used], "s")
