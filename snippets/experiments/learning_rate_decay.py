"""What a falling learning rate changes: near a minimum, on the digits, and where its count is wrong."""

from types import SimpleNamespace

import numpy as np

from snippets import gradient_descent, initialization, learning_rate_decay, mini_batches, network
from snippets.experiments._cache import experiment
from snippets.experiments._data import digits

SEEDS = 20
SEARCH = 5  # other seeds, to choose alpha0 by


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
    """Least squares with two weights, simulated, batches of 4: how far from the best point, with decay and without."""
    epochs, alpha0 = 60, 0.2
    away = {"constant": [], "decayed": [], "small": []}
    result = {"seeds": SEEDS, "epochs": epochs, "alpha0": alpha0, "small_rate": 0.01}
    for seed in range(SEEDS):
        rng = np.random.default_rng(seed)
        X = rng.standard_normal((2, 64)) * np.array([[1.5], [0.5]])
        Y = np.array([[1.5, 1.0]]) @ X + rng.standard_normal((1, 64))
        best = (Y @ X.T) @ np.linalg.inv(X @ X.T)
        for name in away:
            w, path, rng = np.array([[-1.0, -1.0]]), [], np.random.default_rng(seed)
            for epoch in range(epochs):
                alpha = {"constant": alpha0, "decayed": learning_rate_decay.inverse_time(alpha0, epoch, 0.5), "small": 0.01}[name]

                def step(w, X_t, Y_t):
                    path.append(w)
                    error = w @ X_t - Y_t
                    return w - alpha * error @ X_t.T / X_t.shape[1], (error**2).mean() / 2

                w, _ = mini_batches.epoch(X, Y, w, step, 4, rng)
            path = np.concatenate([*path, w])
            distance = np.sqrt(((path - best) ** 2).sum(axis=1))
            away[name].append(np.sqrt((distance.reshape(-1)[-160:] ** 2).mean()))  # the last ten epochs
            if seed == 0:
                result |= {f"{name}_path": path[::3][:320], f"{name}_distance": distance[:-1].reshape(epochs, -1).mean(axis=1)}
                result |= {"best": best[0], "curvature": X @ X.T / 64}
    for name, values in away.items():
        result |= {name: np.mean(values), f"{name}_low": np.min(values), f"{name}_high": np.max(values)}
    ratio = np.array(away["constant"]) / np.array(away["decayed"])
    return result | {"ratio": np.mean(ratio), "ratio_low": ratio.min(), "ratio_high": ratio.max()}


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
    result = {"seeds": SEEDS, "search": SEARCH, "epochs": epochs, "rates": len(rates), "names": np.array(names), "rate": found}
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
    return _compare([64, 1], 20, np.array([0.2, 0.5, 1.0, 2.0, 4.0, 8.0]))


@experiment
def on_a_network():
    """A network that can fit all of the digits: what noise is left shrinks by itself."""
    return _compare([64, 16, 1], 20, np.array([0.2, 0.5, 1.0, 2.0]))
