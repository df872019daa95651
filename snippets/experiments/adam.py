"""What Adam does: its first steps with and without correction, a race against its ancestors, and where it fails."""

from types import SimpleNamespace

import numpy as np

from snippets import adam, gradient_descent, initialization, local_optima, momentum, network, rmsprop
from snippets.experiments import _data
from snippets.experiments._cache import experiment

OPTIMIZERS = {"descent": gradient_descent, "momentum": momentum, "rmsprop": rmsprop, "adam": adam}
SEEDS = 20  # reported
SEARCH = 10  # other seeds, to choose the learning rate by


def _uncorrected_update(params, grads, state, learning_rate):
    """Adam as it would step without its correction, from the averages that `adam.update` keeps."""
    _, state = adam.update(params, grads, state, learning_rate)
    return {n: W - learning_rate * state["v"][n] / (np.sqrt(state["s"][n]) + 1e-8) for n, W in params.items()}, state


_UNCORRECTED = SimpleNamespace(init=adam.init, update=_uncorrected_update)


@experiment
def first_step():
    """The first step per learning rate on the digits' gradients, with the correction and without."""
    sizes = {"corrected": [], "uncorrected": []}
    for seed in range(SEEDS):
        X, Y, _, _ = _data.digits(seed)
        params = initialization.he([64, 16, 1], np.random.default_rng(seed))
        A, caches = network.forward(X, params)
        grads = network.backward(A, Y, caches)
        alive = np.concatenate([np.abs(grads["d" + n]).ravel() for n in params]) > 1e-5  # far above epsilon
        for name, update in ("corrected", adam.update), ("uncorrected", _uncorrected_update):
            new, _ = update(params, grads, adam.init(params), 0.001)
            moved = np.concatenate([np.abs(new[n] - params[n]).ravel() for n in params]) / 0.001
            sizes[name].append(np.median(moved[alive]))
    ratio = np.array(sizes["uncorrected"]) / np.array(sizes["corrected"])
    return {
        "seeds": SEEDS,
        "corrected": np.mean(sizes["corrected"]),
        "uncorrected": np.mean(sizes["uncorrected"]),
        "ratio": ratio.mean(),
        "low": ratio.min(),
        "high": ratio.max(),
        "derived": (1 - 0.9) / np.sqrt(1 - 0.999),
    }


@experiment
def constant_gradient():
    """The steps per learning rate under a gradient of one, with the correction and without."""
    lengths = {}
    for name, update in ("corrected", adam.update), ("uncorrected", _uncorrected_update):
        params, state, path = {"w": np.zeros(1)}, adam.init({"w": np.zeros(1)}), [0.0]
        for _ in range(4000):
            params, state = update(params, {"dw": np.ones(1)}, state, 1.0)
            path.append(params["w"].item())
        lengths[name] = -np.diff(path)
    state = adam.init({"w": np.zeros(1)}) | {"t": 10_000}  # as so many gradients of zero leave it
    params, woken = {"w": np.zeros(1)}, [0.0]
    for _ in range(50):
        params, state = adam.update(params, {"dw": np.ones(1)}, state, 1.0)
        woken.append(params["w"].item())
    longest = lengths["uncorrected"].argmax()
    return lengths | {
        "first": lengths["uncorrected"][0],
        "longest": lengths["uncorrected"][longest],
        "at": int(longest) + 1,
        "twelfth": lengths["uncorrected"][11],
        "close_at": int(np.argmax(lengths["uncorrected"] < 1.1)) + 1,
        "furthest": np.abs(lengths["corrected"] - 1).max(),
        "woken": -np.diff(woken).min(),
    }


def _d2l_update(params, grads, state, learning_rate):
    """The step of the TensorFlow tab of Dive into Deep Learning: epsilon behind the quotient, and t always 1."""
    _, state = adam.update(params, grads, state, learning_rate)
    with np.errstate(invalid="ignore"):  # 0 / 0
        moved = {n: learning_rate * (state["v"][n] / (1 - 0.9)) / np.sqrt(state["s"][n] / (1 - 0.999)) for n in params}
    return {n: W - moved[n] + 1e-8 for n, W in params.items()}, state


