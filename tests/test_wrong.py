"""Every wrong version, put in the right one's place, is rejected by the test it names."""

import functools
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import Phase, settings

from tests.oracles import in_tensorflow
from tests.wrong._registry import REGISTRY

SETTINGS = "_hypothesis_internal_use_settings"  # that a wrong version fails is enough: the smallest example would take long to find

for path in sorted(Path(__file__).with_name("wrong").glob("*.py")):
    if not path.stem.startswith("_"):
        import_module(f"tests.wrong.{path.stem}")


def versions(there: bool):
    chosen = [entry for entry in REGISTRY if (entry.topic == "tensorflow") == there]
    return pytest.mark.parametrize("entry", chosen, ids=lambda e: f"{e.topic}.{e.of}:{e.function.__name__}")


@versions(there=False)
def test_wrong_version_is_rejected_by_the_test_it_names(entry, monkeypatch):
    rejected(entry, monkeypatch)


@in_tensorflow
@versions(there=True)
def test_wrong_version_of_tensorflow_is_rejected_by_the_test_it_names(entry, monkeypatch):
    rejected(entry, monkeypatch)


@functools.cache
def passing(topic: str, name: str):
    """A test of a topic, which passes with what is right in place: so a failure afterwards is the wrong version's."""
    test = getattr(import_module(f"tests.test_{topic}"), name)
    test()
    return test


def rejected(entry, monkeypatch):
    test = passing(entry.topic, entry.killed_by)
    if own := getattr(test, SETTINGS, None):
        monkeypatch.setattr(test, SETTINGS, settings(own, phases=[Phase.explicit, Phase.generate], database=None))
    monkeypatch.setattr(import_module(f"snippets.{entry.topic}"), entry.of, entry.function)
    with pytest.raises((Exception, pytest.fail.Exception)) as caught:  # in any way, a missing ValueError among them
        test()
    assert not isinstance(caught.value, NameError), "the wrong version is broken, not wrong"


def test_every_wrong_version_says_what_is_wrong():
    assert REGISTRY
    for entry in REGISTRY:
        assert entry.function.__doc__, f"tests/wrong/{entry.topic}.py: {entry.function.__name__} has no docstring"
