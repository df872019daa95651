"""Which hyperparameters matter, and how to look for them: on real digits, and on simulated surfaces.

What is trained is small, so that hundreds of trials are one call: each trial is a run of one stack, and a
hidden layer of fewer units than the widest has zeros for the rest, which stay zero under gradient descent.
"""

from functools import partial
from types import SimpleNamespace

import numpy as np
from scipy.interpolate import RegularGridInterpolator
from scipy.stats import qmc

from snippets import hyperparameter_tuning, initialization, momentum, network
from snippets.experiments import _data
from snippets.experiments._cache import experiment

M = 400  # training examples
WIDEST = 32


def _column(values):
    """One value for each run, in the shape that the network takes."""
    return np.asarray(values, np.float32).reshape(-1, 1, 1)


def _start(units, seeds):
    """He's start for each run, with zeros for the units that a narrow layer lacks."""
    starts = []
    for n, seed in zip(units, seeds, strict=True):
        drawn = initialization.he([64, n, 1], np.random.default_rng(seed))
        padded = initialization.zeros([64, WIDEST, 1])
        padded["W1"][:n], padded["W2"][:, :n] = drawn["W1"], drawn["W2"]
        starts.append({name: array.astype(np.float32) for name, array in padded.items()})
    return network.stack(starts)


def _train(params, alpha, beta=0.9, lambd=0.0, epochs=50, batch_size=None, data=None):
    """Train a stack of runs, each with its own alpha, beta and lambda: (params, costs)."""
    X, Y = data or _digits()[:2]
    optimizer = SimpleNamespace(init=momentum.init, update=partial(momentum.update, beta=_column(beta)))
    with np.errstate(all="ignore"):  # some of the learning rates are meant to be far too large
        return network.train(
            X,
            Y,
            params,
            epochs=epochs,
            learning_rate=_column(alpha),
            optimizer=optimizer,
            lambd=_column(lambd),
            batch_size=batch_size,
            rng=np.random.default_rng(0),
        )


def _digits():
    X, Y, X_dev, Y_dev = (array.astype(np.float32) for array in _data.digits())
    return X[:, :M], Y[:, :M], X_dev, Y_dev


def _error(params, data=None):
    """The share of dev examples that each run gets wrong; one half for a run that has diverged."""
    X_dev, Y_dev = data or _digits()[2:]
    good = np.all([np.isfinite(array).all(axis=(-2, -1)) for array in params.values()], axis=0)
    safe = {name: np.where(good[:, np.newaxis, np.newaxis], array, 0) for name, array in params.items()}
    with np.errstate(all="ignore"):
        A, _ = network.forward(X_dev, safe)
    return np.where(good, ((A > 0.5) != Y_dev).mean(axis=(-2, -1)), 0.5)


def _low_high(values, prefix=""):
    low, high = np.quantile(values, [0.05, 0.95], axis=-1)
    return {f"{prefix}mean": np.mean(values, axis=-1), f"{prefix}low": low, f"{prefix}high": high}


SPACE = {
    "alpha": (1e-3, 10.0, "log"),
    "units": (2, WIDEST, "int"),
    "beta": (0.5, 0.999, "one_minus_log"),
    "batch_size": (16, 200, "log"),
    "lambd": (1e-3, 10.0, "log"),
}


@experiment
def importance():
    """The share of the variance of the dev error that each hyperparameter explains alone, over random trials."""
    each, sizes, epochs = 60, (16, 40, 100, 200), 20  # one stack for each batch size
    rng = np.random.default_rng(0)
    trials, errors = [], []
    for index, size in enumerate(sizes):
        batch = hyperparameter_tuning.random_search(SPACE | {"batch_size": lambda n, rng: [size] * n}, each, rng)
        columns = {name: [trial[name] for trial in batch] for name in SPACE}
        start = _start(columns["units"], range(each * index, each * (index + 1)))
        params, _ = _train(start, columns["alpha"], columns["beta"], columns["lambd"], epochs=epochs, batch_size=size)
        trials += batch
        errors.append(_error(params))
    errors = np.concatenate(errors)

    def share(chosen, values):
        """The variance of the mean over fifths of the values, less what chance alone gives, of the whole."""
        order = np.argsort(values[chosen], kind="stable")
        parts = [errors[chosen][part] for part in np.array_split(order, 5 if len(set(values)) > 4 else 4)]
        between = sum(len(part) * (part.mean() - errors[chosen].mean()) ** 2 for part in parts) / len(chosen)
        within = sum(((part - part.mean()) ** 2).sum() for part in parts) / (len(chosen) - len(parts))
        return max(0.0, (between - within * (len(parts) - 1) / len(chosen)) / errors[chosen].var())

    everything = np.arange(len(trials))
    again = [rng.choice(everything, len(trials)) for _ in range(200)]
    result = {"seeds": len(trials), "trials": len(trials), "names": np.array(list(SPACE)), "errors": errors}
    shares = []
    for name in SPACE:
        values = np.array([trial[name] for trial in trials])
        shares.append(share(everything, values))
        low, high = np.quantile([share(chosen, values) for chosen in again], [0.05, 0.95])
        result |= {name: shares[-1], f"{name}_low": low, f"{name}_high": high, f"{name}_values": values}
        result |= {f"{name}_from": SPACE[name][0], f"{name}_to": SPACE[name][1]}
    return result | {"sizes": np.array(sizes), "epochs": epochs}


