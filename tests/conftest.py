"""What tests share: the built site, and work that one worker does for all."""

import os
import subprocess
import sys
import time
from pathlib import Path

import hypothesis
import pytest

from snippets.site.source import ROOT

hypothesis.settings.register_profile("note", deadline=None)  # no test asserts a wall-clock time
hypothesis.settings.load_profile("note")


@pytest.fixture(scope="session")
def once(tmp_path_factory):
    """`once(name, make)` is the text that `make(folder)` returns, made by the first of the workers that asks."""
    base = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent  # the workers of one run share it

    def get(name: str, make) -> str:
        done = base / f"{name}.txt"
        try:
            (base / name).mkdir()
        except FileExistsError:
            patience = time.monotonic() + 600
            while not done.exists():
                assert time.monotonic() < patience, f"the worker that makes {name} does not come to an end"
                time.sleep(0.1)
        else:
            try:
                text = make(Path(base / name))
            except BaseException as error:
                text = f"raised {error!r}"
                raise
            finally:
                done.with_suffix(".part").write_text(text, encoding="utf-8")
                done.with_suffix(".part").rename(done)
        return done.read_text(encoding="utf-8")

    return get


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