@experiment
def nan():
    """One step on the digits, some of whose pixels are always blank, as the TensorFlow tab takes it and as it should be."""
    wrong, right = [], []
    for seed in range(SEEDS):
        X, Y, _, _ = _data.digits(seed)
        params = initialization.he([64, 16, 1], np.random.default_rng(seed))
        A, caches = network.forward(X, params)
        grads = network.backward(A, Y, caches)
        for update, shares in (_d2l_update, wrong), (adam.update, right):
            new, _ = update(params, grads, adam.init(params), 0.001)
            shares.append(np.mean(np.isnan(new["W1"])))
    return {"seeds": SEEDS, "share": np.mean(wrong), "low": min(wrong), "high": max(wrong), "right": max(right)}


_MISTAKES = {  # the step per learning rate from the plain averages v and s at step t
    "right": lambda v, s, t: v / (1 - 0.9**t) / (np.sqrt(s / (1 - 0.999**t)) + 1e-8),
    "d2l": lambda v, s, t: v / (1 - 0.9) / np.sqrt(s / (1 - 0.999)),
    "uncorrected": lambda v, s, t: v / (np.sqrt(s) + 1e-8),
    "only_v": lambda v, s, t: v / (1 - 0.9**t) / (np.sqrt(s) + 1e-8),
    "only_s": lambda v, s, t: v / (np.sqrt(s / (1 - 0.999**t)) + 1e-8),
    "inside": lambda v, s, t: v / (1 - 0.9**t) / np.sqrt(s / (1 - 0.999**t) + 1e-8),
    "hat": lambda v, s, t: np.sqrt(1 - 0.999**t) / (1 - 0.9**t) * v / (np.sqrt(s) + 1e-8),
    "labml": lambda v, s, t: np.sqrt(1 - 0.999**t) / (1 - 0.9**t) * v / (np.sqrt(s) + (1 - 0.999**t) * 1e-8),
}


@experiment
def mistakes():
    """Steps per learning rate as eight Adams take them: 1,000 under a gradient of one, and the first under gradients of all sizes."""
    t, sizes = np.arange(1, 1001), np.logspace(-11, 0, 45)
    found = {"t": t, "sizes": sizes}
    for name, step in _MISTAKES.items():
        found[name] = step(1 - 0.9**t, 1 - 0.999**t, t)
        found[f"{name}_first"] = step((1 - 0.9) * sizes, (1 - 0.999) * sizes**2, 1)
        found[f"{name}_longest"] = found[name].max()
        found[f"{name}_at_1e8"] = step((1 - 0.9) * 1e-8, (1 - 0.999) * 1e-16, 1)
        found[f"{name}_at_1e4"] = step((1 - 0.9) * 1e-4, (1 - 0.999) * 1e-8, 1)
    return found


@experiment
def correction():
    """Cost on the digits over five epochs of mini-batches, with the correction and without, over learning rates."""
    rates = np.logspace(-3, -1, 9)
    X, Y, _, _, start = _digits(range(SEEDS))
    first, last = {}, {}
    for name, optimizer in ("corrected", adam), ("uncorrected", _UNCORRECTED):
        options = dict(epochs=5, optimizer=optimizer, batch_size=64, rng=np.random.default_rng(0))
        _, costs = network.train(X, Y, start, learning_rate=rates.reshape(-1, 1, 1, 1), **options)  # an axis of rates before that of seeds
        first[name], last[name] = costs[0], costs[-1]
    ahead = last["corrected"] < last["uncorrected"]
    result = {
        "seeds": SEEDS,
        "rates": rates,
        "ahead": ahead.sum(axis=1),
        "ahead_first": (first["corrected"] < first["uncorrected"]).sum(axis=1),
    }
    for name in first:
        middle = np.median(last[name], axis=1)
        best = middle.argmin()
        result |= {f"{name}_first": np.median(first[name], axis=1), f"{name}_last": middle}
        result |= {
            f"{name}_best": middle[best],
            f"{name}_rate": rates[best],
            f"{name}_low": last[name][best].min(),
            f"{name}_high": last[name][best].max(),
        }
    return result


# The race. Each surface: value and gradient at w (2, ...), starts (2, seeds), the value to stay below, the number of steps.


def _bowl(w):
    return (w**2).sum(axis=0) / 2, w


