"""Figures of the page on regularization."""

import numpy as np

from snippets.experiments import regularization as experiments
from snippets.figures import _style


def boundary():
    """The decision boundary on sixty noisy moons for four values of lambda."""
    r = experiments.boundary()
    figure, axes = _style.panels(2, 2, height=4.4, sharex=True, sharey=True)
    labels = r["Y"][0] == 1
    for i, panel in enumerate(axes.flat):
        panel.contourf(r["x"], r["y"], r["pictures"][i], levels=np.linspace(0, 1, 6), cmap=_style.diverging(), alpha=0.5)
        if r["pictures"][i].min() < 0.5 < r["pictures"][i].max():
            panel.contour(r["x"], r["y"], r["pictures"][i], levels=[0.5], colors=[_style.ink()], linewidths=1.5)
        for side, mark, color in (labels, "o", 1), (~labels, "x", 0):
            panel.plot(*r["X"][:, side], mark, color=_style.color(color), markersize=4, linestyle="")
        panel.set_title(f"$\\lambda$ = {r['lambdas'][i]:g}: {r['train'][i]:.0%} train, {r['dev'][i]:.0%} dev", fontsize=10)
        panel.grid(False)
    figure.supxlabel(f"$x_1$ (drawn: one seed; in the titles: means of {r['seeds']})", fontsize=11)
    figure.supylabel("$x_2$", fontsize=11)
    return figure


def _sweep(r, x, axes):
    """Accuracy against a regularizer's strength: training and dev with wrong labels, dev with right ones."""
    axes.fill_between(x, 100 * r["wrong_dev_low"], 100 * r["wrong_dev_high"], color=_style.color(0), alpha=0.15, linewidth=0)
    for i, (field, label) in enumerate((("wrong_dev_mean", "dev"), ("wrong_train", "training"), ("clean_dev_mean", "dev, right labels"))):
        axes.plot(x, 100 * r[field], marker="osD"[i], markersize=4, color=_style.color(i), linestyle=_style.STYLES[i], label=label)
    axes.set_ylabel("accuracy, %")


def lambda_sweep():
    """Training and dev accuracy on the digits against lambda."""
    r = experiments.l2_sweep()
    figure, axes = _style.panels(height=3.0)
    at = np.arange(len(r["lambdas"]))
    _sweep(r, at, axes)
    axes.set_xticks(at, [f"{lambd:g}" for lambd in r["lambdas"]])
    axes.set(xlabel="lambda (0, then a log scale)", ylim=(40, 102))
    axes.legend(loc="lower left")
    return figure


def keep_prob_sweep():
    """Training and dev accuracy on the digits against keep_prob."""
    r = experiments.dropout_sweep()
    figure, axes = _style.panels(height=3.0)
    _sweep(r, r["keep_probs"], axes)
    axes.set(xlabel="keep_prob (none dropped at the left)", xlim=(1.02, 0.08), ylim=(62, 102))
    axes.legend(loc="lower left")
    return figure


def dropped_units():
    """Which of twelve hidden units are dropped in each of sixty steps, and the share kept so far."""
    r = experiments.dropped_units()
    figure, (above, below) = _style.panels(2, 1, height=4.0, sharex=True, height_ratios=[3, 2])
    units, steps = r["masks"].shape
    for unit in range(units):
        dropped = np.flatnonzero(~r["masks"][unit]) + 1
        above.plot(dropped, np.full(len(dropped), unit + 1), "s", color=_style.color(1), markersize=4, linestyle="")
    above.set(ylabel="unit", yticks=[1, 4, 8, 12], title="dropped")
    above.grid(False)
    for kept in r["kept"]:
        below.plot(np.arange(1, steps + 1), kept, color=_style.color(0), linestyle="-", linewidth=0.8, alpha=0.6)
    below.axhline(r["keep_prob"], color=_style.ink(), linestyle="--", linewidth=1.2)
    below.set(xlabel="step", ylabel="share kept", ylim=(0, 1.05))
    return figure


def blank_pixels():
    """Size of the weights of blank pixels under Adam, with L2 and with decoupled decay, at three strengths."""
    r = experiments.blank_pixels()
    figure, axes = _style.panels(height=3.0)
    steps = np.arange(0, r["steps"] + 1, 3)
    for i in range(3):
        axes.plot(steps, r["decoupled"][i, ::3], color=_style.color(0), linestyle=_style.STYLES[i])
        axes.plot(steps, r["l2"][i, ::3], color=_style.color(1), linestyle=_style.STYLES[i], linewidth=3 - i)
    axes.text(30, 0.42, "L2,\nall three\nstrengths", color=_style.color(1), ha="left", va="center")
    axes.text(300, 0.94, "decoupled, 0.0001 and 0.01", color=_style.color(0), ha="right", va="top")
    axes.text(300, 0.68, "decoupled, 1", color=_style.color(0), ha="right", va="top")
    axes.set(xlabel="step", ylabel="size of the weights\n(1 at the start)", ylim=(0, 1.06))
    return figure
