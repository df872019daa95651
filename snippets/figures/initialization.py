"""Pictures of where training starts and where that leads."""

import numpy as np

from snippets.experiments import initialization as experiments
from snippets.figures import _style

NAMES = {"zeros": "zeros", "large": "scale 10", "he": "He", "xavier": "Xavier (Glorot)", "lecun": "LeCun"}


def race():
    """Cost against epoch from five starts: median and the middle eight tenths of the seeds."""
    result = experiments.race()
    figure, axes = _style.panels(height=4.2)
    for index, (scheme, name) in enumerate(NAMES.items()):
        style = {"color": _style.color(index), "linestyle": _style.STYLES[index]}
        axes.plot(result["epoch"], result[f"{scheme}_median"], label=name, **style)
        axes.fill_between(result["epoch"], result[f"{scheme}_low"], result[f"{scheme}_high"], color=style["color"], alpha=0.12, linewidth=0)
    axes.set(xlabel="epoch", ylabel="cost (log scale)", yscale="log", title="The same network, data and learning rate")
    figure.legend(loc="outside lower center", ncols=3)
    return figure


def saturation():
    """Histogram of the outputs before training, at scale 10 and at He's."""
    result = experiments.saturation()
    figure, panels = _style.panels(2, height=4.2, sharex=True)
    middles = (result["bins"][:-1] + result["bins"][1:]) / 2
    for axes, (scheme, index, hatch) in zip(panels, (("large", 1, ""), ("he", 2, "//")), strict=True):
        axes.bar(middles, result[f"{scheme}_share"], width=0.046, color=_style.color(index), hatch=hatch, edgecolor=_style.paper())
        axes.set_axisbelow(True)
        axes.set(title=f"{NAMES[scheme]}: outputs before the first step", ylabel="share", xlim=(0, 1))
    panels[1].set_xlabel("output $a^{[L]}$")
    return figure


def boundaries():
    """The output over the plane after the same training from four starts."""
    result = experiments.boundaries()
    names = {"zeros": "zeros", "equal": "all weights 0.5", "large": "scale 10", "he": "He"}
    figure, panels = _style.panels(2, 2, height=5.4, sharex=True, sharey=True)
    for axes, (scheme, name) in zip(panels.flat, names.items(), strict=True):
        edge, output = result["edge"], result[scheme]
        axes.contourf(edge, edge, output, levels=[0, 0.25, 0.45, 0.55, 0.75, 1], cmap=_style.diverging(), alpha=0.6)
        if np.ptp(output) > 0:
            axes.contour(edge, edge, output, levels=[0.5], colors=_style.ink(), linewidths=1.5)
        for label, mark in ((0, "o"), (1, "^")):
            axes.plot(
                *result["X"][:, result["Y"][0] == label][:, ::3], mark, color=_style.ink(), markersize=2.5, alpha=0.7, linestyle="none"
            )
        axes.set(title=f"{name}: {result[f'{scheme}_accuracy']:.0%} right", xticks=[-1, 0, 1], yticks=[-1, 0, 1], aspect="equal")
        axes.grid(False)
    for axes in panels[1]:
        axes.set_xlabel("$x_1$")
    for axes in panels[:, 0]:
        axes.set_ylabel("$x_2$")
    return figure


def what_moves():
    """How far training moves each array of parameters, from zeros and from He's start."""
    result = experiments.zeros_move()
    figure, axes = _style.panels(height=3.6)
    rows = np.arange(len(result["names"]))
    for scheme, index, offset, hatch in (("zeros", 0, -0.2, ""), ("he", 2, 0.2, "//")):
        moved = result[f"{scheme}_moved"]
        axes.barh(
            rows + offset,
            moved,
            height=0.36,
            label=f"from {NAMES[scheme]}",
            color=_style.color(index),
            hatch=hatch,
            edgecolor=_style.paper(),
        )
        if scheme == "zeros":
            for row, value in zip(rows, moved, strict=True):
                axes.text(value + 0.05, row + offset, f"{value:.2f}" if value else "0", va="center", color=_style.color(index))
    axes.set_yticks(rows, [f"${name[0]}^{{[{name[1]}]}}$" for name in result["names"]])
    axes.set(xlabel="the furthest that any entry moved", title="From zeros, only the output's bias moves")
    axes.invert_yaxis()
    axes.grid(axis="y", visible=False)
    axes.legend(loc="lower right")
    return figure


def spread_by_layer():
    """Size of the activations in each of ten hidden layers, under five starts, with ReLU and with tanh."""
    result = experiments.spread_by_layer()
    figure, panels = _style.panels(2, height=6.4, sharex=True)
    names = NAMES | {"large": "scale 1"}
    for axes, activation in zip(panels, ("relu", "tanh"), strict=True):
        for index, (scheme, name) in enumerate(names.items()):
            if (activation, scheme) == ("relu", "zeros"):  # nothing has no place on a log scale
                continue
            key, style = f"{activation}_{scheme}", {"color": _style.color(index), "linestyle": _style.STYLES[index]}
            axes.plot(result["layer"], result[key], label=name if activation == "tanh" else None, **style)
            axes.fill_between(result["layer"], result[f"{key}_low"], result[f"{key}_high"], color=style["color"], alpha=0.12, linewidth=0)
    panels[0].set(title="ReLU", ylabel="size (log scale)", yscale="log")
    panels[0].text(0.3, 1e6, "zeros: 0, below\nany log scale", va="center")
    panels[1].set(title="tanh", xlabel="layer (0 is the input)", ylabel="size")
    figure.legend(loc="outside lower center", ncols=3)
    return figure
