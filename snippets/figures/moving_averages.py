"""Pictures of exponentially weighted averages."""

import numpy as np

from snippets.experiments import moving_averages as experiments
from snippets.figures import _style

NAMES = {"50": "$\\beta$ = 0.5", "90": "$\\beta$ = 0.9", "98": "$\\beta$ = 0.98"}


def temperatures():
    """Two years of Seattle's daily highs and their averages at beta 0.9 and 0.98; below, six weeks with 0.5 as well."""
    result = experiments.temperatures()
    figure, (years, weeks) = _style.panels(2, height=5.6)
    day = np.arange(1, result["days"] + 1)
    for axes, part in ((years, slice(None)), (weeks, slice(500, 545))):
        axes.plot(
            day[part],
            result["theta"][part],
            "." if axes is years else "o",
            color=_style.color(5),
            markersize=2 if axes is years else 4,
            label="a day's high",
        )
    for index, name in ((2, "50"), (1, "90"), (0, "98")):
        style = {"color": _style.color(index), "linestyle": ["-", "--", ":"][index], "linewidth": 2.2}
        if name != "50":
            years.plot(day[::4], result[f"v{name}"][::4], label=NAMES[name], **style)
        weeks.plot(day[500:545], result[f"v{name}"][500:545], label=NAMES[name], **style)
    years.set(title="Seattle, 2012 and 2013", ylabel="°C", xlabel="day", ylim=(-3, 43))
    weeks.set(title="Six weeks of it", ylabel="°C", xlabel="day")
    years.legend(loc="upper left", ncols=3, markerscale=2, columnspacing=1, handlelength=1.6)
    weeks.set_ylim(6, 33)
    weeks.legend(loc="lower right", ncols=2)
    return figure


def weights():
    """The weight of each past day at beta 0.5, 0.9 and 0.98, with the window marked: a tail, not a box."""
    result = experiments.weights()
    figure, panels = _style.panels(3, height=5.6)
    for index, (axes, (name, label), days) in enumerate(zip(panels, NAMES.items(), (12, 45, 160), strict=True)):
        window, age = result[f"window{name}"], np.arange(days)
        weight = result[f"weight{name}"][:days]
        axes.fill_between(
            age[: window + 1] - 0.5, np.append(weight[:window], 0), step="post", color=_style.color(2 - index), alpha=0.25, linewidth=0
        )
        axes.plot(age, weight, color=_style.color(2 - index), linestyle="-", marker="o", markersize=3 if days < 100 else 2)
        axes.axvline(window - 0.5, color=_style.ink(), linestyle="--", linewidth=1.2)
        axes.annotate(
            f"{label}: the last {window} days\nhold {result[f'share{name}']:.0%} of the weight", (0.42, 0.62), xycoords="axes fraction"
        )
        axes.set(ylabel="weight", ylim=(0, None))
    panels[-1].set_xlabel("days ago")
    return figure


def start():
    """The first 120 days at beta 0.98: uncorrected the average climbs up from zero, corrected it starts among the values."""
    result = experiments.start()
    figure, axes = _style.panels(height=3.6)
    day = np.arange(1, 121)
    axes.plot(day, result["theta"][:120], ".", color=_style.color(5), markersize=4, label="a day's high")
    axes.plot(day, result["corrected"][:120], color=_style.color(0), linestyle="-", label="corrected, $v_t / (1 - \\beta^t)$")
    axes.plot(day, result["plain"][:120], color=_style.color(1), linestyle="--", label="uncorrected, $v_t$")
    axes.set(xlabel="day $t$", ylabel="°C", title="$\\beta$ = 0.98", ylim=(-2, 29))
    axes.legend(loc="upper left")
    return figure
