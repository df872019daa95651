"""The plan of the house, drawn from the files as they stand: which folder holds what, and which imports which."""

import ast
import sys
from collections import Counter
from pathlib import Path

from snippets.experiments._cache import ROOT, parsed

FOLDERS = {  # a test finds those that are missing here
    "docs": "a page for each topic, and some about the note",
    "docs/assets": "our own styles, scripts and pictures",
    "docs/notebooks": "practice: you fill in, a checker tells what is wrong",
    "snippets": "the mathematics, NumPy alone: what readers copy",
    "snippets/frameworks": "the same step in PyTorch, Keras and JAX",
    "snippets/exercises": "starters, solutions and checkers with hints",
    "snippets/experiments": "seeded runs that return numbers and arrays",
    "snippets/figures": "one function for each figure",
    "snippets/site": "how pages are made, and no mathematics",
    "tests": "what each topic promises, against oracles",
    "tests/wrong": "wrong versions, each rejected by a named test",
    "tests/bench": "what is fast, measured side by side with others",
    "tests/exercises": "each known mistake gets its hint",
    "tests/frameworks": "each library held to the note's own code",
    "tests/site": "the pages, the browser, the faults",
}
TOLD_TOGETHER = ("tests/exercises", "tests/frameworks")
FLOORS = [folder for folder in FOLDERS if folder.split("/")[0] in ("snippets", "tests") and folder not in TOLD_TOGETHER]


def tree() -> list[str]:
    """The folders with how many files of ours each has, as a block of text."""
    lines = []
    for folder, what in FOLDERS.items():
        if (ROOT / folder).exists():
            depth = folder.count("/")
            lines.append(f"{'  ' * depth + folder.split('/')[-1] + '/':<16}{len(_files(ROOT / folder)):>4}  {what}")
    return ["```text", *lines, "```", ""]


def _files(folder: Path) -> list[Path]:
    """The files of a folder, and of those within it that are not told by themselves."""
    found = [path for path in folder.iterdir() if path.is_file() and path.name[0] != "."]
    for inner in folder.iterdir():
        if inner.is_dir() and inner.name[0] not in "._" and inner.relative_to(ROOT).as_posix() not in FOLDERS:
            found += _files(inner)
    return found


def floor(module: str) -> str | None:
    """The folder of ours that a module lies in."""
    parts = module.split(".")
    if parts[0] not in ("snippets", "tests"):
        return None
    return next(("/".join(parts[:end]) for end in (2, 1) if "/".join(parts[:end]) in FLOORS), None)


def imports(path: Path) -> tuple[set[str], set[str]]:
    """What a file imports: modules of ours, and packages of others; all of its imports, also those within functions."""
    modules = set()
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            modules |= {f"{node.module}.{alias.name}" for alias in node.names}
    ours = {module for module in modules if floor(module)}
    return ours, {module.split(".")[0] for module in modules - ours} - set(sys.stdlib_module_names)


def graph() -> list[str]:
    """For each floor a row: from which floors how many of its files import, and from whose packages."""
    rows = []
    for own in FLOORS:
        files = [path for path in _files(ROOT / own) if path.suffix == ".py"] if (ROOT / own).exists() else []
        from_floors, packages = Counter(), set()
        for path in files:
            ours, others = imports(path)
            from_floors.update({f for f in map(floor, ours) if f and f != own})
            packages |= others
        inner = ", ".join(f"`{f}` ({from_floors[f]})" for f in FLOORS if from_floors[f]) or "nothing"
        outer = ", ".join(sorted(packages, key=str.lower)) or "nothing"
        if files:
            rows.append(f"| `{own}` | {len(files)} | {inner} | {outer} |")
    return ["| Files in | How many | Import, so many of them, from | Of others' packages |", "|---|---|---|---|", *rows, ""]
