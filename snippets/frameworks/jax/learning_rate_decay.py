"""Learning rates that fall, by Optax: functions of the step, to pass as `learning_rate` to an optimizer.

They count updates, never epochs: with T batches an epoch, what lasts one epoch lasts T steps. Any function will do.
"""

import jax.numpy as jnp
import optax


def inverse_time(alpha0, decay_rate, steps_per_epoch):
    """alpha0 / (1 + decay_rate * epoch), epoch = step / steps_per_epoch.

    Optax takes any function of the step.

    >>> inverse_time(1.0, decay_rate=3.0, steps_per_epoch=10)(10)
    0.25
    """
    return lambda step: alpha0 / (1 + decay_rate * step / steps_per_epoch)


def exponential(alpha0, steps_per_epoch, base=0.95):
    """alpha0 * base^epoch, epoch = step / steps_per_epoch.

    >>> exponential(1.0, steps_per_epoch=10, base=0.5)(20).item()
    0.25
    """
    return optax.exponential_decay(alpha0, steps_per_epoch, decay_rate=base)


def inverse_sqrt(alpha0, k=1.0):
    """k / sqrt(t) * alpha0. Optax counts steps from 0, this t from 1.

    >>> inverse_sqrt(1.0)(3).item()
    0.5
    """
    return lambda step: k / jnp.sqrt(step + 1) * alpha0


def staircase(alpha0, decay_rate, interval, steps_per_epoch):
    """alpha0 / (1 + decay_rate * floor(epoch / interval)).

    Optax's own `staircase=True` is of the exponential.

    >>> [staircase(1.0, 1.0, interval=2, steps_per_epoch=10)(step) for step in (19, 20)]
    [1.0, 0.5]
    """
    stair = interval * steps_per_epoch
    return lambda step: alpha0 / (1 + decay_rate * (step // stair))


def manual(rates, steps_per_epoch):
    """The rate that somebody wrote down, {first epoch: rate}.

    >>> [manual({0: 0.5, 2: 0.25}, steps_per_epoch=10)(step).item() for step in (19, 20)]
    [0.5, 0.25]
    """
    factors, before = {}, rates[0]
    for start in sorted(rates)[1:]:  # Optax wants what to multiply by
        factors[start * steps_per_epoch] = rates[start] / before
        before = rates[start]
    return optax.piecewise_constant_schedule(rates[0], factors)


def warmup_cosine(alpha0, warmup, total):
    """Up a line from 0 in `warmup` steps, then half a cosine to 0 at step `total`.

    >>> [round(warmup_cosine(1.0, warmup=2, total=4)(step).item(), 6) for step in range(5)]
    [0.0, 0.5, 1.0, 0.5, 0.0]
    """
    return optax.warmup_cosine_decay_schedule(0.0, alpha0, warmup, total)
