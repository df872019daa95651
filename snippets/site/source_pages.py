"""Every file of code that a page links to, shown as a page with numbered lines."""

import hashlib
import time
from pathlib import Path

import pygments
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from snippets.experiments._cache import CACHE, ROOT, CacheError, Job, keep, kept

OWN = Path(__file__).read_text(encoding="utf-8")
FEW = 20  # files that are highlighted in less time than it takes to start another process for them

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{path} - {site}</title>
<link rel="stylesheet" href="{root}{style}">
</head>
<body>
<header><a href="{root}index.html">{site}</a> <span>/</span> <h1><a href="{name}" download>{path}</a></h1></header>
<main tabindex="0" aria-label="{path}">
{code}</main>
</body>
</html>
"""


def files() -> list[Path]:
    """The code that pages link to: all that is copied, measured or drawn, and what tests it."""
    folders = ("snippets", "snippets/experiments", "snippets/figures", "snippets/exercises", "tests", "tests/wrong", "tests/exercises")
    found = [p for folder in (*folders, "snippets/frameworks/*", "tests/frameworks") for p in ROOT.glob(f"{folder}/*.py")]
    return sorted(p for p in found if p.stat().st_size)


def render(path: Path, site: str, style: str) -> str:
    """The page for a file, in this style sheet."""
    shown = path.relative_to(ROOT).as_posix()
    return PAGE.format(path=shown, name=path.name, site=site, root="../" * (shown.count("/") + 1), style=style, code=highlighted(path))


def highlighted(path: Path) -> str:
    """A file's code as HTML, kept on disk by content."""
    text, stored = path.read_text(encoding="utf-8"), place(path)
    if (known := kept(stored)) is not None:
        return known.decode()
    formatter = HtmlFormatter(linenos="inline", lineanchors="L", anchorlinenos=True, wrapcode=True, cssclass="highlight")
    code = pygments.highlight(text, PythonLexer(), formatter)
    keep(stored, code.encode())
    return code


def place(path: Path) -> Path:
    key = hashlib.sha256("\0".join([path.read_text(encoding="utf-8"), OWN, pygments.__version__]).encode()).hexdigest()[:24]
    return CACHE / "source" / f"{key}.kept"


def ready() -> None:
    """Compile the rules by which code is highlighted, which takes longest, so that copies of this process have them."""
    PythonLexer()


def missing() -> list[Path]:
    return [path for path in files() if not place(path).exists()]


def jobs() -> dict[str, Job]:
    """All that is to be highlighted, some files at a time; what is not done when the pages are made is done then."""
    absent = missing()
    return {f"source pages from {absent[i].name} on": Job((work, absent[i : i + FEW])) for i in range(0, len(absent), FEW)}


def work(paths: list[Path]) -> tuple[float, str | None]:
    """Highlight these files; return the seconds that it took and what went wrong."""
    start = time.perf_counter()
    try:
        for path in paths:
            highlighted(path)
    except CacheError as error:
        return 0.0, str(error)
    return time.perf_counter() - start, None
