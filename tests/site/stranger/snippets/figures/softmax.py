"""What the page shows of softmax."""

from snippets.experiments import softmax as experiments
from snippets.figures import _style


def sure():
    """The largest share against the scale of the scores: its mean and its range over the seeds."""
    result = experiments.confidence()
    figure, axes = _style.panels(height=3.0)
    axes.plot(result["scales"], result["mean"], color=_style.color(0))
    axes.fill_between(result["scales"], result["low"], result["high"], color=_style.color(0), alpha=0.15, linewidth=0)
    axes.set(xlabel="scale of the scores (log scale)", ylabel="largest share", xscale="log", ylim=(0, 1))
    return figure
