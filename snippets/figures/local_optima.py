"""Pictures of critical points and plateaus."""

import numpy as np

from snippets.experiments import local_optima as experiments
from snippets.figures import _style

NAMES = {"descent": "gradient descent", "momentum": "momentum", "rmsprop": "RMSprop", "adam": "Adam"}


def surfaces():
    """Contours of a minimum, a maximum and a saddle, and the plateau cut along its valley."""
    result = experiments.surfaces()
    figure, panels = _style.panels(2, 2, height=5.4)
    edge = result["edge"]
    for axes, name in zip(panels.flat, ("minimum", "maximum", "saddle"), strict=False):
        limit = np.abs(result[name]).max()
        axes.contourf(edge, edge, result[name], levels=np.linspace(-limit, limit, 12), cmap=_style.diverging())
        drawn = axes.contour(edge, edge, result[name], levels=[-4, -2, -0.5, 0.5, 2, 4], colors=_style.ink(), linewidths=0.7)
        axes.clabel(drawn, fontsize=10, fmt="%g")
        axes.plot(0, 0, "o", color=_style.ink(), markersize=5)
        axes.set(title=name, xticks=[-2, 0, 2], yticks=[-2, 0, 2])
        axes.grid(False)
    panels[0, 0].set_ylabel("$w_2$")
    panels[1, 0].set(xlabel="$w_1$", ylabel="$w_2$")
    cut = panels[1, 1]
    cut.plot(result["far"], result["plateau"][16], color=_style.color(0), linestyle="-")
    cut.plot(0, 0, "o", color=_style.ink(), markersize=5)
    cut.set(title="plateau, cut along $w_1$", xlabel="$w_1$", ylim=(-0.1, 1.1))
    return figure


def dimensions():
    """The share of random symmetric matrices that are minima, against dimension: it falls off a cliff."""
    result = experiments.random_matrices()
    figure, axes = _style.panels(height=3.8)
    n = result["dimensions"]
    axes.plot(n, result["minima"], color=_style.color(0), linestyle="-", marker="o", label="minima")
    axes.plot(n[1:], result["saddles"][1:], color=_style.color(1), linestyle="--", marker="s", label="saddles")
    axes.plot(n[:3], result["exact"], "+", color=_style.ink(), markersize=13, label="minima, exact")
    axes.set(yscale="log", xlabel="dimension", ylabel="share (log scale)", title="Random symmetric matrices (GOE)", xticks=n)
    axes.legend()
    return figure


def teacher_and_student():
    """Critical points of a small network, height against falling directions; and the share of runs that end in a bad minimum."""
    points, runs = experiments.critical_points(), experiments.teacher_and_student()
    figure, (above, below) = _style.panels(2, height=6.0)
    for index, (chosen, name) in enumerate(((~points["minimum"], "saddles"), (points["minimum"], "minima"))):
        place = np.unique(np.round(np.stack([points["falling"], points["costs"]], axis=1)[chosen], 3), axis=0)
        above.plot(*place.T, "os"[index], color=_style.color(1 - index), markersize=5 + 2 * index, label=name)
    above.set(xlabel="share of directions that fall", ylabel="cost", title="Critical points, 5 units")
    above.legend(loc="upper left")
    k = runs["widths"]
    below.plot(k, runs["bad"], color=_style.color(2), linestyle="-", marker="o", label="as many units as the task has")
    below.plot(k, runs["extra"], color=_style.color(3), linestyle="--", marker="s", label="two units more")
    below.set(xlabel="units $k$ of the task", ylabel="runs in a bad minimum", ylim=(-0.03, 1), xticks=k)
    below.yaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
    below.legend()
    return figure


def saddle_escape():
    """Steps to get off the saddle against how near to its ridge the start is: descent pays for every digit, Adam and RMSprop do not."""
    result = experiments.saddle_escape()
    figure, axes = _style.panels(height=3.8)
    for index, (key, name) in enumerate(NAMES.items()):
        style = {"color": _style.color(index), "linestyle": _style.STYLES[index], "marker": "os^D"[index], "markersize": 4}
        axes.plot(result["beside"], result[key], label=name, **style)
    axes.set(xscale="log", xlabel="distance of the start from the ridge (log scale)", ylabel="steps to a value of −1", ylim=(0, 290))
    axes.legend()
    return figure


def plateau():
    """Value against step on the plateau, and steps to its valley against the distance of the start, for four optimizers."""
    result = experiments.plateau()
    figure, (curve, steps) = _style.panels(2, height=6.4)
    marks = np.unique(np.round(np.logspace(0, np.log10(800), 90)).astype(int))
    for index, name in enumerate(NAMES.values()):
        style = {"color": _style.color(index), "linestyle": _style.STYLES[index], "label": name}
        curve.plot(marks, np.maximum(result["curve"][index][marks], 0), **style)
        steps.plot(result["distances"], result["median"][index], marker="os^D"[index], **style)
    curve.set(
        xscale="log",
        xlabel="step (log scale)",
        ylabel="value",
        title=f"From a distance of 8, median of {result['seeds']} starts",
        ylim=(-0.05, 1.6),
    )
    steps.set(xscale="log", yscale="log", xlabel="distance of the start (log scale)", ylabel="steps to the valley (log scale)")
    steps.set_xticks(result["distances"], [str(d) for d in result["distances"]])
    steps.minorticks_off()
    figure.legend(*steps.get_legend_handles_labels(), loc="outside lower center", ncols=2)
    return figure
