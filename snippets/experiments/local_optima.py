"""Where training can stop or stall: how rare minima are, where bad ones are not, plateaus, and what helps."""

from types import SimpleNamespace

import numpy as np

from snippets import adam, gradient_descent, initialization, learning_rate_decay, local_optima, momentum, network, rmsprop
from snippets.experiments._cache import experiment
from snippets.experiments._data import digits

SEEDS = 20
SEARCH = 10  # other seeds, to choose a learning rate by
OPTIMIZERS = {"descent": gradient_descent, "momentum": momentum, "rmsprop": rmsprop, "adam": adam}


@experiment
def surfaces():
    """A bowl, a dome, the saddle and the plateau on a grid."""
    edge = np.linspace(-2, 2, 33)
    w = np.array([axis.ravel() for axis in np.meshgrid(edge, edge)])
    far = np.linspace(-12, 12, 49)
    p = np.array([axis.ravel() for axis in np.meshgrid(far, edge)])
    return {
        "edge": edge,
        "far": far,
        "minimum": (w**2).sum(axis=0).reshape(33, 33),
        "maximum": -(w**2).sum(axis=0).reshape(33, 33),
        "saddle": local_optima.saddle(w)[0].reshape(33, 33),
        "plateau": local_optima.plateau(p)[0].reshape(33, 49),
    }


@experiment
def random_matrices():
    """Random symmetric matrices (GOE): the share with all eigenvalues positive, and with both signs, against dimension."""
    draws = 8000  # a seed and dimension
    dimensions = np.arange(1, 7)
    minima, saddles = np.zeros((len(dimensions), SEEDS)), np.zeros((len(dimensions), SEEDS))
    for row, n in enumerate(dimensions):
        for seed in range(SEEDS):
            G = np.random.default_rng(seed).standard_normal((draws, n, n))
            eigenvalues = np.linalg.eigvalsh((G + G.mT) / 2)  # ascending
            minima[row, seed] = np.mean(eigenvalues[:, 0] > 0)
            saddles[row, seed] = np.mean((eigenvalues[:, 0] < 0) & (eigenvalues[:, -1] > 0))
    return {
        "seeds": SEEDS,
        "draws": draws * SEEDS,
        "dimensions": dimensions,
        "minima": minima.mean(axis=1),
        "low": minima.min(axis=1),
        "high": minima.max(axis=1),
        "saddles": saddles.mean(axis=1),
        "exact": np.array([1 / 2, (2 - np.sqrt(2)) / 4, (np.pi - 2 * np.sqrt(2)) / (4 * np.pi)]),
        "one_in": 1 / minima.mean(axis=1),
    }


def _overlap(U, V):
    """E[relu(u x) relu(v x)] over standard normal x, for every row u of U and v of V; and its gradient for u, per pair."""
    length_u, length_v = np.linalg.norm(U, axis=-1)[..., :, np.newaxis], np.linalg.norm(V, axis=-1)[..., np.newaxis, :]
    cosine = np.clip(U @ V.mT / (length_u * length_v), -1, 1)
    angle = np.arccos(cosine)
    sine = np.sqrt(1 - cosine**2)
    value = length_u * length_v * (sine + (np.pi - angle) * cosine) / (2 * np.pi)
    along_u, along_v = length_v * sine / length_u / (2 * np.pi), (np.pi - angle) / (2 * np.pi)
    return value, along_u.sum(axis=-1, keepdims=True) * U + along_v @ V


def _teacher(W, V):
    """Mean squared error / 2 of the network sum relu(W x) at a task made by sum relu(V x), over all normal x; and its gradient."""
    ww, d_ww = _overlap(W, W)
    wv, d_wv = _overlap(W, V)
    vv, _ = _overlap(V, V)
    return (ww.sum((-2, -1)) - 2 * wv.sum((-2, -1)) + vv.sum((-2, -1))) / 2, d_ww - d_wv


