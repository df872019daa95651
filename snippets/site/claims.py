"""The claims of a page: its measured boxes, and what each rests on."""

import ast
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from snippets.experiments import _cache
from snippets.site.source import Page, mask

BOX = re.compile(r"^(?P<indent>[ \t]*)(?:!!!|\?\?\?\+?)[ \t]+(?P<kind>measured|contested|corrections|exercise)\b(?P<rest>.*)$")


@dataclass(frozen=True)
class Claim:
    title: str  # with its numbers as references
    sources: list[str]  # topic.experiment, in the order in which they are referred to
    mark: str  # the box's id


def of(page: Page) -> list[Claim]:
    """The measured boxes of a page, in order."""
    found, masked = [], mask(page.text).split("\n")
    for i, line in enumerate(masked):
        box = BOX.match(line)
        if box and box["kind"] == "measured":
            body = "\n".join(masked[i : end_of_box(page.lines, i, box["indent"] + "    ")])
            title = re.search(r'"(.*)"', page.lines[i])
            refers = sources(body)
            found.append(Claim(title[1] if title else "", refers, mark(refers, [claim.mark for claim in found])))
    return found


def end_of_box(lines: list[str], start: int, inner: str) -> int:
    """The index after the last line of the box that begins at `start`, whose lines begin with `inner`."""
    end = start + 1
    while end < len(lines) and (not lines[end].strip() or lines[end].startswith(inner)):
        end += 1
    while not lines[end - 1].strip():
        end -= 1
    return end


def sources(body: str) -> list[str]:
    """The experiments, as topic.experiment, whose numbers a text refers to."""
    return list(dict.fromkeys(re.findall(r"\{([a-z]\w*\.[a-z]\w*)\.\w", body)))


def mark(sources: list[str], before: list[str]) -> str:
    """The id of a box, from its first experiment; unlike those of the boxes before it on the page."""
    name = "measured-" + (sources[0] if sources else "nothing").replace(".", "-")
    again = sum(re.fullmatch(rf"{name}(-\d+)?", other) is not None for other in before)
    return f"{name}-{again + 1}" if again else name


def tests_of(topic: str, experiment: str) -> list[str]:
    """The tests that read an experiment's result: those that would fail were the claim wrong."""
    path = _cache.ROOT / "tests" / f"test_{topic}.py"
    if not path.exists():
        return []
    return list(_readers(path, path.stat().st_mtime_ns).get(experiment, ()))


@lru_cache
def _readers(path: Path, _stamp: int) -> dict[str, list[str]]:
    body = _cache.parsed(path).body
    imports = [node for node in body if isinstance(node, ast.ImportFrom) and node.module == "snippets.experiments"]
    modules = {alias.asname or alias.name for node in imports for alias in node.names}
    found: dict[str, list[str]] = {}
    for node in body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            for inner in ast.walk(node):
                if isinstance(inner, ast.Attribute) and isinstance(inner.value, ast.Name) and inner.value.id in modules:
                    if node.name not in found.setdefault(inner.attr, []):
                        found[inner.attr].append(node.name)
    return found


def line_of(path: Path, name: str) -> int:
    """The line at which a file defines a name, or 1."""
    return _lines(path, path.stat().st_mtime_ns).get(name, 1)


@lru_cache
def _lines(path: Path, _stamp: int) -> dict[str, int]:
    made = [n for n in ast.walk(_cache.parsed(path)) if isinstance(n, ast.FunctionDef | ast.ClassDef)]
    return {node.name: node.lineno for node in reversed(made)}


def source_address(path: Path, line: int) -> str:
    """Where the site shows a source file, from its root."""
    return f"source/{path.relative_to(_cache.ROOT).as_posix()}.html#L-{line}"


def source_link(page: Page, path: Path, name: str, shown: str) -> str:
    return f"[`{shown}`]({page.to_root}{source_address(path, line_of(path, name))})"


def experiment_link(page: Page, topic: str, experiment: str) -> str:
    file = _cache.ROOT / "snippets" / "experiments" / f"{topic}.py"
    return source_link(page, file, experiment, f"{topic}.{experiment}")


def test_link(page: Page, topic: str, test: str) -> str:
    return source_link(page, _cache.ROOT / "tests" / f"test_{topic}.py", test, test)
