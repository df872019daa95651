"""Embedding code by its name: `--8<-- "adam.py:update"`.

What is embedded runs alone: the imports, constants and helpers that it uses come with it, and of its
docstring the first paragraph. Whatever the stock extension passes over silently is an error here.
"""

import ast
import copy
import os
import re
import textwrap
from pathlib import Path

from snippets.experiments._cache import ROOT, _bindings, _module, parsed
from snippets.site.source import DOCS, Page, pages_read

MARKER = re.compile(r"--8<--\s*\[(start|end):\s*([\w-]+)\s*\]")
DIRECTIVE = re.compile(r"""(?P<space>[ \t]*)(?P<escape>;*)(?P<marker>-+8<-+[ \t]*)(?P<snippet>"[^"]+"|'[^']+')?""")
BASES = (ROOT / "snippets", DOCS, ROOT)


class EmbedError(Exception):
    """What is wrong with a directive, in words for its author."""


def embed(path: Path, name: str | None) -> tuple[list[str], int]:
    """The lines that stand for a directive, and the line of their file that they begin at."""
    file = path.relative_to(ROOT).as_posix()
    if name is None:
        raise EmbedError(f"name what to embed: {path.name}:function")
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".md":
        pages_read.add(path)
        return _box(text, name, file)
    if path.suffix == ".py" and definition(parsed(path), name) is not None:
        return standalone(path, name)
    return _section(text, name, file)


def definition(tree: ast.Module, name: str) -> ast.stmt | None:
    """The function, class or `Class-method` of this name."""
    outer, _, method = name.partition("-")
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == outer:
            if not method:
                return node
            return next((n for n in getattr(node, "body", []) if isinstance(n, ast.FunctionDef) and n.name == method), None)
    return None


def registers(mark: ast.expr) -> bool:
    """Whether a decorator is `@wrong(...)`, by which tests/wrong registers a wrong version: no part of what is shown."""
    return isinstance(mark, ast.Call) and isinstance(mark.func, ast.Name) and mark.func.id == "wrong"


def _shown(node: ast.stmt) -> ast.stmt:
    """A statement without the decorator that only registers it."""
    marks = getattr(node, "decorator_list", [])
    if any(map(registers, marks)):
        node = copy.copy(node)
        node.decorator_list = [mark for mark in marks if not registers(mark)]
    return node


def _first_line(node: ast.stmt) -> int:
    return min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))])


