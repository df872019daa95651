"""Pictures of mini-batches."""

import numpy as np

from snippets.experiments import mini_batches as experiments
from snippets.figures import _style


def partition():
    """Eleven examples in order, shuffled, and dealt out in batches of four, four and three."""
    result = experiments.partition()
    figure, axes = _style.panels(height=2.6)
    m, order = result["m"], result["order"]
    gap = np.repeat(np.arange(len(result["sizes"])), result["sizes"]) * 0.8
    rows = [(2, np.arange(m), np.arange(m) + 0.8), (1, order, np.arange(m) + 0.8), (0, order, np.arange(m) + gap)]
    for height, labels, places in rows:
        for label, place in zip(labels, places, strict=True):
            batch = int(np.searchsorted(np.cumsum(result["sizes"]), np.flatnonzero(order == label)[0], side="right"))
            box = {"boxstyle": "square,pad=0.35", "facecolor": _style.paper(), "edgecolor": _style.color(batch), "linewidth": 1.6}
            axes.text(place, height, f"{label + 1:2d}", ha="center", va="center", bbox=box, family="DejaVu Sans Mono")
    for batch, (size, end) in enumerate(zip(result["sizes"], np.cumsum(result["sizes"]), strict=True)):
        middle = end - size + (size - 1) / 2 + 0.8 * batch
        axes.text(middle, -0.62, f"$X^{{\\{{{batch + 1}\\}}}}, Y^{{\\{{{batch + 1}\\}}}}$", ha="center", va="center", fontsize=13)
    for height, label in ((2, "in order"), (1, "shuffled"), (0, "dealt out")):
        axes.text(-1.0, height, label, ha="right", va="center")
    axes.set(xlim=(-4.2, m + 1.4), ylim=(-1, 2.5))
    axes.axis("off")
    return figure


def oscillation():
    """The cost of every step on the digits: smooth with the full batch, jagged with batches of 64, and their epoch means."""
    result = experiments.oscillation()
    figure, (full, mini) = _style.panels(2, height=4.6, sharex=True, sharey=True)
    steps = np.arange(1, result["steps"] + 1)
    full.plot(steps, result["full_costs"], color=_style.color(0), linestyle="-")
    full.set_title("full batch: a step is an epoch")
    mini.plot(steps, result["mini_costs"], color=_style.color(1), linestyle="-", linewidth=1, label="one batch of 64")
    middle = 22 * np.arange(result["epochs"]) + 11.5
    mini.plot(middle, result["mini_means"], color=_style.ink(), linestyle="--", marker="o", markersize=4, label="mean of an epoch")
    mini.set(title="mini-batches: 22 steps are an epoch", xlabel="step (one seed)")
    mini.legend()
    for axes in (full, mini):
        axes.set(ylabel="cost", ylim=(0, 0.85))
    return figure


def paths():
    """Contours of least squares with two weights, and the paths of a full batch, batches of 8 and single examples."""
    result = experiments.paths()
    figure, panels = _style.panels(3, height=7.4, sharex=True, sharey=True)
    x, y = np.linspace(-1.6, 2.6, 41), np.linspace(-1.9, 1.5, 31)
    d = np.stack(np.meshgrid(x - result["best"][0], y - result["best"][1]))
    cost = np.einsum("ikl,ij,jkl->kl", d, result["curvature"], d) / 2
    names = {
        "full": f"full batch: {result['epochs']} epochs, {result['epochs']} steps",
        "eight": "batches of 8: 2 epochs, 16 steps",
        "one": "single examples: 2 epochs, 128 steps",
    }
    for index, (axes, (key, name)) in enumerate(zip(panels, names.items(), strict=True)):
        axes.contour(x, y, cost, levels=[0.02, 0.1, 0.4, 1, 2, 4, 7], colors=_style.faint(), linewidths=1)
        axes.plot(*result[f"{key}_path"].T, color=_style.color(index), linestyle="-", marker="o", markersize=2.5, linewidth=1.1)
        axes.plot(*result["best"], "x", color=_style.ink(), markersize=9, markeredgewidth=2)
        axes.set(title=name, ylabel="$w_2$")
        axes.grid(False)
    panels[-1].set_xlabel("$w_1$   (cross: the best weights)")
    return figure


def sizes():
    """Epochs to a target, time of an epoch and time to the target, against the size of the batch, on the real digits."""
    result, timing = experiments.sizes(), experiments.timing()
    figure, (epochs, times) = _style.panels(2, height=5.6, sharex=True)
    x = result["sizes"]
    for size, low, high in zip(x, result["low"], result["high"], strict=True):
        epochs.plot([size, size], [low, high], color=_style.color(0), linestyle="-", linewidth=1.5)
    epochs.plot(x, result["median"], color=_style.color(0), linestyle="-", marker="o", label="epochs: median, least and most")
    epochs.plot(x, result["steps"], color=_style.color(1), linestyle="--", marker="s", label="steps: median")
    epochs.set(
        yscale="log", ylabel="epochs, or steps (log scale)", title=f"To a cost of {result['target']:g}, each size at its own best rate"
    )
    times.plot(x, timing["ratio"], color=_style.color(2), linestyle="-.", marker="^", label="time of an epoch")
    times.plot(x, timing["to_target"], color=_style.color(3), linestyle=":", marker="D", label="time to the target")
    times.axhline(1, color=_style.ink(), linestyle="-", linewidth=0.8)
    times.set(
        yscale="log", xscale="log", ylabel="time (log scale)", xlabel="examples in a batch (log scale)", title="A timing: full batch = 1"
    )
    times.set_xticks(x, [str(size) for size in x])
    times.minorticks_off()
    for axes in (epochs, times):
        axes.legend()
    return figure
