"""The counts of the day are those of the pages and tests as they stand, and a full green run prints them once."""

import hashlib
import json
import os
import subprocess
import sys

import pytest
from coverage import Coverage

from snippets.site import counts, overview, source
from tests.site import faults
from tests.wrong._registry import REGISTRY

PAGE = """---
description: d
---
# Toy

$$
a
$$
<!-- notation -->

$$
b = c
$$
<!-- checked: toy.step
given c = rng.normal()
b = toy.step(c)
-->

Inline $d$ is neither. It is {toy.race.ratio:.1f}, {default: toy.step.by} or {= 1 / 3 :.2f}, $x = {= 1 / 4}$,
not `{toy.race.ratio}`, and $x_{a.b.c}$ is none.

```python
x = 1
```

``` {.python .not-run title="Not run"}
x = 2
```

=== "A"
    ```pycon
    >>> 1
    1
    ```

=== "B"
    ```text
    {toy.race.ratio}
    ```

!!! measured "It is {toy.race.ratio:.0f}"
    Over {toy.race.seeds} seeds.

````markdown
!!! measured "It is shown as an example"
    {toy.race.ratio}
````
"""
WRONG = '''"""Wrong."""

from tests.wrong._registry import wrong


def _helper():
    """No wrong version."""


@wrong(of="step", killed_by="test_step")
def one():
    """One."""


@wrong(of="step", killed_by="test_step")
def two():
    """Two."""
'''


@pytest.fixture
def note(house):
    house.write("docs/toy.md", PAGE)
    house.write("tests/wrong/toy.py", WRONG)
    house.write("tests/wrong/_registry.py", WRONG)
    house.write("tests/site/faults.py", "PAGE = 'x'\nraise SystemExit\nBUILD = [\n    f(1),\n    f(2),\n]\nRUN = [f(3)]\n")
    house.write("tests/site/test_explorables.py", "raise SystemExit\nTWINS = {('a', 'b'): c, ('a', 'd'): e}\nOTHER = {1: 2}\n")
    return house


def test_everything_is_counted_and_nothing_is_run(note):
    assert counts.today() == {
        "formulas_checked": 1,
        "formulas_notation": 1,
        "blocks_run": 2,
        "blocks_not_run": 1,
        "numbers": 3,
        "arithmetic": 2,
        "defaults": 1,
        "claims": 1,
        "wrong_versions": 2,
        "twins": 2,
        "faults": 3,
    }


def test_an_edited_page_is_counted_anew(note):
    assert counts.today()["numbers"] == 3
    note.edit("docs/toy.md", "Over {toy.race.seeds} seeds.", "Over {toy.race.seeds} seeds, {toy.race.low} at least.")
    assert counts.today()["numbers"] == 4


def test_mutants_have_a_row_only_where_every_snippet_has_a_score_as_it_is_now(note):
    kept = {}
    for topic in ("toy", "two"):
        note.write(f"snippets/{topic}.py", f"{topic} = 1\n")
    for topic, killed, made in (("toy", 1190, 1200), ("two", 10, 11)):
        assert not [row for row, _ in counts.table() if "Mutants" in row]
        digest = hashlib.sha256(f"{topic} = 1\n".encode()).hexdigest()[:16]
        kept[topic] = {"killed": killed, "all": made, "equivalent": 7, "source": digest}
        note.write("tests/mutants.json", json.dumps(kept))
    assert counts.table()[-1] == ("Mutants killed / made, less equivalent ones", "1,200 / 1,211")
    note.write("snippets/two.py", "two = 2\n")
    assert not [row for row, _ in counts.table() if "Mutants" in row]


def test_what_pages_see_has_a_row_only_where_it_is_of_the_files_as_they_are_now(note):
    note.write("snippets/toy.py", "toy = 1\n")
    kept = {name: hashlib.sha256(text.encode()).hexdigest()[:16] for name, text in (("source", "toy = 1\n"), ("wrong", WRONG))}
    note.write("tests/page_kills.json", json.dumps({"toy": kept | {"seen_by": {"one": "doctest of toy.step", "two": None}}}))
    assert dict(counts.table())["Of these seen by what pages show / not seen"] == "1 / 1"
    for file in ("snippets/toy.py", "tests/wrong/toy.py"):
        before = (note.root / file).read_text(encoding="utf-8")
        note.write(file, before + "more = 2\n")
        assert not [row for row, _ in counts.table() if "seen" in row]
        note.write(file, before)


def test_a_page_shows_the_table_and_single_counts(note):
    note.write("mkdocs.yml", "nav:\n  - Toy: toy.md\n")
    page = note.convert("<!-- counts of the day -->\n\nIn all {counts.faults} faults.")
    cells = [cell.get_text() for cell in page.select("tbody td")]
    assert cells[:2] == ["Display formulas checked / notation only", "0 / 0"]  # the page is now this one
    assert cells[-2:] == ["Faults of pages caught", "3"]
    assert "In all 3 faults." in page.get_text()
    assert not note.said


def test_a_count_that_is_not_made_is_said_at_its_line(note):
    note.write("mkdocs.yml", "nav:\n  - Toy: toy.md\n")
    note.convert("So many: {counts.nothing}.")
    assert "docs/toy.md:6: {counts.nothing} is no reference" in note.said[0]


def test_the_counts_of_this_repository():
    import tests.test_wrong  # noqa: F401 - registers them all

    today = counts.today()
    assert today["wrong_versions"] == len(REGISTRY)
    assert today["faults"] == len(faults.BUILD) + len(faults.RUN) + len(faults.CONFIG)
    assert today["formulas_checked"] >= 40
    assert min(today[name] for name in ("blocks_run", "numbers", "claims")) > 0
    used = {name for page in overview.pages() for name in overview.COUNT.findall(page.text)}
    assert used <= today.keys()
    assert (source.DOCS / "how_it_is_checked.md").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "times"),
    [(["-n2"], "assert True", 1), ([], "assert True", 1), (["tests"], "assert True", 0), ([], "assert False", 0)],
)
def test_a_green_run_of_everything_prints_the_table_once_and_last(tmp_path, arguments, code, times):
    conftest = (source.ROOT / "conftest.py").read_text(encoding="utf-8")
    (tmp_path / "conftest.py").write_text(conftest, encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\ntestpaths = tests\naddopts = --markdown-docs -p no:cacheprovider --durations=1\n")
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_it.py").write_text(f"def test_it():\n    {code}\n\n\ndef test_too():\n    pass\n")
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "--no-cov", *arguments],
        cwd=tmp_path,
        env={k: v for k, v in os.environ.items() if not k.startswith(("PYTEST_", "COV_"))} | {"PYTHONPATH": str(source.ROOT)},
        capture_output=True,
        encoding="utf-8",
    )
    said = run.stdout
    assert said.count("Claims measured") == times
    if times:
        before, last = [line for line in said.splitlines() if line.strip()][-2:]
        assert before.startswith(counts.table()[-1][0])
        assert "2 passed" in last


def test_nothing_is_traced_where_coverage_is_not_asked_for():
    """In the workers of a run too: else what these tests do in Python takes two to four times as long."""
    assert Coverage.current() is None
