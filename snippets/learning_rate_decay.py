"""Learning rates that fall: by the epoch, by the step, in stairs, by hand, and along a cosine."""

import numpy as np


def inverse_time(alpha0, epoch, decay_rate):
    """alpha0 / (1 + decay_rate * epoch): halved when decay_rate * epoch is 1, a third when it is 2.

    alpha0: the rate at epoch 0. epoch: 0 or more, a number or an array, whole or not (step / steps an epoch).
    decay_rate: 0 or more; at 0 nothing decays.

    Returns the learning rate at each epoch. Raises ValueError where an argument is NaN, infinite or out of range.

    >>> from snippets import learning_rate_decay
    >>> learning_rate_decay.inverse_time(0.2, np.array([0, 1, 2, 3]), decay_rate=1.0)
    array([0.2       , 0.1       , 0.06666667, 0.05      ])
    """
    _check(alpha0=(alpha0, 0), epoch=(epoch, 0), decay_rate=(decay_rate, 0))
    return alpha0 / (1 + decay_rate * epoch)


def exponential(alpha0, epoch, base=0.95):
    """alpha0 * base^epoch: the same share of what is left is lost in every epoch.

    alpha0: the rate at epoch 0. epoch: 0 or more, a number or an array. base: above 0, at most 1.

    Returns the learning rate at each epoch. Raises ValueError where an argument is NaN, infinite or out of range.

    >>> from snippets import learning_rate_decay
    >>> learning_rate_decay.exponential(0.2, np.array([0, 1, 2, 3]), base=0.5)
    array([0.2  , 0.1  , 0.05 , 0.025])
    """
    _check(alpha0=(alpha0, 0), epoch=(epoch, 0), base=(base, 0))
    if np.any(base == 0) or np.any(base > 1):
        raise ValueError(f"base: must be above 0 and at most 1, not {base}")
    return alpha0 * base**epoch


def inverse_sqrt(alpha0, t, k=1.0):
    """k / sqrt(t) * alpha0: a half at t = 4, a third at t = 9, and never zero.

    alpha0: the rate at t = 1, for k = 1. t: 1 or more, a number or an array: counts steps, or epochs from 1 on.
    k: a factor, 0 or more.

    Returns the learning rate at each t. Raises ValueError where an argument is NaN, infinite or out of range.

    >>> from snippets import learning_rate_decay
    >>> learning_rate_decay.inverse_sqrt(0.6, np.array([1, 4, 9]))
    array([0.6, 0.3, 0.2])
    """
    _check(alpha0=(alpha0, 0), t=(t, 1), k=(k, 0))
    return k / np.sqrt(t) * alpha0


def staircase(alpha0, epoch, decay_rate, interval):
    """alpha0 / (1 + decay_rate * floor(epoch / interval)): held for `interval` epochs, then a step down.

    alpha0: the rate of the first stair. epoch: 0 or more, a number or an array. decay_rate: 0 or more.
    interval: the length of a stair in epochs, above 0.

    Returns the learning rate at each epoch. Raises ValueError where an argument is NaN, infinite or out of range.

    >>> from snippets import learning_rate_decay
    >>> learning_rate_decay.staircase(0.2, np.array([0, 9, 10, 19, 20]), decay_rate=1.0, interval=10)
    array([0.2       , 0.2       , 0.1       , 0.1       , 0.06666667])
    """
    _check(alpha0=(alpha0, 0), epoch=(epoch, 0), decay_rate=(decay_rate, 0), interval=(interval, 0))
    if not np.all(interval):
        raise ValueError(f"interval: must be above 0, not {interval}")
    return alpha0 / (1 + decay_rate * np.floor(epoch / interval))


def manual(epoch, rates):
    """The rate that somebody wrote down: {0: 0.1, 30: 0.01} is 0.1 before epoch 30 and 0.01 from there on.

    epoch: 0 or more, a number or an array. rates: {first epoch: rate}, one of them from epoch 0; in any order.

    Returns the learning rate at each epoch. Raises ValueError where epoch is NaN, infinite or negative, or
    rates has no entry for 0 or holds something negative, NaN or infinite.

    >>> from snippets import learning_rate_decay
    >>> learning_rate_decay.manual(np.array([0, 29.9, 30, 60, 99]), {0: 0.1, 60: 0.05, 30: 0.01})
    array([0.1 , 0.1 , 0.01, 0.05, 0.05])
    """
    _check(epoch=(epoch, 0), rates=([*rates, *rates.values()], 0))
    if 0 not in rates:
        raise ValueError("rates: must say the rate from epoch 0 on")
    starts = sorted(rates)
    return np.array([rates[start] for start in starts])[np.searchsorted(starts, epoch, side="right") - 1]


def warmup_cosine(alpha0, t, warmup, total):
    """Up a straight line from 0 to alpha0 in `warmup` steps, then down half a cosine to 0 at step `total`.

    alpha0: the highest rate. t: the step from 0 on, a number or an array; after `total` the rate stays 0.
    warmup: 0 or more steps. total: steps in all, more than warmup.

    Returns the learning rate at each step. Raises ValueError where an argument is NaN, infinite or out of range.
    Source: Loshchilov and Hutter (2017), equation 5, one period, lowest rate 0; the warmup is linear.

    >>> from snippets import learning_rate_decay
    >>> learning_rate_decay.warmup_cosine(0.2, np.array([0, 5, 10, 20, 30, 31]), warmup=10, total=30).round(9)
    array([0. , 0.1, 0.2, 0.1, 0. , 0. ])
    """
    _check(alpha0=(alpha0, 0), t=(t, 0), warmup=(warmup, 0), total=(total, 0))
    if not warmup < total:
        raise ValueError(f"total: must be more than the {warmup} steps of warmup, not {total}")
    done = (np.clip(t, warmup, total) - warmup) / (total - warmup)
    falling = 0.5 * alpha0 * (1 + np.cos(np.pi * done))
    return np.where(np.asarray(t) < warmup, alpha0 * t / (warmup or 1), falling)[()]  # a number for a number


def _check(**arguments):
    for name, (value, least) in arguments.items():
        if not np.all(np.isfinite(value) & (np.asarray(value) >= least)):
            raise ValueError(f"{name}: must be finite and at least {least}, not {value}")
