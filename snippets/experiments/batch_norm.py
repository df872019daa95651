"""What batch norm does to a small network that has it in every hidden layer, on real digits.

All seeds, and all learning rates of a sweep, are runs of one stack.
"""

import numpy as np

from snippets import batch_norm, gradient_descent, initialization, network
from snippets.experiments import _data
from snippets.experiments._cache import experiment

SEEDS = 20
M = 400  # training examples
DIMS = [64, 20, 20, 20, 1]


def _digits(m=M):
    X, Y, X_dev, Y_dev = (array.astype(np.float32) for array in _data.digits())
    return X[:, :m], Y[:, :m], X_dev, Y_dev


def _digits_of_each(m):
    """For each seed its own split of the digits, on an axis of runs."""
    X, Y, X_dev, Y_dev = (np.stack(part).astype(np.float32) for part in zip(*map(_data.digits, range(SEEDS)), strict=True))
    return X[..., :m], Y[..., :m], X_dev, Y_dev


def _start(norm, seeds=range(SEEDS), dims=DIMS):
    """He's weights for each seed; with batch norm gamma and beta in the place of the hidden layers' biases."""
    params = network.stack([initialization.he(dims, np.random.default_rng(seed)) for seed in seeds])
    for l in range(1, len(dims) - 1) if norm else ():
        del params[f"b{l}"]
        for name in "gamma", "beta":
            params[f"{name}{l}"] = np.repeat(batch_norm.init(dims[l])[name][np.newaxis], len(seeds), axis=0)
    return {name: array.astype(np.float32) for name, array in params.items()}


def _layers(params):
    return sum(name.startswith("W") for name in params)


def _groups(Z, size):
    """(runs, n, m) as (runs, m / size, n, size): each group of examples is normalized on its own."""
    return Z.reshape(*Z.shape[:-1], -1, size).swapaxes(-3, -2)


def _together(Z):
    Z = Z.swapaxes(-3, -2)
    return Z.reshape(*Z.shape[:-2], -1)


def _forward(X, params, stats=None, group=None, disturb=None):
    """(A, caches): batch statistics, over groups of `group` examples, or the statistics given as {l: (mean, var)}."""
    A, caches, L = X, [], _layers(params)
    for l in range(1, L + 1):
        A_prev, W, norm = A, params[f"W{l}"], None
        Z = W @ A
        if f"b{l}" in params:
            Z = Z + params[f"b{l}"]
        elif stats is not None:
            Z = batch_norm.infer(Z, params[f"gamma{l}"], params[f"beta{l}"], *stats[l])
        else:
            gamma, beta = params[f"gamma{l}"][:, np.newaxis], params[f"beta{l}"][:, np.newaxis]
            Z, norm = batch_norm.forward(_groups(Z, group or Z.shape[-1]), gamma, beta)
            Z = _together(Z)
        factor, Z_tilde = 1, Z
        if disturb is not None and l < L:
            factor, shift = disturb(Z)
            Z = factor * Z + shift
        A, slope = network.relu(Z) if l < L else (network.sigmoid(Z), None)
        caches.append((A_prev, W, slope, norm, factor, Z_tilde))
    return A, caches


def _backward(A, Y, caches):
    grads, L = {}, len(caches)
    dZ = (A - Y) / A.shape[-1]
    for l in range(L, 0, -1):
        A_prev, W, _, norm, *_ = caches[l - 1]
        if norm is None:
            grads[f"db{l}"] = dZ.sum(axis=-1, keepdims=True)
        else:
            dZ, dgamma, dbeta = batch_norm.backward(_groups(dZ, norm["Z_norm"].shape[-1]), norm)
            dZ, grads[f"dgamma{l}"], grads[f"dbeta{l}"] = _together(dZ), dgamma.sum(axis=-3), dbeta.sum(axis=-3)
        grads[f"dW{l}"] = dZ @ A_prev.mT
        if l > 1:
            _, _, slope, _, factor, _ = caches[l - 2]
            dZ = factor * slope * (W.mT @ dZ)
    return grads


