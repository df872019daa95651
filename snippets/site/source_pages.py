"""Every file of code that a page links to, shown as a page with numbered lines."""

import hashlib
from pathlib import Path

import pygments
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from snippets.experiments._cache import CACHE, ROOT, is_whole, write_whole

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
    """The page for a file, in this style sheet; its highlighted code is kept on disk by content."""
    shown, text = path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")
    key = hashlib.sha256("\0".join([text, pygments.__version__]).encode()).hexdigest()[:24]
    stored = CACHE / "source" / f"{key}.html"
    if is_whole(stored):
        code = stored.read_text(encoding="utf-8")
    else:
        formatter = HtmlFormatter(linenos="inline", lineanchors="L", anchorlinenos=True, wrapcode=True, cssclass="highlight")
        code = pygments.highlight(text, PythonLexer(), formatter)
        write_whole(stored, lambda file: file.write(code.encode()))
    return PAGE.format(path=shown, name=path.name, site=site, root="../" * (shown.count("/") + 1), style=style, code=code)
