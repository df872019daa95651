"""What a falling learning rate changes: near a minimum, on the digits, and where its count is wrong."""

from types import SimpleNamespace

import numpy as np

from snippets import gradient_descent, initialization, learning_rate_decay, mini_batches, network
from snippets.experiments._cache import experiment
from snippets.experiments._data import digits

SEEDS = 20
SEARCH = 5  # other seeds, to choose alpha0 by
RATES = np.array([0.2, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0])  # searched; wide enough for the schedule that counts wrong, too


@experiment
def schedules():
    """Every schedule over 60 epochs from alpha0 = 0.2."""
    epoch = np.linspace(0, 60, 121)
    return {
        "epoch": epoch,
        "inverse_time": learning_rate_decay.inverse_time(0.2, epoch, 0.1),
        "exponential": learning_rate_decay.exponential(0.2, epoch),
        "inverse_sqrt": learning_rate_decay.inverse_sqrt(0.2, epoch + 1),
        "staircase": learning_rate_decay.staircase(0.2, epoch, 1.0, 16),
        "manual": learning_rate_decay.manual(epoch, {0: 0.2, 20: 0.1, 45: 0.02}),
        "cosine": learning_rate_decay.warmup_cosine(0.2, epoch, 0, 60),
        "warmup": learning_rate_decay.warmup_cosine(0.2, epoch, 6, 60),
    }


@experiment
def near_the_minimum():
    """Least squares with two weights, simulated, batches of 4: how far from the best point, with decay and at six constant rates."""
    epochs, alpha0, rates = 60, 0.2, np.array([0.2, 0.1, 0.05, 0.03, 0.02, 0.01])
    runs, away = {"constant": 0, "small": len(rates) - 1, "decayed": len(rates)}, []  # all on one axis, and on the same batches
    result = {"seeds": SEEDS, "epochs": epochs, "alpha0": alpha0, "rates": len(rates), "small_rate": rates[-1]}
    for seed in range(SEEDS):
        rng = np.random.default_rng(seed)
        X = rng.standard_normal((2, 64)) * np.array([[1.5], [0.5]])
        Y = np.array([[1.5, 1.0]]) @ X + rng.standard_normal((1, 64))
        best = (Y @ X.T) @ np.linalg.inv(X @ X.T)
        w, path, rng = np.full((len(rates) + 1, 1, 2), -1.0), [], np.random.default_rng(seed)
        for epoch in range(epochs):
            alpha = np.append(rates, learning_rate_decay.inverse_time(alpha0, epoch, 0.5)).reshape(-1, 1, 1)

            def step(w, X_t, Y_t):
                path.append(w)
                error = w @ X_t - Y_t
                return w - alpha * error @ X_t.T / X_t.shape[1], (error**2).mean() / 2

            w, _ = mini_batches.epoch(X, Y, w, step, 4, rng)
        path = np.array([*path, w])[:, :, 0]
        distance = np.sqrt(((path - best) ** 2).sum(axis=-1))
        away.append(np.sqrt((distance[-160:] ** 2).mean(axis=0)))  # the last ten epochs
        if seed == 0:
            for name, run in runs.items():
                result |= {f"{name}_path": path[::3, run][:320]}
                result |= {f"{name}_distance": distance[:-1, run].reshape(epochs, -1).mean(axis=1)}
            result |= {"best": best[0], "curvature": X @ X.T / 64}
    away = np.array(away).T
    calmest = away[:-1].mean(axis=1).argmin()
    runs["calmest"] = calmest
    for name, run in runs.items():
        ratio = away[run] / away[-1]
        result |= {name: away[run].mean(), f"{name}_low": away[run].min(), f"{name}_high": away[run].max()}
        result |= {f"{name}_ratio": ratio.mean(), f"{name}_ratio_low": ratio.min(), f"{name}_ratio_high": ratio.max()}
    inside = 0 < calmest < len(rates) - 1
    return result | {"calmest_rate": rates[calmest], "inside": inside, "behind": int((away[calmest] > away[-1]).sum())}


