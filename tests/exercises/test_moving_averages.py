"""Every known misconception about the exponentially weighted average gets its own hint."""

import numpy as np

from snippets.exercises.moving_averages import check_average
from tests.exercises._hints import each_gets_its_own


def averaged(step=None, correct=None, start=None):
    def average(theta, beta, bias_correction=False):
        v, averages = 0.0 if start is None else start(theta), []
        for t, value in enumerate(theta, 1):
            v = (step or (lambda v, x, beta: beta * v + (1 - beta) * x))(v, value, beta)
            averages.append((correct or (lambda v, beta, t: v / (1 - beta**t)))(v, beta, t) if bias_correction else v)
        return averages

    return average


def always_corrected(theta, beta, bias_correction=False):
    return averaged()(theta, beta, True)


def a_day_late(theta, beta, bias_correction=False):
    averages, v = [], 0.0
    for value in theta:
        averages.append(v)
        v = beta * v + (1 - beta) * value
    return averages


def plain_mean(theta, beta, bias_correction=False):
    n = round(1 / (1 - beta))
    return [np.mean(theta[max(t - n, 0) : t]) for t in range(1, len(theta) + 1)]


def fed_back(theta, beta, bias_correction=False):
    v, averages = 0.0, []
    for t, value in enumerate(theta, 1):
        v = beta * v + (1 - beta) * value
        if bias_correction:
            v = v / (1 - beta**t)
        averages.append(v)
    return averages


MISCONCEPTIONS = {
    "returned None": lambda theta, beta, bias_correction: None,
    "raised TypeError": lambda theta, beta: theta,
    "append one average a day": lambda theta, beta, bias_correction: theta.mean(),
    "and 8 is right": averaged(lambda v, x, beta: 0.999 * beta * v + (1 - beta) * x if v else 9.0),
    "1 - beta is missing": averaged(lambda v, x, beta: beta * v + x),
    "are swapped": averaged(lambda v, x, beta: (1 - beta) * v + beta * x),
    "v_0 is 0": averaged(start=lambda theta: theta[0]),
    "nothing fades": averaged(lambda v, x, beta: v + (1 - beta) * x),
    "never kept": averaged(lambda v, x, beta: (1 - beta) * x),
    "a day late": a_day_late,
    "plain mean": plain_mean,
    "nobody asked": always_corrected,
    "not corrected at all": averaged(correct=lambda v, beta, t: v),
    "day 1 is divided by 0": averaged(correct=lambda v, beta, t: v / (1 - beta ** (t - 1))),
    "1 - beta^0 is 0": averaged(correct=lambda v, beta, t: float(v) / (1 - beta ** (t - 1))),
    "t begins at 2": averaged(correct=lambda v, beta, t: v / (1 - beta ** (t + 1))),
    "divides by 1 - beta every day": averaged(correct=lambda v, beta, t: v / (1 - beta)),
    "not a product": averaged(correct=lambda v, beta, t: v / (1 - beta * t)),
    "multiplies by": averaged(correct=lambda v, beta, t: v * (1 - beta**t)),
    "fed back": fed_back,
}


def test_each_misconception_gets_its_own_hint():
    each_gets_its_own(check_average, MISCONCEPTIONS)
    assert check_average(averaged()).startswith("Right: ")
