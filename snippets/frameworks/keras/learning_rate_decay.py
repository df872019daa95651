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
    return schedules.InverseTimeDecay(alpha0, decay_steps=steps_per_epoch, decay_rate=decay_rate)


def exponential(alpha0, steps_per_epoch, base=0.95):
    """alpha0 * base^epoch, epoch = step / steps_per_epoch; Keras calls the base decay_rate.

    >>> float(exponential(1.0, steps_per_epoch=10, base=0.5)(20))
    0.25
    """
    return schedules.ExponentialDecay(alpha0, decay_steps=steps_per_epoch, decay_rate=base)


class InverseSqrt(schedules.LearningRateSchedule):
    """k / sqrt(t) * alpha0, which Keras has not. It counts steps from 0, this t from 1.

    >>> float(InverseSqrt(1.0)(3))
    0.5
    """

    def __init__(self, alpha0, k=1.0):
        self.alpha0, self.k = alpha0, k

    def __call__(self, step):
        return self.k / keras.ops.sqrt(keras.ops.cast(step + 1, keras.config.floatx())) * self.alpha0


def staircase(alpha0, decay_rate, interval, steps_per_epoch):
    """alpha0 / (1 + decay_rate * floor(epoch / interval)); Keras divides by the interval also where it does not round.

    >>> [float(staircase(1.0, 1.0, interval=2, steps_per_epoch=10)(step)) for step in (19, 20)]
    [1.0, 0.5]
    """
    return schedules.InverseTimeDecay(alpha0, decay_steps=interval * steps_per_epoch, decay_rate=decay_rate, staircase=True)


def manual(rates, steps_per_epoch):
    """The rate that somebody wrote down, {first epoch: rate}. Keras's boundary is the last step of the old rate: one less.

    >>> [float(manual({0: 0.5, 2: 0.25}, steps_per_epoch=10)(step)) for step in (19, 20)]
    [0.5, 0.25]
    """
    first, *later = sorted(rates)
    return schedules.PiecewiseConstantDecay([start * steps_per_epoch - 1 for start in later], [rates[start] for start in (first, *later)])


def warmup_cosine(alpha0, warmup, total):
    """Up a straight line from 0 in `warmup` steps, then half a cosine to 0 at step `total`. Keras counts decay_steps after the warmup.

    >>> [round(float(warmup_cosine(1.0, warmup=2, total=4)(step)), 6) for step in range(5)]
    [0.0, 0.5, 1.0, 0.5, 0.0]
    """
    return schedules.CosineDecay(0.0, decay_steps=total - warmup, warmup_target=alpha0, warmup_steps=warmup)
