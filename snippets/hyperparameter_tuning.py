"""Hyperparameter tuning: where to try, on which scale, and how to run many trials at once."""

import itertools
from concurrent.futures import BrokenExecutor, Future, as_completed
from functools import partial

import numpy as np

TASKS = 1000  # of many more, handing them out takes longer than the work


def at(u, low, high, scale):
    """The value that lies at the fraction u of the way from low to high, measured on a scale.

    u: a number or an array, 0 to 1. scale: "linear"; "log", for what counts in factors, such as a learning
    rate; "one_minus_log", the same for 1 - value, such as the beta of momentum; "int", for counts, every
    whole number from low to high with the same width.

    Returns an array of u's shape, floats or, for "int", whole numbers. Raises ValueError where u lies outside
    0 to 1, the scale is unknown, low is above high, or the range does not fit the scale.

    >>> from snippets import hyperparameter_tuning
    >>> u = np.array([0.0, 0.25, 0.5, 1.0])
    >>> hyperparameter_tuning.at(u, 1e-4, 1.0, "log")
    array([1.e-04, 1.e-03, 1.e-02, 1.e+00])
    >>> hyperparameter_tuning.at(u, 0.9, 0.999, "one_minus_log").round(4)
    array([0.9   , 0.9684, 0.99  , 0.999 ])
    >>> hyperparameter_tuning.at(u, 1, 8, "int")
    array([1, 3, 5, 8])
    """
    _check(low, high, scale)
    u = np.asarray(u, float)
    if not ((u >= 0) & (u <= 1)).all():
        raise ValueError(f"u: must lie from 0 to 1, not {u}")
    if scale == "log":
        value = low ** (1 - u) * high**u
    elif scale == "one_minus_log":
        value = 1 - (1 - low) ** (1 - u) * (1 - high) ** u
        value = np.where(u == 0, low, np.where(u == 1, high, value))  # 1 - (1 - low) is not always low
    elif scale == "int":
        value = np.floor(low + (high - low + 1) * u)
    else:
        value = low * (1 - u) + high * u
    value = np.clip(value, low, high)
    return value.astype(int) if scale == "int" else value


def log_uniform(low, high, size, rng):
    """Draws whose logarithm is uniform: as many from 0.001 to 0.01 as from 0.01 to 0.1.

    0 < low <= high. size: a whole number or a shape. rng: a np.random.Generator; its uniform draw u = 0
    gives low. Returns an array of that size. Raises ValueError for any other argument.
    Source: Bergstra and Bengio (2012), section 2, who draw a learning rate so.

    >>> from snippets import hyperparameter_tuning
    >>> alpha = hyperparameter_tuning.log_uniform(1e-4, 1.0, 10_000, np.random.default_rng(0))
    >>> [round(float(np.mean(alpha < bound)), 2) for bound in (1e-3, 1e-2, 1e-1)]
    [0.25, 0.5, 0.75]
    >>> u = np.random.default_rng(0).random(10_000)
    >>> np.allclose(alpha, 10 ** (-4 + 4 * u))
    True
    """
    return at(_uniform(size, rng), low, high, "log")


def one_minus_log_uniform(low, high, size, rng):
    """Draws of beta for which the logarithm of 1 - beta is uniform: 0.9 to 0.99 as often as 0.99 to 0.999.

    low <= high < 1 are bounds of beta itself, not of 1 - beta. size: a whole number or a shape. rng: a
    np.random.Generator; its uniform draw u = 0 gives low. Returns an array of that size. Raises ValueError
    for any other argument. Source: the course note, "Appropriate scale".

    >>> from snippets import hyperparameter_tuning
    >>> beta = hyperparameter_tuning.one_minus_log_uniform(0.9, 0.999, 10_000, np.random.default_rng(0))
    >>> round(float(np.mean(beta < 0.99)), 2)
    0.5
    >>> u = np.random.default_rng(0).random(10_000)
    >>> np.allclose(beta, 1 - 10 ** (-1 - 2 * u))
    True
    """
    return at(_uniform(size, rng), low, high, "one_minus_log")


def grid(space, points):
    """Every combination of `points` values for each hyperparameter, ends included, even on its scale.

    space: {"alpha": (low, high, scale), ...}, scales as in `at`. points: values on each axis, 2 or more; a
    count with fewer whole numbers than that has each of them once.

    Returns a list of {name: value}, the last name changing fastest. Raises ValueError where points is not
    such a number, or an entry of space is a sampler or no good range.

    >>> from snippets import hyperparameter_tuning
    >>> hyperparameter_tuning.grid({"units": (2, 8, "int"), "lambd": (0.0, 1.0, "linear")}, 2)
    [{'units': 2, 'lambd': 0.0}, {'units': 2, 'lambd': 1.0}, {'units': 8, 'lambd': 0.0}, {'units': 8, 'lambd': 1.0}]
    """
    _whole("points", points, 2)
    for name, limits in space.items():
        if callable(limits):
            raise ValueError(f"space: {name} is a sampler; a grid needs (low, high, scale)")
    u = np.linspace(0, 1, points)
    axes = [np.unique(at(u, *_range(*item))).tolist() for item in space.items()]
    return [dict(zip(space, values, strict=True)) for values in itertools.product(*axes)]


