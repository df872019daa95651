"""Schedules, wrong."""

import numpy as np

from tests.wrong._registry import wrong


@wrong(of="inverse_time", killed_by="test_inverse_time_by_hand")
def the_fraction_ends_early(alpha0, epoch, decay_rate):
    """alpha0 / 1 + decay_rate * epoch: brackets forgotten, so that the rate rises."""
    return alpha0 / 1 + decay_rate * epoch


@wrong(of="inverse_time", killed_by="test_inverse_time_by_hand")
def decayed_from_the_decayed(alpha0, epoch, decay_rate):
    """Each epoch decays what the last one left instead of alpha0, as the third formula of line 164 has it for the root."""
    alphas = np.cumprod(1 / (1 + decay_rate * np.arange(1001))) * alpha0
    return alphas[np.asarray(epoch).astype(int)]


@wrong(of="inverse_time", killed_by="test_inverse_time_by_hand")
def by_the_step(alpha0, epoch, decay_rate, steps_an_epoch=22):
    """Decay by the step where the epoch is meant: with 22 batches an epoch, 22 times as far along."""
    return alpha0 / (1 + decay_rate * epoch * steps_an_epoch)


@wrong(of="inverse_time", killed_by="test_inverse_time_by_hand")
def epochs_counted_from_one(alpha0, epoch, decay_rate):
    """The first epoch already decayed."""
    return alpha0 / (1 + decay_rate * (epoch + 1))


@wrong(of="inverse_time", killed_by="test_inverse_time_by_hand")
def whole_epochs_only(alpha0, epoch, decay_rate):
    """Part of an epoch cut off: a staircase where a curve is asked for."""
    return alpha0 / (1 + decay_rate * np.floor(epoch))


@wrong(of="inverse_time", killed_by="test_inverse_time_by_hand")
def growing(alpha0, epoch, decay_rate):
    """A minus for the plus: the rate grows, and at decay_rate * epoch = 1 it is infinite."""
    return alpha0 / (1.0000001 - decay_rate * epoch)


@wrong(of="exponential", killed_by="test_exponential_by_hand")
def taken_away(alpha0, epoch, base=0.95):
    """Line 164 of the course note: the label behind a dash reads as a subtraction. Taken so, the rate starts at 0 and rises."""
    return alpha0 - base**epoch * alpha0


@wrong(of="exponential", killed_by="test_exponential_by_hand")
def product_for_power(alpha0, epoch, base=0.95):
    """`base * epoch` for `base ** epoch`."""
    return alpha0 * base * epoch


@wrong(of="exponential", killed_by="test_exponential_by_hand")
def e_to_the_base(alpha0, epoch, base=0.95):
    """exp(-base * epoch): 0.95 as a rate, not as what is kept."""
    return alpha0 * np.exp(-base * epoch)


@wrong(of="inverse_sqrt", killed_by="test_inverse_root_by_hand")
def compounded(alpha0, t, k=1.0):
    """k / sqrt(epoch) * alpha, the third formula of line 164: alpha for alpha0, so that every epoch divides what is left."""
    factors = np.cumprod(k / np.sqrt(np.arange(1, 101)))
    return alpha0 * factors[np.asarray(t) - 1]


@wrong(of="inverse_sqrt", killed_by="test_inverse_root_by_hand")
def without_the_root(alpha0, t, k=1.0):
    """k / t: falls as the square of what is meant."""
    return k / t * alpha0


@wrong(of="inverse_sqrt", killed_by="test_inverse_root_by_hand")
def k_under_the_root(alpha0, t, k=1.0):
    """sqrt(k / t)."""
    return np.sqrt(k / t) * alpha0


@wrong(of="inverse_sqrt", killed_by="test_inverse_root_by_hand")
def counted_from_zero(alpha0, t, k=1.0):
    """t + 1 for t: a count from 0 slipped in where the formula starts at 1."""
    return k / np.sqrt(t + 1) * alpha0


@wrong(of="staircase", killed_by="test_stairs_by_hand")
def no_stairs(alpha0, epoch, decay_rate, interval):
    """epoch / interval without its floor: a slope."""
    return alpha0 / (1 + decay_rate * epoch / interval)


@wrong(of="staircase", killed_by="test_stairs_by_hand")
def floor_before_the_division(alpha0, epoch, decay_rate, interval):
    """floor(epoch) / interval: a stair in every epoch."""
    return alpha0 / (1 + decay_rate * np.floor(epoch) / interval)


@wrong(of="staircase", killed_by="test_stairs_by_hand")
def stairs_down_early(alpha0, epoch, decay_rate, interval):
    """ceil for floor: the first stair is over right after epoch 0."""
    return alpha0 / (1 + decay_rate * np.ceil(epoch / interval))


@wrong(of="manual", killed_by="test_manual_changes_at_the_epoch_named")
def one_epoch_late(epoch, rates):
    """side="left": the new rate begins after the epoch that was named."""
    starts = sorted(rates)
    return np.array([rates[s] for s in starts])[np.maximum(np.searchsorted(starts, epoch, side="left") - 1, 0)]


@wrong(of="manual", killed_by="test_manual_changes_at_the_epoch_named")
def in_the_order_written(epoch, rates):
    """The plan is taken in the order in which it was typed."""
    starts = list(rates)
    return np.array([rates[s] for s in starts])[np.searchsorted(sorted(starts), epoch, side="right") - 1]


@wrong(of="warmup_cosine", killed_by="test_warmup_and_cosine_by_hand")
def whole_cosine(alpha0, t, warmup, total):
    """A whole period of the cosine: down, and up again."""
    done = (np.clip(t, warmup, total) - warmup) / (total - warmup)
    return np.where(np.asarray(t) < warmup, alpha0 * t / (warmup or 1), 0.5 * alpha0 * (1 + np.cos(2 * np.pi * done)))


@wrong(of="warmup_cosine", killed_by="test_warmup_and_cosine_by_hand")
def without_warmup(alpha0, t, warmup, total):
    """The warmup left out."""
    return 0.5 * alpha0 * (1 + np.cos(np.pi * np.clip(t, 0, total) / total))
