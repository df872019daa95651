"""Pictures of what RMSprop does."""

import numpy as np

from snippets.experiments import rmsprop as experiments
from snippets.figures import _style


def paths():
    """The way down one ravine by gradient descent and by RMSprop, and RMSprop's own learning rate for each coordinate."""
    result = experiments.paths()
    figure, panels = _style.panels(3, height=6.6)
    x, y = np.linspace(-10.5, 2.0, 41), np.linspace(-1.4, 1.4, 31)
    value = (x**2 + result["kappa"] * y[:, np.newaxis] ** 2) / 2
    for index, (axes, key, title) in enumerate(zip(panels, ("plain", "path"), ("gradient descent, at its best", "RMSprop"), strict=False)):
        axes.contour(x, y, value, levels=[2, 8, 20, 40, 70], colors=_style.faint(), linewidths=1)
        axes.plot(*result[key].T, color=_style.color(2 * index), linestyle="-", marker="o", markersize=3)
        axes.plot(0, 0, "*", color=_style.ink(), markersize=10)
        axes.set(title=title, xlabel="$w_1$", ylabel="$w_2$", xlim=(-10.5, 2.0), ylim=(-1.4, 1.4))
        axes.grid(False)
    steps = np.arange(1, len(result["rates"]) + 1)
    for index, name in enumerate(("along the ravine, $w_1$", "across it, $w_2$")):
        panels[2].plot(steps, result["rates"][:, index], color=_style.color(3 + index), linestyle=_style.STYLES[index], label=name)
    panels[2].set(
        title="each coordinate's own learning rate, $\\alpha / (\\sqrt{s} + \\epsilon)$", xlabel="step", ylabel="rate", ylim=(0, None)
    )
    panels[2].legend(loc="upper left")
    return figure


def epsilon():
    """The first step against the size of the gradient, with epsilon outside the root, inside it, and without it."""
    result = experiments.epsilon_place()
    figure, axes = _style.panels(height=3.7)
    names = {"none": "no $\\epsilon$", "outside": "$\\sqrt{s} + \\epsilon$, the course's", "inside": "$\\sqrt{s + \\epsilon}$"}
    for index, (key, name) in enumerate(names.items()):
        axes.plot(result["sizes"], result[key], color=_style.color(index), linestyle=_style.STYLES[index], label=name)
    axes.set(xscale="log", yscale="log", ylim=(1e-5, 12), xlabel="size of the gradient (log scale)", ylabel="step ÷ $\\alpha$ (log scale)")
    axes.set_title("The first step, $\\epsilon = 10^{-8}$")
    axes.legend(loc="lower right")
    return figure


def rotation():
    """Steps that gradient descent and RMSprop need in a ravine turned against the axes."""
    result = experiments.rotation()
    figure, axes = _style.panels(height=3.6)
    for index, key, name in ((0, "plain", "gradient descent"), (2, "rmsprop", "RMSprop")):
        style = {"color": _style.color(index), "linestyle": _style.STYLES[index]}
        axes.plot(result["degrees"], result[key], marker="os^"[index], markersize=4, label=name, **style)
        axes.fill_between(result["degrees"], result[f"{key}_low"], result[f"{key}_high"], color=style["color"], alpha=0.13, linewidth=0)
    axes.set(yscale="log", xlabel="angle between the ravine and the axis (degrees)", ylabel="steps (log scale)")
    axes.set_title("Steps to a twentieth of the distance, ravine of ratio 1,000")
    axes.legend(loc="lower right")
    return figure
