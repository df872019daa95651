"""Pictures of sick runs, each beside its cure: the symptom dashed, the cure drawn through."""

import numpy as np

from snippets.experiments import diagnose as experiments
from snippets.figures import _style


def _sick(axes, x, y, label="symptom", **style):
    axes.plot(x, y, label=label, color=_style.color(1), linestyle="--", **style)


def _cured(axes, x, y, label="cured", **style):
    axes.plot(x, y, label=label, color=_style.color(0), linestyle="-", **style)


def not_a_number():
    """One seed's cost until it is no number, for each of three causes, and the same start with the cure."""
    result = experiments.not_a_number()
    figure, panels = _style.panels(3, height=5.6, sharex=True)
    titles = {
        "diverged": "Steps too long",
        "divided": "Adam with epsilon 0: zero over zero",
        "naive": "The logarithm of zero, in the loss alone",
    }
    for axes, (name, title) in zip(panels, titles.items(), strict=True):
        sick, cured = result[f"{name}_curve"], result[f"{name}_cured_curve"]
        end = len(sick)
        _sick(axes, np.arange(1, end + 1), sick)
        _cured(axes, np.arange(1, len(cured) + 1), cured)
        height = sick[-1] if end else cured[0]
        axes.plot([end or 1], [height], "x", color=_style.color(1), markersize=9, markeredgewidth=2.2, linestyle="none")
        axes.annotate("then NaN" if end else "NaN at once", (end or 1, height), (8, -3), textcoords="offset points", color=_style.color(1))
        axes.set(title=title, ylabel="cost", ylim=(0, 1.25 * max([*sick, *cured])))
    panels[0].legend(loc="center right")
    panels[2].set_xlabel("epoch (one seed)")
    return figure


def flat():
    """Median cost of three runs that do not move, and of the same networks cured."""
    result = experiments.flat()
    figure, panels = _style.panels(3, height=5.6, sharex=True)
    titles = {"zeros": "Zeros for a start", "rate": "Learning rate too small", "scale": "Weights too small for six layers"}
    for axes, (name, title) in zip(panels, titles.items(), strict=True):
        epoch = np.arange(1, result["epochs"] + 1)
        axes.axhline(result["chance"], color=_style.ink(), linewidth=0.8, linestyle=":")
        _sick(axes, epoch, result[name])
        _cured(axes, epoch, result[f"{name}_cured"])
        axes.set(title=title, ylabel="cost", ylim=(0, 0.85))
    panels[0].text(99, 0.63, "log 2", ha="right", va="center")
    panels[0].legend(loc="lower left")
    panels[2].set_xlabel("epoch")
    return figure


def rises():
    """One seed's cost at a learning rate of 2, at an eighth of it, and with the gradient clipped."""
    result = experiments.rises()
    figure, axes = _style.panels(height=3.2)
    epoch = np.arange(1, result["epochs"] + 1)
    _sick(axes, epoch, result["sick_one"], f"learning rate {result['rate']:g}")
    _cured(axes, epoch, result["lower_one"], f"learning rate {result['lower_rate']:g}")
    axes.plot(epoch, result["clipped_one"], label=f"{result['rate']:g}, gradient clipped", color=_style.color(2), linestyle="-.")
    axes.set(xlabel="epoch (one seed)", ylabel="cost (log scale)", yscale="log", title="It falls, jumps, and ends up high")
    axes.set_yticks([0.2, 0.5, 1, 2], ["0.2", "0.5", "1", "2"])
    axes.minorticks_off()
    figure.legend(loc="outside lower center", ncols=2)
    return figure


def oscillates():
    """One seed's cost with steps too long on the full batch, and one example at a time; each with its cure."""
    result = experiments.oscillates()
    figure, panels = _style.panels(2, height=4.8, sharex=True)
    epoch = np.arange(1, result["epochs"] + 1)
    _sick(panels[0], epoch, result["full_one"], f"learning rate {result['long']:g}")
    _cured(panels[0], epoch, result["full_cured_one"], f"learning rate {result['short']:g}")
    panels[0].set(title="Full batch: the steps are too long", ylabel="cost", ylim=(0, 1.5 * max(result["full_one"])))
    _sick(panels[1], epoch, result["noisy_one"], f"learning rate {result['short']:g}")
    _cured(panels[1], epoch, result["noisy_cured_one"], f"{result['short']:g}, decayed")
    panels[1].set(title="One example at a time: the gradient is noisy", xlabel="epoch (one seed)", ylabel="cost", ylim=(0, None))
    for axes in panels:
        axes.legend(loc="upper right")
    return figure