def _train(X, Y, params, epochs, learning_rate, batch_size=50, group=None, disturb=None, watch=None):
    """Train with gradient descent on mini-batches: (params, costs (epochs, runs), running statistics).

    A run that diverges, with a parameter of a million or more, counts as lost: cost 10, and zeros for parameters.
    """
    rng, m, runs = np.random.default_rng(0), X.shape[-1], len(params["W1"])
    lost = np.zeros((runs, 1, 1), bool)
    learning_rate = np.asarray(learning_rate, np.float32)
    costs, state = np.zeros((epochs, runs)), gradient_descent.init(params)
    begin = {l: batch_norm.init(params[f"W{l}"].shape[-2], np.float32) for l in range(1, _layers(params))}
    stats = {l: (begin[l]["mean"], begin[l]["var"]) for l in begin}
    for epoch in range(epochs):
        order = rng.permutation(m)
        for t in range(0, m, batch_size):
            batch = order[t : t + batch_size]
            with np.errstate(all="ignore"):  # some of the learning rates are meant to be far too large
                A, caches = _forward(X[..., batch], params, group=group, disturb=disturb)
                grads = _backward(A, Y[..., batch], caches)
                params, state = gradient_descent.update(params, grads, state, learning_rate)
                lost = lost | ~np.all([np.abs(array).max(axis=(-2, -1), keepdims=True) < 1e6 for array in params.values()], axis=0)
                params = {name: np.where(lost, np.float32(0), array) for name, array in params.items()}
                costs[epoch] += np.where(lost.ravel(), 10.0, _cost(A, Y[..., batch])) * len(batch) / m
            for l, (*_, norm, _, _) in enumerate(caches[:-1], 1):
                if norm is not None:
                    stats[l] = batch_norm.running(*stats[l], norm["mean"].mean(axis=-3), norm["var"].mean(axis=-3))
            if watch is not None:
                watch(caches)
    return params, costs, stats


def _cost(A, Y):
    """Cross-entropy of each run."""
    A = np.clip(A, 1e-7, 1 - 1e-7)
    return -(Y * np.log(A) + (1 - Y) * np.log(1 - A)).mean(axis=(-2, -1))


def _accuracy(X, Y, params, stats=None, group=None):
    A, _ = _forward(X, params, stats, group)
    return ((A > 0.5) == Y).mean(axis=(-2, -1))


def _low_high(values, prefix=""):
    low, high = np.quantile(values, [0.05, 0.95], axis=-1)
    return {f"{prefix}mean": np.mean(values, axis=-1), f"{prefix}low": low, f"{prefix}high": high}


@experiment
def learning_rates():
    """Training cost and dev accuracy after ten epochs, with and without batch norm, over learning rates."""
    alphas = np.logspace(-3, 2, 11)
    X, Y, X_dev, Y_dev = _digits()
    rates = np.repeat(alphas, SEEDS).reshape(-1, 1, 1)
    result = {"seeds": SEEDS, "alphas": alphas, "epochs": 10}
    for name, norm in ("with", True), ("without", False):
        start = {k: np.tile(v, (len(alphas), 1, 1)) for k, v in _start(norm).items()}
        params, costs, stats = _train(X, Y, start, 10, rates)
        result |= _low_high(costs[-1].reshape(-1, SEEDS), f"{name}_cost_")
        accuracy = _accuracy(X_dev, Y_dev, params, stats if norm else None).reshape(-1, SEEDS)
        result |= _low_high(accuracy, f"{name}_")
        good = np.flatnonzero(accuracy.mean(axis=-1) > 0.85)
        result |= {f"{name}_best": accuracy.mean(axis=-1).max(), f"{name}_good": len(good)}
        result |= {f"{name}_from": alphas[good[0]], f"{name}_to": alphas[good[-1]], f"{name}_factor": alphas[good[-1]] / alphas[good[0]]}
    return result


@experiment
def before_and_after():
    """What eight units of the second layer see, before normalization, after it, and after gamma and beta; trained, one batch."""
    X, Y, *_ = _digits()
    params, *_ = _train(X, Y, _start(True, [0]), 200, 1.0)
    _, caches = _forward(X, params)
    A_prev, W, *_, norm, _, Z_tilde = caches[1]
    steps = np.stack([W @ A_prev, norm["Z_norm"][:, 0], Z_tilde])[:, 0, :8]
    return {
        "quantiles": np.quantile(steps, [0.05, 0.25, 0.5, 0.75, 0.95], axis=-1),
        "mean": steps.mean(axis=-1),
        "std": steps.std(axis=-1),
        "mean_low": steps.mean(axis=-1)[0].min(),
        "mean_high": steps.mean(axis=-1)[0].max(),
        "normed": np.abs(steps.mean(axis=-1)[1]).max(),
    }


