"""Figures of the topic."""

from snippets.experiments import toy as experiments
from snippets.figures import _style


def race():
    """What climbs."""
    figure, ax = _style.panels(height=2.5)
    ax.plot(experiments.race()["mean"])
    return figure