def overfits():
    """Mean cost in training and on other images: few examples, few with L2, many."""
    result = experiments.overfits()
    figure, panels = _style.panels(3, height=5.8, sharex=True, sharey=True)
    titles = {
        "few": f"{result['few']} examples",
        "l2": f"{result['few']} examples, L2 with lambda {result['lambd']:g}",
        "many": f"{result['many']:,} examples",
    }
    for axes, (name, title) in zip(panels, titles.items(), strict=True):
        _sick(axes, result["epoch"], result[f"{name}_dev"], "on other images")
        _cured(axes, result["epoch"], result[f"{name}_train"], "in training")
        axes.set(title=title, ylabel="cost", ylim=(0, 0.7))
    panels[2].set_xlabel("epoch")
    figure.legend(*panels[0].get_legend_handles_labels(), loc="outside lower center", ncols=2)
    return figure


def test_mode():
    """Accuracy on other images over training, asked as in training and as at test time."""
    result = experiments.test_mode()
    figure, panels = _style.panels(2, height=4.8, sharex=True)
    for axes, (name, title, sick, cured) in zip(
        panels,
        (
            ("norm", "Batch norm, one image at a time", "the batch's own statistics", "running statistics"),
            ("dropout", "Dropout", "left on", "off"),
        ),
        strict=True,
    ):
        _sick(axes, result["epoch"], 100 * result[f"{name}_sick"], sick, marker="o", markersize=4)
        _cured(axes, result["epoch"], 100 * result[f"{name}_cured"], cured, marker="o", markersize=4)
        axes.set(title=title, ylabel="% right", ylim=(40, 101))
        axes.legend(loc="lower right" if name == "dropout" else "center right")
    panels[1].set_xlabel("epochs of training")
    return figure


def slow():
    """Median cost over epochs on a log scale: a small rate, a larger one, mini-batches, Adam."""
    result = experiments.slow()
    figure, axes = _style.panels(height=3.6)
    runs = {"sick": f"rate {result['small']:g}", "rate": f"rate {result['larger']:g}", "batches": "and batches of 32", "adam": "and Adam"}
    for (name, label), color, style in zip(runs.items(), (1, 0, 2, 3), ("--", "-", "-.", ":"), strict=True):
        curve = result[f"{name}_curve"]
        axes.plot(np.arange(1, len(curve) + 1), curve, label=label, color=_style.color(color), linestyle=style)
    axes.axhline(result["target"], color=_style.ink(), linewidth=0.8, linestyle=":")
    axes.set(
        xlabel="epoch (log scale)", ylabel="cost", xscale="log", ylim=(0, None), title=f"Epochs until the cost is {result['target']:g}"
    )
    figure.legend(loc="outside lower center", ncols=2)
    return figure


def constant():
    """Accuracy and recall where one class is rare, with the examples as they come and with the rare ones repeated."""
    result = experiments.constant()
    figure, panels = _style.panels(2, height=4.8, sharex=True, sharey=True)
    for axes, (what, title) in zip(
        panels,
        (("accuracy", "Accuracy in training: it hides what happens"), ("recall", "Share of the rare class that is found")),
        strict=True,
    ):
        _sick(axes, result["epoch"], 100 * result[f"uneven_{what}"], "as they come")
        _cured(axes, result["epoch"], 100 * result[f"even_{what}"], "rare ones repeated")
        axes.set(title=title, ylabel="%", ylim=(-4, 101))
    panels[0].legend(loc="lower right")
    panels[1].set_xlabel("epoch")
    return figure


def luck():
    """What the best of so many runs promises on the images that chose it, and keeps on others."""
    result = experiments.luck()
    figure, panels = _style.panels(2, height=4.8, sharex=True, sharey=True)
    for axes, name in zip(panels, ("few", "many"), strict=True):
        _sick(axes, result["count"], result[f"{name}_promise"], "on the images that chose it")
        _cured(axes, result["count"], result[f"{name}_keep"], "on others")
        axes.set(title=f"Chosen on {result[name]} images", ylabel="% right")
    panels[1].set_xlabel("runs to choose from")
    figure.legend(*panels[0].get_legend_handles_labels(), loc="outside lower center", ncols=2)
    return figure
