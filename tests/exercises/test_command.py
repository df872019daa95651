"""Every exercise has a starter that fails and a solution that passes, and a reader gets at them by one command."""

import copy
import importlib
import inspect
import runpy
import subprocess
import sys

import numpy as np
import pytest

from snippets.exercises.__main__ import checks, main, starter, topics
from snippets.exercises._check import RIGHT, Hint, attempt, checker, compare, entries, parts
from snippets.site.source import DOCS

EVERY = [(topic, name) for topic in topics() for name in checks(topic)]


@pytest.mark.parametrize(("topic", "name"), EVERY)
def test_the_starter_fails_and_the_solution_passes(topic, name):
    module, check = importlib.import_module(f"snippets.exercises.{topic}"), checks(topic)[name]
    assert check(getattr(module, f"{name}_solved")).startswith(f"{RIGHT}: ")
    said = check(getattr(module, name))
    assert not said.startswith(RIGHT)
    assert len(said) > 20


ODD = [None, lambda *_: "x"] + [
    lambda *_, value=value, **more: copy.deepcopy(value)
    for value in [
        0,
        np.nan,
        ...,
        [],
        {},
        (1, 2),
        ("a", "b", "c"),
        (0, 1, 2, "c"),
        np.zeros((2, 2)),
        np.array([None, 1]),
        [{"alpha": "x", "lambd": 1}] * 400,
    ]
]


@pytest.mark.parametrize(("topic", "name"), EVERY)
def test_an_answer_of_no_form_at_all_is_not_right_and_no_traceback(topic, name):
    with np.errstate(all="ignore"):
        assert not [answer for answer in ODD if checks(topic)[name](answer).startswith(RIGHT)]


@pytest.mark.parametrize("topic", topics())
def test_the_file_that_a_reader_starts_from_runs_and_none_of_it_is_right(topic):
    names: dict = {}
    exec(starter(topic, "x"), names)
    assert checks(topic)
    assert not any(check(names[name]).startswith(RIGHT) for name, check in checks(topic).items())
    module = importlib.import_module(f"snippets.exercises.{topic}")
    assert all(inspect.getsource(getattr(module, name)) in starter(topic, "x") for name in checks(topic))


@pytest.mark.parametrize(("topic", "name"), EVERY)
def test_all_that_a_starter_says_of_its_arguments_is_on_its_page(topic, name):
    """A block shows the first paragraph of a docstring, so a starter's has no second one."""
    said = inspect.getdoc(getattr(importlib.import_module(f"snippets.exercises.{topic}"), name))
    assert "\n\n" not in (said or "")


@pytest.mark.parametrize("topic", topics())
def test_each_starter_is_shown_on_its_page_or_in_a_notebook(topic):
    pages = [path.read_text("utf-8") for path in DOCS.glob(f"{topic}*.md")]
    notebooks = "".join(path.read_text("utf-8") for path in (DOCS / "notebooks").glob("*.py"))
    shown = {name for name in checks(topic) if any(f'--8<-- "exercises/{topic}.py:{name}"\n' in page for page in pages)}
    assert shown, f"docs/{topic}.md shows no starter"
    unseen = [name for name in checks(topic).keys() - shown if f"check_{name}(" not in notebooks]
    assert not unseen, f"neither on a page of {topic} nor in a notebook: {unseen}"
    assert all(2 <= page.count('\n??? exercise "') <= 3 for page in pages)


def test_the_command_writes_a_file_and_then_checks_it(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["initialization"]) == 1
    assert "initialization_exercises.py" in capsys.readouterr().out
    assert main(["initialization"]) == 1
    assert "0 of 2 right" in capsys.readouterr().out
    file = tmp_path / "initialization_exercises.py"
    unsolved = file.read_text()
    solved = unsolved.replace("[[0.5, 0.5], [0.5, 0.5]]", "[[0.6, 0.5], [0.5, 0.5]]")
    file.write_text(f"{solved}\nfrom snippets.initialization import he\n")
    assert main(["initialization"]) == 0
    assert "he: Right: every layer" in (said := capsys.readouterr().out)
    assert "2 of 2 right" in said
    file.write_text(unsolved.replace("params = {}", "return 1 / 0"))
    assert main(["initialization"]) == 1
    line = unsolved[: unsolved.index("params = {}")].count("\n") + 1
    assert f"he: It raised ZeroDivisionError: division by zero (line {line} of your file)" in capsys.readouterr().out
    file.write_text("del np")
    assert main(["initialization"]) == 1
    assert "raised NameError in line 1" in capsys.readouterr().out
    file.write_text("x = (")
    assert main(["initialization"]) == 1
    assert "raised SyntaxError: " in capsys.readouterr().out
    file.write_text("he = None")
    assert main(["initialization"]) == 1
    assert "unequal: It is missing." in capsys.readouterr().out
    for wrong in [], ["nothing"], ["he", "she"]:
        assert main(wrong) == 2
        assert "initialization" in capsys.readouterr().out


