"""Draw on the right scale, and find what is wrong with a random search: checkers with a hint for each misconception."""

import numpy as np

from snippets import hyperparameter_tuning
from snippets.exercises._check import Hint, attempt, checker, compare

U = np.array([0.0, 0.2, 0.45, 0.7, 0.95])


def at(u, low, high, scale):
    """The value at the fraction u of the way from low to high; 0 <= u < 1, an array."""
    if scale == "log":  # a learning rate: 0.0001 to 0.001 is as far as 0.1 to 1
        return ...
    if scale == "one_minus_log":  # a beta, from 0.9 to 0.999, say
        return ...
    return ...  # "int": low to high, both included, each with its equal share of u


at_solved = hyperparameter_tuning.at


@checker
def check_at(at):
    """Try `at(u, low, high, scale)` on each of the three scales."""
    u = U
    low, high = 1e-4, 0.5
    ln, lg = (log(low) + u * (log(high) - log(low)) for log in (np.log, np.log10))
    try_scale(at, low, high, "log", {
        "this is even in the value, so nearly all draws lie in the top decade: be even in its logarithm": low + u * (high - low),
        "np.log is the natural logarithm, and 10 ** is the other one: take np.log10, or np.exp": 10**ln,
        "np.log10 goes back by 10 **, not by np.exp": np.exp(lg),
        "this is the exponent; the value is 10 to its power": lg,
        "this is the exponent; the value is e to its power": ln,
        "low and high are values, not exponents: take their logarithms first": 10 ** (low + u * (high - low)),
        "it runs from high down to low": low**u * high ** (1 - u),
    })  # fmt: skip
    low, high = 0.8, 0.999
    tail = (1 - low) ** (1 - u) * (1 - high) ** u
    try_scale(at, low, high, "one_minus_log", {
        "this is even in beta, so the long windows near 1 are hardly ever drawn": low + u * (high - low),
        "the logarithm is that of beta, which hardly changes: take that of 1 - beta": low ** (1 - u) * high**u,
        "this is 1 - beta: take it from 1 once more": tail,
        "low and high bound beta: 1 - beta runs from 1 - low to 1 - high": 1 - low ** (1 - u) * high**u,
        "it runs from high down to low: at u = 0, 1 - beta is 1 - low": 1 - (1 - low) ** u * (1 - high) ** (1 - u),
        "np.log is the natural logarithm, and 10 ** is the other one": 1 - 10 ** np.log(tail),
    })  # fmt: skip
    low, high = 2, 5
    try_scale(at, low, high, "int", {
        "high is never reached: there are high - low + 1 whole numbers": np.floor(low + (high - low) * u),
        "rounding gives low and high half the share of the others": np.rint(low + (high - low) * u),
        "it is not whole": low + (high - low) * u,
        "it is not whole, and it goes past high": low + (high - low + 1) * u,
        "low is never reached": np.ceil(low + (high - low) * u),
        "it goes past high: round down": np.rint(low + (high - low + 1) * u),
        "the count begins at 0, not at low": np.floor((high - low + 1) * u),
    })  # fmt: skip
    return "a learning rate, a beta and a number of units, each on its own scale."


def try_scale(at, low, high, scale, mistakes):
    """Compare what comes out at U on one scale."""
    found = attempt(at, U, low, high, scale)
    compare(f'at(u, {low}, {high}, "{scale}")', found, hyperparameter_tuning.at(U, low, high, scale), mistakes)


def trials(space, n, rng):
    """n random trials: [{name: value}, ...]; space: {name: (low, high)}, log scales."""
    u = rng.random(n)
    columns = {name: low ** (1 - u) * high**u for name, (low, high) in space.items()}
    return [{name: column[i] for name, column in columns.items()} for i in range(n)]


def trials_solved(space, n, rng):
    """A draw for each hyperparameter."""
    return hyperparameter_tuning.random_search({name: (*limits, "log") for name, limits in space.items()}, n, rng)


@checker
def check_trials(trials):
    """Try `trials(space, n, rng)`, and look at each hyperparameter alone, and at both together."""
    space, n = {"alpha": (1e-4, 1.0), "lambd": (1e-6, 1e-1)}, 400
    found = attempt(trials, space, n, np.random.default_rng(4))
    if len(found) != n:
        raise Hint(f"There are {len(found)} trials, not {n}.")
    if any(not isinstance(trial, dict) or set(trial) != set(space) for trial in found):
        raise Hint(f"A trial is a dict with {' and '.join(space)}; the first one is {found[0]}.")
    u = np.empty((len(space), n))
    for k, (name, (low, high)) in enumerate(space.items()):
        values = np.array([trial[name] for trial in found], float)
        if not ((values >= low * (1 - 1e-9)) & (values <= high * (1 + 1e-9))).all():
            raise Hint(f"{name} lies from {values.min():.3g} to {values.max():.3g}, outside its range from {low:g} to {high:g}.")
        u[k] = np.log(values / low) / np.log(high / low)
        if len(np.unique(u[k].round(9))) < n / 2:
            raise Hint(f"In {n} trials, {name} has {len(np.unique(u[k].round(9)))} values. A grid repeats itself; draw each anew.")
        if not 0.4 < np.mean(u[k] < 0.5) < 0.6:
            raise Hint(f"{np.mean(u[k] < 0.5):.0%} of the draws of {name} lie in the lower half of its log scale, where half should.")
    if abs(np.corrcoef(u)[0, 1]) > 0.5:
        raise Hint(
            "All trials lie on a diagonal: alpha and lambd go up and down together. Plot one against the other. Each needs its own draw."
        )
    if attempt(trials, space, n, np.random.default_rng(5)) == found:
        raise Hint("Another rng gives the same trials: draw from the one that is given.")
    if attempt(trials, space, n, np.random.default_rng(4)) != found:
        raise Hint("The same seed gives other trials, so nobody can run this search again: draw from rng, and from nothing else.")
    return "each hyperparameter is drawn anew, so the trials fill the whole space."