EDGES = {"alpha": (1e-3, 100.0, "log"), "beta": (0.5, 0.999, "one_minus_log")}


@experiment
def surface():
    """Dev error of the digits over a grid of learning rate and beta, each the mean of three starts; 30 epochs."""
    u, v, starts = np.linspace(0, 1, 26), np.linspace(0, 1, 10), 3
    alpha, beta = hyperparameter_tuning.at(u, *EDGES["alpha"]), hyperparameter_tuning.at(v, *EDGES["beta"])
    pairs = np.array([(a, b) for a in alpha for b in beta])
    errors = 0
    for seed in range(starts):
        start = _start([16] * len(pairs), [seed] * len(pairs))
        start = {"W1": start["W1"][:, :16], "b1": start["b1"][:, :16], "W2": start["W2"][:, :, :16], "b2": start["b2"]}
        params, _ = _train(start, pairs[:, 0], pairs[:, 1], epochs=30, batch_size=100)
        errors = errors + _error(params) / starts
    return {"alpha": alpha, "beta": beta, "error": errors.reshape(len(alpha), len(beta)), "u": u, "v": v, "starts": starts}


def _digits_surface(seeds):
    """For each seed the digits' surface seen through a window of its own, three fifths of each axis: (u, v) -> error."""
    real, rng = surface(), np.random.default_rng(0)
    error = RegularGridInterpolator((real["u"], real["v"]), real["error"])
    corners = 0.4 * rng.random((seeds, 2))
    return [lambda points, corner=corner: error(corner + 0.6 * points) for corner in corners]


def _bump(points, centre, widths):
    """A smooth simulated surface, 1 minus a bell of these widths: 0 at the centre, 1 far from it."""
    return 1 - np.exp(-0.5 * (((points - centre) / widths) ** 2).sum(axis=-1))


def _bumps(seeds, widths):
    """For each seed such a surface with its centre somewhere: (x, y) -> score."""
    return [partial(_bump, centre=centre, widths=widths) for centre in np.random.default_rng(0).random((seeds, 2))]


UNIT = {"x": (0.0, 1.0, "linear"), "y": (0.0, 1.0, "linear")}


def _points(trials):
    return np.array([list(trial.values()) for trial in trials])


def _searches(side, seed):
    """side * side points in the unit square, by each way of choosing them."""
    n, rng = side**2, np.random.default_rng(seed)
    with_ends = _points(hyperparameter_tuning.grid(UNIT, side))
    return {
        "grid": with_ends,
        "inner": (with_ends * (side - 1) + 0.5) / side,  # the same grid drawn in, each point in the middle of its cell
        "random": _points(hyperparameter_tuning.random_search(UNIT, n, rng)),
        "sobol": qmc.Sobol(2, rng=rng).random(2 ** int(np.ceil(np.log2(n))))[:n],
    }


@experiment
def budget():
    """The best score found against the number of trials: grid, random and quasi-random, on three kinds of surface."""
    seeds, sides = 300, np.arange(2, 9)
    surfaces = {"one": _bumps(seeds, (0.05, 2.0)), "two": _bumps(seeds, (0.15, 0.15)), "digits": _digits_surface(seeds)}
    best = {f"{kind}_{search}": np.zeros((len(sides), seeds)) for kind in surfaces for search in ("grid", "inner", "random", "sobol")}
    for i, side in enumerate(sides):
        for seed in range(seeds):
            for search, points in _searches(side, seed).items():
                for kind, each in surfaces.items():
                    best[f"{kind}_{search}"][i, seed] = each[seed](points).min()
    result = {"seeds": seeds, "trials": sides**2}
    for name, values in best.items():
        result |= _low_high(values, f"{name}_")
    few = best["one_grid"][3] - best["one_random"][1]  # nine at random against twenty-five on the grid
    result |= {"few_gain": few.mean(), "few_error": few.std(ddof=1) / np.sqrt(seeds)}
    for kind in surfaces:
        for search in "inner", "random", "sobol":
            gain = best[f"{kind}_grid"] - best[f"{kind}_{search}"]
            result |= {f"{kind}_{search}_gain": gain.mean(axis=1), f"{kind}_{search}_error": gain.std(axis=1, ddof=1) / np.sqrt(seeds)}
            result |= {f"{kind}_{search}_ahead": (gain > 0).mean(axis=1), f"{kind}_{search}_behind": (gain < 0).mean(axis=1)}
    return result


