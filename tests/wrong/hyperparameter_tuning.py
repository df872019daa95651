"""The search for hyperparameters, wrong."""

import itertools
from concurrent.futures import as_completed

import numpy as np

from snippets.hyperparameter_tuning import TrialFailed, at, random_search
from tests.wrong._registry import wrong

DECADES = "test_log_uniform_draws_as_many_in_every_decade"
ENDS = "test_one_minus_log_uniform_takes_bounds_of_beta_and_begins_at_low"
GRID = "test_a_grid_is_every_combination_ends_included_even_on_each_scale"
DRAWS = "test_random_search_draws_each_name_anew"
ZOOM = "test_zooming_by_two_into_four_decades_leaves_two"
ORDER = "test_results_come_in_the_order_of_trials_whoever_is_done_first"
RAISES = "test_a_trial_that_raises_is_named_and_the_rest_go_on"


@wrong(of="log_uniform", killed_by=DECADES)
def learning_rate_drawn_linearly(low, high, size, rng):
    """A learning rate drawn evenly between its bounds: nine in ten lie in the top decade. What line 184 of the note warns of."""
    return low + (high - low) * rng.random(size)


@wrong(of="log_uniform", killed_by=DECADES)
def exponents_of_two_bases(low, high, size, rng):
    """Natural logarithms of the bounds, put back with base 10: numpy's `log` for `log10`."""
    return 10 ** rng.uniform(np.log(low), np.log(high), size)


@wrong(of="log_uniform", killed_by=DECADES)
def log_of_a_linear_draw(low, high, size, rng):
    """The logarithm taken of an even draw, rather than an even draw taken of the logarithm: line 185, "use uniform", read backwards."""
    return 10 ** -(4 * np.log1p(rng.random(size)) / np.log(2)) * high


@wrong(of="log_uniform", killed_by="test_log_uniform_begins_at_low_and_stays_in_the_range")
def counted_from_above(low, high, size, rng):
    """u = 0 is high: as good as draws, but not with the same seed the same trials."""
    return high * (low / high) ** rng.random(size)


@wrong(of="one_minus_log_uniform", killed_by="test_one_minus_log_uniform_draws_as_often_above_0_99_as_below")
def beta_drawn_linearly(low, high, size, rng):
    """Beta drawn evenly from 0.9 to 0.999, what line 188 of the note warns of: one in eleven lies above 0.99."""
    return low + (high - low) * rng.random(size)


@wrong(of="one_minus_log_uniform", killed_by="test_one_minus_log_uniform_draws_as_often_above_0_99_as_below")
def log_scale_of_beta_itself(low, high, size, rng):
    """The logarithm of beta for that of 1 - beta: nearly even again."""
    return low ** (1 - (u := rng.random(size))) * high**u


@wrong(of="one_minus_log_uniform", killed_by=ENDS)
def lost_minus_of_line_193(low, high, size, rng):
    """beta = 10^r where line 193 of the note lost the "1 -": what comes out is 1 - beta."""
    return (1 - low) ** (1 - (u := rng.random(size))) * (1 - high) ** u


@wrong(of="one_minus_log_uniform", killed_by=ENDS)
def bounds_of_one_minus_beta(low, high, size, rng):
    """The bounds taken as those of 1 - beta: 0.9 to 0.999 becomes 0.1 to 0.001."""
    return 1 - low ** (1 - (u := rng.random(size))) * high**u


@wrong(of="one_minus_log_uniform", killed_by=ENDS)
def from_the_long_windows_down(low, high, size, rng):
    """r drawn from -3 up to -1: u = 0 is high."""
    return 1 - (1 - high) ** (1 - (u := rng.random(size))) * (1 - low) ** u


@wrong(of="at", killed_by="test_random_counts_reach_both_ends_equally_often")
def high_end_of_a_count_never_reached(u, low, high, scale):
    """Counts by int(low + (high - low) u): as with numpy's `integers`, the high end is left out."""
    return np.floor(low + (high - low) * u).astype(int)


@wrong(of="at", killed_by="test_random_counts_reach_both_ends_equally_often")
def ends_of_a_count_half_as_often(u, low, high, scale):
    """Counts rounded from an even draw: both ends come half as often as the others."""
    return np.rint(low + (high - low) * np.asarray(u)).astype(int)


@wrong(of="grid", killed_by=GRID)
def grid_even_in_the_value(space, points):
    """`linspace` between the bounds whatever the scale."""
    axes = [np.linspace(low, high, points).tolist() for low, high, _ in space.values()]
    return [dict(zip(space, values, strict=True)) for values in itertools.product(*axes)]


@wrong(of="grid", killed_by=GRID)
def grid_without_its_last_line(space, points):
    """The high end left out."""
    axes = [at(np.linspace(0, 1, points, endpoint=False), *limits).tolist() for limits in space.values()]
    return [dict(zip(space, values, strict=True)) for values in itertools.product(*axes)]


