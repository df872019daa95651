"""Results are kept under a key of the code that gave them: never stale, never half written, never damaged."""

import concurrent.futures
import contextlib
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from snippets.experiments import _cache

TOY = '''"""Toy."""

import numpy as np

from snippets import base
from snippets.base import halve
from snippets.experiments._cache import experiment

SEEDS = 3


def _spread(x):
    return np.ptp(x)


@experiment
def race():
    """Race."""
    x = base.twice(np.arange(SEEDS))  # the runs
    return {"spread": _spread(x), "x": x, "who": "all"}


@experiment
def other():
    return {"half": halve(1.0)}
'''
BASE = '"""Base."""\n\n\ndef twice(x):\n    return x + inner(x)\n\n\ndef inner(x):\n    return x\n\n\ndef halve(x):\n    return x / 2\n'


@pytest.fixture
def toy(house):
    house.write("snippets/experiments/toy.py", TOY)
    house.write("snippets/base.py", BASE)
    return house


def key(name="race"):
    return _cache.code_key("snippets.experiments.toy", name)


def test_the_experiments_of_a_topic_are_found_by_their_decorator(toy):
    assert _cache.names("toy") == ["race", "other"]
    assert _cache.names("nothing") == []
    assert "toy" in _cache.topics("experiments")


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("snippets/experiments/toy.py", "SEEDS = 3", "SEEDS = 4"),
        ("snippets/experiments/toy.py", "np.ptp(x)", "np.ptp(x) + 1"),
        ("snippets/experiments/toy.py", '"who": "all"', '"who": "none"'),
        ("snippets/experiments/toy.py", "import numpy as np\n", "import numpy as np\nimport scipy as np\n"),
        ("snippets/base.py", "x + inner(x)", "x - inner(x)"),
        ("snippets/base.py", "    return x\n", "    return -x\n"),
    ],
)
def test_an_edit_of_what_a_result_depends_on_changes_its_key(toy, file, old, new):
    before = key()
    toy.edit(file, old, new)
    assert key() != before


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("snippets/experiments/toy.py", "# the runs", "# all runs"),
        ("snippets/experiments/toy.py", '"""Race."""', '"""Another docstring."""'),
        ("snippets/experiments/toy.py", "halve(1.0)", "halve(2.0)"),
        ("snippets/base.py", '"""Base."""', '"""Another docstring."""\n# and a comment'),
        ("snippets/base.py", "return x / 2", "return x / 3"),
    ],
)
def test_an_edit_of_words_or_of_something_else_does_not(toy, file, old, new):
    before = key()
    toy.edit(file, old, new)
    assert key() == before


def test_a_name_imported_from_a_module_is_followed(toy):
    before = key("other")
    toy.edit("snippets/base.py", "return x / 2", "return x / 3")
    assert key("other") != before


def test_a_data_file_and_a_version_are_part_of_the_key(toy, monkeypatch):
    toy.edit("snippets/experiments/toy.py", "SEEDS = 3", 'SEEDS = len("data.csv")')
    toy.write("snippets/experiments/data.csv", "1")
    before = key()
    toy.write("snippets/experiments/data.csv", "2")
    assert key() != before
    before = _cache._hashed("snippets.experiments.toy", "race")
    monkeypatch.setattr(_cache.metadata, "version", lambda package: "99")
    assert _cache._hashed("snippets.experiments.toy", "race") != before


def test_keys_are_remembered_for_the_very_same_files_only(toy, monkeypatch):
    before = key()
    _cache.remember_keys()
    monkeypatch.setattr(_cache, "_hashed", lambda module, name: "anew")
    _cache._remembered.cache_clear()
    _cache._code_key.cache_clear()
    assert key() == before
    toy.edit("snippets/base.py", "return x / 2", "return x / 3")
    assert key() == "anew"
    (_cache.CACHE / "keys.json").write_text("{", encoding="utf-8")  # damaged: found anew
    _cache._remembered.cache_clear()
    _cache._code_key.cache_clear()
    assert key() == "anew"
    _cache._remembered.cache_clear()
    _cache._code_key.cache_clear()