@experiment
def statistics():
    """One unit's values over all examples, and what batches of them say of their mean and variance; one run of batches to look at."""
    sizes, batches = np.array([4, 16, 64, 256]), 100
    X, Y, *_ = _digits()
    params, *_ = _train(X, Y, _start(True, [0]), 200, 1.0)
    _, caches = _forward(X, params)
    A_prev, W, *_ = caches[1]
    z = (W @ A_prev)[0, 0].astype(float).round(2)
    one, zero = np.ones((1, 1)), np.zeros((1, 1))
    means, variances = np.zeros((2, len(sizes), SEEDS, batches))
    for i, size in enumerate(sizes):
        for seed in range(SEEDS):
            drawn = np.random.default_rng(seed).choice(z, (batches, 1, size))
            cache = batch_norm.forward(drawn, one, zero)[1]
            means[i, seed], variances[i, seed] = cache["mean"].ravel(), cache["var"].ravel()
    averages = [(zero, one)]
    for mean, var in zip(means[1, 0], variances[1, 0], strict=True):
        averages.append(batch_norm.running(*averages[-1], np.array([[mean]]), np.array([[var]])))
    result = {"seeds": SEEDS, "batches": batches, "sizes": sizes, "z": z, "examples": len(z), "mean": z.mean(), "var": z.var()}
    result |= {"means": means[1, 0], "running": np.array([mean.item() for mean, _ in averages])}
    result |= _low_high(means.std(axis=-1) / z.std(), "spread_") | _low_high(variances.mean(axis=-1) / z.var(), "var_")
    return result


@experiment
def shifted_inputs():
    """Networks trained on the digits as they are, shown brighter and darker ones: the second layer's statistics, the accuracy."""
    shifts = np.linspace(-0.5, 0.5, 11)
    X, Y, X_dev, Y_dev = _digits()
    result = {"seeds": SEEDS, "shifts": shifts}
    for norm, kinds in (False, ["without"]), (True, ["batch", "running"]):
        params, _, stats = _train(X, Y, _start(norm), 20, 0.3)
        for kind in kinds:
            given = stats if kind == "running" else None
            moved, accuracy = [], []
            _, home = _forward(X_dev, params, given)
            mean, std = (getattr(home[1][-1], f)(axis=-1) for f in ("mean", "std"))
            for shift in shifts:
                _, caches = _forward(X_dev + np.float32(shift), params, given)
                moved.append(np.median(np.abs(caches[1][-1].mean(axis=-1) - mean) / std, axis=-1))
                accuracy.append(_accuracy(X_dev + np.float32(shift), Y_dev, params, given))
            result |= _low_high(np.array(moved), f"{kind}_moved_") | _low_high(np.array(accuracy), f"{kind}_accuracy_")
    return result


@experiment
def disturbed():
    """Batch norm whose output is shifted and scaled at random in every step, against batch norm and against none.

    Closely looked at for one learning rate; then the best that each of the three comes to at others.
    """
    X, Y, *_ = _digits()
    alpha, others = 0.1, (0.3, 1.0)
    result = {"seeds": SEEDS, "epochs": 20, "alpha": alpha, "alphas": np.sort([alpha, *others])}
    last = {}
    for name, norm, noisy in ("without", False, False), ("with", True, False), ("noisy", True, True):
        rng = np.random.default_rng(1)
        means = []

        def disturb(Z):
            shape = (*Z.shape[:-1], 1)
            return rng.uniform(0.75, 1.25, shape).astype(np.float32), rng.uniform(-0.5, 0.5, shape).astype(np.float32)

        def watch(caches):
            Z = np.concatenate([A for A, *_ in caches[1:]], axis=-2)  # what layers 2 to 4 take in
            means.append((Z.mean(axis=-1), Z.std(axis=-1)))

        shaken = disturb if noisy else None
        _, costs, _ = _train(X, Y, _start(norm), 20, alpha, disturb=shaken, watch=watch)
        mean, std = (np.array(part) for part in zip(*means, strict=True))
        moved = np.abs(np.diff(mean, axis=0)) / (std[:-1].mean(axis=(0, -1))[:, np.newaxis] + 1e-8)
        last[name] = costs[-1]
        result |= {f"{name}_costs": costs.mean(axis=-1)} | _low_high(costs[-1], f"{name}_")
        result |= _low_high(moved.mean(axis=(0, 2)), f"{name}_moved_")
        tuned = [costs[-1].mean(), *(_train(X, Y, _start(norm), 20, other, disturb=shaken)[1][-1].mean() for other in others)]
        result |= {f"{name}_tuned": min(tuned)}
    return result | {"noisy_ahead": int((last["noisy"] < last["without"]).sum()), "ahead": int((last["with"] < last["without"]).sum())}


