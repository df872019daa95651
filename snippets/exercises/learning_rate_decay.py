"""Count epochs in steps, and mend three schedules: checkers with a hint for each misconception."""

import numpy as np

from snippets.exercises._check import attempt, checker, compare, parts

ALPHA0 = 0.2


def rate(alpha0, step, steps_an_epoch, decay_rate):
    """The learning rate at a step, counted from 0, by inverse time.
    Parts of an epoch count."""
    ...  # your lines: the epoch, and the rate


def rate_solved(alpha0, step, steps_an_epoch, decay_rate):
    """One step is a fraction of an epoch."""
    epoch = step / steps_an_epoch
    return alpha0 / (1 + decay_rate * epoch)


@checker
def check_rate(rate):
    """Try `rate(alpha0, step, steps_an_epoch, decay_rate)` within epochs and between them."""
    steps, T, decay = np.array([22, 66, 88, 132, 220]), 88, 0.6
    found = [attempt(rate, ALPHA0, int(step), T, decay) for step in steps]
    epoch = steps / T
    compare(
        f"The rate at the steps {', '.join(map(str, steps))}, {T} an epoch,",
        found,
        rate_solved(ALPHA0, steps, T, decay),
        {
            "the step stands where the epoch is meant, so the rate has collapsed within the first epoch": ALPHA0 / (1 + decay * steps),
            "parts of an epoch are cut off, so it goes down in stairs; divide with /": ALPHA0 / (1 + decay * (steps // T)),
            "parts of an epoch are rounded, so it goes down in stairs; leave them": ALPHA0 / (1 + decay * np.round(epoch)),
            "the first epoch counts as 1, so the rate never is alpha0": ALPHA0 / (1 + decay * (epoch + 1)),
            "it divides the epoch's steps by the step; turn the fraction": ALPHA0 / (1 + decay * T / steps),
            "it takes a share of alpha0 off for each epoch, so it ends below zero; divide": ALPHA0 - ALPHA0 * decay * epoch,
            "it takes decay_rate * epoch off alpha0; divide": ALPHA0 - decay * epoch,
            "the brackets are missing, so the rate rises": ALPHA0 / 1 + decay * epoch,
            "it is 1 minus; then the rate rises, and jumps below zero": ALPHA0 / (1 - decay * epoch),
            "the epoch is an exponent here, which is the exponential schedule": ALPHA0 / (1 + decay) ** epoch,
            "alpha0 is missing": 1 / (1 + decay * epoch),
        },
    )
    return "after one epoch as after a quarter of one, the rate is that of its epoch."


def three(alpha0, epoch, base=0.95, decay_rate=1.0, interval=10):
    """The rate at an epoch, counted from 0, by three schedules.
    All three are wrong."""
    exponential = alpha0 * base**-epoch
    inverse_root = alpha0 / np.sqrt(epoch)
    staircase = alpha0 / (1 + decay_rate * np.round(epoch / interval))
    return exponential, inverse_root, staircase


def three_solved(alpha0, epoch, base=0.95, decay_rate=1.0, interval=10):
    """It falls, the root counts from 1, and a stair is held to its end."""
    exponential = alpha0 * base**epoch
    inverse_root = alpha0 / np.sqrt(epoch + 1)
    staircase = alpha0 / (1 + decay_rate * np.floor(epoch / interval))
    return exponential, inverse_root, staircase


@checker
def check_three(three):
    """Try `three(alpha0, epoch, ...)` at several epochs, 0 among them."""
    epoch, base, decay, interval = np.array([0, 4, 6, 10, 16, 19, 20, 27]), 0.9, 0.5, 10
    names = "exponential", "inverse_root", "staircase"
    with np.errstate(all="ignore"):
        found = zip(*(parts(attempt(three, ALPHA0, at, base, decay, interval), *names) for at in epoch), strict=True)
        falling, root = base**epoch, np.sqrt(epoch)
        mistakes = {
            "exponential": {
                "the exponent has the wrong sign, so the rate rises": ALPHA0 / falling,
                "this is a product; the epoch is an exponent": ALPHA0 * base * epoch,
                "the power is taken off alpha0, so the rate starts at 0 and rises; multiply": ALPHA0 - ALPHA0 * falling,
                "base is taken for a rate; it is what is kept of the rate each epoch": ALPHA0 * np.exp(-base * epoch),
            },
            "inverse_root": {
                "at epoch 0 it divides by zero; t counts from 1": ALPHA0 / root,
                "the 1 stands outside the root": ALPHA0 / (1 + root),
                "the root is missing": ALPHA0 / (epoch + 1),
                "the root is missing, and at epoch 0 it is infinite": ALPHA0 / epoch,
                "epochs 0 and 1 have one rate; every epoch has its own t": ALPHA0 / np.sqrt(np.maximum(epoch, 1)),
                "it is multiplied by the root; divide": ALPHA0 * np.sqrt(epoch + 1),
            },
            "staircase": {
                "it rounds, so the first stair ends half-way; a stair is held for the whole interval": ALPHA0
                / (1 + decay * np.round(epoch / interval)),
                "nothing is cut off, so it is a slope": ALPHA0 / (1 + decay * epoch / interval),
                "it is rounded up, so the first stair is over after epoch 0": ALPHA0 / (1 + decay * np.ceil(epoch / interval)),
                "this is what is left of the division; the whole part is meant": ALPHA0 / (1 + decay * (epoch % interval)),
            },
        }
        expected = three_solved(ALPHA0, epoch, base, decay, interval)
        for (name, hints), value, right in zip(mistakes.items(), found, expected, strict=True):
            compare(name, value, right, hints)
    return "all three fall, from alpha0 at epoch 0."
