"""Learning rates that fall, by Keras's own schedules: what to pass as `learning_rate` to an optimizer.

A schedule counts updates, never epochs: with T batches an epoch, what lasts one epoch lasts T of its steps.
"""

import keras

schedules = keras.optimizers.schedules


def inverse_time(alpha0, decay_rate, steps_per_epoch):
    """alpha0 / (1 + decay_rate * epoch), epoch = step / steps_per_epoch.

    >>> float(inverse_time(1.0, decay_rate=3.0, steps_per_epoch=10)(10))
    0.25
    """
    return schedules.InverseTimeDecay(alpha0, steps_per_epoch, decay_rate)


def exponential(alpha0, steps_per_epoch, base=0.95):
    """alpha0 * base^epoch, epoch = step / steps_per_epoch.

    >>> float(exponential(1.0, steps_per_epoch=10, base=0.5)(20))
    0.25
    """
    return schedules.ExponentialDecay(alpha0, steps_per_epoch, decay_rate=base)


class InverseSqrt(schedules.LearningRateSchedule):
    """k / sqrt(t) * alpha0, which Keras has not. Its steps begin at 0, t at 1.

    >>> float(InverseSqrt(1.0)(3))
    0.5
    """

    def __init__(self, alpha0, k=1.0):
        self.alpha0, self.k = alpha0, k

    def __call__(self, step):
        t = keras.ops.cast(step + 1, keras.config.floatx())
        return self.k / keras.ops.sqrt(t) * self.alpha0


def staircase(alpha0, decay_rate, interval, steps_per_epoch):
    """alpha0 / (1 + decay_rate * floor(epoch / interval)).

    >>> [float(staircase(1.0, 1.0, interval=2, steps_per_epoch=10)(step)) for step in (19, 20)]
    [1.0, 0.5]
    """
    stair = interval * steps_per_epoch
    return schedules.InverseTimeDecay(alpha0, stair, decay_rate, staircase=True)


def manual(rates, steps_per_epoch):
    """The rate that somebody wrote down, {first epoch: rate}.

    >>> [float(manual({0: 0.5, 2: 0.25}, steps_per_epoch=10)(step)) for step in (19, 20)]
    [0.5, 0.25]
    """
    starts = sorted(rates)
    ends = [start * steps_per_epoch - 1 for start in starts[1:]]  # the old rate's last steps
    return schedules.PiecewiseConstantDecay(ends, [rates[start] for start in starts])


def warmup_cosine(alpha0, warmup, total):
    """Up a line from 0 in `warmup` steps, then half a cosine to 0 at step `total`.

    >>> [round(float(warmup_cosine(1.0, warmup=2, total=4)(step)), 6) for step in range(5)]
    [0.0, 0.5, 1.0, 0.5, 0.0]
    """
    falls = total - warmup  # the length of the cosine alone
    return schedules.CosineDecay(0.0, falls, warmup_target=alpha0, warmup_steps=warmup)