def _slope(W, V):
    """The gradient that `_teacher` returns, and nothing else: thousands of steps need no more."""
    units, U = W.shape[-2], np.concatenate([W, np.broadcast_to(V, (*W.shape[:-2], *V.shape))], axis=-2)
    signs, length = np.where(np.arange(U.shape[-2]) < units, 1.0, -1.0), np.linalg.norm(U, axis=-1)
    length_w, length_u = length[..., :units, np.newaxis], length[..., np.newaxis, :]
    cosine = np.clip(W @ U.mT / (length_w * length_u), -1, 1)
    along_w = (np.sqrt(1 - cosine**2) * length_u / length_w) @ signs
    return (along_w[..., np.newaxis] * W + (np.pi - np.arccos(cosine)) * signs @ U) / (2 * np.pi)


def _hessian(W, V):
    """Second derivatives of `_teacher` at one W, by central differences of its gradient."""
    nudges = 1e-5 * np.eye(W.size).reshape(-1, *W.shape)
    columns = (_teacher(W + nudges, V)[1] - _teacher(W - nudges, V)[1]) / 2e-5
    H = columns.reshape(W.size, W.size)
    return (H + H.T) / 2


@experiment
def teacher_and_student():
    """Safran and Shamir's setting run: k units learn from k orthogonal units, over all inputs at once; where do they end?"""
    runs, steps, widths = 40, 3000, [4, 6, 8, 10, 12]
    bad, extra, unsure, kinds, costs = [], [], [], [], []
    for k in widths:
        V = np.eye(k)
        for units, shares in ((k, bad), (k + 2, extra)):
            W = np.stack([np.random.default_rng(seed).standard_normal((units, k)) / np.sqrt(k) for seed in range(runs)])
            for _ in range(steps):
                W = W - 3 / (k + 2) * _slope(W, V)
            value, gradient = _teacher(W, V)
            still = np.abs(gradient).max(axis=(-2, -1)) < 1e-6
            ended = still & (value > 1e-3)
            shares.append(ended.mean())
            unsure.append(np.mean(~still & (value > 1e-3)))
            if units == k:
                kinds += [local_optima.critical_point(_hessian(W[run], V)) for run in np.flatnonzero(ended)]
                costs += [value[ended].mean() if ended.any() else 0.0]
    return {
        "seeds": runs,
        "steps": steps,
        "widths": np.array(widths),
        "bad": np.array(bad),
        "extra": np.array(extra),
        "unsure": np.array(unsure),
        "cost": np.array(costs),
        "checked": len(kinds),
        "minima": kinds.count("minimum"),
    }


@experiment
def critical_points():
    """Critical points of the student with 5 units, found by Newton's method from 150 starts: how high, and of what kind."""
    k, starts, rng = 5, 150, np.random.default_rng(0)
    V = np.eye(k)
    costs, falling, kinds = [], [], []
    for _ in range(starts):
        W = rng.standard_normal((k, k)) * rng.uniform(0.2, 0.8)
        for _ in range(60):
            cost, gradient = _teacher(W, V)
            size = np.linalg.norm(gradient)
            if size < 1e-10 or np.linalg.norm(W, axis=1).min() < 1e-3:  # a row of zeros is a kink
                break
            curvatures, U = np.linalg.eigh(_hessian(W, V))
            step = U @ ((U.T @ gradient.ravel()) * curvatures / (curvatures**2 + 1e-3 * size**2))
            W = W - (step * min(1, 0.5 / np.linalg.norm(step))).reshape(k, k)
        if size < 1e-9 and np.linalg.norm(W, axis=1).min() > 1e-3:
            H = _hessian(W, V)
            costs.append(cost)
            falling.append(np.mean(np.linalg.eigvalsh(H) < -1e-6))
            kinds.append(local_optima.critical_point(H))
    return {
        "seeds": starts,
        "parameters": k * k,
        "found": len(kinds),
        "costs": np.array(costs),
        "heights": len(np.unique(np.round(costs, 6))),
        "falling": np.array(falling),
        "minimum": np.array(kinds) == "minimum",
        "minima": kinds.count("minimum"),
        "saddles": kinds.count("saddle"),
        "correlation": np.corrcoef(costs, falling)[0, 1],
    }


