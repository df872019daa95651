"""Write the exponentially weighted average and its correction: a checker with a hint for each misconception."""

import numpy as np

from snippets import moving_averages
from snippets.exercises._check import Hint, attempt, checker, compare

THETA = np.array([40.0, 49.0, 45.0, 61.0, 38.0, 52.0])
BETA = 0.8


def average(theta, beta, bias_correction=False):
    """The exponentially weighted average on each day of theta.
    With bias_correction it is divided by 1 - beta^t."""
    averages, v = [], 0.0
    for value in theta:
        ...  # your lines: the new v, and what you append for this day
    return averages


average_solved = moving_averages.exponentially_weighted_average


def _run(step=lambda v, x: BETA * v + (1 - BETA) * x, shown=lambda v, t: v, start=0.0):
    v, averages = start, []
    for t, x in enumerate(THETA, 1):
        v = step(v, x)
        averages.append(shown(v, t))
    return np.array(averages)


@checker
def check_average(average):
    """Try `average(theta, beta, bias_correction)`: first as it is, then corrected."""
    right, v = _run(), np.append(0.0, _run()[:-1])
    plain_means = np.array([THETA[max(t - 5, 0) : t].mean() for t in range(1, 7)])
    fed_back, u = [], 0.0
    for t, x in enumerate(THETA, 1):
        u = (BETA * u + (1 - BETA) * x) / (1 - BETA**t)
        fed_back.append(u)
    with np.errstate(all="ignore"):
        found = _attempt(average, False)
        compare(
            "The average without correction",
            found,
            right,
            {
                "the factor 1 - beta is missing, so it grows to 1 / (1 - beta) times the values": _run(lambda v, x: BETA * v + x),
                "beta and 1 - beta are swapped: beta is the share of the old value": _run(lambda v, x: (1 - BETA) * v + BETA * x),
                "it starts at the first value, but v_0 is 0": _run(start=THETA[0]),
                "the old v is kept whole, so this adds up and nothing fades": _run(lambda v, x: v + (1 - BETA) * x),
                "v is never kept for the next day": (1 - BETA) * THETA,
                "it is a day late: append after the new v, not before": v,
                "this is the plain mean of the last 1 / (1 - beta) days, whose weights do not fade": plain_means,
                "it is corrected although nobody asked: look at bias_correction": _run(shown=lambda v, t: v / (1 - BETA**t)),
            },
        )
        found = _attempt(average, True)
        compare(
            "The corrected average",
            found,
            _run(shown=lambda v, t: v / (1 - BETA**t)),
            {
                "it is not corrected at all": right,
                "t begins at 0, so day 1 is divided by 0": _run(shown=lambda v, t: v / np.float64(1 - BETA ** (t - 1))),
                "t begins at 2": _run(shown=lambda v, t: v / (1 - BETA ** (t + 1))),
                "it divides by 1 - beta every day; beta^t is a power, and goes to 0": right / (1 - BETA),
                "it divides by 1 - beta t; beta^t is a power, not a product": _run(shown=lambda v, t: v / (1 - BETA * t)),
                "it multiplies by 1 - beta^t, which makes small starts smaller": _run(shown=lambda v, t: v * (1 - BETA**t)),
                "the corrected value is fed back: show it, and go on with the v that is not corrected": fed_back,
            },
        )
    return "each day's weights fade by beta, and the correction divides by their sum."


def _attempt(average, bias_correction):
    try:
        found = attempt(average, THETA, BETA, bias_correction)
    except Hint as hint:
        if "ZeroDivisionError" in str(hint):
            raise Hint(f"It divides by zero: 1 - beta^0 is 0, so the first day is t = 1. ({hint})") from None
        raise
    if np.shape(found) != THETA.shape:
        raise Hint(f"For {len(THETA)} days you return something of shape {np.shape(found)}: append one average a day.")
    return found
