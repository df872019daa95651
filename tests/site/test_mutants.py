"""The mutants, and the score that the site shows: see `tests/mutants.py`."""

import ast
import json
import subprocess
import sys

from tests import mutants

CODE = '''
def step(w, g, rate=0.5):
    """Downhill: one step."""
    if rate <= 0 and not g:
        raise ValueError(f"rate: must be positive, not {rate}")
    return w - rate * g[-1]
'''


def test_one_node_changes_at_a_time_and_the_tree_is_put_back():
    tree = ast.parse(CODE)
    before = ast.dump(tree)
    new = {mutant.new for mutant in mutants.mutants("topic", tree)}
    assert ast.dump(tree) == before
    assert new == {
        "def step(w, g, rate=1.0):",
        *("if not (rate <= 0 and (not g)):", "if rate <= 0 or not g:", "if not g:", "if rate <= 0:", "if rate <= 0 and g:"),
        *("if rate < 0 and (not g):", "if rate > 0 and (not g):", "if rate <= 1 and (not g):", "if rate <= -1 and (not g):"),
        *("if w <= 0 and (not g):", "if rate <= 0 and (not rate):", "pass"),
        *(
            "return w + rate * g[-1]",
            "return w - rate / g[-1]",
            "return w - rate * g[1]",
            "return w - rate * g[-2]",
            "return w - rate * g[-0]",
        ),
        *("return g - rate * g[-1]", "return w - w * g[-1]", "return w - rate * rate[-1]"),
    }


def test_a_mutant_takes_the_place_of_the_function_that_tests_hold():
    from snippets import gradient_descent

    kept, tree = gradient_descent.update, ast.parse(mutants.source("gradient_descent").read_bytes())
    for mutant in mutants.mutants("gradient_descent", tree):
        if "W + learning_rate" in mutant.new:
            assert mutant.function == "gradient_descent.update"
            mutants.put(tree, gradient_descent)
    try:
        assert gradient_descent.update is kept
        assert kept({"w": 1.0}, {"dw": 1.0}, {}, 0.5)[0] == {"w": 1.5}
    finally:
        mutants.put(tree, gradient_descent)
    assert kept({"w": 1.0}, {"dw": 1.0}, {}, 0.5)[0] == {"w": 0.5}


def test_every_mutant_that_is_listed_exists_and_has_its_reason():
    entries = mutants.entries()
    assert all(entry["reason"] for _, entry in entries)
    for topic in {entry["function"].split(".")[0] for _, entry in entries}:
        every = {mutant[:2] for mutant in mutants.mutants(topic, ast.parse(mutants.source(topic).read_bytes()))}
        for function, new in (key for key in mutants.listed() if key[0].split(".")[0] == topic):
            assert (function, new) in every, f"tests/equivalent_mutants.toml: {function} has no mutant {new}"


def test_what_has_no_score_of_its_code_and_tests_as_they_are_has_changed(tmp_path, monkeypatch):
    monkeypatch.setattr(mutants, "RESULT", tmp_path / "mutants.json")
    assert mutants.changed() == mutants.topics()
    kept = {topic: {"killed": 1, "all": 1} | mutants.digests(topic) for topic in mutants.topics()}
    mutants.RESULT.write_text(json.dumps(kept), encoding="utf-8")
    assert not mutants.changed()
    kept["adam"]["source"], kept["momentum"]["tests"] = "other", "other"
    del kept["rmsprop"]
    mutants.RESULT.write_text(json.dumps(kept), encoding="utf-8")
    assert mutants.changed() == ["adam", "momentum", "rmsprop"]


STARTS = """
import json, subprocess, sys
from types import SimpleNamespace
from tests import mutants

def alone():
    assert True

def another():
    subprocess.run([sys.executable, "-c", ""], check=True)

hook, runner = SimpleNamespace(pytest_runtest_protocol=lambda item, nextitem: item.test()), mutants.Runner([], 1)
process, pipe = runner.fork({test.__name__: SimpleNamespace(ihook=hook, test=test) for test in (alone, another)}, 1)
print(json.dumps(runner.ended({process: (pipe, None)})[1:]))
"""


def test_a_test_that_starts_a_process_is_left_out():
    run = subprocess.run([sys.executable, "-c", STARTS], cwd=mutants.ROOT, check=True, stdout=subprocess.PIPE, encoding="utf-8")
    failed, seconds = json.loads(run.stdout)
    assert failed is None
    assert seconds.keys() == {"alone"}


def test_the_score_that_is_kept_is_high_enough():
    kept = json.loads(mutants.RESULT.read_text(encoding="utf-8"))
    assert sum(counts["killed"] for counts in kept.values()) >= mutants.LEAST * sum(counts["all"] for counts in kept.values())
