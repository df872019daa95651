"""What tests share: the built site, and a process of their own for tests that need TensorFlow."""

import json
import os
import subprocess
import sys
from pathlib import Path

import hypothesis
import pytest

from snippets.site.blocks import QUIET
from snippets.site.source import ROOT

hypothesis.settings.register_profile("note", deadline=None)  # no test asserts a wall-clock time
hypothesis.settings.load_profile("note")


# TensorFlow keeps settings for all that runs in its process. So tests that ask for the fixture `apart` are run in another one, once a
# run for all of them together, and each tells what became of it there. By hand: `TESTS_APART=became.json pytest tests/test_tensorflow.py`.

APART, became = "TESTS_APART", {}


@pytest.fixture
def apart(request):
    """What became of every test that ran in the other process, as {its id: what went wrong, or ""}; there itself, None."""
    return None if APART in os.environ else json.loads(request.getfixturevalue("once")("apart", run_apart))


def run_apart(folder: Path) -> str:
    files = ["tests/test_tensorflow.py", "tests/test_wrong.py"]
    # Coverage of what only runs there is measured there; the run at large leaves it out, see pyproject.toml.
    measured = ["--cov=snippets.tensorflow", "--cov-branch", "--cov-config=/dev/null", "--cov-report=term-missing:skip-covered"]
    run = subprocess.run(
        [sys.executable, "-m", "pytest", *measured, *files, "-p", "no:cacheprovider"],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
        | {**QUIET, APART: str(folder / "became.json"), "COVERAGE_FILE": str(folder / "coverage")},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert run.returncode in (0, 1), run.stdout
    return json.dumps(json.loads((folder / "became.json").read_text(encoding="utf-8")) | {"printed": run.stdout})


def pytest_collection_modifyitems(items):
    if APART in os.environ:
        items[:] = [item for item in items if "apart" in getattr(item, "fixturenames", ())]


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem):
    there = pyfuncitem.funcargs.get("apart")
    if there is None or "apart" in pyfuncitem._fixtureinfo.argnames:  # a test that looks at what became of the others is run here
        return None
    if there.get(pyfuncitem.nodeid, "it did not run") != "":
        pytest.fail(there.get(pyfuncitem.nodeid, f"it did not run:\n{there['printed']}"), pytrace=False)
    return True


def pytest_runtest_logreport(report):
    became[report.nodeid] = became.get(report.nodeid, "") + (report.longreprtext if report.failed else "")


def pytest_sessionfinish():
    if APART in os.environ:
        Path(os.environ[APART]).write_text(json.dumps(became), encoding="utf-8")


@pytest.fixture(scope="session")
def site(once) -> Path:
    """The folder of the strictly built site, built once a run; where it does not build, what the build said."""
    folder, _, said = once("site", build).partition("\n")
    if not Path(folder).is_dir():
        pytest.fail(f"`mkdocs build --strict` failed:\n{folder}\n{said}", pytrace=False)
    return Path(folder)


def build(folder: Path) -> str:
    """Build the site into a folder; return the folder's name, or where that failed `failed`, and then what was said."""
    run = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)],
        cwd=ROOT,
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1", "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    )
    said = [line for line in run.stdout.splitlines() if line.strip() and not line.startswith("INFO")]
    return "\n".join(["failed" if run.returncode else str(folder), *said])
