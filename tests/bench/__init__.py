"""`make bench`: what is measured side by side, in parts. A part is a module here with `rows()`, and with `PACKAGES`, the names
of those whose versions matter, or {name: version} where they aren't installed beside us.

No test asserts a wall-clock time. All is ratios of what was measured in one run, in rounds in which everybody has a turn, for the
machine may be noisy.
"""

import re
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from snippets.experiments._bench import Row

__all__ = ["PARTS", "Row", "interleaved", "ratio", "row", "seconds"]

MODULES = Path(__file__).parent.glob("[a-z]*.py")
PARTS = sorted(path.stem for path in MODULES if re.search(r"^def rows\(", path.read_text(encoding="utf-8"), re.M))


def seconds(function: Callable[[], object]) -> float:
    """How long one call takes: by the clock, or in processor time of this process where that is less, for others may be at work too."""
    clock, own = time.perf_counter(), time.process_time()
    function()
    return min(time.perf_counter() - clock, time.process_time() - own)


def interleaved(contenders: dict[str, Callable[[], float]], rounds: int) -> dict[str, list[float]]:
    """What each contender gives in each round; all have a turn in a round, in the other direction every other round."""
    given = {name: [] for name in contenders}
    for turn in range(rounds):
        for name in list(contenders)[:: -1 if turn % 2 else 1]:
            given[name].append(contenders[name]())
    return given


def row(name: str, values: list[float], unit: str, **more) -> Row:
    """A row of the median of these values, with `at_least`, `at_most` or `note`."""
    return Row(name, statistics.median(values), min(values), max(values), unit, **more)


def ratio(name: str, over: list[float], under: list[float], **more) -> Row:
    """The ratio of two contenders: the median of what it was in each round."""
    return row(name, [a / b for a, b in zip(over, under, strict=True)], "times", **more)
