"""Every Python block of the built pages runs as a reader runs it: copied, alone, in an empty interpreter.

Those that need PyTorch, TensorFlow or JAX share a process for each, since such an import takes seconds.
"""

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from snippets.site import blocks, libraries, source, whole
from snippets.site.source import DOCS, ROOT

PAGES = sorted(path for path in DOCS.rglob("*.md"))
MARKS = {"continues", "in-repo", "not-run"}
NEEDS = {f"needs-{library}" for library in libraries.IMPORTS}
HEAVY = sorted(name for names in libraries.IMPORTS.values() for name in names)
TRANSCRIPT = """
import doctest
test = doctest.DocTestParser().get_doctest({code!r}, globals(), "transcript", None, 0)
assert test.examples and not doctest.DocTestRunner().run(test, clear_globs=False).failed
globals().update(test.globs)
"""


@dataclass
class Shown:
    """A block as the built page shows it."""

    language: str
    classes: set[str]
    code: str


@pytest.fixture
def shown(site, once):
    """`shown(page)` is what the built page shows, read by the first of the workers that asks: it takes a while."""

    def get(page: Path) -> list[Shown]:
        def make(_) -> str:
            article = BeautifulSoup((site / address(page)).read_text(encoding="utf-8"), "html5lib").find("article")
            found = article.select("div.language-python, div.language-pycon")
            return json.dumps([(block["class"], block.find("code").get_text()) for block in found])

        found = json.loads(once(f"shown-{page.parent.name}-{page.stem}", make))
        languages = ["python" if "language-python" in classes else "pycon" for classes, _ in found]
        return [Shown(language, {*classes} & (MARKS | NEEDS), code) for language, (classes, code) in zip(languages, found, strict=True)]

    return get


def address(page: Path) -> str:
    name = page.relative_to(DOCS).with_suffix("")
    return "index.html" if name.name == "index" else f"{name.as_posix()}/index.html"


def alone(chain: list[Shown], folder: Path) -> subprocess.CompletedProcess:
    """Run blocks in a new interpreter that has our dependencies, but not this repository unless it is asked for."""
    in_repo = any("in-repo" in block.classes for block in chain)
    script = "" if in_repo else "import sys; sys.modules['snippets'] = None\n"
    for block in chain:
        script += block.code if block.language == "python" else TRANSCRIPT.format(code=block.code)
    script += f"\nimport sys\nassert not set({HEAVY}) & sys.modules.keys(), 'a library that the page does not name'\n"
    return subprocess.run(
        [sys.executable, *([] if in_repo else ["-I"]), "-W", "error", "-"],
        input=script,
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=ROOT if in_repo else folder,
        env=os.environ | {"OPENBLAS_NUM_THREADS": "1"},
    )


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.relative_to(DOCS).as_posix())
def test_every_block_of_the_built_page_runs_in_an_empty_interpreter(page, shown, tmp_path):
    found = shown(page)
    for i, block in enumerate(found):
        chain = [] if "not-run" in block.classes else blocks.chain(found, i)
        if chain and not blocks.library(chain):
            run = alone(chain, tmp_path)
            assert not run.returncode, f"{page.name}, block {i + 1}:\n{block.code}\n{run.stdout}{run.stderr}"


@pytest.mark.long(15)
@pytest.mark.parametrize("library", libraries.IMPORTS)
def test_every_block_of_the_built_pages_that_needs_a_library_runs_there(library, shown, once):
    if not libraries.installed(library):
        pytest.skip(f"{library} is not installed")
    chains = []
    for page in PAGES:
        found = shown(page)
        made = [
            blocks.Block(page, i, b.language, frozenset(b.classes), b.code + "\n", tuple(range(1, b.code.count("\n") + 3)))
            for i, b in enumerate(found, 1)
        ]
        mine = [blocks.chain(made, i) for i, block in enumerate(made) if "not-run" not in block.classes]
        chains += [chain for chain in mine if blocks.library(chain) == library]

    def code(chain):
        return tuple(block.code.strip("\n") for block in chain)

    ran = {code(chain) for chain in blocks.needing(library)}  # the very same blocks, as the pages' Markdown has them
    said = [*blocks.everywhere(library, once).values(), *blocks.elsewhere(library, [chain for chain in chains if code(chain) not in ran])]
    assert chains and not any(said), "\n".join(filter(None, said))


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.relative_to(DOCS).as_posix())
def test_what_is_shown_is_what_is_tested(page, shown):
    built = [(b.language, b.classes, b.code.strip("\n")) for b in shown(page)]
    tested = [(b.language, b.classes & (MARKS | NEEDS), b.code.strip("\n")) for b in blocks.of_page(page)]
    assert built == tested


