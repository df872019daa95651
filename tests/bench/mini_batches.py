"""Is what the page on mini-batches says about the time of an epoch still so? It shows what the clock said once, kept in a file."""

import json

from snippets.experiments import _mini_batches
from tests.bench import row

PACKAGES = ["numpy"]


def rows():
    now, kept = _mini_batches.measure(), json.loads(_mini_batches.KEPT.read_text(encoding="utf-8"))
    for size in ("1", "64"):
        ratios = [seconds[size] / seconds["1400"] for seconds in (now, kept["seconds"])]
        yield row(f"an epoch in batches of {size} against the full batch", ratios[:1], "times", note=f"the page has {ratios[1]:.1f}")
