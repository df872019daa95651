"""Exponentially weighted averages: a running mean that forgets, and its correction at the start."""

import numpy as np


def exponentially_weighted_average(theta, beta, bias_correction=False):
    """Average a series as it comes in: v_t = beta v_(t-1) + (1 - beta) theta_t, from v_0 = 0.

    theta: (T,), or (..., T): one value a day, along the last axis. beta: from 0, which keeps nothing of the
    past, to less than 1. bias_correction: divide v_t by 1 - beta^t, the sum of the weights it has by day t.

    Returns the averages of day 1 to day T, of theta's shape; whole numbers give floats. From a NaN or an
    infinity on, an average holds NaN or infinity. Raises ValueError where theta has no day, or beta is out of
    range.

    >>> from snippets import moving_averages
    >>> theta = np.array([8.0, 4.0, 0.0])
    >>> moving_averages.exponentially_weighted_average(theta, beta=0.5)  # 4, then (4 + 4) / 2, then (4 + 0) / 2
    array([4., 4., 2.])
    >>> moving_averages.exponentially_weighted_average(theta, beta=0.5, bias_correction=True)  # over 1/2, 3/4, 7/8
    array([8.        , 5.33333333, 2.28571429])
    >>> moving_averages.exponentially_weighted_average(np.array([theta, -theta]), beta=0.5).tolist()  # each series by itself
    [[4.0, 4.0, 2.0], [-4.0, -4.0, -2.0]]
    """
    theta = np.asarray(theta)
    if theta.ndim == 0 or theta.shape[-1] == 0:
        raise ValueError(f"theta: must hold at least one day along its last axis, not {theta.shape}")
    if not 0 <= beta < 1:
        raise ValueError(f"beta: must be at least 0 and less than 1, not {beta}")
    averages = np.zeros(theta.shape, np.result_type(theta, 1.0))
    v = 0.0
    for t in range(1, theta.shape[-1] + 1):
        v = beta * v + (1 - beta) * theta[..., t - 1]
        averages[..., t - 1] = v / (1 - beta**t) if bias_correction else v
    return averages


def window(beta):
    """About how many days an average remembers: 1 / (1 - beta), where a weight has fallen to about 1/e of the newest.

    beta: a number, or an array of them, from 0 to less than 1. Raises ValueError where one is out of range.

    >>> from snippets import moving_averages
    >>> [round(moving_averages.window(beta), 6) for beta in (0.5, 0.9, 0.98)]
    [2.0, 10.0, 50.0]
    """
    if not np.all((np.asarray(beta) >= 0) & (np.asarray(beta) < 1)):
        raise ValueError(f"beta: must be at least 0 and less than 1, not {beta}")
    return 1 / (1 - beta)