def test_no_page_shows_blocks_that_are_not_taken(site):
    holds = {
        p.relative_to(site).as_posix() for p in site.rglob("*.html") if re.search(r'<div class="[^"]*language-py', p.read_text("utf-8"))
    }
    assert holds <= {address(page) for page in PAGES} | {whole.NAME}  # made of the pages themselves


@pytest.mark.parametrize("languages", [["python"], ["python", "pycon"]], ids=" and ".join)
def test_nearly_all_blocks_stand_alone(languages, shown):
    found = [(page.name, b.classes) for page in PAGES for b in shown(page) if b.language in languages]
    others = [f"{page}: {', '.join(classes)}" for page, classes in found if classes & MARKS]
    assert found
    assert len(others) <= 0.05 * len(found), f"{len(others)} of {len(found)}: {others}"
    assert sum("not-run" in classes for _, classes in found) <= 0.15 * len(found)


# The machinery itself, on a page of its own.

PAGE = """---
description: x
---
# A page

```python
x = 1
```

!!! note
    === "A tab"
        ``` {.python .continues title="Goes on"}
        x += 1
        ```

``` {.python .not-run title="No"}
raise SystemExit
```

``` {.pycon .continues title="Goes on"}
>>> print(x)
2
```

```python
import snippets.network
```

``` {.python .in-repo title="In a clone"}
from snippets import network
```

~~~python
def f():
    print("a")

    raise RuntimeError(
        "two lines"
    )

f()
~~~

```Python
y = 1
```
"""


@pytest.fixture
def page(tmp_path):
    path = tmp_path / "page.md"
    path.write_text(PAGE)
    return path


def run(page: Path, index: int) -> dict:
    found, names = blocks.of_page(page), {}
    blocks.run(blocks.chain(found, index), names)
    return names


def test_blocks_are_found_in_boxes_and_tabs_with_their_lines(page):
    found = blocks.of_page(page)
    assert [b.line for b in found] == [6, 12, 16, 20, 25, 29, 33, 44]
    assert [b.language for b in found] == ["python"] * 3 + ["pycon"] + ["python"] * 4
    assert found[1].code == "x += 1\n"


def test_a_block_runs_after_those_it_goes_on_from(page):
    assert run(page, 1)["x"] == 2
    assert run(page, 3)["x"] == 2


def test_a_transcript_that_shows_something_else_fails(page):
    page.write_text(PAGE.replace("\n2\n", "\n3\n"))
    with pytest.raises(AssertionError, match="line 21"):
        run(page, 3)
    page.write_text(PAGE.replace(">>> print(x)\n2", "2"))
    with pytest.raises(blocks.BlockError, match=r"page\.md:20: .*>>>"):
        run(page, 3)


def test_only_a_block_that_says_so_can_import_the_repository(page):
    import snippets.network

    with pytest.raises(ModuleNotFoundError):
        run(page, 4)
    assert run(page, 5)["network"] is snippets.network


def test_a_failure_is_at_the_line_of_the_page(page):
    with pytest.raises(RuntimeError) as caught:
        run(page, 6)
    assert [entry.lineno + 1 for entry in caught.traceback if str(entry.path) == str(page)] == [41, 37]


def test_embedded_code_is_put_in_at_the_line_of_its_directive(page):
    page.write_text('# T\n\n```python\n--8<-- "gradient_descent.py:update"\n\nassert not callable(update)\n```\n')
    (block,) = blocks.of_page(page)
    assert "def update(" in block.code
    with pytest.raises(AssertionError) as caught:
        blocks.run([block], {})
    assert caught.traceback[-1].lineno + 1 == 6


def test_a_wrong_embedding_and_a_missing_block_above_are_errors(page):
    page.write_text('```python\n--8<-- "gradient_descent.py:nothing"\n```\n')
    with pytest.raises(blocks.BlockError, match=r"page\.md:2: .*nothing"):
        blocks.of_page(page)
    page.write_text('``` {.python .continues title="x"}\nx = 1\n```\n')
    with pytest.raises(blocks.BlockError, match=r"page\.md:1: no block above"):
        run(page, 0)


