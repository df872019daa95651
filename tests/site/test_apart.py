"""A test that ran in the other process ends here as it ended there: see tests/conftest.py."""

from types import SimpleNamespace

import pytest

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