@experiment
def layouts():
    """Twenty-five trials by grid and at random, with how many values each tries on one axis."""
    chosen = _searches(5, 3)
    return chosen | {f"{name}_values": len(np.unique(points[:, 0])) for name, points in chosen.items()}


@experiment
def coarse_to_fine():
    """The same number of trials all at once or in two rounds, the second zoomed in on the best of the first; digits."""
    seeds, n, factor = 300, 10, 3
    gains, once, twice, misses, picture = [], [], [], 0, {}
    for seed, error in enumerate(_digits_surface(seeds)):
        rng = np.random.default_rng(seed)
        first = hyperparameter_tuning.random_search(UNIT, n, rng)
        errors = hyperparameter_tuning.run_trials(lambda trial: float(error(_points([trial]))[0]), first)
        best = first[int(np.argmin(errors))]
        finer = hyperparameter_tuning.zoom(UNIT, best, factor)
        second = hyperparameter_tuning.random_search(finer, n, rng)
        more = hyperparameter_tuning.random_search(UNIT, n, rng)
        twice.append(min(*errors, *error(_points(second))))
        once.append(min(*errors, *error(_points(more))))
        gains.append(once[-1] - twice[-1])
        everywhere = _points(hyperparameter_tuning.grid(UNIT, 41))
        target = everywhere[error(everywhere).argmin()]
        misses += not all(finer[name][0] <= target[i] <= finer[name][1] for i, name in enumerate(UNIT))
        if seed == 1:
            picture = {"first": _points(first), "second": _points(second), "box": np.array([finer[name][:2] for name in UNIT])}
            picture |= {"field": error(everywhere).reshape(41, 41)}
    gains = np.array(gains)
    result = {"seeds": seeds, "n": n, "factor": factor, "gain": gains.mean(), "error": gains.std(ddof=1) / np.sqrt(seeds)}
    result |= {"ahead": (gains > 0).mean(), "behind": (gains < 0).mean(), "missed": misses / seeds}
    return result | _low_high(once, "once_") | _low_high(twice, "twice_") | picture


@experiment
def scales():
    """Draws of the learning rate and of beta, linear and on the right scale: where they fall, what they find."""
    n, rng = 10_000, np.random.default_rng(0)
    linear = rng.uniform(1e-4, 1.0, n)
    log = hyperparameter_tuning.log_uniform(1e-4, 1.0, n, rng)
    decades = np.logspace(-4, 0, 5)
    plain = rng.uniform(0.9, 0.999, n)
    right = hyperparameter_tuning.one_minus_log_uniform(0.9, 0.999, n, rng)
    return {
        "draws": n,
        "linear": np.histogram(linear, decades)[0] / n,
        "log": np.histogram(log, decades)[0] / n,
        "linear_points": linear[:40],
        "log_points": log[:40],
        "beta_linear_long": (plain > 0.99).mean(),
        "beta_right_long": (right > 0.99).mean(),
    }


@experiment
def linear_draws():
    """Dev error of the best of ten learning rates, drawn linearly and on a log scale, from ranges of three decades."""
    seeds, n = 1000, 10
    real, rng = surface(), np.random.default_rng(0)
    errors = real["error"][:, 3]  # at beta = 0.94, the nearest to 0.9 of those measured
    exponents = np.log10(real["alpha"])
    best = exponents[errors.argmin()]
    low = best - rng.uniform(0, 3, seeds)  # the best one may lie anywhere in the range; above 100 every run is lost as at 100
    found = {}
    for name in "linear", "log":
        if name == "linear":
            alpha = rng.uniform(10**low, 10 ** (low + 3), (n, seeds))
        else:
            alpha = np.stack([hyperparameter_tuning.log_uniform(10**a, 10 ** (a + 3), n, rng) for a in low], axis=1)
        found[name] = np.interp(np.log10(alpha), exponents, errors).min(axis=0)
    gain = found["linear"] - found["log"]
    top = low + 2 < best  # the best lies in the top decade of the range
    result = {
        "seeds": seeds,
        "n": n,
        "beta": real["beta"][3],
        "best": 10**best,
        "gain": gain.mean(),
        "error": gain.std(ddof=1) / np.sqrt(seeds),
    }
    result |= {
        "top_gain": gain[top].mean(),
        "top_lead": -gain[top].mean(),
        "other_gain": gain[~top].mean(),
        "top": top.mean(),
        "log_ahead": (gain > 0).mean(),
    }
    return result | _low_high(found["linear"], "linear_") | _low_high(found["log"], "log_")


