"""TensorFlow keeps settings for all that runs in its process, so it is asked in one of its own, once a run."""

import json
import os
import subprocess
import sys

import pytest

from snippets.site.source import ROOT

collect_ignore = ["_pytorch.py", "_tensorflow.py"]  # no doctests there, and looking for some would import the libraries


@pytest.fixture(scope="session")
def tensorflow(once) -> dict:
    """What `tests/frameworks/_tensorflow.py` prints."""

    def make(folder) -> str:
        command = [sys.executable, "-m", "tests.frameworks._tensorflow"]
        run = subprocess.run(command, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True)
        assert run.returncode == 0, run.stderr
        return run.stdout

    return json.loads(once("tensorflow", make))
