"""Every known misconception about schedules gets its own hint."""

import math

import numpy as np

from snippets import learning_rate_decay
from snippets.exercises.learning_rate_decay import check_rate, check_three, rate_solved, three_solved
from tests.exercises._hints import each_gets_its_own

RATES = {
    "returned None": lambda alpha0, step, T, decay: None,
    "not numbers": lambda alpha0, step, T, decay: [alpha0] * (step % 3),
    "is 0.1 at": lambda alpha0, step, T, decay: 0.1,
    "step stands where": lambda alpha0, step, T, decay: alpha0 / (1 + decay * step),
    "cut off": lambda alpha0, step, T, decay: alpha0 / (1 + decay * (step // T)),
    "are rounded": lambda alpha0, step, T, decay: alpha0 / (1 + decay * round(step / T)),
    "counts as 1": lambda alpha0, step, T, decay: alpha0 / (1 + decay * (1 + step / T)),
    "turn the fraction": lambda alpha0, step, T, decay: alpha0 / (1 + decay * T / step),
    "a share of alpha0 off": lambda alpha0, step, T, decay: alpha0 * (1 - decay * step / T),
    "decay_rate * epoch off": lambda alpha0, step, T, decay: alpha0 - decay * step / T,
    "brackets are missing": lambda alpha0, step, T, decay: alpha0 / 1 + decay * step / T,
    "jumps below zero": lambda alpha0, step, T, decay: alpha0 / (1 - decay * step / T),
    "is an exponent here": lambda alpha0, step, T, decay: alpha0 * (1 + decay) ** (-step / T),
    "alpha0 is missing": lambda alpha0, step, T, decay: 1 / (1 + decay * step / T),
}


def with_one(exponential=None, inverse_root=None, staircase=None):
    def three(alpha0, epoch, base, decay_rate, interval):
        right = three_solved(alpha0, epoch, base, decay_rate, interval)
        wrong = (
            exponential and exponential(alpha0, epoch, base),
            inverse_root and inverse_root(alpha0, epoch),
            staircase and alpha0 / (1 + decay_rate * staircase(epoch, interval)),
        )
        return [found if other is None else other for found, other in zip(right, wrong, strict=True)]

    return three


THREES = {
    "Return 3 things": lambda alpha0, epoch, base, decay_rate, interval: alpha0 * base**epoch,
    "exponential is 0.3 at": with_one(lambda alpha0, epoch, base: alpha0 * base**epoch + 0.1),
    "exponent has the wrong sign": with_one(lambda alpha0, epoch, base: alpha0 * base**-epoch),
    "this is a product": with_one(lambda alpha0, epoch, base: alpha0 * base * epoch),
    "power is taken off": with_one(lambda alpha0, epoch, base: alpha0 - alpha0 * base**epoch),
    "taken for a rate": with_one(lambda alpha0, epoch, base: alpha0 * np.exp(-base * epoch)),
    "divides by zero": with_one(inverse_root=lambda alpha0, epoch: alpha0 / np.sqrt(epoch)),
    "outside the root": with_one(inverse_root=lambda alpha0, epoch: alpha0 / (np.sqrt(epoch) + 1)),
    "inverse_root is not right yet: the root is missing.": with_one(inverse_root=lambda alpha0, epoch: alpha0 / (epoch + 1)),
    "it is infinite": with_one(inverse_root=lambda alpha0, epoch: alpha0 / epoch),
    "0 and 1 have one rate": with_one(inverse_root=lambda alpha0, epoch: alpha0 / np.sqrt(np.where(epoch > 0, epoch, 1))),
    "multiplied by the root": with_one(inverse_root=lambda alpha0, epoch: alpha0 * np.sqrt(epoch + 1)),
    "it rounds": with_one(staircase=lambda epoch, interval: np.round(epoch / interval)),
    "it is a slope": with_one(staircase=lambda epoch, interval: epoch / interval),
    "rounded up": with_one(staircase=lambda epoch, interval: math.ceil(epoch / interval)),
    "what is left of the division": with_one(staircase=lambda epoch, interval: epoch % interval),
}


def test_each_misconception_gets_its_own_hint():
    each_gets_its_own(check_rate, RATES)
    each_gets_its_own(check_three, THREES)
    assert check_three(with_one()).startswith("Right: ")


def test_a_schedule_for_one_epoch_at_a_time_is_as_good():
    def scalar(alpha0, epoch, base, decay_rate, interval):
        return alpha0 * base**epoch, alpha0 / math.sqrt(epoch + 1), alpha0 / (1 + decay_rate * math.floor(epoch / interval))

    assert check_three(scalar).startswith("Right: ")


def test_the_solutions_are_the_snippet():
    steps, epoch = np.arange(0, 300, 7), np.arange(40)
    assert np.array_equal(rate_solved(0.2, steps, 88, 0.7), learning_rate_decay.inverse_time(0.2, steps / 88, 0.7))
    exponential, inverse_root, staircase = three_solved(0.2, epoch, 0.9, 0.5, 8)
    assert np.array_equal(exponential, learning_rate_decay.exponential(0.2, epoch, 0.9))
    assert np.allclose(inverse_root, learning_rate_decay.inverse_sqrt(0.2, epoch + 1), rtol=1e-15)
    assert np.array_equal(staircase, learning_rate_decay.staircase(0.2, epoch, 0.5, 8))
