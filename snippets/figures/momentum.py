"""Pictures of what momentum does."""

import numpy as np

from snippets.experiments import momentum as experiments
from snippets.figures import _style


def phase():
    """The (alpha, beta) plane of one parabola by what happens there, and a run from each region."""
    result = experiments.phase()
    figure, (plane, runs) = _style.panels(2, height=7.0, height_ratios=[3, 2])
    colors = [_style.color(i) for i in (2, 0, 4, 1)]
    plane.contourf(
        result["alpha"],
        result["beta"],
        result["regime"],
        levels=[-0.5, 0.5, 1.5, 2.5, 3.5],
        colors=colors,
        alpha=0.25,
        hatches=["", "", "//", "xx"],
    )
    beta = result["beta"]
    root = np.sqrt(beta)
    plane.plot((1 - root) / (1 + root), beta, color=_style.ink(), linewidth=2.5, linestyle="-")
    plane.plot((1 + root) / (1 - root), beta, color=_style.ink(), linewidth=2.5, linestyle="-")
    plane.plot(2 * (1 + beta) / (1 - beta), beta, color=_style.ink(), linewidth=1.2, linestyle="-.")
    box = {"facecolor": _style.paper(), "edgecolor": "none", "alpha": 0.85, "pad": 1.5}
    for x, y, text in ((0.018, 0.3, "glides"), (0.6, 0.75, "swings"), (14, 0.2, "diverges")):
        plane.text(x, y, text, bbox=box)
    plane.text(4.5, 0.04, "flips: the sliver at C", bbox=box)
    plane.text(0.0125, 0.6, "thick line:\nthe best $\\beta$\nfor each $\\alpha$", bbox=box)
    names = "ABCD"
    for name, (a, b) in zip(names, result["points"], strict=True):
        plane.plot(a, b, "o", color=_style.ink(), markersize=5)
        plane.text(a * 1.12, b + 0.01, name, fontweight="bold", bbox=box)
    plane.set(
        xscale="log", xlim=(0.01, 100), ylim=(0, 0.99), xlabel="learning rate × curvature, $\\alpha\\lambda$ (log scale)", ylabel="$\\beta$"
    )
    plane.set_title("What happens on the cost $\\lambda w^2 / 2$")
    plane.grid(False)
    steps = np.arange(31)
    for index, (name, key, text) in enumerate(
        zip(names, ("glide", "swing", "flip", "diverge"), ("glides", "swings", "flips", "diverges"), strict=True)
    ):
        path = result[key]
        seen = np.abs(path) < 2.7
        runs.plot(
            steps[seen], path[seen], color=colors[index], linestyle=_style.STYLES[index], marker="o", markersize=2.5, label=f"{name} {text}"
        )
    runs.set(xlabel="step", ylabel="$w$", ylim=(-2.8, 2.2), xlim=(-0.5, 30))
    runs.legend(ncols=2, loc="lower right")
    return figure


def paths():
    """The way down one ravine by gradient descent, and by momentum at the same learning rate and at its best."""
    result = experiments.paths()
    figure, panels = _style.panels(3, height=6.2, sharex=True, sharey=True)
    x, y = np.linspace(-10.5, 3.5, 41), np.linspace(-2.3, 2.3, 31)
    value = (x**2 + result["kappa"] * y[:, np.newaxis] ** 2) / 2
    titles = {
        "plain": f"gradient descent, $\\alpha$ = {result['rate']:.3f}, its best",
        "same": f"momentum, $\\alpha$ = {result['rate']:.3f}, $\\beta$ = 0.9",
        "best": f"momentum, $\\alpha$ = {result['alpha']:.1f}, $\\beta$ = {result['beta']:.2f}, its best",
    }
    for index, (axes, (key, title)) in enumerate(zip(panels, titles.items(), strict=True)):
        axes.contour(x, y, value, levels=[2, 8, 20, 40, 70], colors=_style.faint(), linewidths=1)
        axes.plot(*result[key].T, color=_style.color(min(index, 1)), linestyle="-", marker="o", markersize=3)
        axes.plot(0, 0, "*", color=_style.ink(), markersize=10)
        axes.set(title=title, ylabel="$w_2$", xlim=(-10.5, 3.5), ylim=(-2.3, 2.3))
        axes.grid(False)
    panels[-1].set_xlabel("$w_1$")
    return figure


def noise():
    """Cost on the digits after five epochs of mini-batches against the learning rate, without momentum and with."""
    result = experiments.noise()
    figure, axes = _style.panels(height=3.6)
    for index, (key, low, high, name) in enumerate(
        (("plain", "plain_low", "plain_high", "gradient descent"), ("momentum", "low", "high", "momentum, $\\beta$ = 0.9"))
    ):
        axes.plot(
            result["rates"],
            result[key],
            color=_style.color(index),
            linestyle=_style.STYLES[index],
            marker="os"[index],
            markersize=4,
            label=name,
        )
        axes.fill_between(result["rates"], result[low], result[high], color=_style.color(index), alpha=0.13, linewidth=0)
    axes.set(
        xscale="log",
        yscale="log",
        xlabel="learning rate $\\alpha$ (log scale)",
        ylabel="cost (log scale)",
        title="Digits, after five epochs of mini-batches",
    )
    axes.legend(loc="lower left")
    return figure
