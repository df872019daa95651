"""The code blocks of a page as its reader sees them, and running them.

Embedded code is put in with the very `embed` of the site, and fences are found in boxes and tabs too.
`conftest.py` hands these blocks to pytest-markdown-docs, which by itself sees neither. Blocks that need a library
are run by this file as a program, in a process that imports the library once.
"""

import ast
import contextlib
import doctest
import faulthandler
import functools
import importlib
import io
import json
import os
import subprocess
import sys
import tempfile
import traceback
import warnings
from dataclasses import asdict, dataclass
from pathlib import Path

from snippets.experiments import _cache
from snippets.site import embed, libraries, overview, source

LANGUAGES = {"python", "pycon"}
PATIENCE = 120  # seconds for a block that needs a library
SETTINGS = {  # what a block must leave as it was, for the blocks after it in the same process
    "torch": "torch.get_default_dtype(), torch.is_grad_enabled()",
    "tensorflow": "keras.config.floatx(), tensorflow.executing_eagerly()",
    "jax": "jax.config.jax_enable_x64",
}
QUIET = {"TF_CPP_MIN_LOG_LEVEL": "3", "TF_ENABLE_ONEDNN_OPTS": "0", "KERAS_BACKEND": "tensorflow", "OPENBLAS_NUM_THREADS": "1"}


class BlockError(Exception):
    """What is wrong with a block, as `file:line: what`."""


class MissingError(Exception):
    """Which library a block needs that is not installed."""


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
    """The Python blocks and transcripts of a page, in order. Read once for the files as they are, for tests ask again and again."""
    folders = [folder for folder in (source.DOCS, source.ROOT / "snippets", source.ROOT / "tests") if folder.exists()]
    return list(_of_page(path, path.read_bytes(), tuple(file for folder in folders for file in _cache._files(str(folder)))))


@functools.lru_cache(256)
def _of_page(path: Path, _text: bytes, _stamps: tuple) -> list[Block]:
    page = source.read(path)
    page = overview.expand(source.Page(path, source.regular(page.text).split("\n"), page.origins), code=True)
    page, _ = embed.expand(_Strict(path, page.lines, page.origins))
    found = []
    for fence in source.fences(page.lines):
        if fence.language in LANGUAGES:
            origins = page.origins[fence.start : fence.end]
            code = "\n".join(fence.body(page.lines)) + "\n"
            numbers = tuple(number for _, number in origins)
            classes = fence.classes | {f"needs-{library}" for library in libraries.needed(code, fence.language)}
            found.append(Block(origins[0][0], numbers[0], fence.language, frozenset(classes), code, numbers[1:]))
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


def library(chain: list) -> str | None:
    """The library in whose process a chain of blocks is to be run."""
    needs = sorted(name for block in chain for name in block.classes if name.startswith("needs-"))
    return needs[0].removeprefix("needs-") if needs else None


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
            Token("fence", [block.line - 1, block.line], "python runner:AsShown fixture:once", block.code)
            for block in of_page(page)
            if "not-run" not in block.classes and block.path == page  # a box of another page is run there
        ]


def run_at(path: Path, line: int, names: dict, once) -> None:
    """Run the block of a page that opens at this line, with all that it goes on from.

    If they need a library, the blocks of all pages that need it are run, see `everywhere`.
    """
    blocks = of_page(path)
    index = next(i for i, block in enumerate(blocks) if (block.path, block.line) == (path, line))
    chosen = chain(blocks, index)
    if needs := library(chosen):
        if not libraries.installed(needs):
            raise MissingError(f"{needs} is not installed")
        if said := everywhere(needs, once)[str(blocks[index])]:
            raise BlockError(said)
        return
    try:
        run(chosen, names)
    except Exception as error:
        error.add_note(_place(error, blocks[index]))
        raise


def _place(error: Exception, block: Block) -> str:
    """The line of the page that an error came from."""
    at = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(block.path)]
    return f"{source.shown(block.path)}:{at[-1] if at else block.line}"


# In a process of the library's own.


def needing(needs: str) -> list[list[Block]]:
    """Each block of all pages that needs a library, after those that it goes on from."""
    chains = []
    for page in sorted(source.DOCS.rglob("*.md")):
        with contextlib.suppress(BlockError):  # said by those that run this page
            found = of_page(page)
            mine = [chain(found, i) for i, block in enumerate(found) if block.path == page and "not-run" not in block.classes]
            chains += [chosen for chosen in mine if library(chosen) == needs]
    return chains


def everywhere(needs: str, once=lambda name, make: make(None)) -> dict[str, str]:
    """What is wrong with each block that needs a library, of all pages: by its `file:line`, and empty where it ran.

    `once`, the fixture, has this found by the first who asks.
    """

    def make(_) -> str:
        chains = needing(needs)
        return json.dumps({str(chosen[-1]): said for chosen, said in zip(chains, elsewhere(needs, chains), strict=True)})

    return json.loads(once(f"blocks-{needs}", make))


def elsewhere(needs: str, chains: list[list[Block]]) -> list[str]:
    """Run chains of blocks, each in a namespace of its own, in one process that imports a library; what is wrong with each."""
    if not chains:
        return []
    asked = [[asdict(block) | {"path": str(block.path), "classes": sorted(block.classes)} for block in chosen] for chosen in chains]
    with tempfile.TemporaryDirectory() as folder:
        ran = subprocess.run(
            [sys.executable, "-m", "snippets.site.blocks", needs],
            input=json.dumps(asked),
            cwd=folder,
            env=os.environ | QUIET | {"PYTHONPATH": str(source.ROOT)},
            capture_output=True,
            text=True,
            encoding="utf-8",
        )
    ready, *answers = [json.loads(line) for line in ran.stdout.splitlines()] or [False]
    if not ready:
        return [f"{needs} cannot be imported:\n{ran.stderr[-3000:]}"] * len(chains)
    if len(answers) == len(chains):
        return answers
    ended = f"{chains[len(answers)][-1]}: the process of {needs} came to its end:\n{ran.stderr[-3000:]}"
    return [*answers, ended, *elsewhere(needs, chains[len(answers) + 1 :])]


def main(needs: str) -> None:
    """Read chains from standard input, and answer each with a line."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # a library that prints does not answer
    own = {name: importlib.import_module(name) for name in libraries.IMPORTS[needs]}
    print("true", file=answers, flush=True)
    for chosen in json.load(sys.stdin):
        faulthandler.dump_traceback_later(PATIENCE, exit=True)
        chosen = [Block(Path(b.pop("path")), classes=frozenset(b.pop("classes")), lines=tuple(b.pop("lines")), **b) for b in chosen]
        print(json.dumps(_answer(chosen, SETTINGS[needs], own)), file=answers, flush=True)


def _answer(chosen: list[Block], settings: str, own: dict) -> str:
    before = eval(settings, own)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            run(chosen, {"__name__": "__main__"})
    except Exception as error:
        return f"{''.join(traceback.format_exception(error))}{_place(error, chosen[-1])}"
    after = eval(settings, own)
    return "" if after == before else f"{chosen[-1]}: ({settings}) was {before} and is left at {after} for all blocks after this one"


if __name__ == "__main__":
    main(sys.argv[1])
