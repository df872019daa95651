"""Where and when a test runs: in the other process, see tests/conftest.py, or early because it takes long, see conftest.py."""

from types import SimpleNamespace

import pytest

from snippets.site.source import ROOT
from tests.conftest import pytest_pyfunc_call


def called(there, argnames=()):
    """What becomes of a test called x, where `there` is what became of the tests of the other process."""
    return pytest_pyfunc_call(
        SimpleNamespace(nodeid="x", funcargs={"apart": there}, _fixtureinfo=SimpleNamespace(argnames=argnames)),
    )


def test_what_passed_there_passes_and_what_failed_or_did_not_run_fails():
    assert called({"x": "", "printed": ""}) is True  # done: nothing is called
    with pytest.raises(pytest.fail.Exception, match="assert 1 == 2"):
        called({"x": "assert 1 == 2", "printed": ""})
    with pytest.raises(pytest.fail.Exception, match="it did not run:\nno such file"):
        called({"printed": "no such file"})


def test_other_tests_and_those_that_ask_what_became_of_the_others_run_here():
    assert called(None) is None
    assert called({"x": "assert 1 == 2", "printed": ""}, argnames=("apart",)) is None


@pytest.mark.parametrize("workers", [1, 2, 3, 50])
def test_each_worker_begins_with_its_share_of_what_takes_long(pytestconfig, workers):
    def item(number: int):
        marks = [SimpleNamespace(args=[number])] if number >= 90 else []
        return SimpleNamespace(number=number, iter_markers=lambda name: marks)

    order = pytestconfig.pluginmanager.get_plugin(str(ROOT / "conftest.py")).dealt([item(number) for number in range(100)], workers)
    numbers = [item.number for item in order]
    assert sorted(numbers) == list(range(100))
    left, parts = numbers, []
    for remaining in range(workers, 0, -1):  # as xdist cuts it
        parts.append(left[: len(left) // remaining])
        left = left[len(left) // remaining :]
    assert [part[0] for part in parts[:10]] == list(range(99, 99 - min(workers, 10), -1))
    share = [sum(number for number in part if number >= 90) for part in parts]
    assert workers > 10 or max(share) - min(share) < 100