def test_a_result_is_computed_once_and_read_back_the_same(toy, monkeypatch):
    from snippets.experiments import toy as experiments

    monkeypatch.setattr(experiments, "_spread", lambda x: 7.5)
    first = experiments.race()
    monkeypatch.setattr(experiments, "_spread", lambda x: pytest.fail("computed again"))
    second = experiments.race()
    assert first["spread"] == second["spread"] == 7.5
    assert type(second["spread"]) is float
    assert second["who"] == "all"
    np.testing.assert_array_equal(second["x"], [0, 2, 4])


def test_what_reads_a_result_waits_for_it(toy, monkeypatch):
    toy.edit("snippets/experiments/toy.py", '"who": "all"', '"who": other()["half"]')
    assert _cache.after("snippets.experiments.toy", "race") == {"experiment toy.other"}
    assert _cache.after("snippets.experiments.toy", "other") == set()
    monkeypatch.setattr(_cache, "topics", lambda folder: ["toy"])
    monkeypatch.setattr(concurrent.futures, "ProcessPoolExecutor", lambda workers, context: ThreadPoolExecutor(workers))
    ran = []

    def do(name, problem=None):
        ran.append(name)
        return 0.0, problem

    jobs = _cache.jobs()
    assert list(jobs) == ["experiment toy.race", "experiment toy.other"]
    jobs["experiment toy.race"].call, jobs["experiment toy.other"].call = (do, "race"), (do, "other", "went wrong")
    assert _cache.in_parallel(jobs) == ["went wrong"]
    assert ran == ["other", "race"]
    ran.clear()  # two that seem to wait for each other are done all the same
    assert _cache.in_parallel({"a": _cache.Job((do, "a"), {"b"}), "b": _cache.Job((do, "b"), {"a"})}) == []
    assert sorted(ran) == ["a", "b"]


@pytest.mark.parametrize(("processor", "asked"), [("flags : avx avx2 fma", True), ("flags : avx fma", False), ("", False)])
def test_only_a_processor_that_has_the_loops_is_asked_for_them(monkeypatch, processor, asked):
    """Without them nothing would run. In one thread all do it; and afterwards everything is as before, also where it raised."""
    for name in (*_cache.ONE_THREAD, *_cache.AVX2):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("OMP_NUM_THREADS", "4")
    monkeypatch.setattr(_cache, "processor", lambda: processor)
    before = dict(os.environ)
    with contextlib.suppress(InterruptedError), _cache.alike():
        inside = dict(os.environ)
        raise InterruptedError
    assert {inside[name] for name in _cache.ONE_THREAD} == {"1"}
    assert {name: inside[name] for name in _cache.AVX2 if name in inside} == (_cache.AVX2 if asked else {})
    assert dict(os.environ) == before


LOOPS = """
import json, sys, numpy, threadpoolctl
(blas,) = threadpoolctl.threadpool_info()
json.dump([blas["num_threads"], blas["architecture"], numpy.show_config(mode="dicts")["SIMD Extensions"]["found"]], sys.stdout)
"""


@pytest.mark.skipif(" avx2 " not in _cache.processor(), reason="only such a processor is asked for these loops, as the test above holds")
def test_what_is_computed_in_parallel_takes_the_loops_that_all_processors_have(monkeypatch):
    """Whatever the machine is told; and afterwards it is told that again."""

    def loops():
        return json.loads(subprocess.run([sys.executable, "-c", LOOPS], capture_output=True, text=True, check=True).stdout)

    monkeypatch.setenv("OPENBLAS_CORETYPE", "SandyBridge")
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "2")
    monkeypatch.delenv("NPY_DISABLE_CPU_FEATURES", raising=False)
    before = dict(os.environ)
    assert loops()[:2] == [2, "Sandybridge"]
    with _cache.alike():
        threads, architecture, found = loops()
    assert (threads, architecture) == (1, "Haswell")
    assert not {"X86_V4", "AVX512F", "AVX512_SKX", "AVX512_ICL"} & set(found)
    assert dict(os.environ) == before