def _ravine(angles, kappa=100.0):
    """A ravine of ratio kappa, turned by another angle for each seed, on the last axis."""
    c, s = np.cos(angles), np.sin(angles)

    def surface(w):
        along, across = c * w[0] + s * w[1], -s * w[0] + c * w[1]
        return (along**2 + kappa * across**2) / 2, np.stack([c * along - s * kappa * across, s * along + c * kappa * across])

    return surface


def _flat(surface):
    """A surface of w (2, m), for w with more axes."""

    def of(w):
        value, gradient = surface(w.reshape(2, -1))
        return value.reshape(w.shape[1:]), gradient.reshape(w.shape)

    return of


def _surfaces(seeds):
    """name: (surface, starts (2, seeds), the value to reach)."""
    rngs = [np.random.default_rng(seed) for seed in seeds]
    normal = np.stack([rng.standard_normal(2) for rng in rngs], axis=1)
    angles = np.array([rng.uniform(0, np.pi) for rng in rngs])
    ridge = np.stack([1 + 0.1 * normal[0], 1e-3 * normal[1]])
    far = np.stack([np.array([rng.uniform(6, 8) for rng in rngs]), normal[1]])
    turned = _ravine(angles)
    return {
        "bowl": (_bowl, normal, 1e-3 * _bowl(normal)[0]),
        "ravine": (turned, normal, 1e-3 * turned(normal)[0]),
        "saddle": (_flat(local_optima.saddle), ridge, np.full(len(rngs), -1.0)),
        "plateau": (_flat(local_optima.plateau), far, np.full(len(rngs), 1e-3)),
    }


def _race(optimizer, surface, w, rates, steps):
    """The values (steps + 1, rates, seeds) from the same starts at each of the learning rates."""
    rates = np.reshape(rates, (-1, 1))
    params = {"w": np.broadcast_to(w[:, np.newaxis], (2, len(rates), w.shape[-1]))}
    state, values = optimizer.init(params), []
    for _ in range(steps):
        value, gradient = surface(params["w"])
        values.append(value)
        params, state = optimizer.update(params, {"dw": gradient}, state, rates)
    return np.array([*values, surface(params["w"])[0]])


def _steps(values, target):
    """The first step from which on the value stays at or below the target, or the number of steps plus one."""
    below = values <= target
    return len(values) - np.logical_and.accumulate(below[::-1], axis=0).sum(axis=0)


@experiment
def surfaces():
    """Steps that each optimizer needs on a bowl, a ravine, a saddle and a plateau, at the learning rate that the same search chose."""
    most, rates = 1000, np.logspace(-4, 2, 61)
    result = {"seeds": SEEDS, "search": SEARCH, "most": most, "rates": len(rates), "names": np.array(list(OPTIMIZERS))}
    searched, reported = _surfaces(range(SEARCH)), _surfaces(range(SEARCH, SEARCH + SEEDS))
    with np.errstate(over="ignore", invalid="ignore"):  # what runs away may overflow
        for name in searched:
            rows = []
            for optimizer in OPTIMIZERS.values():
                surface, w, target = searched[name]
                best = _steps(_race(optimizer, surface, w, rates, most), target).mean(axis=1).argmin()
                surface, w, target = reported[name]
                values = _race(optimizer, surface, w, rates[best], most)
                steps = _steps(values, target)[0]
                rows.append((rates[best], np.median(steps), steps.min(), steps.max()))
            columns = ("rate", "steps", "low", "high")
            result |= {f"{name}_{column}": np.array(cells) for column, cells in zip(columns, zip(*rows, strict=True), strict=True)}
    return result


@experiment
def paths():
    """The way from one start down the ravine, turned by 30 degrees: each optimizer at the rate that the search chose, in two digits."""
    steps, start, angle = 100, np.array([[-2.0], [1.0]]), np.radians([30.0])
    surface, found = _ravine(angle), surfaces()
    target = 1e-3 * surface(start)[0]
    result = {"steps": steps, "start": start[:, 0], "angle": 30, "names": found["names"]}
    rates, at = [float(f"{rate:.2g}") for rate in found["ravine_rate"]], []
    for (name, optimizer), rate in zip(OPTIMIZERS.items(), rates, strict=True):
        params, state, path = {"w": start}, optimizer.init({"w": start}), [start]
        for _ in range(steps):
            params, state = optimizer.update(params, {"dw": surface(params["w"])[1]}, state, rate)
            path.append(params["w"])
        result[name] = np.array(path)[:, :, 0]
        at.append(_steps(_race(optimizer, surface, start, [rate], 1000), target)[0, 0])
    grid = np.stack(np.meshgrid(np.linspace(-2.5, 2.5, 51), np.linspace(-2, 2, 41)))
    return result | {"rate": np.array(rates), "needed": np.array(at), "field": surface(grid)[0]}


