"""How much is checked, counted in the pages and the tests as they stand: nothing is executed, nothing typed."""

import ast
import hashlib
import json
from functools import cache
from pathlib import Path

from snippets.experiments._cache import ROOT, parsed
from snippets.site import claims, embed, formulas, numbers, source

ROWS = {  # what a row of the table is called, and the counts that it gives
    "Display formulas checked / notation only": ("formulas_checked", "formulas_notation"),
    "Code blocks run / not run": ("blocks_run", "blocks_not_run"),
    "Numbers filled in from results": ("numbers",),
    "Numbers worked out / defaults read from the code": ("arithmetic", "defaults"),
    "Claims measured": ("claims",),
    "Wrong versions rejected": ("wrong_versions",),
    "Of these seen by what pages show / not seen": ("seen", "unseen"),
    "Functions with a twin in JavaScript": ("twins",),
    "Faults of pages caught": ("faults",),
    "Mutants killed / made, less equivalent ones": ("mutants_killed", "mutants"),
}
MEASURED = {"seen", "unseen", "mutants_killed", "mutants"}  # by programs that take minutes and keep what they found in tests/


def today() -> dict[str, int]:
    """The counts by name; those that are measured only where what is kept is of all files as they are now."""
    pages = tuple(sorted(source.DOCS.rglob("*.md")))
    source.pages_read.update(pages)
    counts = dict.fromkeys([name for names in ROWS.values() for name in names if name not in MEASURED], 0)
    for path in pages:
        for name, count in _of_page(path, path.stat().st_mtime_ns).items():
            counts[name] += count
    for path in sorted((ROOT / "tests" / "wrong").glob("[!_]*.py")):
        counts["wrong_versions"] += sum(any(map(embed.registers, getattr(node, "decorator_list", ()))) for node in parsed(path).body)
    counts["twins"] = _twins(ROOT / "tests" / "site" / "test_explorables.py")
    counts["faults"] = _faults(ROOT / "tests" / "site" / "faults.py")
    if found := _kept("page_kills.json", source="snippets", wrong="tests/wrong"):
        seen = [check is not None for topic in found.values() for check in topic["seen_by"].values()]
        counts["seen"], counts["unseen"] = sum(seen), len(seen) - sum(seen)
    if found := _kept("mutants.json", source="snippets"):
        counts["mutants_killed"], counts["mutants"] = (sum(topic[key] for topic in found.values()) for key in ("killed", "all"))
    return counts


def _kept(name: str, **folders: str) -> dict[str, dict]:
    """What a program keeps in tests/ for each topic, if it is of all files as they are now: of other code it says nothing."""
    path = ROOT / "tests" / name
    found = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    for key, folder in folders.items():
        now = {path.stem: hashlib.sha256(path.read_bytes()).hexdigest()[:16] for path in (ROOT / folder).glob("[!_]*.py")}
        if name == "mutants.json":
            now.pop("tensorflow", None)  # see tests/mutants.py
        if now != {topic: kept.get(key) for topic, kept in found.items()}:
            return {}
    return found


def table() -> list[tuple[str, str]]:
    """The rows of the table, with their counts as they are shown."""
    counts = today()
    return [(row, " / ".join(f"{counts[name]:,}" for name in names)) for row, names in ROWS.items() if names[0] in counts]


@cache
def _of_page(path: Path, _stamp: int) -> dict[str, int]:
    page = source.read(path)
    text = page.text
    found = formulas.find(text)
    blocks = [fence for fence in source.fences(page.lines) if fence.language in {"python", "pycon"}]
    not_run = sum("not-run" in fence.classes for fence in blocks)
    inside = [(formula.start, formula.end) for formula in found]
    filled = [match for match in numbers.CANDIDATE.finditer(source.mask(text)) if not any(a <= match.start() < b for a, b in inside)]
    return {
        "formulas_checked": sum(bool(formula.checked) for formula in found),
        "formulas_notation": sum(formula.notation for formula in found),
        "blocks_run": len(blocks) - not_run,
        "blocks_not_run": not_run,
        "numbers": sum(bool(numbers.REFERENCE.fullmatch(match["inside"])) for match in filled),
        "arithmetic": sum(match["inside"].startswith("=") for match in filled)
        + sum(len(numbers.ARITHMETIC.findall(formula.tex)) for formula in found),
        "defaults": sum(match["inside"].startswith("default:") for match in filled),
        "claims": len(claims.of(page)),
    }


def _twins(path: Path) -> int:
    """The length of the table of functions that are compared with those of the snippets."""
    tables = parsed(path).body if path.exists() else []
    return sum(len(s.value.keys) for s in tables if isinstance(s, ast.Assign) and getattr(s.targets[0], "id", "") == "TWINS")


def _faults(path: Path) -> int:
    """The length of the tables of faults that are injected into a small note."""
    tables = [s for s in parsed(path).body if isinstance(s, ast.Assign) and isinstance(s.value, ast.List)] if path.exists() else []
    return sum(len(statement.value.elts) for statement in tables)