def _scheduled(factors):
    """Gradient descent whose learning rate is at each step the given one times the next of these factors."""

    def update(params, grads, state, learning_rate):
        alpha = learning_rate * factors[state["t"]]
        return gradient_descent.update(params, grads, {}, alpha)[0], {"t": state["t"] + 1}

    return SimpleNamespace(init=lambda params: {"t": 0}, update=update)


def _schedules(epochs):
    """Every schedule as a factor of alpha0, falling to about the same part of it."""
    return {
        "constant": lambda e: 1.0,
        "inverse_time": lambda e: learning_rate_decay.inverse_time(1.0, np.floor(e), 1.0),
        "exponential": lambda e: learning_rate_decay.exponential(1.0, np.floor(e), 0.85),
        "inverse_sqrt": lambda e: learning_rate_decay.inverse_sqrt(1.0, np.floor(e) + 1),
        "staircase": lambda e: learning_rate_decay.staircase(1.0, e, 2.0, epochs / 4),
        "manual": lambda e: learning_rate_decay.manual(e, {0: 1.0, epochs // 2: 0.1, 3 * epochs // 4: 0.01}),
        "cosine": lambda e: learning_rate_decay.warmup_cosine(1.0, e, 0, epochs),
        "warmup": lambda e: learning_rate_decay.warmup_cosine(1.0, e, epochs / 10, epochs),
        "by_step": lambda e: learning_rate_decay.inverse_time(1.0, np.floor(e * 88), 1.0),  # 88 batches of 16 an epoch
    }


def _runs(seeds, layers):
    X, Y, _, _ = (np.stack(part).astype(np.float32) for part in zip(*(digits(seed) for seed in seeds), strict=True))
    start = network.stack([initialization.he(layers, np.random.default_rng(seed)) for seed in seeds])
    return X, Y, {name: W.astype(np.float32) for name, W in start.items()}


def _compare(layers, epochs, rates):
    """The cost over all examples at the end, each schedule at its own best alpha0, found by the same search; batches of 16.

    All schedules, rates and seeds are runs of one stack, on an axis for each, and see the same batches.
    """
    names, batches = list(_schedules(epochs)), 88
    epoch = np.arange(batches * epochs) / batches
    factors = np.stack([np.broadcast_to(schedule(epoch), epoch.shape) for schedule in _schedules(epochs).values()], axis=-1)
    optimizer = _scheduled(factors.astype(np.float32).reshape(len(epoch), -1, 1, 1, 1))

    def end(seeds, alphas):
        """The costs of all seeds, for each row of alphas, which has one for every schedule."""
        X, Y, start = _runs(seeds, layers)
        with np.errstate(over="ignore"):
            options = dict(epochs=epochs, batch_size=16, optimizer=optimizer, rng=np.random.default_rng(0))
            params, _ = network.train(X, Y, start, learning_rate=alphas[..., np.newaxis, np.newaxis, np.newaxis], **options)
            return network.cost(network.forward(X, params)[0], Y)

    search = end(range(SEEDS, SEEDS + SEARCH), np.repeat(rates[:, np.newaxis], len(names), axis=1))
    found = rates[np.median(search, axis=-1).argmin(axis=0)]
    ends, fixed = end(range(SEEDS), np.stack([found, np.full_like(found, found[0])])).astype(float)
    result = {"seeds": SEEDS, "search": SEARCH, "epochs": epochs, "names": np.array(names), "rates": rates, "rate": found}
    result |= {"median": np.median(ends, axis=1), "low": ends.min(axis=1), "high": ends.max(axis=1)}
    result |= {
        "better": (ends < ends[0]).sum(axis=1),
        "fixed_median": np.median(fixed, axis=1),
        "fixed_better": (fixed < fixed[0]).sum(axis=1),
    }
    real = slice(1, len(names) - 1)  # without the constant rate and the wrong count
    result |= {"least_better": int(result["better"][real].min()), "most_fixed_better": int(result["fixed_better"][real].max())}
    return result


@experiment
def on_a_line():
    """Logistic regression on the digits, which cannot fit them all: gradients never vanish, so the noise of batches stays."""
    return _compare([64, 1], 20, RATES)


@experiment
def on_a_network():
    """A network that can fit all of the digits: what noise is left shrinks by itself."""
    return _compare([64, 16, 1], 20, RATES)
