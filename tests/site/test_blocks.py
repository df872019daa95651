"""Every Python block of the built pages runs as a reader runs it: copied, alone, in an empty interpreter."""

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from snippets.site import blocks
from snippets.site.source import DOCS, ROOT

PAGES = sorted(path for path in DOCS.rglob("*.md"))
MARKS = {"continues", "in-repo", "not-run"}
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


def shown(html: Path) -> list[Shown]:
    article = BeautifulSoup(html.read_text(encoding="utf-8"), "html5lib").find("article")
    found = []
    for block in article.select("div.language-python, div.language-pycon"):
        language = "python" if "language-python" in block["class"] else "pycon"
        found.append(Shown(language, set(block["class"]) & MARKS, block.find("code").get_text()))
    return found


def address(page: Path) -> str:
    name = page.relative_to(DOCS).with_suffix("")
    return "index.html" if name.name == "index" else f"{name.as_posix()}/index.html"


def alone(chain: list[Shown], folder: Path) -> subprocess.CompletedProcess:
    """Run blocks in a new interpreter that has our dependencies, but not this repository unless it is asked for."""
    in_repo = any("in-repo" in block.classes for block in chain)
    script = "" if in_repo else "import sys; sys.modules['snippets'] = None\n"
    for block in chain:
        script += block.code if block.language == "python" else TRANSCRIPT.format(code=block.code)
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
def test_every_block_of_the_built_page_runs_in_an_empty_interpreter(page, site, tmp_path):
    found = shown(site / address(page))
    for i, block in enumerate(found):
        if "not-run" not in block.classes:
            run = alone(blocks.chain(found, i), tmp_path)
            assert not run.returncode, f"{page.name}, block {i + 1}:\n{block.code}\n{run.stdout}{run.stderr}"


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.relative_to(DOCS).as_posix())
def test_what_is_shown_is_what_is_tested(page, site):
    built = [(b.language, b.classes, b.code.strip("\n")) for b in shown(site / address(page))]
    tested = [(b.language, b.classes & MARKS, b.code.strip("\n")) for b in blocks.of_page(page)]
    assert built == tested


def test_no_page_shows_blocks_that_are_not_taken(site):
    holds = {
        p.relative_to(site).as_posix() for p in site.rglob("*.html") if re.search(r'<div class="[^"]*language-py', p.read_text("utf-8"))
    }
    assert holds <= {address(page) for page in PAGES}


@pytest.mark.parametrize("languages", [["python"], ["python", "pycon"]], ids=" and ".join)
def test_nearly_all_blocks_stand_alone(languages, site):
    found = [(page.name, b.classes) for page in PAGES for b in shown(site / address(page)) if b.language in languages]
    others = [f"{page}: {', '.join(classes)}" for page, classes in found if classes]
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
    assert {token.info for token in tokens} == {"python runner:AsShown"}
    (token,) = blocks.Parser().parse("A docstring:\n\n    ```python\n    x = 1\n    ```\n")
    assert (token.info, token.content) == ("python", "x = 1\n")
