"""Pictures of batch norm at work."""

import numpy as np

from snippets.experiments import batch_norm as experiments
from snippets.figures import _style


def _band(axes, x, result, prefix, index, label, marker=None):
    """Mean and middle nine tenths over the seeds."""
    style = {"color": _style.color(index), "linestyle": _style.STYLES[index]}
    axes.fill_between(x, result[f"{prefix}low"], result[f"{prefix}high"], color=style["color"], alpha=0.15, linewidth=0)
    axes.plot(x, result[f"{prefix}mean"], label=label, marker=marker, markersize=4, **style)


def before_and_after():
    """Eight units over one batch: as they come, normalized, and after gamma and beta. A diamond is a mean, for it is what is set."""
    result = experiments.before_and_after()
    figure, rows = _style.panels(3, height=4.6, sharex=True, sharey=True)
    units = np.arange(1, 9)
    titles = ("Z: each unit has its own mean and spread", "normalized: mean 0, spread 1", "after γ and β, as learned")
    quantiles = result["quantiles"].swapaxes(0, 1)
    for axes, (low, first, _, third, high), mean, title in zip(rows, quantiles, result["mean"], titles, strict=True):
        axes.axhline(0, color=_style.ink(), linewidth=0.8)
        for k, unit in enumerate(units):
            axes.plot([unit, unit], [low[k], high[k]], color=_style.color(0), linestyle="-", linewidth=1.2)
            axes.plot([unit, unit], [first[k], third[k]], color=_style.color(0), linestyle="-", linewidth=6, solid_capstyle="butt")
        axes.plot(units, mean, linestyle="none", marker="D", markersize=4.5, color=_style.paper(), markeredgecolor=_style.ink())
        axes.set_title(title, loc="left")
        axes.set_ylabel("value")
    rows[-1].set(xlabel="unit", xticks=units)
    return figure


def learning_rates():
    """Dev accuracy after ten epochs against the learning rate."""
    result = experiments.learning_rates()
    figure, axes = _style.panels(height=3.2)
    _band(axes, result["alphas"], result, "with_", 0, "with batch norm", "o")
    _band(axes, result["alphas"], result, "without_", 1, "without", "s")
    axes.set(xscale="log", xlabel="learning rate (log scale)", ylabel="dev accuracy", ylim=(0.4, 1))
    axes.legend(loc="lower left", bbox_to_anchor=(0.18, 0))  # below both, where nothing runs
    return figure


def statistics():
    """The means of a hundred batches of sixteen, their running average, and the mean of all values."""
    result = experiments.statistics()
    figure, axes = _style.panels(height=3.0)
    steps = np.arange(result["batches"] + 1)
    axes.plot(steps[1:], result["means"], linestyle="none", marker="o", markersize=3.5, color=_style.color(5), label="a batch of 16")
    axes.axhline(result["mean"], color=_style.color(1), linestyle=_style.STYLES[1], label="all values")
    axes.plot(steps, result["running"], color=_style.color(0), linestyle="-", label="running average")
    axes.set(xlabel="batch", ylabel="mean of one unit's values", xlim=(0, result["batches"]))
    axes.legend(ncols=3, loc="lower center", bbox_to_anchor=(0.5, 1.0), frameon=False, columnspacing=1, handlelength=1.6)
    return figure


def shifted_inputs():
    """Brighter and darker inputs: how far the second layer's means move, and what it costs."""
    result = experiments.shifted_inputs()
    figure, (above, below) = _style.panels(2, height=5.2, sharex=True)
    names = {"without": (1, "no batch norm"), "batch": (2, "batch statistics"), "running": (0, "running statistics")}
    for kind, (index, label) in names.items():
        _band(above, result["shifts"], result, f"{kind}_moved_", index, label)
        _band(below, result["shifts"], result, f"{kind}_accuracy_", index, label)
    above.set_ylabel("means moved by\n(in spreads)")
    below.set(xlabel="added to every pixel", ylabel="dev accuracy")
    above.legend(loc="upper center")
    return figure


def disturbed():
    """Training cost by epoch: none, batch norm, and batch norm disturbed in every step."""
    result = experiments.disturbed()
    figure, axes = _style.panels(height=3.2)
    epochs = np.arange(1, result["epochs"] + 1)
    names = {"without": (1, "no batch norm"), "noisy": (3, "batch norm, disturbed"), "with": (0, "batch norm")}
    for name, (index, label) in names.items():
        axes.plot(epochs, result[f"{name}_costs"], color=_style.color(index), linestyle=_style.STYLES[index], label=label)
    axes.set(xlabel="epoch", ylabel="training cost (mean)", ylim=(0, None), xticks=[1, 5, 10, 15, 20])
    axes.legend()
    return figure


def noise():
    """What the other examples of a group do to one: its normalized value's spread, and the accuracy of training."""
    result = experiments.noise()
    figure, (above, below) = _style.panels(2, height=5.2, sharex=True)
    sizes = result["sizes"]
    _band(above, sizes, result, "spread_", 0, "measured", "o")
    above.plot(sizes, 1 / np.sqrt(sizes), color=_style.ink(), linestyle=_style.STYLES[3], linewidth=1.2, label="1 / √size")
    above.set(ylabel="spread of one\nexample's value", ylim=(0, None))
    _band(below, sizes, result, "train_", 1, "train", "s")
    _band(below, sizes, result, "dev_", 0, "dev", "o")
    below.set(xscale="log", xlabel="examples normalized together (log scale)", ylabel="accuracy", ylim=(0.5, 1.02), xticks=sizes)
    below.set_xticklabels([str(size) for size in sizes])
    below.minorticks_off()
    above.legend()
    below.legend(loc="lower right")
    return figure


def test_time():
    """Dev accuracy against the size of the batch at test time."""
    result = experiments.test_time()
    figure, axes = _style.panels(height=3.2)
    sizes = result["sizes"]
    _band(axes, sizes, result, "batch_", 2, "the batch's own statistics", "s")
    flat = {f"running_{name}": np.full(len(sizes), result[f"running_{name}"]) for name in ("mean", "low", "high")}
    _band(axes, sizes, flat, "running_", 0, "running statistics")
    axes.set(xscale="log", xlabel="examples in the batch at test time (log scale)", ylabel="dev accuracy", xticks=sizes)
    axes.set_xticklabels([str(size) for size in sizes])
    axes.minorticks_off()
    axes.legend(loc="lower right")
    return figure