@experiment
def test_time():
    """Dev accuracy against the size of the batch at test time, with the running statistics and with the batch's own."""
    sizes = np.array([1, 2, 4, 8, 16, 32, 64, 128, 384])
    X, Y, X_dev, Y_dev = _digits()
    X_dev, Y_dev = X_dev[:, :384], Y_dev[:, :384]
    params, _, stats = _train(X, Y, _start(True), 20, 0.3)
    batch = np.array([_accuracy(X_dev, Y_dev, params, group=int(size)) for size in sizes])
    running = _accuracy(X_dev, Y_dev, params, stats)
    A, _ = _forward(X_dev, params, group=1)
    result = {"seeds": SEEDS, "sizes": sizes, "different": len(np.unique(A[0].round(6))), "examples": X_dev.shape[-1]}
    ahead = (running[np.newaxis] > batch).sum(axis=-1)
    return result | {"ahead": ahead} | _low_high(batch, "batch_") | _low_high(running, "running_")


@experiment
def noise():
    """How much an example's normalized value depends on who else is in the batch, and what that does to training; 20 splits and starts."""
    sizes = np.array([2, 4, 8, 16, 32, 64, 128])
    X, Y, X_dev, Y_dev = _digits_of_each(384)
    result = {"seeds": SEEDS, "sizes": sizes, "batch_size": 128}

    # One example of the training set with many different companions.
    W1, rng = _start(True)["W1"], np.random.default_rng(0)
    one, zero = np.zeros((20, 1), np.float32) + 1, np.zeros((20, 1), np.float32)
    spread = []
    for size in sizes:
        seen = []
        for _ in range(100):
            chosen = np.append(0, 1 + rng.permutation(383)[: size - 1])
            seen.append(batch_norm.forward(W1 @ X[..., chosen], one, zero)[0][..., 0])
        spread.append(np.std(seen, axis=0).mean(axis=-1))
    result |= _low_high(np.array(spread), "spread_")

    # The same gradient steps on 128 examples; only the groups that are normalized together differ.
    train, dev = [], []
    for size in sizes:
        params, _, stats = _train(X, Y, _start(True), 60, 0.3, batch_size=128, group=int(size))
        train.append(_accuracy(X, Y, params, stats))
        dev.append(_accuracy(X_dev, Y_dev, params, stats))
    train, dev = np.array(train), np.array(dev)
    best = dev.mean(axis=-1).argmax()
    gain = dev[best] - dev[-1]
    result |= {"best": sizes[best], "gain": gain.mean(), "gain_error": gain.std(ddof=1) / np.sqrt(SEEDS), "helped": int((gain > 0).sum())}
    return result | _low_high(train, "train_") | _low_high(dev, "dev_")


@experiment
def inputs():
    """Training cost after ten epochs at its best learning rate: inputs normalized or not, batch norm or not."""
    alphas = np.array([0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0])
    X, Y, *_ = _digits()
    units = 10 ** np.random.default_rng(0).uniform(-1.5, 1.5, (64, 1))  # as if each pixel were given in a unit of its own
    raw = (X * units).astype(np.float32)
    tidy = ((raw - raw.mean(axis=-1, keepdims=True)) / (raw.std(axis=-1, keepdims=True) + 1e-8)).astype(np.float32)
    result = {"seeds": SEEDS, "alphas": alphas}
    for name, data, norm in ("neither", raw, False), ("batch_norm", raw, True), ("inputs", tidy, False), ("both", tidy, True):
        start = {k: np.tile(v, (len(alphas), 1, 1)) for k, v in _start(norm).items()}
        _, costs, _ = _train(data, Y, start, 10, np.repeat(alphas, SEEDS).reshape(-1, 1, 1))
        last = costs[-1].reshape(-1, SEEDS)
        best = last.mean(axis=-1).argmin()
        result |= _low_high(last[best], f"{name}_") | {f"{name}_alpha": alphas[best]}
    return result


@experiment
def predictive():
    """How far the gradient has turned or changed after a step along it, relative to itself, with and without batch norm."""
    steps, rounds = np.array([0.01, 0.03, 0.1, 0.3, 1.0]), 8
    X, Y, *_ = _digits()
    result, changes = {"seeds": SEEDS, "steps": steps}, {}
    for name, norm in ("with", True), ("without", False):
        params, seen = _start(norm), []
        for _ in range(rounds):
            params, *_ = _train(X, Y, params, 1, 0.1)
            A, caches = _forward(X, params)
            here = _backward(A, Y, caches)
            size = np.sqrt(sum((array**2).sum(axis=(-2, -1)) for array in here.values()))
            row = []
            for step in steps.astype(np.float32):
                A, caches = _forward(X, {k: array - step * here[f"d{k}"] for k, array in params.items()})
                there = _backward(A, Y, caches)
                row.append(np.sqrt(sum(((there[k] - here[k]) ** 2).sum(axis=(-2, -1)) for k in here)) / size)
            seen.append(row)
        changes[name] = np.mean(seen, axis=0)
        result |= _low_high(changes[name], f"{name}_")
    return result | {"smaller": (changes["with"] < changes["without"]).sum(axis=-1)}
