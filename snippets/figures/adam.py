"""Pictures of what Adam does."""

import numpy as np

from snippets.experiments import adam as experiments
from snippets.figures import _style

NAMES = {"descent": "gradient descent", "momentum": "momentum", "rmsprop": "RMSprop", "adam": "Adam"}


def first_steps():
    """Adam's steps under a constant gradient, with the correction and without."""
    result = experiments.constant_gradient()
    figure, axes = _style.panels(height=3.6)
    steps = np.unique(np.round(np.logspace(0, np.log10(4000), 80)).astype(int))
    for index, (key, name) in enumerate((("uncorrected", "without the correction"), ("corrected", "with it"))):
        axes.plot(steps, result[key][steps - 1], color=_style.color(index), linestyle=_style.STYLES[index], label=name)
    axes.plot(result["at"], result["longest"], "o", color=_style.color(0), markersize=6)
    axes.annotate(
        f"{result['longest']:.2f} at step {result['at']}", (result["at"], result["longest"]), xytext=(8, 2), textcoords="offset points"
    )
    axes.annotate(f"{result['first']:.2f}", (1, result["first"]), xytext=(6, -8), textcoords="offset points")
    axes.set(xscale="log", ylim=(0, 7.6), xlabel="step $t$ (log scale)", ylabel="step ÷ $\\alpha$", title="Steps under a constant gradient")
    axes.legend(loc=(0.04, 0.17))
    return figure


def mistakes():
    """Wrong Adams against the right one: their steps under a constant gradient, and the first step against the gradient's size."""
    result = experiments.mistakes()
    figure, (above, below) = _style.panels(2, 1, height=6.6)
    shown = {"only_v": "only $v$ corrected", "right": "right", "d2l": "$t$ always 1", "only_s": "only $s$ corrected"}
    for index, (key, name) in enumerate(shown.items()):
        above.plot(result["t"], result[key], color=_style.color(index), linestyle=_style.STYLES[index], label=name)
    above.set(xscale="log", yscale="log", ylim=(0.05, 200), xlabel="step $t$ (log scale)", ylabel="step ÷ $\\alpha$ (log scale)")
    above.set_title("Steps under a constant gradient")
    above.legend(loc="upper right", ncols=2)
    shown = {
        "labml": r"$\hat\epsilon = (1 - \beta_2^t)\,\epsilon$",
        "right": "right",
        "hat": r"$\hat\epsilon = \epsilon$",
        "inside": r"$\sqrt{\hat s + \epsilon}$",
    }
    for index, (key, name) in enumerate(shown.items()):
        below.plot(result["sizes"], result[f"{key}_first"], color=_style.color(index), linestyle=_style.STYLES[index], label=name)
    below.set(
        xscale="log", xlabel="size of the gradient (log scale)", ylabel="step ÷ $\\alpha$", title="The first step, by where epsilon stands"
    )
    below.legend(loc="lower right")
    return figure


def race():
    """Cost on the digits against epoch for the four optimizers, each at its own best learning rate."""
    result = experiments.race()
    figure, axes = _style.panels(height=4.2)
    epochs = np.arange(1, result["epochs"] + 1)
    for index, name in enumerate(NAMES.values()):
        style = {"color": _style.color(index), "linestyle": _style.STYLES[index]}
        axes.plot(epochs, result["median"][index], label=name, marker="os^D"[index], markersize=4, **style)
        axes.fill_between(epochs, result["curve_low"][index], result["curve_high"][index], color=style["color"], alpha=0.1, linewidth=0)
    axes.set(yscale="log", xlabel="epoch", ylabel="cost (log scale)", title="Digits, each at its own best learning rate")
    axes.set_yticks([0.05, 0.1, 0.2, 0.5], ["0.05", "0.1", "0.2", "0.5"])
    axes.minorticks_off()
    figure.legend(loc="outside lower center", ncols=2)
    return figure


def surfaces():
    """Steps that the four optimizers need on four surfaces, each at its own best learning rate."""
    result = experiments.surfaces()
    figure, axes = _style.panels(height=4.6)
    shapes = ("bowl", "ravine", "saddle", "plateau")
    for index, name in enumerate(NAMES.values()):
        rows = np.arange(4) + 0.18 * (index - 1.5)
        middle = np.array([result[f"{shape}_steps"][index] for shape in shapes])
        ends = np.array([(result[f"{shape}_low"][index], result[f"{shape}_high"][index]) for shape in shapes])
        for row, (low, high) in zip(rows, ends, strict=True):
            axes.plot([low, high], [row, row], color=_style.color(index), linestyle="-", linewidth=2)
        axes.plot(middle, rows, "os^D"[index], color=_style.color(index), markersize=7, linestyle="none", label=name)
    axes.set_yticks(range(4), shapes)
    axes.set(
        xscale="log",
        xlabel="steps to the target (log scale): median, least and most",
        title="Four surfaces, each at its own best learning rate",
    )
    axes.invert_yaxis()
    axes.grid(axis="y", visible=False)
    figure.legend(loc="outside lower center", ncols=2)
    return figure


def paths():
    """The way down one ravine by all four, each at its own best learning rate: 100 steps from one start."""
    result = experiments.paths()
    figure, axes = _style.panels(height=4.6)
    field = result["field"]
    levels = np.quantile(field, np.linspace(0.1, 0.9, 9))
    axes.contour(np.linspace(-2.5, 2.5, 51), np.linspace(-2, 2, 41), field, levels=levels, colors=_style.ink(), alpha=0.35, linewidths=0.6)
    for index, (key, name) in enumerate(NAMES.items()):
        path = result[key]
        axes.plot(*path.T, label=name, color=_style.color(index), linestyle=_style.STYLES[index], marker="os^D"[index], markevery=[-1])
    axes.plot(*result["start"], "o", color=_style.ink(), markersize=6)
    axes.set(xlabel="$w_1$", ylabel="$w_2$", xlim=(-2.5, 2.5), ylim=(-2, 2), title="A ravine, each at its own best learning rate")
    axes.grid(False)
    figure.legend(loc="outside lower center", ncols=2)
    return figure


def reddi():
    """Reddi et al.'s example: Adam goes to the wrong end of the interval, AMSGrad and gradient descent to the right one."""
    result = experiments.reddi()
    figure, axes = _style.panels(height=4.0)
    steps = np.unique(np.round(np.logspace(0, np.log10(result["steps"]), 100)).astype(int))
    names = {
        "adam": (3, "Adam, $\\beta_2$ = 1/17"),
        "amsgrad": (4, "AMSGrad, $\\beta_2$ = 1/17"),
        "descent": (0, "gradient descent"),
        "longer": (5, "Adam, $\\beta_2$ = 0.999"),
    }
    for key, (index, name) in names.items():
        axes.plot(steps, result[key][steps], color=_style.color(index), linestyle=_style.STYLES[index], label=name)
    axes.set(
        xscale="log", xlabel="step $t$ (log scale)", ylabel="$x$", ylim=(-1.1, 1.1), title="From one start; the best point is $x = -1$"
    )
    figure.legend(loc="outside lower center", ncols=2)
    return figure
