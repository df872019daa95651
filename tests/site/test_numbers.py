"""Numbers come from experiments, are shown as asked for, and a wrong reference says what is wrong."""

import pytest

from snippets.experiments import _cache
from snippets.site import numbers

TOY = '''"""Toy."""

import numpy as np

from snippets.experiments._cache import experiment


@experiment
def race():
    return {"ratio": 3.14159, "small": -1.5e-7, "seeds": 20, "who": "<adam>", "mean": np.array([[1.0, -2.0], [0.5, np.nan]])}


@experiment
def later():
    return {"x": 1}
'''


@pytest.fixture
def toy(house):
    house.write("snippets/experiments/toy.py", TOY)
    assert _cache.run("toy", "race")[1] is None
    return house


@pytest.mark.parametrize(
    ("reference", "shown", "exact"),
    [
        ("toy.race.ratio:.2f", "3.14", "3.14159"),
        ("toy.race.ratio", "3.14159", "3.14159"),
        ("toy.race.ratio:.1%", "314.2%", "3.14159"),
        ("toy.race.seeds", "20", "20"),
        ("toy.race.small:.1e", "\u22121.5·10<sup>\u22127</sup>", "-1.5e-07"),
        ("toy.race.mean[0][1]:.1f", "\u22122.0", "-2.0"),
        ("toy.race.mean[-1][0]", "0.5", "0.5"),
        ("toy.race.who", "&lt;adam&gt;", "&lt;adam&gt;"),
    ],
)
def test_a_number_is_shown_as_asked_for_and_carries_its_value_and_source(toy, reference, shown, exact):
    assert numbers.render(reference) == f'<data value="{exact}" data-from="toy.race" class="result">{shown}</data>'


@pytest.mark.parametrize(
    ("reference", "what"),
    [
        ("toy.race", "no reference"),
        ("toy.race.ratio!r", "no reference"),
        ("toy.rase.ratio", "no experiment 'rase'"),
        ("adam.race.ratio", "no experiment 'race'"),
        ("toy.race.ration", "no field 'ration', but mean, ratio"),
        ("toy.race.ratio:d", "code 'd'"),
        ("toy.race.mean[7]", "out of bounds"),
        ("toy.race.mean[0]", "pick one element"),
        ("toy.race.ratio[0]", "not subscriptable"),
        ("toy.race.mean[1][1]", "is nan"),
        ("toy.later.x", "has no result"),
    ],
)
def test_a_wrong_reference_is_refused(toy, reference, what):
    with pytest.raises(numbers.NumberError, match=what.replace("[", r"\[")):
        numbers.render(reference)


def test_braces_that_are_no_reference_are_left_alone():
    for text in ("{.python}", "a{b.c.d}", "\\{toy.race.ratio}", "{{toy.race.ratio}}", "{ toy.race }", "{toy}"):
        assert not numbers.CANDIDATE.search(text), text
    assert numbers.CANDIDATE.search("({toy.race.ratio:.2f})")["inside"] == "toy.race.ratio:.2f"