def random_search(space, n, rng):
    """n independent draws: no two trials share a value, so every trial tries every hyperparameter anew.

    space: {"alpha": (low, high, scale), "optimizer": sampler, ...}, scales as in `at`; a sampler is called
    as sampler(n, rng) and returns n values. n: 0 or more. rng: a np.random.Generator, drawn from once for
    each hyperparameter, in the order of space.

    Returns a list of {name: value}. Raises ValueError where n or rng is not that, a range is no good, or a
    sampler returns another number of values. Source: Bergstra and Bengio (2012), section 2.

    >>> from snippets import hyperparameter_tuning
    >>> u = np.random.default_rng(1).random((2, 3))  # one row for each hyperparameter
    >>> space = {"alpha": (1e-4, 1.0, "log"), "units": (1, 50, "int")}
    >>> trials = hyperparameter_tuning.random_search(space, 3, np.random.default_rng(1))
    >>> np.allclose([trial["alpha"] for trial in trials], 10 ** (-4 + 4 * u[0]))
    True
    >>> np.array_equal([trial["units"] for trial in trials], 1 + np.floor(50 * u[1]))
    True
    """
    _whole("n", n, 0)
    columns = {}
    for name, limits in space.items():
        column = limits(n, rng) if callable(limits) else at(_uniform(n, rng), *_range(name, limits))
        if len(column) != n:
            raise ValueError(f"space: the sampler of {name} returned {len(column)} values, not {n}")
        columns[name] = np.asarray(column).tolist()
    return [{name: column[i] for name, column in columns.items()} for i in range(n)]


def zoom(space, best, factor):
    """Coarse to fine: a space of 1/factor of the width on each axis, centred on the best trial so far.

    space: {name: (low, high, scale) or sampler}, as for `random_search`. best: {name: value}, in that space.
    factor: 1 or more. Widths are measured on each axis's own scale: zooming by 2 into 0.0001 to 1 leaves a
    factor of 100 on a log axis. What would stick out of the old range is cut off. A sampler has no width and
    stays as it is.

    Returns the new space. Raises ValueError where factor is below 1, best lacks a name or lies outside, or a
    range is no good.

    >>> from snippets import hyperparameter_tuning
    >>> space = {"alpha": (1e-4, 1.0, "log"), "lambd": (0.0, 8.0, "linear")}
    >>> finer = hyperparameter_tuning.zoom(space, {"alpha": 0.01, "lambd": 7.5}, factor=2)
    >>> {name: (round(low, 6), round(high, 6)) for name, (low, high, scale) in finer.items()}
    {'alpha': (0.001, 0.1), 'lambd': (5.5, 8.0)}
    """
    if not 1 <= factor < np.inf:
        raise ValueError(f"factor: must be a number of 1 or more, not {factor}")
    finer = {}
    for name, limits in space.items():
        if callable(limits):
            finer[name] = limits
            continue
        low, high, scale = _range(name, limits)
        _check(low, high, scale)
        if name not in best or not low <= best[name] <= high:
            raise ValueError(f"best: {name} must lie from {low} to {high}, not {best.get(name)}")
        middle = _fraction(best[name], low, high, scale)
        ends = np.clip([middle - 0.5 / factor, middle + 0.5 / factor], 0, 1)
        finer[name] = (*at(ends, *limits).tolist(), scale)
    return finer


class TrialFailed(Exception):
    """Stands in the place of a result: `trial` raised what is now its `__cause__`."""

    def __init__(self, trial, cause):
        super().__init__(trial, cause)
        self.trial, self.__cause__ = trial, cause

    def __str__(self):
        return f"{self.trial} raised {type(self.__cause__).__name__}: {self.__cause__}"