def test_pytest_is_given_what_is_to_run(page, monkeypatch):
    monkeypatch.setattr(blocks.source, "DOCS", page.parent)
    tokens = blocks.Parser().parse(PAGE)
    assert [token.map[0] + 1 for token in tokens] == [6, 12, 20, 25, 29, 33, 44]
    assert {token.info for token in tokens} == {"python runner:AsShown fixture:once"}
    (token,) = blocks.Parser().parse("A docstring:\n\n    ```python\n    x = 1\n    ```\n")
    assert (token.info, token.content) == ("python", "x = 1\n")


# Blocks that need a library.


@pytest.mark.parametrize(
    ("code", "language", "needs"),
    [
        ("import numpy as np", "python", []),
        ("def f():\n    import torch.nn as nn", "python", ["torch"]),
        ("from keras import ops", "python", ["tensorflow"]),
        ("import tensorflow as tf", "python", ["tensorflow"]),
        ("import optax, torch", "python", ["jax", "torch"]),
        (">>> x = 1\n>>> from jax import numpy\n", "pycon", ["jax"]),
        ("from snippets.frameworks.pytorch import adam", "python", ["torch"]),
        ("from snippets.frameworks import keras", "python", ["tensorflow"]),
        ("import snippets.frameworks.jax.adam", "python", ["jax"]),
        ("from snippets import tensorflow", "python", ["tensorflow"]),
        ("from snippets import adam", "python", []),
        ("from . import torch", "python", []),
        ("import torch, and", "python", []),
    ],
)
def test_what_a_block_needs_is_read_from_its_imports(code, language, needs):
    assert libraries.needed(code, language) == needs


HEAVY_PAGE = """# A page

```python
import jax

x = 1
```

``` {.python .continues title="Goes on"}
assert x == 1 and jax.numpy.ones(2).sum() == 2
```

```python
import jax

assert "x" in globals()
```

```python
import os, jax

os._exit(3)
```

```python
import jax, warnings

warnings.warn("careful")
```

```python
import jax

jax.config.update("jax_enable_x64", True)
```

``` {.python .continues title="Goes on"}
import snippets
```
"""


def test_blocks_that_need_a_library_run_in_one_process_each_in_a_namespace_of_its_own(tmp_path, monkeypatch):
    (tmp_path / "page.md").write_text(HEAVY_PAGE)
    (tmp_path / "wrong.md").write_text('```python\n--8<-- "nothing.py:nothing"\n```\n')
    monkeypatch.setattr(blocks.source, "DOCS", tmp_path)
    said = {int(place.rpartition(":")[2]): what for place, what in blocks.everywhere("jax").items()}
    assert list(said) == [3, 9, 13, 19, 25, 31, 37]
    assert said[3] == said[9] == ""
    assert "AssertionError" in said[13] and said[13].endswith("page.md:16")
    assert "page.md:19: the process of jax came to its end" in said[19]
    assert "UserWarning: careful" in said[25] and said[25].endswith("page.md:28")
    assert "page.md:31" in said[31] and "is left at True" in said[31]
    assert "ModuleNotFoundError" in said[37]


def test_a_library_that_cannot_be_imported_fails_for_each_of_its_blocks(page, monkeypatch):
    monkeypatch.setattr(sys, "executable", str(page.parent / "python"))
    (page.parent / "python").write_text("#!/bin/sh\necho no such library >&2\nexit 1\n")
    (page.parent / "python").chmod(0o755)
    said = blocks.elsewhere("torch", [blocks.of_page(page)[:1]] * 2)
    assert len(said) == 2 and all("torch cannot be imported" in what and "no such library" in what for what in said)


def test_a_block_is_run_by_the_first_who_asks_and_its_answer_is_raised_at_its_place(page, monkeypatch):
    page.write_text("```python\nimport torch\n```\n\n```python\nimport torch\n```\n")
    answers = {f"{source.shown(page)}:1": "", f"{source.shown(page)}:5": "it is wrong"}
    monkeypatch.setattr(libraries, "installed", lambda library: True)
    asked = []

    def once(name, make):
        asked.append(name)
        return json.dumps(answers)

    blocks.run_at(page, 1, {}, once)
    with pytest.raises(blocks.BlockError, match="it is wrong"):
        blocks.run_at(page, 5, {}, once)
    monkeypatch.setattr(libraries, "installed", lambda library: False)
    with pytest.raises(blocks.MissingError, match="torch is not installed"):
        blocks.run_at(page, 5, {}, once)
    assert asked == ["blocks-torch"] * 2


def test_a_missing_library_is_skipped_here_and_not_in_ci(monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    assert libraries.installed("json") and not libraries.installed("no_such_library")
    monkeypatch.setenv("CI", "true")
    assert libraries.installed("no_such_library")