def test_it_is_called_as_a_module(monkeypatch, capsys):
    monkeypatch.delitem(sys.modules, "snippets.exercises.__main__")  # or runpy warns that it is there already
    monkeypatch.setattr(sys, "argv", ["exercises", "nothing"])
    with pytest.raises(SystemExit) as end:
        runpy.run_module("snippets.exercises", run_name="__main__")
    assert end.value.code == 2
    assert capsys.readouterr().out.startswith("Say which: python -m snippets.exercises TOPIC")


ALONE = """
import runpy, sys
sys.meta_path[:] = [finder for finder in sys.meta_path if "editable" not in repr(finder).lower()]
sys.argv = [sys.argv[1], "initialization"]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def test_the_one_file_works_without_this_repository(site, tmp_path):
    """In another folder, where nothing of ours can be imported but what is in the file."""
    command = [sys.executable, "-I", "-W", "error", "-c", ALONE, str(site / "assets" / "exercises.pyz")]
    first = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert (first.returncode, first.stderr) == (1, "")
    assert "python exercises.pyz initialization" in (tmp_path / "initialization_exercises.py").read_text()
    second = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert "stay one unit" in second.stdout, second.stdout + second.stderr


def changes(x):
    x += 1
    return x


@pytest.mark.parametrize(
    ("try_it", "said"),
    [
        (lambda: attempt(changes, np.ones(2)), "It changed what it was given"),
        (lambda: attempt(lambda x: x["a"].append(np.ones(1)) or 1, {"a": []}), "It changed what it was given"),
        (lambda: attempt(lambda: None), "It returned None"),
        (lambda: attempt(lambda: 1 / 0), "It raised ZeroDivisionError: division by zero"),
        (
            lambda: attempt(lambda: 1 + ...),
            "It raised TypeError: unsupported operand type(s) for +: 'int' and 'ellipsis'. Dots are left to fill in.",
        ),
        (lambda: parts(3, "a", "b"), "It returned int. Return 2 things: a, b."),
        (lambda: parts((1, 2, 3), "a", "b"), "It returned tuple of 3. Return 2 things: a, b."),
        (lambda: entries([1], "a"), "It returned list. Return a dict with a."),
        (lambda: entries({}, "a"), "The dict that it returned has nothing in it. It should have a."),
        (lambda: entries({"a": 1, "b": 2}, "a"), "The dict that it returned has a, b. It should have a."),
        (lambda: compare("x", ..., 1.0), "x is still dots. Fill them in."),
        (lambda: compare("x", "many", 1.0), "x is 'many', not numbers."),
        (lambda: compare("x", [1, 2], [1]), "x has shape (2,), not (1,)."),
        (lambda: compare("x", [1, 3], [1, 2], {"too much": [1, 3]}), "x is not right yet: too much."),
        (lambda: compare("x", [1, np.nan], [1, 2], {"too much": [1, 3]}), "x is nan at [1], and 2 is right."),
        (lambda: compare("x", 3, 2), "x is 3, and 2 is right."),
        (
            lambda: compare("x", np.float32([1, 0.3]), [1, 0.3]),
            "x is 0.3000000119 at [1], and 0.3 is right: the first digits agree. Is something rounded, in float32,",
        ),
    ],
)
def test_what_is_wrong_is_told(try_it, said):
    with pytest.raises(Hint) as caught:
        try_it()
    assert str(caught.value).startswith(said)


def test_what_is_right_is_left_in_peace():
    rng, given = np.random.default_rng(0), {"W": [np.ones(2)], "n": 3}
    assert attempt(lambda x, rng, more: rng.random() < 1, given, rng, more=np.array(["a"])) is True
    compare("x", [[1.0]], np.ones((1, 1)))
    assert parts((1, 2), "a", "b") == [1, 2]
    assert entries({"b": 2, "a": 1}, "a", "b") == [1, 2]
    assert checker(lambda answer: f"{answer} it is.")(3) == "Right: 3 it is."
    assert checker(len)(3).startswith("What it returned cannot be read (TypeError: object of type 'int' has no len()).")
