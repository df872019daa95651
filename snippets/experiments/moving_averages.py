"""What an exponentially weighted average keeps of a real series, and for how long."""

from pathlib import Path

import numpy as np

from snippets import moving_averages
from snippets.experiments._cache import experiment

BETAS = {"50": 0.5, "90": 0.9, "98": 0.98}  # named by their decimals
SEEDS = 20


def _seattle():
    """Highest temperature of each day in Seattle, 2012 and 2013; NOAA, public domain."""
    return np.loadtxt(Path(__file__).with_name("seattle_temperatures.csv"), delimiter=",", skiprows=3, usecols=1)


def _phase(series, day):
    """Where in the year the wave of one year's length lies that fits best, in days."""
    wave = 2 * np.pi * day / 365.25
    design = np.stack([np.ones_like(wave), np.cos(wave), np.sin(wave)], axis=1)
    _, c, s = np.linalg.lstsq(design, series, rcond=None)[0]
    return np.arctan2(s, c) * 365.25 / (2 * np.pi)


@experiment
def temperatures():
    """Two years of real daily temperatures and three averages of them: how rough they are, and how late."""
    theta = _seattle()
    day = np.arange(1, len(theta) + 1)
    second_year = day > 366
    change = np.abs(np.diff(theta)).mean()
    result = {"theta": theta, "days": len(theta), "first": "2012-01-01", "change": change, "low": theta.min(), "high": theta.max()}
    for name, beta in BETAS.items():
        v = moving_averages.exponentially_weighted_average(theta, beta)
        late = _phase(v[second_year], day[second_year]) - _phase(theta[second_year], day[second_year])
        w = 2 * np.pi / 365.25
        result |= {
            f"v{name}": v,
            f"rough{name}": np.abs(np.diff(v[second_year])).mean() / np.abs(np.diff(theta[second_year])).mean(),
            f"late{name}": late,
            f"expected{name}": np.arctan2(beta * np.sin(w), 1 - beta * np.cos(w)) / w,  # the filter's phase at that frequency
        }
    return result


@experiment
def weights():
    """The weights themselves, read off an impulse, and what the window says about them."""
    days = 5000
    impulse = np.zeros(days)
    impulse[0] = 1.0
    age = np.arange(days)
    result = {}
    for name, beta in BETAS.items():
        weight = moving_averages.exponentially_weighted_average(impulse, beta)
        n = round(moving_averages.window(beta))
        result |= {
            f"weight{name}": weight[:200],
            f"window{name}": n,
            f"sum{name}": weight.sum(),
            f"left{name}": weight[n] / weight[0],  # against the newest, one window ago
            f"share{name}": weight[:n].sum(),
            f"age{name}": age @ weight,
            f"equal{name}": 1 / (weight @ weight),  # days of a plain mean that has the same variance
            f"half{name}": np.log(0.5) / np.log(beta),
        }
    wrong = 0.1 * 0.99**age
    return result | {"wrong_sum": wrong.sum()}


@experiment
def noise():
    """A simulated series, a constant and noise: how much of the noise is left, against a plain mean of as many days."""
    days, warm = 4000, 500
    rng = [np.random.default_rng(seed) for seed in range(SEEDS)]
    theta = np.stack([r.standard_normal(days) for r in rng])
    result = {"seeds": SEEDS}
    for name, beta in BETAS.items():
        left = moving_averages.exponentially_weighted_average(theta, beta)[:, warm:].std(axis=1)
        n = round(moving_averages.window(beta))
        plain = np.lib.stride_tricks.sliding_window_view(theta, n, axis=1).mean(axis=-1)[:, warm:].std(axis=1)
        result |= {f"left{name}": left.mean(), f"low{name}": left.min(), f"high{name}": left.max(), f"plain{name}": plain.mean()}
        result |= {f"expected{name}": np.sqrt((1 - beta) / (1 + beta))}
    return result


@experiment
def start():
    """The first days of the real series at beta 0.98, corrected and not."""
    theta = _seattle()
    plain, corrected = (moving_averages.exponentially_weighted_average(theta, 0.98, bias_correction=c) for c in (False, True))
    ratio = plain / corrected
    so_far = np.cumsum(theta) / np.arange(1, len(theta) + 1)
    return {
        "theta": theta[:200],
        "plain": plain[:200],
        "corrected": corrected[:200],
        "first_theta": theta[0],
        "first_plain": plain[0],
        "first_corrected": corrected[0],
        "share10": ratio[9],
        "share50": ratio[49],
        "day_half": int(np.argmax(ratio >= 0.5)) + 1,
        "day_99": int(np.argmax(ratio >= 0.99)) + 1,
        "off_plain": np.abs(plain - so_far)[:30].mean(),  # from the plain mean of all days so far
        "off_corrected": np.abs(corrected - so_far)[:30].mean(),
        "last_gap": abs(plain[-1] - corrected[-1]),
    }
