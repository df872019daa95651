"""Every fault of the table turns a command red, which names the file and the line; and one run lists them all."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from snippets.site.source import ROOT
from tests.site.configuration import weakened
from tests.site.faults import BUILD, CONFIG, RUN

SMALL = Path(__file__).with_name("small_note")  # a note with one topic, in which all is right
ENVIRONMENT = {"NO_MKDOCS_2_WARNING": "1", "PYTHONWARNINGS": "", "OPENBLAS_NUM_THREADS": "1"}


def copy(folder: Path) -> None:
    """The pipeline of this repository with the small note in place of its pages."""
    for made in ("snippets/site", "snippets/experiments", "snippets/figures", "snippets", "tests"):
        (folder / made).mkdir(parents=True, exist_ok=True)
        for file in (ROOT / made).glob("*" if made == "snippets/site" else "_*.py"):
            if file.is_file():
                shutil.copy(file, folder / made)
    shutil.copytree(ROOT / "snippets/site/theme", folder / "snippets/site/theme")
    (folder / "tests/site").mkdir()
    for file in ("__init__.py", "browser.py"):  # of which conftest.py takes a name
        shutil.copy(ROOT / "tests/site" / file, folder / "tests/site")
    for file in ("conftest.py", "pyproject.toml", "requirements.txt"):
        shutil.copy(ROOT / file, folder)
    shutil.copytree(SMALL, folder, dirs_exist_ok=True)
    config = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    (folder / "mkdocs.yml").write_text(re.sub(r"^nav:\n(?:[ ].*\n)+", "", config, flags=re.M), encoding="utf-8")
    (folder / "docs/assets").mkdir(exist_ok=True)
    named = config + (ROOT / "snippets/site/hook.py").read_text(encoding="utf-8")
    for asset in filter(Path.is_file, (ROOT / "docs" / name for name in re.findall(r"assets/\w+\.\w+", named))):
        shutil.copy(asset, folder / "docs/assets")  # others are made by the build
    (folder / "node_modules").symlink_to(ROOT / "node_modules")


def put(folder: Path, faults) -> None:
    for number, fault in enumerate(faults):
        for name, text in fault.files(number).items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if text.startswith("-> "):
                path.symlink_to(text[3:])
            else:
                path.write_text(text.replace("§", ""), encoding="utf-8")


def command(folder: Path, *arguments: str) -> str:
    """Run Python there; return `exit N` and what was said."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST_", "COV_", "NOTE_CACHE"))}
    run = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=environment | ENVIRONMENT | {"PYTHONPATH": str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    )
    return f"exit {run.returncode}\n{run.stdout}"


@pytest.fixture(scope="session")
def built(once):
    """What one strict build says of the small note with all faults of the table in it."""

    def make(folder: Path) -> str:
        copy(folder)
        put(folder, BUILD)
        return command(folder, "-m", "mkdocs", "build", "--strict")

    return once("faults-built", make)


@pytest.fixture(scope="session")
def tested(once):
    """What the run of all code blocks says of the small note with the faults of the second table in it."""

    def make(folder: Path) -> str:
        copy(folder)
        put(folder, RUN)
        return command(folder, "-m", "pytest", "docs", "-p", "no:randomly", "-p", "no:cacheprovider", "-p", "no:xdist", "--no-cov", "-q")

    return once("faults-tested", make)


def named(faults):
    return [pytest.param(number, fault, id=fault.name.replace(" ", "-")) for number, fault in enumerate(faults)]


@pytest.mark.parametrize(("number", "fault"), named(BUILD))
def test_the_strict_build_says_where_and_what(built, number, fault):
    place = fault.place(number)
    said = [line for line in built.splitlines() if f" {place}: " in line]
    assert any(fault.says in line for line in said), f"{place}: … {fault.says} … is not in\n" + lines_about(built, number)


@pytest.mark.long(25)
def test_the_strict_build_fails(built):
    assert built.startswith("exit 1\n")
    assert "Aborted with" in built


def test_pages_without_a_fault_are_not_accused(built):
    assert not re.findall(
        r"^WARNING -  (?:docs/index|docs/clean|docs/references|snippets/\w+/toy|snippets/toy|mkdocs|package)\b.*", built, re.M
    )


@pytest.mark.parametrize(("number", "fault"), named(RUN))
def test_running_the_blocks_says_where_and_what(tested, number, fault):
    parts = re.split(r"^_{3,} .* _{3,}$", tested, flags=re.M)
    assert any(fault.place(number) in part and fault.says in part for part in parts), tested


def test_running_the_blocks_fails_for_each_and_for_no_other(tested):
    assert tested.startswith("exit 1\n")
    assert f"{len(RUN)} failed" in tested


def lines_about(text: str, number: int) -> str:
    return "\n".join(line for line in text.splitlines() if re.search(rf"_{number:02}\b", line)) or "(nothing)"


@pytest.mark.parametrize(("written", "changed", "says", "near"), CONFIG)
def test_a_weakened_configuration_is_told(tmp_path, written, changed, says, near):
    text = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    assert written in text
    path = tmp_path / "mkdocs.yml"
    path.write_text(text.replace(written, changed, 1), encoding="utf-8")
    faults = weakened(path)
    assert len(faults) == 1
    assert says in faults[0][2]
    assert near in path.read_text(encoding="utf-8").splitlines()[faults[0][1] - 1]


def test_the_configuration_is_not_weakened():
    assert weakened() == []


@pytest.mark.parametrize("name", ["package.json", "dist/katex.min.css"])
def test_what_npm_did_not_install_is_named_in_one_line(tmp_path, name):
    copy(tmp_path)
    (tmp_path / "node_modules").unlink()
    shutil.copytree(ROOT / "node_modules/katex", tmp_path / "node_modules/katex", ignore=shutil.ignore_patterns("contrib", "src"))
    (tmp_path / "node_modules/katex" / name).unlink()
    said = command(tmp_path, "-m", "mkdocs", "build", "--strict")
    assert said.startswith("exit 1\n"), said
    assert f"node_modules/katex/{name}: is not there; run `make install`" in said
    assert "Traceback" not in said


def test_the_table_is_long_enough():
    assert len(BUILD) + len(RUN) + len(CONFIG) >= 40
    assert len({fault.name for fault in [*BUILD, *RUN]}) == len(BUILD) + len(RUN)
