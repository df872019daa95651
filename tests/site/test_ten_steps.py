"""The ten steps of docs/contributing.md, done by a stranger as they are worded: from a copy to green, with a topic of their own."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from snippets.site.source import DOCS, ROOT
from tests.site.test_new_page import copy  # noqa: F401 - a fixture

MINE = Path(__file__).with_name("stranger")  # what a stranger writes, in the steps that say: write
TOOLS = "Makefile package-lock.json .gitignore tests/mutants.py tests/page_kills.py tests/equivalent_mutants.toml".split()
TOOLS += [f"tests/bench/{name}" for name in ("__init__.py", "pages.py", "lighthouse.mjs")]
BELONG_TO_TOPICS = ("mini_batches", "tensorflow")
STEP = re.compile(r"^(\d+)\. (.*(?:\n {3}.*)*)", re.M)


def steps() -> list[str]:
    page = (DOCS / "contributing.md").read_text(encoding="utf-8")
    found = STEP.findall(page.partition("## A page in ten minutes\n")[2].partition("\n## ")[0])
    assert [int(number) for number, _ in found] == list(range(1, len(found) + 1))
    return [text for _, text in found]


def test_there_are_ten_steps_or_fewer():
    assert 5 <= len(steps()) <= 10


@pytest.fixture
def note(copy):  # noqa: F811
    """A copy of the note without its topics, in which what is installed here counts as installed."""
    for name in TOOLS:
        (copy / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, copy / name)
    for path in [*(copy / "snippets").glob("[!_]*.py"), *(copy / "snippets/experiments" / f"_{name}.py" for name in BELONG_TO_TOPICS)]:
        path.unlink()
    for name in ("exercises", "frameworks"):
        shutil.rmtree(copy / "snippets" / name)
    (copy / "docs/first.md").write_text("---\ndescription: d\n---\n# First\n\nThere is one before it.\n", encoding="utf-8")
    config = (copy / "mkdocs.yml").read_text(encoding="utf-8")
    (copy / "mkdocs.yml").write_text(config.replace("  - Topics:\n", "  - Topics:\n      - First: first.md\n"), encoding="utf-8")
    (copy / ".venv").mkdir()
    for name in ("bin", "lib", "pyvenv.cfg"):
        (copy / ".venv" / name).symlink_to(Path(sys.prefix) / name)
    for mark in ("docs", "test"):
        (copy / ".venv" / mark).touch()
    return copy


def environment(note: Path, address: str) -> dict[str, str]:
    own = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST_", "COV_", "NOTE_CACHE", "MAKE", "MFLAGS"))}
    nothing_installed = {"MAKEFLAGS": " -- PIP=false NPM=false"}  # what is linked here is the real one
    return own | nothing_installed | {"PYTHONPATH": str(note), "ADDRESS": address, "NO_COLOR": "1"}


def make(note: Path, command: str) -> str:
    run = subprocess.run(command.split(), cwd=note, env=environment(note, ""), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert run.returncode == 0, f"{command}\n{run.stdout}"
    return run.stdout


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def page(address: str, inside: str) -> None:
    """Wait until this address shows a page with these words."""
    patience = time.monotonic() + 120
    while True:
        try:
            with urllib.request.urlopen(f"http://{address}", timeout=20) as answer:
                if inside in answer.read().decode():
                    return
        except OSError:
            pass  # not yet
        assert time.monotonic() < patience, f"{address} does not show {inside!r}"
        time.sleep(0.3)


@pytest.mark.long(75)
def test_from_a_copy_to_green_in_these_steps(note, capsys):
    address, took, serving, made = f"127.0.0.1:{free_port()}", [], None, set()
    try:
        for text in steps():
            begun = time.monotonic()
            commands = re.findall(r"`(make [^`]+)`", text)
            files = re.findall(r"^`([\w/]+\.(?:py|md))`:", text)
            if "leave it running" in text:
                assert commands == ["make serve"]
                with (note / "serve.log").open("w") as log:
                    own = environment(note, address)
                    serving = subprocess.Popen(["make", "serve"], cwd=note, env=own, stdout=log, stderr=log, start_new_session=True)
                page(address, "The note")
            elif files:
                (note / files[0]).write_text((MINE / files[0]).read_text(encoding="utf-8"), encoding="utf-8")
                made.add(files[0])
                if files[0].startswith("docs/"):
                    page(f"{address}/softmax/", "adds up to one")  # the browser follows
            elif commands and commands[0].startswith("make page"):
                said = make(note, commands[0])
                assert "docs/softmax.md:2: still the sample's description" in said
                page(f"{address}/softmax/", "What is the problem?")
            elif commands and commands[0].startswith("make todo"):
                assert make(note, commands[0]).endswith("nothing is left of the sample\n")
                said = make(note, commands[1])
                assert "failed" not in said.splitlines()[-1]
            else:
                assert "pull request" in text, f"no test knows how to do this step: {text}"
            took.append((text.split("\n")[0][:60], time.monotonic() - begun))
    finally:
        if serving:
            os.killpg(serving.pid, signal.SIGTERM)
            serving.wait()
    assert made == {path.relative_to(MINE).as_posix() for path in MINE.rglob("*.*") if "__pycache__" not in path.parts}
    with capsys.disabled():
        print(f"\nten steps, from a copy to green: {sum(seconds for _, seconds in took):.0f} s of a machine")
        print(*(f"  {seconds:5.1f} s  {step}" for step, seconds in took), sep="\n")
