"""The code blocks of a page as its reader sees them, and running them.

Embedded code is put in with the very `Embed` of the site, and fences are found in boxes and tabs too.
`conftest.py` hands these blocks to pytest-markdown-docs, which by itself sees neither.
"""

import ast
import contextlib
import doctest
import io
import sys
import traceback
from dataclasses import dataclass
from pathlib import Path

from markdown import Markdown

from snippets.site import overview, source
from snippets.site.embed import Embed

LANGUAGES = {"python", "pycon"}


class BlockError(Exception):
    """What is wrong with a block, as `file:line: what`."""


@dataclass(frozen=True)
class Block:
    path: Path
    line: int  # of the fence that opens it
    language: str
    classes: frozenset[str]
    code: str
    lines: tuple[int, ...]  # for each line of code the line of the page that it comes from

    def __str__(self) -> str:
        return f"{source.shown(self.path)}:{self.line}"


class _Strict(source.Page):
    """A page that raises where it would report."""

    def report(self, index: int, what: str) -> None:
        path, line = self.origins[index]
        raise BlockError(f"{source.shown(path)}:{line}: {what}")


def of_page(path: Path) -> list[Block]:
    """The Python blocks and transcripts of a page, in order."""
    page = source.read(path)
    page = overview.expand(source.Page(path, source.regular(page.text).split("\n"), page.origins))
    page, _ = Embed(Markdown()).expand(_Strict(path, page.lines, page.origins))
    found = []
    for fence in source.fences(page.lines):
        if fence.language in LANGUAGES:
            origins = page.origins[fence.start : fence.end]
            code = "\n".join(fence.body(page.lines)) + "\n"
            numbers = tuple(number for _, number in origins)
            found.append(Block(origins[0][0], numbers[0], fence.language, frozenset(fence.classes), code, numbers[1:]))
    return found


def chain(blocks: list[Block], index: int) -> list[Block]:
    """The block with this index, after those above it that it goes on from."""
    chosen = [blocks[index]]
    while "continues" in chosen[0].classes:
        above = [i for i in range(index) if "not-run" not in blocks[i].classes]
        if not above:
            raise BlockError(f"{chosen[0]}: no block above it that it could go on from")
        index = above[-1]
        chosen.insert(0, blocks[index])
    return chosen


def run(blocks: list[Block], names: dict) -> None:
    """Run blocks one after another in one namespace, without `snippets` unless one of them needs it."""
    with contextlib.redirect_stdout(io.StringIO()), _importable(any("in-repo" in b.classes for b in blocks)):
        for block in blocks:
            if block.language == "pycon":
                _compare(block, names)
            else:
                exec(_compiled(block), names)


def _compiled(block: Block):
    """The code of a block, every statement at the line of the page that it comes from."""
    tree = ast.parse(block.code, str(block.path))
    for node in ast.walk(tree):
        if hasattr(node, "lineno"):
            node.lineno, node.end_lineno = block.lines[node.lineno - 1], block.lines[node.end_lineno - 1]
            node.col_offset = node.end_col_offset = 0
    return compile(tree, str(block.path), "exec")


def _compare(block: Block, names: dict) -> None:
    """Run a transcript, and raise where the page shows what the code does not print."""
    test = doctest.DocTestParser().get_doctest(block.code, names, str(block), str(block.path), block.line)
    if not test.examples:
        raise BlockError(f"{block}: a transcript shows at least one line that begins with >>>")
    said: list[str] = []
    failed = doctest.DocTestRunner(verbose=False).run(test, out=said.append, clear_globs=False).failed
    if failed:
        raise AssertionError("".join(said))
    names.update(test.globs)


@contextlib.contextmanager
def _importable(in_repo: bool):
    """Hide this repository from a block that a reader runs without it."""
    hidden = {} if in_repo else {name: sys.modules.pop(name) for name in list(sys.modules) if name.split(".")[0] == "snippets"}
    if not in_repo:
        sys.modules["snippets"] = None
    try:
        yield
    finally:
        if not in_repo:
            del sys.modules["snippets"]
        sys.modules.update(hidden)


@dataclass
class Token:
    """What pytest-markdown-docs reads of a fence."""

    type: str
    map: list[int]
    info: str
    content: str


class Parser:
    """Stands in for pytest-markdown-docs' own parser: `parse` gives the blocks to be run."""

    def parse(self, text: str) -> list[Token]:
        page = next((p for p in sorted(source.DOCS.rglob("*.md")) if p.read_text(encoding="utf-8") == text), None)
        if page is None:  # a docstring, or the README
            lines = text.split("\n")
            return [Token("fence", [f.start, f.end], f.info, "\n".join([*f.body(lines), ""])) for f in source.fences(lines)]
        return [
            Token("fence", [block.line - 1, block.line], "python runner:AsShown", block.code)
            for block in of_page(page)
            if "not-run" not in block.classes and block.path == page  # a box of another page is run there
        ]


def run_at(path: Path, line: int, names: dict) -> None:
    """Run the block of a page that opens at this line, with all that it goes on from."""
    blocks = of_page(path)
    index = next(i for i, block in enumerate(blocks) if (block.path, block.line) == (path, line))
    try:
        run(chain(blocks, index), names)
    except Exception as error:
        at = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)]
        error.add_note(f"{str(blocks[index]).rpartition(':')[0]}:{at[-1] if at else line}")
        raise