def run_trials(objective, trials, executor=None, progress=None):
    """What objective(trial) returns for every trial, in the order of trials, wherever they ran.

    objective: takes one trial. Where processes or machines run it, they must be able to import it, and it
    should draw from a generator seeded by its trial. trials: any list, such as `random_search` returns.
    executor: None runs one trial after another, here; any concurrent.futures.Executor runs them all at once:
    a ProcessPoolExecutor on one machine, Client.get_executor() of dask.distributed on many. It stays open.
    progress: wraps an iterable and takes its total, as tqdm.tqdm and rich.progress.track do.
    More than 1,000 trials are handed to the executor in 1,000 groups, of which progress then tells: a trial
    of a millisecond would be over before the next is handed out. The workers must be able to import this.

    A trial that raises does not stop the others. In its place in the list stands a TrialFailed, not raised:
    its text names the hyperparameters, `.trial` holds them, `.__cause__` is what the trial raised. (So does
    asyncio.gather with return_exceptions=True.)

    A worker that is killed takes no result with it. Dask runs its trial again on another worker. A
    ProcessPoolExecutor is broken from then on: what was finished is in the list, and each trial that was not
    is a TrialFailed caused by BrokenProcessPool, with all of its group. Run those again in a new pool. They are
    not run again in this process: the trial that killed one process would kill this one.

    >>> from snippets import hyperparameter_tuning
    >>> def objective(trial):
    ...     return 1 / trial["alpha"]
    >>> hyperparameter_tuning.run_trials(objective, [{"alpha": 0.5}, {"alpha": 0}, {"alpha": 0.25}])
    [2.0, TrialFailed({'alpha': 0}, ZeroDivisionError('division by zero')), 4.0]
    >>> def interrupted(trial):
    ...     raise KeyboardInterrupt
    >>> try:
    ...     hyperparameter_tuning.run_trials(interrupted, [{"alpha": 0.5}])
    ... except KeyboardInterrupt:  # Ctrl-C is no failed trial
    ...     print("stopped")
    stopped
    """
    trials, results = list(trials), {}
    if executor is not None and len(trials) > TASKS:
        size = -(-len(trials) // TASKS)
        together, groups = [], [trials[i : i + size] for i in range(0, len(trials), size)]
        outcomes = run_trials(partial(run_trials, objective), groups, executor, progress)
        for group, outcome in zip(groups, outcomes, strict=True):
            lost = isinstance(outcome, TrialFailed)
            together += [TrialFailed(trial, outcome.__cause__) for trial in group] if lost else outcome
        return together
    if executor is None:
        calls = ((i, lambda i=i: objective(trials[i])) for i in range(len(trials)))
    else:
        futures = {_submit(executor, objective, trial): i for i, trial in enumerate(trials)}
        calls = ((futures[future], future.result) for future in as_completed(futures))
    for i, call in calls if progress is None else progress(calls, total=len(trials)):
        try:
            results[i] = call()
        except Exception as error:
            results[i] = TrialFailed(trials[i], error)
    return [results[i] for i in range(len(trials))]


def _submit(executor, objective, trial):
    """A future in any case: failed from the start where a worker's death has closed the pool."""
    try:
        return executor.submit(objective, trial)
    except BrokenExecutor as error:
        future = Future()
        future.set_exception(error)
        return future


def _fraction(value, low, high, scale):
    """The u for which `at` gives the value: the middle of its step for a count."""
    if low == high:
        return 0.5
    if scale == "log":
        return np.log(value / low) / np.log(high / low)
    if scale == "one_minus_log":
        return np.log((1 - value) / (1 - low)) / np.log((1 - high) / (1 - low))
    if scale == "int":
        return (value - low + 0.5) / (high - low + 1)
    return (value - low) / (high - low)


def _uniform(size, rng):
    if not isinstance(rng, np.random.Generator):
        raise ValueError(f"rng: must be a np.random.Generator, not {type(rng).__name__}")
    if not all(type(n) is int and n >= 0 for n in np.ravel(size).tolist()):
        raise ValueError(f"size: must be a whole number, 0 or more, or a shape of such, not {size}")
    return rng.random(size)


def _range(name, limits):
    if not isinstance(limits, tuple | list) or len(limits) != 3:
        raise ValueError(f"space: {name} must be (low, high, scale), not {limits!r}")
    return limits


def _whole(name, value, least):
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < least:
        raise ValueError(f"{name}: must be a whole number, {least} or more, not {value}")


def _check(low, high, scale):
    if scale not in ("linear", "log", "one_minus_log", "int"):
        raise ValueError(f'scale: must be "linear", "log", "one_minus_log" or "int", not {scale!r}')
    if not -np.inf < low <= high < np.inf:
        raise ValueError(f"low, high: must be finite and low at most high, not {low}, {high}")
    if scale == "log" and low <= 0:
        raise ValueError(f"low: must be above 0 on a log scale, not {low}")
    if scale == "one_minus_log" and high >= 1:
        raise ValueError(f"high: must be below 1 on a one_minus_log scale, not {high}")
    if scale == "int" and not (low == int(low) and high == int(high)):
        raise ValueError(f"low, high: must be whole numbers on an int scale, not {low}, {high}")
