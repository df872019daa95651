"""A formula, a doctest or a block of a page sees every wrong version, or it says why not: see `tests/page_kills.py`."""

import inspect
import json
import subprocess
import sys
from importlib import import_module

import pytest

from snippets.site import source
from tests import page_kills
from tests.wrong._registry import REGISTRY

TOPICS = sorted(page_kills.registry())


def test_every_wrong_version_can_be_called_as_the_right_one():
    for entry in REGISTRY:
        right = inspect.signature(getattr(import_module(f"snippets.{entry.topic}"), entry.of)).parameters
        wrong = inspect.signature(entry.function).parameters
        any_name = any(parameter.kind is parameter.VAR_KEYWORD for parameter in wrong.values())
        if not any_name and entry.function.__name__ != "keep_drop":  # whose name for an argument is the mistake
            same = list(wrong)[: len(right)] == list(right)  # more may follow, with defaults
            assert same, f"tests/wrong/{entry.topic}.py: {entry.function.__name__} takes {list(wrong)}"


@pytest.mark.parametrize("topic", TOPICS)
def test_a_formula_a_doctest_or_a_block_sees_every_wrong_version(topic, monkeypatch):
    def measured_anew(*_):
        command = [sys.executable, "-m", "tests.page_kills", topic]
        run = subprocess.run(command, cwd=source.ROOT, check=True, stdout=subprocess.PIPE, encoding="utf-8")
        return json.loads(run.stdout)[topic]["seen_by"]

    monkeypatch.setattr(page_kills, "measure", measured_anew)
    seen_by = page_kills.kills(topic)["seen_by"]
    assert list(seen_by) == [entry.function.__name__ for entry in REGISTRY if entry.topic == topic]
    unseen = {name for name, check in seen_by.items() if check is None}
    said = {entry.function.__name__ for entry in REGISTRY if entry.topic == topic and entry.unseen}
    assert unseen <= said, f"tests/wrong/{topic}.py: nobody sees {unseen - said}; show it by a line in a doctest, or say why: unseen=..."
    assert unseen >= said, f"tests/wrong/{topic}.py: {said - unseen} are seen by now; take unseen=... away"


def test_few_are_unseen():
    assert sum(bool(entry.unseen) for entry in REGISTRY) <= 0.03 * len(REGISTRY)


TOLD_APART = '''
import json
from snippets.site import blocks, embed, source
from tests import page_kills
from tests.wrong._registry import Wrong

def uphill(params, grads, state, learning_rate=0.01, beta=0.9):
    v = {name: beta * state["v"][name] + (1 - beta) * grads["d" + name] for name in params}
    return {name: W + learning_rate * v[name] for name, W in params.items()}, {"v": v}

def as_right(params, grads, state, learning_rate=0.01, beta=0.9):
    v = {name: beta * state["v"][name] + (1 - beta) * grads["d" + name] for name in params}
    return {name: W - v[name] * learning_rate for name, W in params.items()}, {"v": v}

def broken(params, grads, state, learning_rate=0.01, beta=0.9):
    return nowhere

wrong, asked = [Wrong("momentum", "update", "", function) for function in (uphill, as_right, broken)], page_kills.checks("momentum")
doctests = [check for check in asked if check[0] == "doctest of momentum.update"]
code = "\\n".join(embed.standalone(source.ROOT / "snippets" / "momentum.py", "update")[0])
shown = """>>> update({"w": 1.0}, {"dw": 1.0}, {"v": {"w": 0.0}}, 1.0, 0.5)[0]\\n{'w': 0.5}\\n"""
kinds = [("python", code), ("pycon", shown)]
chain = [blocks.Block(source.DOCS / "toy.md", 1, kind, frozenset(), text, tuple(range(1, 99))) for kind, text in kinds]
as_read = [("block", "", lambda: page_kills.run_blocks(chain))]
print(json.dumps([page_kills.measure("momentum", wrong, checks) for checks in (asked, doctests, as_read)]))
'''


def test_what_no_page_shows_is_not_seen_and_what_is_broken_does_not_count():
    run = subprocess.run([sys.executable, "-c", TOLD_APART], cwd=source.ROOT, check=True, stdout=subprocess.PIPE, encoding="utf-8")
    assert json.loads(run.stdout) == [
        {"uphill": seen_by, "as_right": None, "broken": None}
        for seen_by in ("formula of momentum.update in docs/momentum.md", "doctest of momentum.update", "block")
    ]


def test_a_result_that_is_kept_is_used_until_what_it_is_of_has_changed(tmp_path, monkeypatch):
    monkeypatch.setattr(page_kills, "RESULT", tmp_path / "page_kills.json")
    monkeypatch.setattr(page_kills, "measure", lambda *_: {"measured": "now"})
    now = page_kills.digests("momentum", page_kills.checks("momentum"))
    for kept in ({}, {"momentum": now | {"pages": "other"}}):
        page_kills.RESULT.write_text(json.dumps(kept), encoding="utf-8")
        assert page_kills.kills("momentum")["seen_by"] == {"measured": "now"}
    page_kills.RESULT.write_text(json.dumps({"momentum": now | {"seen_by": {"kept": "before"}}}), encoding="utf-8")
    assert page_kills.kills("momentum")["seen_by"] == {"kept": "before"}
