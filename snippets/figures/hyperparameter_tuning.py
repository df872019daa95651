"""Pictures of where to look for good hyperparameters."""

import numpy as np

from snippets.experiments import hyperparameter_tuning as experiments
from snippets.figures import _style


def importance():
    """The share of the variance of the dev error that each hyperparameter explains alone."""
    result = experiments.importance()
    names = {"alpha": "learning rate α", "batch_size": "batch size", "beta": "momentum's β", "lambd": "L2's λ", "units": "hidden units"}
    figure, axes = _style.panels(height=2.6)
    for row, name in enumerate(reversed(names)):
        axes.plot([0, result[name]], [row, row], color=_style.color(0), linestyle="-", linewidth=9, solid_capstyle="butt")
        axes.plot([result[f"{name}_low"], result[f"{name}_high"]], [row, row], color=_style.ink(), linestyle="-", linewidth=1.5, marker="|")
    axes.set(yticks=range(len(names)), xlabel="share of the variance of the dev error", xlim=(0, None))
    axes.set_yticklabels(list(reversed(names.values())))
    axes.grid(axis="y", visible=False)
    return figure


def layouts():
    """Twenty-five trials as a grid and at random, and the values each of them tries on the axis that matters."""
    result = experiments.layouts()
    figure, row = _style.panels(1, 2, height=3.1, sharey=True)
    for index, (axes, name, title) in enumerate(zip(row, ("grid", "random"), ("grid", "random"), strict=True)):
        x, y = result[name].T
        axes.plot(x, y, linestyle="none", marker="so"[index], markersize=5, color=_style.color(index))
        axes.plot(x, np.full(len(x), -0.16), linestyle="none", marker="|", markersize=12, color=_style.ink())
        axes.set(title=f"{title}: {result[f'{name}_values']} values of α", xlabel="α (matters)", xticks=[], yticks=[], ylim=(-0.25, 1.05))
        axes.set_aspect("equal")
    row[0].set_ylabel("ε (does not)")
    return figure


def budget():
    """The best score found against the number of trials, on three kinds of surface."""
    result = experiments.budget()
    figure, rows = _style.panels(3, height=7.2, sharex=True)
    titles = {"one": "one axis matters (simulated)", "two": "both axes matter (simulated)", "digits": "digits: learning rate and β"}
    names = {
        "grid": (0, "grid, ends included"),
        "inner": (2, "grid, middles of cells"),
        "random": (1, "random"),
        "sobol": (3, "quasi-random (Sobol)"),
    }
    for axes, (kind, title) in zip(rows, titles.items(), strict=True):
        for name, (index, label) in names.items():
            style = {"color": _style.color(index), "linestyle": _style.STYLES[index], "marker": "soD^"[index]}
            axes.plot(result["trials"], result[f"{kind}_{name}_mean"], label=label, markersize=4, **style)
        axes.set_title(title, loc="left")
        axes.set(ylabel="mean of the best", ylim=(0, None))
    rows[0].legend()
    rows[-1].set(xlabel="trials", xticks=result["trials"])
    return figure


def coarse_to_fine():
    """Ten trials everywhere, then ten in the box around the best of them."""
    result = experiments.coarse_to_fine()
    figure, axes = _style.panels(height=4.0)
    u = np.linspace(0, 1, 41)
    levels = [0.03, 0.04, 0.06, 0.09, 0.15, 0.3, 0.5, 0.7]
    field = axes.contourf(u, u, result["field"].T, levels=levels, cmap=_style.sequential(), alpha=0.8)
    axes.plot(*result["first"].T, linestyle="none", marker="o", markersize=7, color=_style.ink(), label="first round")
    axes.plot(*result["second"].T, linestyle="none", marker="^", markersize=6, color=_style.color(1), label="second round")
    (left, right), (low, high) = result["box"]
    axes.plot([left, right, right, left, left], [low, low, high, high, low], color=_style.color(1), linestyle="--")
    axes.set(
        xlabel="learning rate (log scale)", ylabel="β (log scale of 1 − β)", xticks=[], yticks=[], xlim=(-0.02, 1.02), ylim=(-0.02, 1.02)
    )
    axes.legend(loc="upper left")
    figure.colorbar(field, label="dev error", ticks=levels)
    return figure


def scales():
    """Forty draws of a learning rate, linear and logarithmic, on a logarithmic axis."""
    result = experiments.scales()
    figure, axes = _style.panels(height=2.4)
    for index, (row, name) in enumerate([(1, "linear"), (0, "log")]):
        points = result[f"{name}_points"]
        axes.plot(
            points,
            np.full(len(points), row),
            linestyle="none",
            marker="|",
            markersize=16,
            markeredgewidth=1.5,
            color=_style.color(2 + index),
        )
        for k, share in enumerate(result[name]):
            axes.text(10 ** (-3.5 + k), row + 0.32, f"{share:.0%}" if share > 0.005 else f"{share:.1%}", ha="center", color=_style.ink())
    axes.set(xscale="log", xlabel="learning rate (log scale)", yticks=[0, 1], ylim=(-0.4, 1.6), xlim=(0.8e-4, 1.25))
    axes.set_yticklabels(["logarithmic", "linear"])
    axes.grid(axis="y", visible=False)
    return figure


def window():
    """The effective window against beta: linear in beta it explodes, linear in the logarithm of 1 - beta it grows evenly."""
    result = experiments.window()
    figure, (above, below) = _style.panels(2, height=5.0)
    above.plot(result["beta"], result["window"], color=_style.color(0), linestyle="-")
    above.set(xlabel="β", ylabel="window 1 / (1 − β)")
    below.plot(1 - result["beta"], result["window"], color=_style.color(0), linestyle="-")
    below.set(xscale="log", yscale="log", xlabel="1 − β (log scale, small to the right)", ylabel="window (log scale)")
    below.invert_xaxis()
    return figure


def panda_and_caviar():
    """One run watched, its learning rate changed on the way, and twenty runs that each keep their own."""
    result = experiments.panda_and_caviar()
    figure, (above, below) = _style.panels(2, height=5.2, sharex=True, sharey=True)
    above.plot(result["watched"], result["cost"], color=_style.color(0), linestyle="-", marker="o", markersize=3)
    above.set_title("panda: one model, watched", loc="left")
    for k in (0, 9, 19, 29):
        above.annotate(
            f"α = {result['alpha'][k]:.2g}",
            (result["watched"][k], result["cost"][k]),
            (0, 10),
            textcoords="offset points",
            ha="center" if k else "left",
            fontsize=10,
        )
    epochs, curves = np.arange(1, result["epochs"] + 1), result["curves"]
    best = curves[-1].argmin()
    for curve in np.delete(curves, best, axis=1).T:
        below.plot(epochs, curve, color=_style.color(5), linestyle="-", linewidth=0.8, alpha=0.7)
    below.plot(epochs, curves[:, best], color=_style.color(1), linestyle="-", linewidth=2.4)
    below.set_title(f"caviar: {result['models']} models raced, the best drawn thick", loc="left")
    for axes in above, below:
        axes.set(ylabel="training cost", ylim=(0, 1.2))
    below.set(xlabel="epoch (one seed)", xlim=(0, result["epochs"] + 4))
    return figure
