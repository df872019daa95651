"""Pictures of learning rates that fall."""

import numpy as np

from snippets.experiments import learning_rate_decay as experiments
from snippets.figures import _style

NAMES = {
    "constant": "constant",
    "inverse_time": "inverse time",
    "exponential": "exponential",
    "inverse_sqrt": "inverse root",
    "staircase": "staircase",
    "manual": "by hand",
    "cosine": "cosine",
    "warmup": "warmup, cosine",
    "by_step": "inverse time,\nby the step",
}


def schedules():
    """The learning rate over 60 epochs: the course's formulas above, staircase, by hand, cosine and warmup below."""
    result = experiments.schedules()
    figure, (above, below) = _style.panels(2, height=5.4, sharex=True)
    groups = (
        (
            above,
            {
                "inverse_sqrt": (0, "inverse root"),
                "inverse_time": (1, "inverse time, rate 0.1"),
                "exponential": (2, "exponential, base 0.95"),
            },
        ),
        (below, {"staircase": (3, "staircase"), "manual": (0, "by hand"), "cosine": (5, "cosine"), "warmup": (4, "warmup and cosine")}),
    )
    for axes, names in groups:
        for key, (index, name) in names.items():
            steps = "steps-post" if key in {"staircase", "manual"} else "default"
            axes.plot(result["epoch"], result[key], color=_style.color(index), linestyle=_style.STYLES[index], label=name, drawstyle=steps)
        axes.set(ylabel="learning rate", ylim=(-0.008, 0.215))
        axes.legend()
    below.set_xlabel("epoch")
    return figure


def near_the_minimum():
    """Two paths near the minimum, one with a constant rate and one that decays, and their distance to it over the epochs."""
    result = experiments.near_the_minimum()
    figure, (plane, distance) = _style.panels(2, height=6.4, height_ratios=[3, 2])
    x, y = np.linspace(0.6, 2.2, 31), np.linspace(0.1, 1.2, 31)
    d = np.stack(np.meshgrid(x - result["best"][0], y - result["best"][1]))
    cost = np.einsum("ikl,ij,jkl->kl", d, result["curvature"], d) / 2
    plane.contour(x, y, cost, levels=[0.005, 0.02, 0.06, 0.15, 0.4], colors=_style.faint(), linewidths=1)
    names = {"constant": "constant", "decayed": "decayed"}
    for index, (key, name) in enumerate(names.items()):
        path = result[f"{key}_path"][160:]
        plane.plot(
            *path.T,
            color=_style.color(1 - index),
            linestyle="-" if index else ":",
            marker="o",
            markersize=2.5,
            linewidth=1,
            label=name,
            zorder=2 + index / 10,
        )
    plane.plot(*result["best"], "x", color=_style.ink(), markersize=16, markeredgewidth=1.5, zorder=2.05)
    plane.set(xlabel="$w_1$", ylabel="$w_2$", title="The second half of both paths, one seed")
    plane.grid(False)
    plane.legend()
    epoch = np.arange(result["epochs"])
    for index, (key, name) in enumerate({"constant": "constant 0.2", "decayed": "decayed from 0.2", "small": "constant 0.01"}.items()):
        color = _style.color([1, 0, 2][index])
        distance.plot(epoch, result[f"{key}_distance"], color=color, linestyle=[":", "-", "--"][index], label=name)
    distance.set(yscale="log", xlabel="epoch", ylabel="distance (log scale)")
    figure.legend(*distance.get_legend_handles_labels(), loc="outside lower center", ncols=3, columnspacing=1, handlelength=1.8)
    return figure


def on_the_digits():
    """The cost at the end for every schedule at its own best alpha0: logistic regression, and a network that can fit all."""
    figure, panels = _style.panels(2, height=7.0)
    titles = ("Logistic regression: the noise stays", "A network that can fit all: the noise fades")
    for axes, result, title in zip(panels, (experiments.on_a_line(), experiments.on_a_network()), titles, strict=True):
        names = [str(name) for name in result["names"] if name != "by_step"]
        for row in range(len(names)):
            axes.plot([result["low"][row], result["high"][row]], [row, row], color=_style.color(0), linestyle="-", linewidth=2)
        axes.plot(result["median"][: len(names)], range(len(names)), "o", color=_style.color(0), markersize=6)
        axes.axvline(result["median"][0], color=_style.color(1), linestyle="--", linewidth=1.2)
        axes.set_yticks(range(len(names)), [NAMES[name] for name in names])
        axes.invert_yaxis()
        axes.grid(axis="y", visible=False)
        axes.set(title=title, xlabel="cost at the end: median, least and most")
    panels[1].set(xscale="log", xlabel="cost at the end (log scale)")
    return figure
