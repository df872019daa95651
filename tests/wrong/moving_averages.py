"""Exponentially weighted averages, wrong."""

import numpy as np

from tests.wrong._registry import wrong

CLOSED = "test_the_recursion_is_the_closed_form"
HAND = "test_the_weights_by_hand"
PANDAS = "test_corrected_is_pandas_adjusted_mean"


def _run(theta, step, correct=lambda v, t: v):
    theta = np.asarray(theta)
    v, averages = 0.0, []
    for t in range(1, theta.shape[-1] + 1):
        v = step(v, theta[..., t - 1])
        averages.append(correct(v, t))
    return np.stack(averages, axis=-1)


def _plain(beta):
    return lambda v, x: beta * v + (1 - beta) * x


@wrong(of="exponentially_weighted_average", killed_by=HAND)
def mean_of_the_window(theta, beta, bias_correction=False):
    """Lines 97 and 98 of the course note taken by their word: the plain mean of the last 1 / (1 - beta) days."""
    n = max(round(1 / (1 - beta)), 1)
    return np.stack([theta[..., max(t - n, 0) : t].mean(axis=-1) for t in range(1, theta.shape[-1] + 1)], axis=-1)


@wrong(of="exponentially_weighted_average", killed_by=HAND)
def powers_of_099(theta, beta, bias_correction=False):
    """Line 102 of the course note: 0.1 in front, but powers of 0.99. The weights add up to 10."""
    wrong_beta = 1 - (1 - beta) / 10
    return _run(theta, lambda v, x: wrong_beta * v + (1 - beta) * x)


@wrong(of="exponentially_weighted_average", killed_by=HAND)
def the_day_before_twice(theta, beta, bias_correction=False):
    """Line 102 of the course note: theta_99 stands twice, with its own weight and with that of theta_98."""
    theta = np.asarray(theta)
    before = np.concatenate([theta[..., :1] * 0, theta[..., :-1]], axis=-1)
    two_before = np.concatenate([theta[..., :2] * 0, theta[..., :-2]], axis=-1)[..., : theta.shape[-1]]
    v = _run(theta, _plain(beta))
    return v + (1 - beta) * beta**2 * (before - two_before)


@wrong(of="exponentially_weighted_average", killed_by=HAND)
def nothing_is_forgotten(theta, beta, bias_correction=False):
    """v_0 + 0.02 theta_1, line 104 of the course note: without 0.98 before v_0 it is a sum, not an average."""
    return _run(theta, lambda v, x: v + (1 - beta) * x)


@wrong(of="exponentially_weighted_average", killed_by=PANDAS)
def corrected_by_beta_of_t(theta, beta, bias_correction=False):
    """1 - beta_t, lines 105 and 106 of the course note: there is one beta, so it divides by 1 - beta on all days."""
    return _run(theta, _plain(beta), lambda v, t: v / (1 - beta))


@wrong(of="exponentially_weighted_average", killed_by=PANDAS)
def corrected_by_beta_times_t(theta, beta, bias_correction=False):
    """The power read as a product: 1 - beta t, negative from the second day on."""
    return _run(theta, _plain(beta), lambda v, t: v / (1 - 0.9999999 * beta * t))


@wrong(of="exponentially_weighted_average", killed_by=PANDAS)
def correction_counts_from_zero(theta, beta, bias_correction=False):
    """t from 0: the second day is corrected as the first, and the first would be divided by zero."""
    return _run(theta, _plain(beta), lambda v, t: v / (1 - beta ** max(t - 1, 1)))


@wrong(of="exponentially_weighted_average", killed_by=PANDAS)
def never_corrected(theta, beta, bias_correction=False):
    """Line 108 of the course note: nobody bothers, so the switch does nothing."""
    return _run(theta, _plain(beta))


@wrong(of="exponentially_weighted_average", killed_by="test_of_a_constant_series_the_corrected_average_is_the_constant")
def corrected_value_goes_on(theta, beta, bias_correction=False):
    """The corrected value kept as v: it is corrected again the next day."""
    theta = np.asarray(theta)
    v, averages = 0.0, []
    for t in range(1, theta.shape[-1] + 1):
        v = beta * v + (1 - beta) * theta[..., t - 1]
        v = v / (1 - beta**t) if bias_correction else v
        averages.append(v)
    return np.stack(averages, axis=-1)


@wrong(of="exponentially_weighted_average", killed_by=CLOSED)
def started_at_the_first_day(theta, beta, bias_correction=False):
    """v_1 = theta_1, as pandas' adjust=False has it: no bias to correct, but the first day weighs 1 / (1 - beta) times too much."""
    theta = np.asarray(theta)
    v, averages = theta[..., 0], []
    for t in range(theta.shape[-1]):
        v = beta * v + (1 - beta) * theta[..., t]
        averages.append(v)
    return np.stack(averages, axis=-1)


@wrong(of="exponentially_weighted_average", killed_by=HAND)
def beta_on_the_new_value(theta, beta, bias_correction=False):
    """(1 - beta) v + beta theta: the other convention, in which a large beta forgets."""
    return _run(theta, _plain(1 - beta))


@wrong(of="exponentially_weighted_average", killed_by=HAND)
def without_one_minus_beta(theta, beta, bias_correction=False):
    """beta v + theta: a velocity, not an average; it grows to 1 / (1 - beta) times the values."""
    return _run(theta, lambda v, x: beta * v + x)


@wrong(of="exponentially_weighted_average", killed_by="test_along_the_last_axis_and_nothing_is_changed")
def along_the_first_axis(theta, beta, bias_correction=False):
    """Averages over the rows of a table of series."""
    averaged = _run(np.moveaxis(np.asarray(theta), 0, -1), _plain(beta), lambda v, t: v / (1 - beta**t) if bias_correction else v)
    return np.moveaxis(averaged, -1, 0)


@wrong(of="window", killed_by="test_the_window")
def one_over_beta(beta):
    """Dive into Deep Learning, chapter RMSProp, gives "a half-life time of an observation" of 1 / gamma: 1.11 days at 0.9."""
    return 1 / beta


@wrong(of="window", killed_by="test_the_window")
def half_life(beta):
    """ln 0.5 / ln beta: a fair number, but the half-life, 6.6 days at 0.9, not the window."""
    return np.log(0.5) / np.log(beta)


@wrong(of="window", killed_by="test_the_window")
def span(beta):
    """2 / (1 - beta) - 1, pandas' span: the plain mean of as many days has the same variance; 19 at 0.9."""
    return 2 / (1 - beta) - 1
