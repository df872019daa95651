"""Where on a page something stands: files, lines, and what of a page is code rather than prose.

Everything that is wrong is said as `docs/adam.md:57: what`, as a warning, so that one strict build
lists all of it and then stops.
"""

import logging
import re
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from snippets.experiments._cache import ROOT

DOCS = ROOT / "docs"
LOG = logging.getLogger("mkdocs.note")  # MkDocs counts the warnings below "mkdocs"; strict builds stop at one

FENCE = re.compile(r"^(?P<indent>[ \t]*(?:>[ \t]?)*)(?P<marks>`{3,}|~{3,})(?P<info>[^\n]*)$")
CODE_SPAN = re.compile(r"(?<![`\\])(`+)(?!`)((?:(?!\n[ \t]*\n).)+?)(?<!`)\1(?!`)", re.S)
COMMENT = re.compile(r"<!--.*?-->", re.S)

reported: set[tuple[Path, int]] = set()  # what this build has said already
pages_read: set[Path] = set()  # the pages of docs/ that were read while one was made; see kept


def report(path: Path | str, line: int, what: str) -> None:
    """Say that something is wrong at a line of a file of the repository."""
    LOG.warning("%s:%d: %s", shown(Path(path)), line, what)
    reported.add((Path(path), line))


def shown(path: Path) -> str:
    """A path as messages name it, from the root of the repository."""
    return (path.relative_to(ROOT) if path.is_relative_to(ROOT) else path).as_posix()


@dataclass
class Page:
    """A page being converted, as lines that each know where they come from."""

    path: Path
    lines: list[str]
    origins: list[tuple[Path, int]] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.path.stem

    @property
    def topic(self) -> str:
        """The snippet that it is a page of: of its own name, or one that its name begins with, as `batch_norm_why` does; else its name."""
        words = self.name.split("_")
        starts = ["_".join(words[:count]) for count in range(len(words), 0, -1)]
        return next((start for start in starts if (ROOT / "snippets" / f"{start}.py").exists()), self.name)

    @property
    def to_root(self) -> str:
        """What to put before an address that is relative to docs/."""
        depth = len(self.path.relative_to(DOCS).parts) - 1 if self.path.is_relative_to(DOCS) else 0
        return "../" * depth

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    def report(self, index: int, what: str) -> None:
        """Say that something is wrong at the line with this index, counted from 0."""
        path, line = self.origins[min(index, len(self.origins) - 1)] if self.origins else (self.path, index + 1)
        report(path, line, what)

    def report_at(self, text: str, position: int, what: str) -> None:
        self.report(text.count("\n", 0, position), what)


def locate(lines: list[str]) -> Page:
    """Find the page that a builder hands us without its name and without its front matter."""
    body = "\n".join(lines).strip()
    path = _known.get(body)
    if path is None or not path.is_relative_to(DOCS) or _regular(path, _stamp(path)) != body:
        _known.clear()
        _known.update((_regular(path, _stamp(path)), path) for path in sorted(DOCS.rglob("*.md"), reverse=True))
        path = _known.get(body)
    if path is None or not body:
        return Page(ROOT / "page", lines, [(ROOT / "page", i + 1) for i in range(len(lines))])
    page = _read(path)
    offset = _blank(page.lines) - _blank(lines)  # builders drop or add empty lines at the top
    last = len(page.origins) - 1
    return Page(path, lines, [page.origins[min(max(i + offset, 0), last)] for i in range(len(lines))])


_known: dict[str, Path] = {}  # by its text as a builder hands it to us; with many pages, to read all for each would take longest


def _stamp(path: Path) -> tuple[int, int] | None:
    return ((stat := path.stat()).st_mtime_ns, stat.st_size) if path.exists() else None


@lru_cache(4096)
def _regular(path: Path, stamp: tuple | None) -> str:
    return regular(_read(path).text).strip() if stamp else ""


def regular(text: str) -> str:
    """Tabs and white lines as Python-Markdown has them by the time we see a page."""
    return re.sub(r"(?<=\n) +\n", "\n", text.expandtabs(4))


def _blank(lines: list[str]) -> int:
    """How many lines are empty before the first that is not."""
    return next((i for i, line in enumerate(lines) if line.strip()), 0)


def read(path: Path) -> Page:
    """A page as its file stands."""
    pages_read.add(path)
    return _read(path)


def _read(path: Path) -> Page:
    whole = path.read_text(encoding="utf-8").replace("\r\n", "\n").lstrip("\ufeff")
    body = strip_front_matter(whole)
    skipped = whole[: len(whole) - len(body)].count("\n")
    lines = body.split("\n")
    return Page(path, lines, [(path, skipped + i + 1) for i in range(len(lines))])


def strip_front_matter(text: str) -> str:
    return re.sub(r"\A---\n.*?\n---\n", "", text, count=1, flags=re.S)


@dataclass(frozen=True)
class Fence:
    """A fenced block: `start` and `end` are the indices of its first and last line."""

    start: int
    end: int
    indent: str
    info: str

    @property
    def language(self) -> str:
        names = re.findall(r"^\{?\s*\.?([\w+-]+)", self.info.strip())
        return names[0].lower() if names else ""

    @property
    def classes(self) -> set[str]:
        return set(re.findall(r"\.([\w-]+)", re.sub(r'"[^"]*"', "", self.info)))

    @property
    def title(self) -> str:
        match = re.search(r'title="([^"]*)"', self.info)
        return match[1] if match else ""

    def body(self, lines: list[str]) -> list[str]:
        return [line.removeprefix(self.indent) if line.strip() else "" for line in lines[self.start + 1 : self.end]]


def fences(lines: list[str], report_open=None) -> list[Fence]:
    """The fenced blocks at any depth of indentation: in boxes, tabs, lists and quotes too."""
    found, opened, start = [], None, 0
    for i, line in enumerate(lines):
        match = FENCE.match(line)
        if opened is None:
            if match and not (match["marks"][0] == "`" and "`" in match["info"]):
                opened, start = match, i
        elif match and match["marks"].startswith(opened["marks"]) and not match["info"].strip():
            found.append(Fence(start, i, opened["indent"], opened["info"]))
            opened = None
    if opened is not None and report_open:
        report_open(start, "this fence is never closed")
    return found


@lru_cache(64)
def mask(text: str) -> str:
    """The text with code and comments blanked out: same length, same lines."""
    lines = text.split("\n")
    for fence in fences(lines):
        for i in range(fence.start, fence.end + 1):
            lines[i] = " " * len(lines[i])

    return CODE_SPAN.sub(blanked, COMMENT.sub(blanked, "\n".join(lines)))


def blank(text: str) -> str:
    """As many lines, each as long, and nothing in them."""
    return "\n".join(" " * len(line) for line in text.split("\n"))


def blanked(match: re.Match) -> str:
    return blank(match[0])
