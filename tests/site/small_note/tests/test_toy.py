"""What the topic promises."""

from snippets.experiments import toy as experiments


def test_race():
    assert experiments.race()["ratio"] > 3
