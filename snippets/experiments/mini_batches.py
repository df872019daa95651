"""What a batch's size does to the path, to the cost, to the number of epochs and to their time."""

import json
from pathlib import Path

import numpy as np

from snippets import initialization, mini_batches, network
from snippets.experiments._cache import experiment
from snippets.experiments._data import digits

SEEDS = 20
SIZES = [1, 4, 16, 64, 256, 1400]  # the last one is all examples
LAYERS = [64, 16, 1]


@experiment
def partition():
    """Eleven examples dealt out in batches of four: before the shuffle, after it, and the batches."""
    X = np.arange(11.0)[np.newaxis]
    batches = mini_batches.mini_batches(X, X, 4, np.random.default_rng(0))
    sizes, order = zip(*((X_t.shape[1], X_t[0]) for X_t, _ in batches), strict=True)
    return {"m": 11, "sizes": np.array(sizes), "order": np.concatenate(order).astype(int)}


def _line(seed):
    """Simulated: 64 examples of y = 1.5 x1 + x2 + noise, x1 spread three times as wide as x2."""
    rng = np.random.default_rng(seed)
    X = rng.standard_normal((2, 64)) * np.array([[1.5], [0.5]])
    return X, np.array([[1.5, 1.0]]) @ X + rng.standard_normal((1, 64))


