"""Pictures of the network at work."""

from snippets.experiments import network as experiments
from snippets.figures import _style


def _points(axes, X, Y):
    """The two classes, told apart by their marks."""
    for label, mark, name in ((0, "o", "class 0"), (1, "^", "class 1")):
        chosen = X[:, Y[0] == label]
        axes.plot(*chosen, mark, color=_style.ink(), markersize=3, alpha=0.7, label=name, linestyle="none")


def trained():
    """One network on the moons: its output over the plane, and its cost as it trained."""
    result = experiments.one_run()
    figure, (above, below) = _style.panels(2, height=6.0, height_ratios=[1.5, 1])
    field = above.contourf(
        result["across"], result["up"], result["output"], levels=[0, 0.1, 0.3, 0.5, 0.7, 0.9, 1], cmap=_style.diverging(), alpha=0.6
    )
    above.contour(result["across"], result["up"], result["output"], levels=[0.5], colors=_style.ink(), linewidths=1.8)
    _points(above, result["X"], result["Y"])
    above.set(title="The output over the plane; the line is at 0.5", xlabel="$x_1$", ylabel="$x_2$")
    above.grid(False)
    above.legend(loc="upper left")
    figure.colorbar(field, ax=above, label="output")
    every = len(result["costs"]) // 125
    below.plot(range(0, len(result["costs"]), every), result["costs"][::every], color=_style.color(0))
    below.set(title="Its cost", xlabel="epoch", ylabel="cost", ylim=(0, None))
    return figure
