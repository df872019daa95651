"""Every known misconception about scales and about random search gets its own hint."""

import numpy as np

from snippets import hyperparameter_tuning
from snippets.exercises.hyperparameter_tuning import at, check_at, check_trials, trials, trials_solved
from tests.exercises._hints import each_gets_its_own


def but(scale, wrong):
    """Right on the other scales."""
    return lambda u, low, high, s: wrong(u, low, high) if s == scale else hyperparameter_tuning.at(u, low, high, s)


AT = {
    "in the top decade": but("log", lambda u, low, high: low * (1 - u) + high * u),
    "take np.log10, or np.exp": but("log", lambda u, low, high: 10 ** (np.log(low) * (1 - u) + np.log(high) * u)),
    "not by np.exp": but("log", lambda u, low, high: np.exp(np.log10(low) * (1 - u) + np.log10(high) * u)),
    "10 to its power": but("log", lambda u, low, high: np.log10(low) * (1 - u) + np.log10(high) * u),
    "e to its power": but("log", lambda u, low, high: np.log(low) * (1 - u) + np.log(high) * u),
    "not exponents": but("log", lambda u, low, high: 10 ** (low * (1 - u) + high * u)),
    '"log") is not right yet: it runs from high': but("log", lambda u, low, high: high * (low / high) ** u),
    "the long windows near 1": but("one_minus_log", lambda u, low, high: low * (1 - u) + high * u),
    "the logarithm is that of beta": but("one_minus_log", lambda u, low, high: low * (high / low) ** u),
    "take it from 1 once more": but("one_minus_log", lambda u, low, high: (1 - low) * ((1 - high) / (1 - low)) ** u),
    "low and high bound beta": but("one_minus_log", lambda u, low, high: 1 - low * (high / low) ** u),
    "it runs from high down to low: at u = 0": but("one_minus_log", lambda u, low, high: 1 - (1 - high) * ((1 - low) / (1 - high)) ** u),
    "10 ** is the other one.": but("one_minus_log", lambda u, low, high: 1 - 10 ** (np.log(1 - low) * (1 - u) + np.log(1 - high) * u)),
    "high is never reached": but("int", lambda u, low, high: (low + (high - low) * u).astype(int)),
    "half the share": but("int", lambda u, low, high: np.round(low + (high - low) * u)),
    "is not right yet: it is not whole.": but("int", lambda u, low, high: low + (high - low) * u),
    "not whole, and": but("int", lambda u, low, high: low + (high - low + 1) * u),
    "low is never reached": but("int", lambda u, low, high: np.ceil(low + (high - low) * u)),
    "round down": but("int", lambda u, low, high: np.round(low + (high - low + 1) * u)),
    "begins at 0": but("int", lambda u, low, high: np.floor((high - low + 1) * u)),
    "is still dots": but("log", lambda u, low, high: ...),
    "has shape (), not (5,)": but("log", lambda u, low, high: low),
}


def test_each_misconception_about_scales_gets_its_own_hint():
    each_gets_its_own(check_at, AT)


def test_the_starter_is_dots_on_every_scale():
    assert {at(np.zeros(1), 1, 2, scale) for scale in ("log", "one_minus_log", "int")} == {...}


def test_exponents_are_as_good_as_powers():
    def at(u, low, high, scale):
        if scale == "log":
            return 10 ** (np.log10(low) + u * (np.log10(high) - np.log10(low)))
        if scale == "one_minus_log":
            return 1 - np.exp(np.log(1 - low) + u * np.log((1 - high) / (1 - low)))
        return low + (u * (high - low + 1)).astype(int)

    assert check_at(at).startswith("Right")


def drawn(column):
    def trials(space, n, rng):
        columns = {name: column(low, high, n, rng) for name, (low, high) in space.items()}
        return [{name: values[i] for name, values in columns.items()} for i in range(n)]

    return trials


def log_uniform(low, high, n, rng):
    return hyperparameter_tuning.log_uniform(low, high, n, rng)


def mirrored(space, n, rng):
    u = rng.random(n)
    return [{"alpha": 1e-4 ** u[i], "lambd": 1e-6 * 1e5 ** u[i]} for i in range(n)]


TRIALS = {
    "All trials lie on a diagonal": trials,
    "There are 399 trials": lambda space, n, rng: trials_solved(space, n - 1, rng),
    "A trial is a dict": lambda space, n, rng: [(1e-2, 1e-2)] * n,
    "outside its range": drawn(lambda low, high, n, rng: rng.normal(size=n)),
    "A grid repeats itself": lambda space, n, rng: hyperparameter_tuning.grid({k: (*v, "log") for k, v in space.items()}, 20),
    "of the draws of alpha lie in the lower half": drawn(lambda low, high, n, rng: rng.uniform(low, high, n)),
    "Another rng gives the same trials": lambda space, n, rng: trials_solved(space, n, np.random.default_rng(4)),
    "draw from rng, and from nothing else": lambda space, n, rng: trials_solved(space, n, np.random.default_rng()),
}


def test_each_misconception_about_random_search_gets_its_own_hint():
    each_gets_its_own(check_trials, TRIALS)
    assert "diagonal" in check_trials(mirrored)


def test_a_loop_over_trials_is_as_good_as_one_over_names():
    def trials(space, n, rng):
        return [{name: float(log_uniform(low, high, (), rng)) for name, (low, high) in space.items()} for _ in range(n)]

    assert check_trials(trials).startswith("Right")
    assert check_trials(drawn(log_uniform)).startswith("Right")
