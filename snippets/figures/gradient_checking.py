"""Figures of the page on gradient checking."""

import numpy as np

from snippets.experiments import gradient_checking as experiments
from snippets.figures import _style


def v_shape():
    """Error of the numerical gradient against epsilon, with the slopes of both sides."""
    r = experiments.v_curve()
    figure, axes = _style.panels(height=3.6)
    for i, (name, label, at) in enumerate(
        (("float32", "central,\nfloat32", (1.3e-12, 3e-3)), ("one_sided", "one-sided", (2e-7, 4e-5)), ("central", "central", (2e-6, 8e-12)))
    ):
        axes.plot(r["epsilons"], r[name], color=_style.color(2 - i), linestyle=_style.STYLES[2 - i])
        axes.text(*at, label, color=_style.color(2 - i), va="bottom")
    axes.axvline(1e-7, color=_style.ink(), linewidth=0.8, linestyle=":")
    axes.text(1.3e-7, 3e-12, "1e-7", ha="left")
    axes.text(8e-11, 2e-8, f"slope {r['central_left']:.1f}".replace("-", "\N{MINUS SIGN}"), ha="right")
    axes.text(3e-3, 8e-8, f"slope {r['central_right']:.1f}", va="top")
    axes.set(xscale="log", yscale="log", xlabel="epsilon (log scale)", ylabel="relative difference (log scale)", ylim=(1e-12, 3))
    axes.set_xticks(10.0 ** np.arange(-12, 0, 2))
    return figure


def thresholds():
    """The relative difference of a right gradient and of wrong ones, each seed a mark."""
    r = experiments.thresholds()
    figure, axes = _style.panels(height=3.2)
    for row, (bug, values) in enumerate(zip(r["bugs"], r["differences"], strict=True)):
        right = bug == "right"
        axes.plot(
            values, np.full(len(values), -row), "o" if right else "x", color=_style.color(2 if right else 1), markersize=5, linestyle=""
        )
    for limit in (1e-7, 1e-3):
        axes.axvline(limit, color=_style.ink(), linewidth=1, linestyle="--")
    for at, words in (2e-9, "good"), (1e-5, "look closer"), (5e-2, "a mistake"):
        axes.text(at, 0.75, words, ha="center")
    axes.set(xscale="log", xlabel="relative difference (log scale)", xlim=(1e-10, 3), ylim=(-len(r["bugs"]) + 0.5, 1.4))
    axes.set_yticks(-np.arange(len(r["bugs"])), list(r["bugs"]))
    return figure


def kinks():
    """How often a right backward pass fails the check, against epsilon, with ReLU and with tanh."""
    r = experiments.kinks()
    figure, axes = _style.panels(height=2.4)
    for i, name in enumerate(("relu", "tanh")):
        axes.plot(r["epsilons"], 100 * r[name], marker="os"[i], markersize=4, color=_style.color(1 - i), linestyle=_style.STYLES[1 - i])
    axes.text(6e-3, 30, "ReLU", color=_style.color(1), ha="right")
    axes.text(4e-2, 20, "tanh", color=_style.color(0), ha="left")
    axes.set(xscale="log", xlabel="epsilon (log scale)", ylabel="false alarms, %", ylim=(-4, 104))
    return figure