def _digits(seeds):
    """For each seed its own split and start: X (runs, 64, m), Y, X_dev, Y_dev, params."""
    parts = zip(*(_data.digits(seed) for seed in seeds), strict=True)
    X, Y, X_dev, Y_dev = (np.stack(part).astype(np.float32) for part in parts)
    start = network.stack([initialization.he([64, 16, 1], np.random.default_rng(seed)) for seed in seeds])
    return X, Y, X_dev, Y_dev, {name: value.astype(np.float32) for name, value in start.items()}


@experiment
def race():
    """Cost on the digits over ten epochs of mini-batches, each optimizer at the learning rate that the same search chose.

    Once chosen by the cost at the end, and once, for generalization, by the accuracy on examples not trained on.
    """
    epochs, rates, search = 10, np.logspace(-4, 1, 21), 2 * SEARCH  # near the best rate costs differ by less than seeds do

    def trained(data, rates, optimizer, seed):
        """Cost by epoch and accuracy, with an axis of rates before that of seeds."""
        X, Y, X_dev, Y_dev, start = data
        options = dict(epochs=epochs, batch_size=64, optimizer=optimizer, rng=np.random.default_rng(seed))
        params, cost = network.train(X, Y, start, learning_rate=np.reshape(rates, (-1, 1, 1, 1)), **options)
        return cost, (network.predict(X_dev, params) == Y_dev).mean(axis=(-2, -1))

    searched, reported = _digits(range(search)), _digits(range(search, search + SEEDS))
    by_cost, by_dev, costs, dev, dev_tuned = [], [], [], [], []
    for optimizer in OPTIMIZERS.values():
        cost, accuracy = trained(searched, rates, optimizer, 1)
        by_cost.append(rates[np.median(cost[-1], axis=-1).argmin()])
        by_dev.append(rates[accuracy.mean(axis=-1).argmax()])
        cost, accuracy = trained(reported, [by_cost[-1], by_dev[-1]], optimizer, 0)
        costs.append(cost[:, 0])
        dev.append(accuracy[0])
        dev_tuned.append(accuracy[1])
    costs, dev, dev_tuned = np.array(costs), np.array(dev), np.array(dev_tuned)
    gap, gap_tuned = dev[3] - dev[1], dev_tuned[3] - dev_tuned[1]
    return {
        "seeds": SEEDS,
        "search": search,
        "rates": len(rates),
        "epochs": epochs,
        "names": np.array(list(OPTIMIZERS)),
        "rate": np.array(by_cost),
        "rate_dev": np.array(by_dev),
        "median": np.median(costs, axis=-1),
        "curve_low": np.quantile(costs, 0.1, axis=-1),
        "curve_high": np.quantile(costs, 0.9, axis=-1),
        "end": np.median(costs[:, -1], axis=-1),
        "low": costs[:, -1].min(axis=-1),
        "high": costs[:, -1].max(axis=-1),
        "dev": dev.mean(axis=-1),
        "dev_tuned": dev_tuned.mean(axis=-1),
        "gap": gap.mean(),
        "gap_error": gap.std(ddof=1) / np.sqrt(SEEDS),
        "gap_tuned": gap_tuned.mean(),
        "gap_tuned_error": gap_tuned.std(ddof=1) / np.sqrt(SEEDS),
        "ahead_of_descent": int((costs[3, -1] < costs[0, -1]).sum()),
        "ahead_of_momentum": int((costs[3, -1] < costs[1, -1]).sum()),
    }