@experiment
def paths():
    """Least squares with two weights: the path of a full batch, of batches of 8 and of single examples, at one learning rate."""
    rate, epochs = 0.1, 40
    sizes = {"full": 64, "eight": 8, "one": 1}
    away = {name: [] for name in sizes}
    result = {"seeds": SEEDS, "rate": rate, "epochs": epochs}
    for seed in range(SEEDS):
        X, Y = _line(seed)
        best = (Y @ X.T) @ np.linalg.inv(X @ X.T)
        for name, size in sizes.items():
            rng, w, path = np.random.default_rng(seed), np.array([[-1.0, -1.0]]), []

            def step(w, X_t, Y_t):
                path.append(w)
                error = w @ X_t - Y_t
                return w - rate * error @ X_t.T / X_t.shape[1], (error**2).mean() / 2

            for _ in range(epochs):
                w, _ = mini_batches.epoch(X, Y, w, step, size, rng)
            path = np.concatenate([*path, w])
            late = path[-max(10 * 64 // size, 1) :]  # the last ten epochs
            away[name].append(np.sqrt(((late - best) ** 2).sum(axis=1).mean()))
            if seed == 0:
                result |= {f"{name}_path": path[: 2 * 64 // size + 1] if name != "full" else path, "best": best[0]}
                result |= {"curvature": X @ X.T / 64}
    for name, values in away.items():
        result |= {name: np.mean(values), f"{name}_low": np.min(values), f"{name}_high": np.max(values)}
    return result | {"ratio": result["one"] / result["eight"]}


def _starts(seeds, kind=np.float32, dev=397):
    """For each seed its own split of the digits and its own start, on an axis of runs."""
    X, Y, X_dev, Y_dev = (np.stack(part).astype(kind) for part in zip(*(digits(seed, dev) for seed in seeds), strict=True))
    start = network.stack([initialization.he(LAYERS, np.random.default_rng(seed)) for seed in seeds])
    return X, Y, X_dev, Y_dev, {name: W.astype(kind) for name, W in start.items()}


@experiment
def oscillation():
    """The cost of every batch on the digits: how often it rises from one step to the next, full batch and batches of 64."""
    X, Y, _, _, start = _starts(range(SEEDS))
    result = {"seeds": SEEDS, "rate": 0.3, "epochs": 10}
    for name, size, epochs in (("full", 1400, 220), ("mini", 64, 10)):  # 220 steps each
        costs, means, params, rng = [], [], start, np.random.default_rng(0)

        def step(params, X_t, Y_t):
            A, caches = network.forward(X_t, params)
            costs.append(network.cost(A, Y_t))
            grads = network.backward(A, Y_t, caches)
            return {n: W - np.float32(0.3) * grads["d" + n] for n, W in params.items()}, costs[-1]

        for _ in range(epochs):
            params, mean = mini_batches.epoch(X, Y, params, step, size, rng)
            means.append(mean[0])
        shares = np.mean(np.diff(costs, axis=0) > 0, axis=0)
        result |= {f"{name}_costs": np.array(costs)[:, 0], f"{name}_means": np.array(means)}
        result |= {f"{name}_mean": np.mean(shares), f"{name}_low": np.min(shares), f"{name}_high": np.max(shares)}
    return result | {"steps": len(result["mini_costs"])}


@experiment
def weighting():
    """The cost of an epoch without steps, 1,025 digits in batches of 64: the last batch is one example."""
    m, size, seen = 1025, 64, []
    X, Y, _, _, params = _starts(range(SEEDS), float, dev=1797 - m)

    def stay(params, X_t, Y_t):
        seen.append(network.cost(network.forward(X_t, params)[0], Y_t))
        return params, seen[-1]

    _, weighted = mini_batches.epoch(X, Y, params, stay, size, np.random.default_rng(0))
    true, plain = network.cost(network.forward(X, params)[0], Y), np.mean(seen, axis=0)
    off, total = np.abs(plain / true - 1), np.sum(seen, axis=0) / true
    return {
        "seeds": SEEDS,
        "m": m,
        "size": size,
        "batches": len(seen),
        "too_much": m / len(seen),  # one example's share of the plain mean of batches, against 1 / m
        "error": np.abs(weighted / true - 1).max(),
        "plain_error_mean": off.mean(),
        "plain_error_high": off.max(),
        "sum_mean": total.mean(),
        "sum_low": total.min(),
        "sum_high": total.max(),
    }


@experiment
def shuffling():
    """Right on new digits after ten epochs: shuffled together, X and Y shuffled apart, and sorted by label without a shuffle."""
    X, Y, X_dev, Y_dev, start = _starts(range(SEEDS))
    size, epochs = 64, 10
    order = np.argsort(Y, axis=-1, kind="stable")
    X_sorted, Y_sorted = np.take_along_axis(X, order, axis=-1), np.take_along_axis(Y, order, axis=-1)
    blocks, rng = [slice(t, t + size) for t in range(0, 1400, size)], np.random.default_rng(0)

    def apart():
        one, other = rng.permutation(1400), rng.permutation(1400)
        return [(X[..., one[b]], Y[..., other[b]]) for b in blocks]

    ways = {
        "together": lambda: mini_batches.mini_batches(X, Y, size, rng),
        "apart": apart,
        "sorted": lambda: [(X_sorted[..., b], Y_sorted[..., b]) for b in blocks],
    }
    result = {"seeds": SEEDS, "size": size, "epochs": epochs}
    for name, batches in ways.items():
        params = start
        for _ in range(epochs):
            for X_t, Y_t in batches():
                A, caches = network.forward(X_t, params)
                grads = network.backward(A, Y_t, caches)
                params = {n: W - np.float32(0.5) * grads["d" + n] for n, W in params.items()}
        right = np.mean(network.predict(X_dev, params) == Y_dev, axis=(-2, -1))
        result |= {f"{name}_mean": right.mean(), f"{name}_low": right.min(), f"{name}_high": right.max()}
    return result


def _epochs_to(costs, target):
    """For each run the first epoch whose cost is at the target or below, or one more than there are."""
    below = costs <= target
    return np.where(below.any(axis=0), below.argmax(axis=0) + 1, len(costs) + 1)


@experiment
def sizes():
    """Epochs until the cost on the digits is at 0.1, for six sizes of batch, each at its own best learning rate."""
    target, rates = 0.1, np.array([0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0])
    most = {1: 10, 4: 12, 16: 16, 64: 100, 256: 50, 1400: 300}
    searched, reported = range(SEEDS, SEEDS + 3), range(SEEDS)
    X, Y, _, _, start = _starts(searched)
    search = X, Y, start
    X, Y, X_dev, Y_dev, start = _starts(reported)
    rows, all_epochs = [], []
    for size in SIZES:
        with np.errstate(over="ignore"):
            options = dict(epochs=most[size], learning_rate=rates.reshape(-1, 1, 1, 1), batch_size=size, rng=np.random.default_rng(1))
            _, costs = network.train(*search, **options)  # an axis of rates before that of seeds
        needed = (_epochs_to(costs, target) + costs[-1]).mean(axis=-1)
        rate = rates[needed.argmin()]
        params, costs, after, rng = start, [], [], np.random.default_rng(0)
        while len(costs) < most[size] and not (costs and np.min(costs, axis=0).max() <= target):  # until all seeds are there
            params, cost = network.train(X, Y, params, epochs=1, learning_rate=rate, batch_size=size, rng=rng)
            costs.append(cost[0])
            after.append(params)
        epochs = _epochs_to(np.array(costs), target)
        dev = (network.predict(X_dev, after[int(np.median(epochs)) - 1]) == Y_dev).mean(axis=(-2, -1))
        rows.append((rate, np.median(epochs), epochs.min(), epochs.max(), dev.mean(), dev.std(ddof=1) / np.sqrt(SEEDS)))
        all_epochs.append(epochs)
    names = ("rate", "median", "low", "high", "dev", "dev_error")
    result = {name: np.array(cells) for name, cells in zip(names, zip(*rows, strict=True), strict=True)}
    ratio = all_epochs[-1] / all_epochs[3]
    return result | {
        "seeds": SEEDS,
        "target": target,
        "sizes": np.array(SIZES),
        "most": np.array([most[size] for size in SIZES]),
        "steps": result["median"] * -(-1400 // np.array(SIZES)),
        "full_over_64": np.median(ratio),
        "full_over_64_low": ratio.min(),
        "full_over_64_high": ratio.max(),
        "dev_range": result["dev"].max() - result["dev"].min(),
    }


@experiment
def timing():
    """Time of an epoch for each size, as a ratio to the full batch's, as a clock gave it once: see _mini_batches.py."""
    kept = json.loads((Path(__file__).parent / "mini_batches.json").read_text(encoding="utf-8"))
    seconds = {int(size): value for size, value in kept["seconds"].items()}
    epoch = np.array([seconds[size] for size in SIZES])
    step = {size: value / -(-1400 // size) for size, value in seconds.items()}
    neighbours = np.mean([step[size] for size in seconds if size not in SIZES])
    to_target = epoch * sizes()["median"]
    return {
        "made": kept["made"],
        "machine": kept["machine"],
        "turns": kept["turns"],
        "sizes": np.array(SIZES),
        "ratio": epoch / epoch[-1],
        "to_target": to_target / to_target[-1],
        "full_over_64": to_target[-1] / to_target[3],
        "power_of_two": step[64] / neighbours,
    }
