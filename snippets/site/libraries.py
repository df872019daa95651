"""Blocks that need PyTorch, TensorFlow or JAX: which they are, and how their page says so.

A library takes seconds to import, warns, and keeps settings for all that runs in its process. So a page is built without
any, and `blocks.elsewhere` runs what needs one in a process of the library's own. What a block needs is read from its imports.
"""

import ast
import importlib.util
import os
import re

from snippets.site.source import Page, fences

TABS = ("NumPy", "PyTorch", "Keras", "JAX/Optax")  # Material's linked tabs go by these very words
IMPORTS = {"torch": ("torch",), "tensorflow": ("tensorflow", "keras"), "jax": ("jax", "optax")}  # for each process what is its own
SAID = {"torch": ("PyTorch",), "tensorflow": ("TensorFlow", "Keras"), "jax": ("JAX", "Optax")}
NAMED = re.compile(r"torch|tensorflow|keras|jax|optax|snippets")  # in what needs one
OURS = {"pytorch": "torch", "keras": "tensorflow", "jax": "jax"}  # the folders of snippets/frameworks
OPENING = re.compile(r"(?P<marks>[ \t>]*(?:`{3,}|~{3,}))[ \t]*\{?[ \t]*\.?(?P<language>\w+)(?P<rest>.*?)\}?[ \t]*")


def installed(library: str) -> bool:
    """Whether a library's blocks are to be run; in CI they are, so that a missing library fails."""
    return bool(os.environ.get("CI")) or importlib.util.find_spec(library) is not None


def needed(code: str, language: str = "python") -> list[str]:
    """The libraries without which a block or a transcript cannot run."""
    if language == "pycon":
        import doctest  # long to import

        code = "".join(example.source for example in doctest.DocTestParser().get_examples(code))
    if not NAMED.search(code):
        return []
    try:
        tree = ast.parse(code)
    except SyntaxError:  # said where the block is run
        return []
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    found = {library for library, own in IMPORTS.items() if any(name.split(".")[0] in own for name in names)}
    for name in names:
        package, _, rest = name.partition(".")
        if package == "snippets":
            folder = rest.removeprefix("frameworks.").split(".")[0] if rest.startswith("frameworks.") else ""
            found |= {OURS[folder]} if folder in OURS else {"tensorflow"} if rest.split(".")[0] == "tensorflow" else set()
    return sorted(found)


def marked(page: Page) -> Page:
    """The page with a class on each block that needs a library: `needs-torch` and the like."""
    lines = list(page.lines)
    for fence in fences(page.lines):
        if fence.language in {"python", "pycon"} and (opening := OPENING.fullmatch(lines[fence.start])):
            classes = "".join(f" .needs-{library}" for library in needed("\n".join(fence.body(page.lines)), fence.language))
            if classes:
                lines[fence.start] = f"{opening['marks']} {{.{opening['language']}{classes}{opening['rest']}}}"
    return Page(page.path, lines, page.origins)


def check(page: Page) -> None:
    """A block that needs a library stands in the tab called after it, or has a title that names it."""
    for fence in fences(page.lines):
        needs = [name.removeprefix("needs-") for name in sorted(fence.classes) if name.startswith("needs-")]
        if len(needs) > 1:
            page.report(fence.start, f"a block needs one library, not {' and '.join(needs)}: each runs in a process of its own")
        said = f"{fence.title} {' '.join(_tabs_around(page.lines, fence.start))}"
        for library in needs:
            if not any(name in said for name in SAID[library]):
                what = f'a block that needs {library} says so to its reader: in a tab called after it, or title="Needs {SAID[library][0]}"'
                page.report(fence.start, what)


def _tabs_around(lines: list[str], index: int) -> list[str]:
    """The labels of the tabs that a line stands in."""
    indent, labels = len(lines[index]) - len(lines[index].lstrip()), []
    for line in reversed(lines[:index]):
        here = len(line) - len(line.lstrip())
        if line.strip() and here < indent:
            indent = here
            if tab := re.match(r'[ ]*===[^"]*"([^"]+)"', line):
                labels.append(tab[1])
    return labels