def _lines(node: ast.stmt, lines: list[str]) -> list[str]:
    """The source of a statement, with the first paragraph of each docstring, without markers."""
    drop: set[int] = set()
    close: dict[int, str] = {}
    for inner in ast.walk(node):
        if isinstance(inner, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(inner):
            string = inner.body[0]
            first, last = string.lineno, string.end_lineno
            end = first
            while end < last and lines[end].strip():
                end += 1
            if end < last:
                drop.update(range(end + 1, last + 1))
                close[end] = '"""'
    kept = []
    for number in range(_first_line(node), node.end_lineno + 1):
        line = lines[number - 1]
        if number in drop or MARKER.search(line):
            continue
        kept.append(line + close.get(number, ""))
    return textwrap.dedent("\n".join(kept)).split("\n")


def standalone(path: Path, name: str, *others: tuple[Path, str]) -> tuple[list[str], int]:
    """The source of a function or class, and of others, with all that they need of their modules and of neighbours, once."""
    wanted = _shown(definition(parsed(path), name))
    if "-" in name:  # a method goes on from its class: nothing is put before it
        return _lines(wanted, path.read_text(encoding="utf-8").split("\n")), _first_line(wanted)
    imports: dict[str, None] = {}
    before: list[list[str]] = []  # constants, and what a default or a decorator names: there before the function is made
    after: list[list[str]] = []  # the function asked for, then its helpers: there before it is called
    done: set[tuple[Path, str]] = set()

    def take(path: Path, name: str, early: bool) -> None:
        if (path, name) in done:
            return
        done.add((path, name))
        text = path.read_text(encoding="utf-8")
        tree, lines = parsed(path), text.split("\n")
        binds = {bound: _shown(s) for s in tree.body for bound in _bindings(s)}
        statement = binds[name]
        if isinstance(statement, ast.ImportFrom) and statement.module and statement.module.startswith("snippets"):
            alias = next(a for a in statement.names if (a.asname or a.name) == name)
            source = _module(statement.module)
            if _module(f"{statement.module}.{alias.name}") is None and source and alias.asname is None:
                done.remove((path, name))  # it is the other module's, and brought from there
                take(source, alias.name, early)
                return
        if isinstance(statement, ast.Import | ast.ImportFrom):
            alias = next(a for a in statement.names if (a.asname or a.name.split(".")[0]) == name)
            bound = alias.name + (f" as {alias.asname}" if alias.asname else "")
            imports[f"from {statement.module} import {bound}" if isinstance(statement, ast.ImportFrom) else f"import {bound}"] = None
            return
        if any(name == other and path != there for there, other in done):
            raise EmbedError(f"two modules bring a {name!r} into one block; rename one of them")
        whole = [n for n in ast.walk(statement) if isinstance(n, ast.Name)]
        own = {n.arg for n in ast.walk(statement) if isinstance(n, ast.arg)}
        own |= {n.id for n in whole if isinstance(n.ctx, ast.Store)}
        now = {id(n) for n in whole}
        if isinstance(statement, ast.FunctionDef):
            arguments = statement.args
            made = [*statement.decorator_list, *arguments.defaults, *filter(None, arguments.kw_defaults)]
            now = {id(n) for part in made for n in ast.walk(part)}
            if not early:
                after.append(_lines(statement, lines))
        for node in whole:
            if node.id in binds.keys() - own and binds[node.id] is not statement:
                take(path, node.id, early or id(node) in now)
        if early or not isinstance(statement, ast.FunctionDef):
            before.append(_lines(statement, lines))

    for each in ((path, name), *others):
        take(*each, False)
    lines = sorted(imports, key=lambda line: ("snippets" in line, line.split()[1], line))
    for body in [*before, *after]:
        apart = (
            2 if len(body) > 1 or (lines and lines[-1].startswith(" ")) else 1 if lines and lines[-1].startswith(("import", "from")) else 0
        )
        lines += [""] * (apart if lines else 0) + body
    return lines, _first_line(wanted)


def downloads() -> dict[str, Path]:
    """The snippets that can be had as one file that runs alone, by their topic. (One called tensorflow.py would hide the library.)"""
    return {path.stem: path for path in sorted((ROOT / "snippets").glob("[a-z]*.py")) if path.stem != "tensorflow"}


def alone(path: Path) -> str:
    """A snippet as one file that needs NumPy and nothing of ours: what it and its doctests use of other snippets comes with it."""
    own, text = path.stem, path.read_text(encoding="utf-8")
    brought = []
    for other in dict.fromkeys(re.findall(r"\w+", " ".join(re.findall(r"from snippets import (.*)", text)))):
        if other != own:
            module = ROOT / "snippets" / f"{other}.py"
            public = [(module, n.name) for n in parsed(module).body if isinstance(n, ast.FunctionDef) and n.name[0] != "_"]
            lines, _ = standalone(*public[0], *public[1:])
            body = "\n".join([f'"""Of snippets/{other}.py."""', *lines[1:], "", "return SimpleNamespace(**locals())"])  # NumPy is there
            body = textwrap.indent(re.sub(r"\n{3,}", "\n\n", body), "    ")
            brought.append(f"def {other}():\n{body}\n\n\n{other} = {other}()\n")

    def imports(match: re.Match) -> str:
        names = re.findall(r"\w+", match[2])
        others = ", ".join(name for name in names if name != own)
        lines = [f"import {own}"] * (own in names) + [f"from {own} import {others}"] * bool(others)
        return "\n".join(match[1] + line for line in lines)

    text = re.sub(r"^from snippets import .*\n\n", "", text, flags=re.M)
    text = re.sub(r"^( *>>> )from snippets import (.*)", imports, text, flags=re.M)
    if brought:
        head = "from types import SimpleNamespace\n\nimport numpy as np\n\n\n"
        text = text.replace("import numpy as np\n", head + "\n\n".join(brought), 1)
    return text


def _section(text: str, name: str, file: str) -> tuple[list[str], int]:
    """The lines between `--8<-- [start:name]` and `--8<-- [end:name]`."""
    start, kept, closed = None, [], False
    for number, line in enumerate(text.split("\n"), 1):
        marker = MARKER.search(line)
        if marker and marker[2] == name:
            if marker[1] == "start":
                if start is not None:
                    raise EmbedError(f"section {name!r} starts twice in {file}")
                start = number
            else:
                if start is None:
                    raise EmbedError(f"section {name!r} ends in {file} before it starts")
                closed = True
        elif start is not None and not closed and not marker:
            kept.append(line)
    if start is None:
        raise EmbedError(f"{file} has no function, class or section {name!r}")
    if not closed:
        raise EmbedError(f"section {name!r} of {file} never ends")
    if not any(line.strip() for line in kept):
        raise EmbedError(f"section {name!r} of {file} is empty")
    return textwrap.dedent("\n".join(kept)).split("\n"), start + 1


def _box(text: str, name: str, file: str) -> tuple[list[str], int]:
    """What stands in the box of this kind on another page, such as its corrections."""
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        if re.match(rf"(!!!|\?\?\?\+?) {re.escape(name)}\b", line):
            end = number
            while end < len(lines) and (not lines[end].strip() or lines[end].startswith("    ")):
                end += 1
            return textwrap.dedent("\n".join(lines[number:end])).strip("\n").split("\n"), number + 1
    raise EmbedError(f"{file} has no box {name!r}")


def target(directive: re.Match | None) -> tuple[Path, str | None]:
    """The file and the name that a directive asks for; only files of the repository are given."""
    if not directive or not directive["snippet"] or directive["marker"] != "--8<-- ":
        raise EmbedError('an embedding is a line of its own, just: --8<-- "file.py:name"')
    file, _, name = directive["snippet"][1:-1].partition(":")
    if "//" in name or Path(file).is_absolute():
        raise EmbedError(f"{directive['snippet']} is not a file of this repository")
    if re.fullmatch(r"[-\d:,]+", name):
        raise EmbedError("line numbers drift: name a function, a class, a Class-method or a marked section")
    places = [(base, Path(os.path.normpath(base / file))) for base in BASES]
    found = next((path for base, path in places if path.is_relative_to(base) and path.is_file()), None)
    if found is None:
        raise EmbedError(f"no file {file!r} in snippets/, docs/ or the root")
    if not found.resolve().is_relative_to(ROOT):
        raise EmbedError(f"{file!r} leads out of this repository")
    return found, name or None


def expand(page: Page) -> tuple[Page, list[tuple[int, Path, int]]]:
    """The page with every directive replaced, and `(line index, file, line)` of what was embedded."""
    lines, origins, embedded = [], [], []
    block: list[tuple[Path, str]] = []  # what the directives just above have brought, which all stands at the first of them
    for i, line in enumerate(page.lines):
        directive = DIRECTIVE.fullmatch(line)
        if line.strip() and not directive:
            block = []
        spoken_of = "8<-" not in re.sub(r"`[^`]*`", "", line)
        if spoken_of or (directive and directive["escape"]):
            lines.append(line if spoken_of else line.replace(";", "", 1))
            origins.append(page.origins[i])
            continue
        try:
            path, name = target(directive)
            new, first = embed(path, name)
            if path.suffix == ".py" and name and "-" not in name and definition(parsed(path), name):
                block.append((path, name))
                if len(block) > 1:
                    del lines[embedded[-1][0] :], origins[embedded[-1][0] :]
                    new, _ = standalone(*block[0], *block[1:])
                    embedded += [(embedded[-1][0], path, first)]
        except (EmbedError, SyntaxError) as error:
            page.report(i, str(error))
            continue
        if len(block) < 2:
            embedded.append((len(lines), path, first))
        lines += [directive["space"] + n if n else "" for n in new]
        origins += [(path, first + k) if path.suffix == ".md" else page.origins[i] for k in range(len(new))]
    return Page(page.path, lines, origins), embedded