def _descend(optimizer, w, rates, steps, decay=lambda step: 1.0):
    """The plateau's value (steps + 1, rates, seeds) on the way down from w (2, seeds), at each of the learning rates."""
    params = {"w": np.broadcast_to(w[:, np.newaxis], (2, len(rates), w.shape[-1]))}
    state, values = optimizer.init(params), []
    for step in range(steps + 1):
        value, gradient = local_optima.plateau(params["w"].reshape(2, -1))
        values.append(value.reshape(params["w"].shape[1:]))
        if step < steps:
            params, state = optimizer.update(
                params, {"dw": gradient.reshape(params["w"].shape)}, state, np.reshape(rates, (-1, 1)) * decay(step)
            )
    return np.array(values)


def _arrival(values, target=0.01, hold=100):
    """The first step from which on the value is at or below the target for `hold` steps, or one more than there are."""
    count = np.cumsum(values <= target, axis=0, dtype=np.int32)
    held = count[hold:] - count[:-hold] == hold  # held[k]: so in all of k + 1 ... k + hold
    return np.where(held.any(axis=0), held.argmax(axis=0) + 1, len(values))


def _far(seeds, distance):
    rngs = [np.random.default_rng(seed) for seed in seeds]
    return np.array([(distance * rng.uniform(0.95, 1.05), rng.standard_normal()) for rng in rngs]).T


@experiment
def plateau():
    """Steps to the bottom of the plateau's valley against the distance of the start, each optimizer at its own best learning rate."""
    most, rates, distances = 12000, np.logspace(-3, 1, 25), np.array([2, 4, 8, 16])
    result = {
        "seeds": SEEDS,
        "search": SEARCH,
        "rates": len(rates),
        "distances": distances,
        "most": most,
        "names": np.array(list(OPTIMIZERS)),
    }
    rows = {"rate": [], "median": [], "low": [], "high": [], "curve": []}
    with np.errstate(over="ignore", invalid="ignore"):  # what runs away may overflow
        for optimizer in OPTIMIZERS.values():
            search = _descend(optimizer, _far(range(SEEDS, SEEDS + SEARCH), 8), rates, 1500)
            rate = rates[_arrival(search).mean(axis=1).argmin()]
            starts = np.concatenate([_far(range(SEEDS), distance) for distance in distances], axis=1)
            values = _descend(optimizer, starts, [rate], most)[:, 0].reshape(most + 1, len(distances), SEEDS)
            steps = _arrival(values)
            for name, cells in zip(rows, (rate, np.median(steps, axis=-1), steps.min(axis=-1), steps.max(axis=-1)), strict=False):
                rows[name].append(cells)
            rows["curve"].append(np.median(values[:801, 2], axis=-1))  # from distance 8
    result |= {name: np.array(cells) for name, cells in rows.items()}
    return result | {"share": result["median"][0] / result["median"][-1]}  # descent's steps in Adam's, for each distance


def _examples(seeds):
    data = [digits(seed, dev=1297) for seed in seeds]
    return (np.stack(part).astype(np.float32) for part in zip(*((X, Y) for X, Y, _, _ in data), strict=True))


@experiment
def thrown_out():
    """Adam at a constant learning rate of 0.316 on the plateau's valley: how high it is thrown after 1,000 quiet-looking steps."""
    values = _descend(adam, _far(range(SEEDS), 8), [10**-0.5], 6000)[:, 0]
    highest = values[1000:].max(axis=0)
    decayed = _descend(adam, _far(range(SEEDS), 8), [10**-0.5], 6000, lambda step: learning_rate_decay.inverse_time(1.0, step, 0.01))
    return {
        "seeds": SEEDS,
        "rate": 10**-0.5,
        "before": np.median(values[900:1000]),
        "highest": np.median(highest),
        "low": highest.min(),
        "high": highest.max(),
        "decayed_high": decayed[1000:].max(),
        "thrown": int((highest > 0.01).sum()),
    }