@wrong(of="grid", killed_by=GRID)
def only_the_diagonal(space, points):
    """The axes walked together: not every combination."""
    axes = [at(np.linspace(0, 1, points), *limits).tolist() for limits in space.values()]
    return [dict(zip(space, values, strict=True)) for values in zip(*axes, strict=True)]


@wrong(of="random_search", killed_by=DRAWS)
def one_draw_for_all(space, n, rng):
    """One u for all hyperparameters: every trial lies on the diagonal."""
    u = rng.random(n)
    columns = {name: at(u, *limits).tolist() for name, limits in space.items()}
    return [{name: column[i] for name, column in columns.items()} for i in range(n)]


@wrong(of="random_search", killed_by=DRAWS)
def a_grid_shuffled(space, n, rng):
    """Random points of a grid: as few values on each axis as a grid has."""
    columns = {name: at(rng.integers(0, 5, n) / 4, *limits).tolist() for name, limits in space.items()}
    return [{name: column[i] for name, column in columns.items()} for i in range(n)]


@wrong(of="random_search", killed_by="test_a_sampler_is_asked_for_n_values_with_the_generator")
def always_the_same_seed(space, n, rng):
    """A generator of its own: every search is the same search."""
    return random_search(space, n, np.random.default_rng(0))


@wrong(of="zoom", killed_by=ZOOM)
def zoom_in_the_value(space, best, factor):
    """The width measured in the value: around 0.01 in 0.0001 to 1 the finer range is 0.0001 to 0.26."""
    finer = {}
    for name, (low, high, scale) in space.items():
        half = (high - low) / factor / 2
        finer[name] = (max(low, best[name] - half), min(high, best[name] + half), scale)
    return finer


@wrong(of="zoom", killed_by=ZOOM)
def half_a_width_on_each_side_twice(space, best, factor):
    """1/factor of the width on each side: twice too wide."""
    finer = {}
    for name, (low, high, scale) in space.items():
        width = (high / low) ** (1 / factor)
        finer[name] = (max(low, best[name] / width), min(high, best[name] * width), scale)
    return finer


@wrong(of="zoom", killed_by="test_a_zoom_never_leaves_the_old_range")
def zoom_out_of_the_range(space, best, factor):
    """Not cut off: the finer range sticks out of the old one."""
    finer = {}
    for name, (low, high, scale) in space.items():
        if scale == "log":
            half = (high / low) ** (0.5 / factor)
            finer[name] = (best[name] / half, best[name] * half, scale)
        else:
            half = (high - low + 1) / factor / 2
            finer[name] = (int(best[name] - half + 0.5), int(best[name] + half + 0.5), scale)
    return finer


@wrong(of="run_trials", killed_by=ORDER)
def in_the_order_they_finish(objective, trials, executor=None, progress=None):
    """`as_completed` taken at its word: the results no longer belong to their trials."""
    if executor is None:
        return [objective(trial) for trial in trials]
    return [future.result() for future in as_completed([executor.submit(objective, trial) for trial in trials])]


@wrong(of="run_trials", killed_by=RAISES)
def one_failure_stops_all(objective, trials, executor=None, progress=None):
    """`executor.map`: the first trial that raises ends the search, its hyperparameters unnamed."""
    return list((executor.map if executor else map)(objective, trials))


@wrong(of="run_trials", killed_by=RAISES)
def failures_dropped(objective, trials, executor=None, progress=None):
    """Failed trials left out: all results behind them belong to the trial before."""
    results = []
    for trial in trials:
        try:
            results.append(objective(trial))
        except Exception:
            continue
    return results


@wrong(of="run_trials", killed_by=RAISES)
def failures_as_infinity(objective, trials, executor=None, progress=None):
    """A failed trial scored as infinity: nobody learns why, and where more is better it wins."""
    results = []
    for trial in trials:
        try:
            results.append(objective(trial))
        except Exception:
            results.append(np.inf)
    return results


@wrong(of="run_trials", killed_by="test_an_interrupt_is_no_failed_trial")
def interrupts_swallowed(objective, trials, executor=None, progress=None):
    """`except BaseException`: Ctrl-C counts as a failed trial, and the search goes on."""
    results = []
    for trial in trials:
        try:
            results.append(objective(trial))
        except BaseException as error:
            results.append(TrialFailed(trial, error))
    return results


@wrong(of="run_trials", killed_by="test_a_pool_that_is_broken_before_it_has_all_trials_loses_none_of_them")
def a_broken_pool_ends_the_search(objective, trials, executor=None, progress=None):
    """Submitting unguarded: where a process has died already, submit raises, and all results are gone."""
    futures = [executor.submit(objective, trial) for trial in trials]
    return [future.exception() or future.result() for future in futures]