def _amsgrad_update(params, grads, state, learning_rate, beta1, beta2):
    """Reddi et al.'s remedy, algorithm 2: the root of the largest mean square so far."""
    _, after = adam.update(params, grads, state, learning_rate, beta1, beta2)
    most = {n: np.maximum(state.get("most", state["s"])[n], s) for n, s in after["s"].items()}
    new = {n: W - learning_rate * after["v"][n] / (np.sqrt(most[n]) + 1e-8) for n, W in params.items()}
    return new, after | {"most": most}


def _online(update, gradients, x, alpha, *betas):
    """x after each step on costs gradients[t] x, kept within -1 and 1, at the learning rate alpha / sqrt(t)."""
    params, path = {"x": x}, [x]
    state = adam.init(params)
    for t, g in enumerate(gradients, 1):
        params, state = update(params, {"dx": np.broadcast_to(g, x.shape)}, state, alpha / np.sqrt(t), *betas)
        params = {"x": np.clip(params["x"], -1, 1)}
        path.append(params["x"])
    return np.array(path)


def _descent_update(params, grads, state, learning_rate, *betas):
    return gradient_descent.update(params, grads, state, learning_rate)[0], state


@experiment
def reddi():
    """Reddi et al.'s example run: costs C x, -x, -x, C x, ... on -1 to 1, best at -1; Adam, AMSGrad and gradient descent."""
    C, steps, alpha = 4.0, 6000, 0.5
    g = np.where(np.arange(1, steps + 1) % 3 == 1, C, -1.0)
    x = np.stack([np.random.default_rng(seed).uniform(-1, 1) for seed in range(SEEDS)])
    result = {"seeds": SEEDS, "C": C, "beta2": 1 / (1 + C**2), "alpha": alpha, "steps": steps}
    for name, update in ("adam", adam.update), ("amsgrad", _amsgrad_update), ("descent", _descent_update):
        path = _online(update, g, x, alpha, 0.0, 1 / (1 + C**2))
        late = path[-1000:]
        result |= {name: path[:, 0], f"{name}_mean": late.mean(), f"{name}_low": late.min(), f"{name}_high": late.max()}
        result |= {f"{name}_regret": np.mean(path[:-1] * g[:, np.newaxis] + g[:, np.newaxis])}  # above the cost at -1, a step
    longer = _online(adam.update, g, x, alpha, 0.0, 0.999)
    return result | {"longer": longer[:, 0], "longer_mean": longer[-1000:].mean()}


@experiment
def wilson():
    """Wilson et al.'s construction: least squares on which adaptive steps learn the training set and nothing else."""
    m, m_test, seeds = 100, 100, 20
    steps = 500
    accuracies, positive = {"descent": [], "adam": [], "large": []}, []
    trained = {name: [] for name in accuracies}
    for seed in range(seeds):
        rng = np.random.default_rng(seed)
        y = np.where(rng.random(m + m_test) < 0.65, 1.0, -1.0)
        positive.append(np.mean(y[m:] > 0))
        X = np.zeros((m + m_test, 3 + 5 * (m + m_test)))
        X[:, 0], X[:, 1:3] = y, 1
        for i in range(m + m_test):  # features that no other example has: one where y is 1, five where it is -1
            X[i, 3 + 5 * i : 3 + 5 * i + (1 if y[i] > 0 else 5)] = 1
        for name, update, options in (
            ("descent", gradient_descent.update, {"learning_rate": 0.2}),
            ("adam", adam.update, {"learning_rate": 0.001}),
            ("large", adam.update, {"learning_rate": 0.2 * 10.0, "epsilon": 10.0}),
        ):
            params = {"w": np.zeros(X.shape[1])}
            state = adam.init(params)
            for _ in range(steps):
                error = X[:m] @ params["w"] - y[:m]
                params, state = update(params, {"dw": X[:m].T @ error / m}, state, **options)
            right = np.sign(X @ params["w"]) == y
            trained[name].append(right[:m].mean())
            accuracies[name].append(right[m:].mean())
    result = {"seeds": seeds, "m": m, "steps": steps, "larger": sum(np.array(accuracies["adam"]) == positive)}  # right on these alone
    for name in accuracies:
        result |= {name: np.mean(accuracies[name]), f"{name}_low": np.min(accuracies[name]), f"{name}_high": np.max(accuracies[name])}
        result |= {f"{name}_train": np.mean(trained[name])}
    return result