ON_ITS_OWN = """
import numpy, sys
from snippets import gradient_descent, local_optima
from snippets.experiments import local_optima as experiments
local_optima.critical_point = None  # as a wrong version would stand there
print(experiments.critical_points()["correlation"])
"""


@pytest.mark.skipif(" avx2 " not in _cache.processor(), reason="only such a processor is asked for these loops, as the test above holds")
def test_what_a_test_finds_missing_is_computed_as_for_the_pages(tmp_path):
    """With the same loops, and with the functions as they are in their files: or the page would show what a test left behind."""
    env = {name: value for name, value in os.environ.items() if name not in _cache.ONE_THREAD | _cache.AVX2}
    env |= {"NOTE_CACHE": str(tmp_path), "OPENBLAS_CORETYPE": "SandyBridge", "PYTHONPATH": str(_cache.ROOT)}
    ran = subprocess.run([sys.executable, "-c", ON_ITS_OWN], env=env, capture_output=True, text=True, check=True)
    from snippets.experiments import local_optima

    local_optima.critical_points()
    (kept,), path = tmp_path.glob("experiments/local_optima.critical_points-*.npz"), _cache.result_path("local_optima", "critical_points")
    assert ran.stdout.strip() == repr(_cache.read("local_optima", "critical_points")["correlation"])
    assert kept.name == path.name and kept.read_bytes() == path.read_bytes()


def test_what_goes_wrong_in_a_process_of_its_own_is_told():
    with pytest.raises(RuntimeError, match="no_such"):
        _cache._run_apart("local_optima", "no_such")


def test_a_damaged_result_is_made_again(toy, capsys):
    from snippets.experiments import toy as experiments

    right = experiments.race()["spread"]
    path = _cache.result_path("toy", "race")
    whole = path.read_bytes()
    for damage in (b"", b"no archive", whole[: len(whole) // 2], whole[:-30] + bytes(30), whole[:60] + bytes(9) + whole[69:]):
        path.write_bytes(damage)
        assert experiments.race()["spread"] == right
        assert "damaged" in capsys.readouterr().err
        assert _cache.read("toy", "race")["spread"] == right


def test_a_result_is_a_dict_of_numbers_strings_and_arrays(toy):
    with pytest.raises(TypeError, match=r"experiment toy\.race returns list, not a dict"):
        _cache.write("toy", "race", [1])
    with pytest.raises(TypeError, match="'a' is neither a number"):
        _cache.write("toy", "race", {"a": {"b": 1}})
    assert not _cache.result_path("toy", "race").exists()


def test_nobody_sees_half_a_file(tmp_path):
    path = tmp_path / "deep" / "file"
    _cache.write_whole(path, lambda file: file.write(b"old"))

    def fail(file):
        file.write(b"half")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        _cache.write_whole(path, fail)
    assert path.read_bytes() == b"old"
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize(
    ("body", "what", "line"),
    [
        ("raise RuntimeError('no')", "raised RuntimeError: no", 19),
        ("np.log(np.zeros(1))", "raised RuntimeWarning: divide by zero", 19),
        ("return 3", "returns int, not a dict", 17),
    ],
)
def test_what_goes_wrong_in_an_experiment_is_said_with_its_line(toy, body, what, line):
    toy.edit("snippets/experiments/toy.py", "    x = base", f"    {body}\n    x = base")
    said = _cache.run("toy", "race")[1]
    assert what in said
    assert said.startswith(f"snippets/experiments/toy.py:{line}: experiment race ")


@pytest.mark.parametrize("damaged", [lambda data: b"", lambda data: data[:3], lambda data: data[:-1], lambda data: data[:-1] + b"?"])
def test_what_is_kept_with_its_checksum_before_it_is_given_back_as_it_was_or_not_at_all(tmp_path, capsys, damaged):
    path = tmp_path / "kept"
    assert _cache.kept(path) is None
    for content in (b"", b"what was made"):
        _cache.keep(path, content)
        assert _cache.kept(path) == content
    assert capsys.readouterr().err == ""
    path.write_bytes(damaged(path.read_bytes()))
    assert _cache.kept(path) is None
    assert f"{path}: damaged; made again" in capsys.readouterr().err
    assert not path.exists()
