"""What strangers and their machines meet first: workflows, forms, hooks and the container are whole and trust no more than they must."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from snippets.site.source import ROOT

WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_may_do_no_more_than_it_must_and_runs_only_what_is_pinned(path):
    flow = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert flow["permissions"] == {}
    assert "pull_request_target" not in flow[True]  # YAML takes `on` for true
    for name, job in flow["jobs"].items():
        rights = {"pages": "write", "id-token": "write"} if name == "publish" else {"contents": "read"}
        assert job["permissions"] == rights, name
        for step in job["steps"]:
            assert re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", step.get("uses", f"a/b@{'0' * 40}")), step
            if step.get("uses", "").startswith("actions/checkout@"):
                assert step["with"] == {"persist-credentials": False}
            assert "github.event" not in step.get("run", ""), "what a stranger typed may not become a command"


def test_what_is_published_was_tested_on_the_python_of_the_container():
    pinned = {step["with"]["python-version"] for step in _steps("site") if "python-version" in step.get("with", {})}
    container = re.search(r"^FROM python:([\d.]+)-", (ROOT / ".devcontainer/Dockerfile").read_text(encoding="utf-8"), re.M)[1]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert pinned == {container}
    assert project["requires-python"].startswith(f">={container}.")


def _steps(workflow: str) -> list[dict]:
    flow = yaml.safe_load((ROOT / f".github/workflows/{workflow}.yml").read_text(encoding="utf-8"))
    return [step for job in flow["jobs"].values() for step in job["steps"]]


def test_each_form_asks_for_something_and_what_is_asked_has_a_name_of_its_own():
    forms = sorted((ROOT / ".github/ISSUE_TEMPLATE").glob("*.yml"))
    assert len(forms) >= 2
    for path in forms:
        form = yaml.safe_load(path.read_text(encoding="utf-8"))
        assert form["name"]
        assert form["description"]
        ids = [field["id"] for field in form["body"]]
        assert len(ids) == len(set(ids))
        assert any(field.get("validations", {}).get("required") for field in form["body"])


@pytest.mark.parametrize("file", ["docs/notebooks/initialization.py", "snippets/adam.py"])
def test_the_hooks_before_a_commit_leave_a_file_alone_that_the_whole_check_accepts(file, tmp_path):
    """Handed a file by its name, ruff would also mend those that it is told to leave out."""
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"][0]["hooks"]
    commands = {hook["id"]: hook["entry"].split() for hook in hooks}
    assert commands.keys() == {"lint", "format", "floors", "names"}
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    copy = tmp_path / file
    copy.parent.mkdir(parents=True)
    shutil.copy(ROOT / file, copy)
    for name in ("lint", "format"):
        program, *arguments = commands[name]
        assert program == ".venv/bin/ruff"
        run = subprocess.run([Path(sys.executable).with_name("ruff"), *arguments, file], cwd=tmp_path, capture_output=True, text=True)
        assert run.returncode == 0, run.stdout
        assert copy.read_bytes() == (ROOT / file).read_bytes()
