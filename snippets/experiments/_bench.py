"""What `make bench` measured last, kept in bench.json beside this file: a clock says something else on every machine."""

import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path

KEPT = Path(__file__).with_name("bench.json")


@dataclass(frozen=True)
class Row:
    """One figure: the median of several rounds, the lowest and the highest of them, and the limit that it has, if it has one."""

    name: str  # what it is, once in a part; `field` is made from it
    value: float
    low: float
    high: float
    unit: str
    at_least: float | None = None
    at_most: float | None = None
    note: str = ""

    @property
    def field(self) -> str:
        """What numbers on a page call it: `{benchmarks.training.peak_memory_numpy:.0f}`."""
        return re.sub(r"\W+", "_", self.name.lower()).strip("_")

    @property
    def met(self) -> bool:
        return (self.at_least is None or self.value >= self.at_least) and (self.at_most is None or self.value <= self.at_most)

    def cells(self) -> list[str]:
        """Its name, what was measured, the limit and whether it is met, and the note."""
        spread = f" ({shown(self.low)} to {shown(self.high)})" if self.low < self.high else ""
        unit = self.unit if self.unit == "%" else f" {self.unit}"
        limits = [f"{words} {shown(x)}" for words, x in (("at least", self.at_least), ("at most", self.at_most)) if x is not None]
        verdict = f"{', '.join(limits)}: {'met' if self.met else 'missed'}" if limits else ""
        return [self.name, f"{shown(self.value)}{unit}{spread}", verdict, self.note]


HEADINGS = ["What", "Median (range)", "Limit", "Note"]


def shown(value: float) -> str:
    """Three digits, or all in front of the point."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def side_by_side(rows: list[Row]) -> tuple[list[str], dict[str, list[Row]], list[Row]]:
    """The cases that several rows are of, such as [2, 5, 2, 1]; what they are called without it, with their rows; and the other rows."""
    named = {row.name: re.fullmatch(r"(.+?)(?:,| of) (\[[\d, ]+\])", row.name) for row in rows}
    cases = list(dict.fromkeys(match[2] for match in named.values() if match))
    found: dict[str, list[Row]] = {}
    for row in rows:
        if match := named[row.name]:
            found.setdefault(match[1], []).append(row)
    found = {what: same for what, same in found.items() if len(same) == len(cases) > 1}
    told = [row for same in found.values() for row in same]
    return cases, found, [row for row in rows if row not in told]


def parts() -> dict[str, dict]:
    """For each part that was ever measured: `made`, `machine`, `versions` and `rows`."""
    kept = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else {}
    return {part: about | {"rows": [Row(**row) for row in about["rows"]]} for part, about in kept.items()}


def keep(measured: dict[str, dict]) -> None:
    """Put these parts in the place of what is kept of them; the others stay."""
    kept = parts() | measured
    plain = {part: about | {"rows": [asdict(row) for row in about["rows"]]} for part, about in sorted(kept.items())}
    KEPT.write_text(json.dumps(plain, indent=1) + "\n", encoding="utf-8")


def fields(part: str) -> dict:
    """A part as an experiment's result: each row by its `field`, with `_low`, `_high` and its limit; when and where it was measured."""
    about = parts()[part]
    result = {"made": about["made"], "machine": about["machine"]}
    for row in about["rows"]:
        limits = {"at_least": row.at_least, "at_most": row.at_most}
        result |= {row.field: row.value, f"{row.field}_low": row.low, f"{row.field}_high": row.high}
        result |= {f"{row.field}_{name}": limit for name, limit in limits.items() if limit is not None}
    return result