@experiment
def window():
    """The effective window 1 / (1 - beta) over beta, and two steps of 0.0005."""
    beta = 1 - np.logspace(-1, -3, 41)
    few, many = np.array([0.9, 0.9005]), np.array([0.999, 0.9995])
    return {"beta": beta, "window": 1 / (1 - beta), "few": 1 / (1 - few), "many": 1 / (1 - many)}


@experiment
def panda_and_caviar():
    """One model whose learning rate is watched and changed, against twenty that each keep their own; digits, twenty seeds.

    The best of the twenty is chosen on dev, and it and the watched one are judged on images that neither has seen.
    """
    seeds, models, rounds, each = 20, 20, 30, 2
    X, Y, *_ = _digits()
    X_new, Y_new = (array[:, M:].astype(np.float32) for array in _data.digits()[:2])
    start = _start([16] * seeds, range(seeds))

    # The panda: a careful start; after two epochs with less cost a bolder rate, with more cost back and a smaller rate.
    params, alpha = start, np.full(seeds, 0.01)
    cost, costs, alphas = np.full(seeds, np.inf), [], []
    for _ in range(rounds):
        alphas.append(alpha)
        tried, _ = _train(params, alpha, beta=0.0, epochs=each)
        with np.errstate(all="ignore"):
            new = network.cost(network.forward(X, tried, check=False)[0], Y, check=False)
        good = new < cost
        params = {name: np.where(good[:, np.newaxis, np.newaxis], tried[name], params[name]) for name in params}
        cost, alpha = np.where(good, new, cost), np.where(good, 1.5 * alpha, 0.4 * alpha)
        costs.append(cost)
    panda = _error(params, (X_new, Y_new))

    # The caviar: as many epochs for each, learning rates drawn on a log scale.
    rates, chosen, errors, curves = [], [], [], []
    for seed in range(seeds):
        drawn = hyperparameter_tuning.log_uniform(1e-3, 100.0, models, np.random.default_rng(seed))
        trained, history = _train(
            {name: np.repeat(array[seed : seed + 1], models, axis=0) for name, array in start.items()},
            drawn,
            beta=0.0,
            epochs=rounds * each,
        )
        rates.append(drawn)
        chosen.append(_error(trained))
        errors.append(_error(trained, (X_new, Y_new)))
        if seed == 0:
            curves = history
    chosen, errors = np.array(chosen), np.array(errors)
    best = errors[range(seeds), chosen.argmin(axis=1)]
    result = {"seeds": seeds, "models": models, "epochs": rounds * each, "cost": np.array(costs)[:, 0], "alpha": np.array(alphas)[:, 0]}
    result |= {
        "curves": np.clip(np.nan_to_num(curves, nan=10.0, posinf=10.0), 0, 10),
        "rates": rates[0],
        "watched": each * np.arange(1, rounds + 1),
    }
    result |= {
        "alpha_last": np.median(alphas[-1]),
        "ahead": int((best < panda).sum()),
        "new": X_new.shape[1],
        "promised": chosen.min(axis=1).mean(),
        "beats": (errors > panda[:, np.newaxis]).mean(),
    }
    return result | _low_high(panda, "panda_") | _low_high(best, "best_") | _low_high(np.median(errors, axis=1), "median_")


@experiment
def retest():
    """The best learning rate before and after somebody stops dividing the pixels by 16; twenty seeds."""
    seeds, alpha = 20, np.logspace(-4, 2, 13)
    X, Y, X_dev, Y_dev = _digits()
    result = {"seeds": seeds, "alphas": alpha}
    start = _start([16] * seeds * len(alpha), np.repeat(np.arange(seeds), len(alpha)))
    errors = {}
    for name, unit in ("before", 1.0), ("after", 16.0):
        params, _ = _train(start, np.tile(alpha, seeds), beta=0.0, epochs=60, data=(np.float32(unit) * X, Y))
        errors[name] = _error(params, (np.float32(unit) * X_dev, Y_dev)).reshape(seeds, len(alpha))
        result[name] = errors[name].mean(axis=0)
    old, new = result["before"].argmin(), result["after"].argmin()
    kept, again = errors["after"][:, old], errors["after"][:, new]
    result |= {"old": alpha[old], "new": alpha[new], "worse": int((kept > again).sum())}
    return result | _low_high(errors["before"][:, old], "tuned_") | _low_high(kept, "kept_") | _low_high(again, "retuned_")