@experiment
def checklist():
    """Epochs until the cost of 500 digits is at 0.1: full batch, gradient descent and unscaled normals, then one change at a time."""
    target, most = 0.1, 1000
    X, Y = _examples(range(SEEDS + SEARCH))
    plain, he = (
        network.stack([start([64, 16, 1], np.random.default_rng(seed)) for seed in range(SEEDS + SEARCH)])
        for start in (lambda layers, rng: initialization.random_normal(layers, rng, scale=1.0), initialization.he)
    )

    def epochs(start, runs, most, rate, optimizer=gradient_descent, batch_size=None):
        params, state, costs, rng = {name: W[runs].astype(np.float32) for name, W in start.items()}, None, [], np.random.default_rng(0)

        def init(params):
            return optimizer.init(params) if state is None else state

        def update(*arguments):
            nonlocal state
            params, state = optimizer.update(*arguments)
            return params, state

        while len(costs) < most and not (costs and np.min(costs, axis=0).max() <= target):  # until all runs are there
            options = dict(learning_rate=rate, optimizer=SimpleNamespace(init=init, update=update), batch_size=batch_size, rng=rng)
            params, more = network.train(X[runs], Y[runs], params, epochs=min(20, most - len(costs)), **options)
            costs += list(more)
        below = np.array(costs) <= target
        return np.where(below.any(axis=0), below.argmax(axis=0) + 1, most + 1)

    searched, reported = slice(SEEDS, None), slice(SEEDS)

    def tuned(rates, *arguments, **options):
        return min(rates, key=lambda rate: epochs(*arguments, rate, **options).mean())

    rate = tuned([0.1, 0.3, 1.0, 3.0], plain, searched, 400)
    rate_all = tuned([0.003, 0.01, 0.03, 0.1], he, searched, 40, optimizer=adam, batch_size=32)
    found = {
        "base": epochs(plain, reported, most, 0.3),
        "start": epochs(he, reported, most, 0.3),
        "batches": epochs(plain, reported, 120, 0.3, batch_size=32),
        "adam_default": epochs(plain, reported, most, 0.001, optimizer=adam),
        "adam": epochs(plain, reported, most, 0.01, optimizer=adam),
        "rate": epochs(plain, reported, most, rate),
        "all": epochs(he, reported, 60, rate_all, optimizer=adam, batch_size=32),
    }
    result = {"seeds": SEEDS, "target": target, "most": most, "tuned_rate": rate, "all_rate": rate_all}
    for name, values in found.items():
        ratio = found["base"] / values
        result |= {name: np.median(values), f"{name}_low": values.min(), f"{name}_high": values.max()}
        result |= {f"{name}_gain": np.median(ratio), f"{name}_gain_low": ratio.min(), f"{name}_gain_high": ratio.max()}
        result |= {f"{name}_better": int((ratio > 1).sum())}
    return result | {"batches_updates": 16 * result["batches"], "all_updates": 16 * result["all"]}


@experiment
def saddle_escape():
    """Steps from the saddle's ridge down to -1, against how far beside the ridge the start is; learning rate 0.1."""
    steps, rate, beside = 500, 0.1, np.logspace(-12, -1, 12)
    w1 = np.array([np.random.default_rng(seed).uniform(0.5, 1.5) for seed in range(SEEDS)])
    start = np.array([np.tile(w1, len(beside)), np.repeat(beside, SEEDS)])
    result = {"seeds": SEEDS, "beside": beside, "rate": rate}
    for name, optimizer in OPTIMIZERS.items():
        params, state, values = {"w": start}, optimizer.init({"w": start}), []
        for _ in range(steps):
            value, gradient = local_optima.saddle(params["w"])
            values.append(value)
            params, state = optimizer.update(params, {"dw": gradient}, state, rate)
        below = np.array(values) <= -1
        taken = np.where(below.any(axis=0), below.argmax(axis=0), steps).reshape(len(beside), SEEDS)
        result |= {name: np.median(taken, axis=1), f"{name}_low": taken.min(axis=1), f"{name}_high": taken.max(axis=1)}
    w = np.array([1.0, 0.0])
    for _ in range(steps):
        w = w - rate * local_optima.saddle(w)[1]
    return result | {"ridge": np.abs(w).max(), "steps": steps, "each_ten": -np.mean(np.diff(result["descent"]))}
