"""Sick runs and their cures, on real digits: each symptom of the page Diagnose my run, made on purpose.

All seeds of a symptom are the runs of one stack. `M` training examples, He's start and a small network, unless said otherwise.
"""

from functools import partial
from types import SimpleNamespace

import numpy as np

from snippets import adam, gradient_descent, initialization, learning_rate_decay, network, regularization
from snippets.experiments import _data
from snippets.experiments import batch_norm as normed
from snippets.experiments._cache import experiment

SEEDS = 20
M = 400
DIMS = [64, 16, 1]
DEEP = [64, 20, 20, 20, 20, 20, 1]
SMALL, LONG = 0.01, 3.0  # a scale of first weights and a learning rate, too small and too large


def _digits(m=M):
    X, Y, X_dev, Y_dev = (array.astype(np.float32) for array in _data.digits())
    return X[:, :m], Y[:, :m], X_dev, Y_dev


def _small(layer_dims, rng):
    return initialization.random_normal(layer_dims, rng, SMALL)


def _start(dims=DIMS, scheme=initialization.he):
    """Each seed's first weights on a leading axis of runs, in float32, where an overflow comes soon."""
    params = network.stack([scheme(dims, np.random.default_rng(seed)) for seed in range(SEEDS)])
    return {name: array.astype(np.float32) for name, array in params.items()}


def _zeros(dims=DIMS):
    return _start(dims, lambda layer_dims, rng: initialization.zeros(layer_dims))


def _train(params, epochs, learning_rate, m=M, **options):
    """`network.train` on the digits, where runs that go wrong may overflow: that is what is looked at."""
    X, Y, _, _ = _digits(m)
    with np.errstate(all="ignore"):
        return network.train(X, Y, params, epochs=epochs, learning_rate=learning_rate, rng=np.random.default_rng(0), **options)


def _accuracy(X, Y, params):
    return (network.predict(X, params) == Y).mean(axis=(-2, -1))


def _spread(name, values):
    """Mean, least and most over the seeds."""
    return {f"{name}_mean": np.mean(values), f"{name}_low": np.min(values), f"{name}_high": np.max(values)}


def _dead(X, params):
    """Of each run, the share of the first hidden layer's units that are zero for every example."""
    with np.errstate(all="ignore"):
        A, _ = network.relu(params["W1"] @ X + params["b1"])
    return (A == 0).all(axis=-1).mean(axis=-1)


def _until_lost(costs):
    """For each seed the epoch, counted from 1, of its first cost that is no number; one more than there are where none is."""
    bad = ~np.isfinite(costs)
    return np.where(bad.any(axis=0), bad.argmax(axis=0) + 1, len(costs) + 1)


@experiment
def ten_examples():
    """The cost before the first step, and after training on ten examples alone: what a network in order can do; 20 seeds, 600 epochs."""
    X, Y, _, _ = _digits()
    first = network.cost(network.forward(X, _start())[0], Y)
    params, costs = _train(_start(), 600, 0.3, m=10)
    fitted = _accuracy(X[:, :10], Y[:, :10], params)
    return (
        {"seeds": SEEDS, "epochs": 600, "chance": np.log(2), "fitted_low": fitted.min()}
        | _spread("first", first)
        | _spread("end", costs[-1])
    )


@experiment
def not_a_number():
    """Three ways to a loss of NaN, each with its cure; 20 seeds, 40 epochs on the full batch."""
    epochs, rate = 40, 0.1
    X, Y, _, _ = _digits()
    no_epsilon = SimpleNamespace(init=adam.init, update=partial(adam.update, epsilon=0.0))
    diverged, right = (_train(_start(DEEP), epochs, alpha)[1] for alpha in (LONG, rate))
    divided, guarded = (_train(_start(), epochs, 0.01, optimizer=optimizer)[1] for optimizer in (no_epsilon, adam))
    # the logarithm of 0: what the loss is when written as in the book, of networks whose outputs are exactly 0 and 1
    params, naive, clipped = _start(scheme=initialization.random_normal), [], []
    for _ in range(epochs):
        A, _ = network.forward(X, params)
        with np.errstate(all="ignore"):
            naive.append(-(Y * np.log(A) + (1 - Y) * np.log(1 - A)).mean(axis=(-2, -1)))
        params, cost = _train(params, 1, rate)
        clipped.append(cost[0])
    result = {"seeds": SEEDS, "epochs": epochs, "blank": int((X == 0).all(axis=1).sum()), "long": LONG, "rate": rate}
    causes = {"diverged": (diverged, right), "divided": (divided, guarded), "naive": (np.array(naive), np.array(clipped))}
    for name, (sick, cured) in causes.items():
        at = _until_lost(sick)
        lost, one = at[at <= epochs], at.argmin()
        result |= {f"{name}_lost": len(lost), f"{name}_first": lost.min(), f"{name}_last": lost.max()}
        result |= {f"{name}_cured_lost": int((_until_lost(cured) <= epochs).sum())} | _spread(f"{name}_cured", cured[-1])
        result |= {f"{name}_curve": sick[: lost.min() - 1, one], f"{name}_cured_curve": cured[:, one]}
    return result | {"naive_finite": int(sum(np.isfinite(params["W1"][k]).all() for k in range(SEEDS)))}


@experiment
def flat():
    """Three losses that do not move, each with its cure: cost, and what the gradient and the steps say at the start; 20 seeds."""
    epochs = 100
    X, Y, _, _ = _digits()
    small_rate, rate = 1e-4, 0.3
    runs = {
        "zeros": (_zeros(), rate, _start(), rate),
        "rate": (_start(), small_rate, _start(), rate),
        "scale": (_start(DEEP, _small), 0.1, _start(DEEP), 0.1),
    }
    result = {"seeds": SEEDS, "epochs": epochs, "small_rate": small_rate, "larger_rate": rate, "small_scale": SMALL, "chance": np.log(2)}
    for name, (*sick, cure, cure_rate) in runs.items():
        for state, params, alpha in ((name, *sick), (f"{name}_cured", cure, cure_rate)):
            A, caches = network.forward(X, params)
            dW = np.linalg.norm(network.backward(A, Y, caches)["dW1"], axis=(-2, -1))
            size = np.linalg.norm(params["W1"], axis=(-2, -1))
            _, costs = _train(params, epochs, alpha)
            result |= {state: np.median(costs, axis=1)} | _spread(f"{state}_fell", costs[0] - costs[-1])
            result |= {f"{state}_gradient": np.median(dW), f"{state}_step": np.median(alpha * dW / np.maximum(size, 1e-30))}
    return result


def _clipped(limit):
    """Gradient descent that first shortens a gradient longer than `limit` to that length."""

    def update(params, grads, state, learning_rate):
        length = np.linalg.norm(grads["dtheta"], axis=-1, keepdims=True)
        shorter = {"dtheta": grads["dtheta"] * np.minimum(1, limit / np.maximum(length, 1e-30))}
        return gradient_descent.update(params, shorter, state, learning_rate)

    return SimpleNamespace(init=gradient_descent.init, update=update)


@experiment
def rises():
    """A cost that falls and then jumps, at a learning rate of 2 on the full batch; lower rate, decay, clipping; 20 seeds."""
    epochs, rate = 100, 2.0
    X, _, X_dev, Y_dev = _digits()
    result = {"seeds": SEEDS, "epochs": epochs, "rate": rate, "lower_rate": rate / 8, "limit": 0.1}
    runs = {
        "sick": (rate, gradient_descent),
        "lower": (rate / 8, gradient_descent),
        "clipped": (rate, _clipped(0.1)),
    }
    for name, (alpha, optimizer) in runs.items():
        params, costs = _train(_start(), epochs, alpha, optimizer=optimizer)
        lowest, end = costs.min(axis=0), costs[-1]
        if name == "sick":  # the seed of the figure is the one that lost most
            one = (end - lowest).argmax()
        result |= {f"{name}_one": costs[:, one], f"{name}_rose": int((end > lowest + 0.1).sum())}
        result |= _spread(f"{name}_lowest", lowest) | _spread(f"{name}_end", end) | _spread(f"{name}_dead", _dead(X, params))
        result |= _spread(f"{name}_dev", _accuracy(X_dev, Y_dev, params))
        result |= {f"{name}_most": int((_dead(X, params) > 0.5).sum())}
    return result


def _swing(costs):
    """Of each seed, how far the cost moves from one epoch to the next where it rises, added up from the tenth epoch on."""
    return np.maximum(np.diff(costs[10:], axis=0), 0).sum(axis=0)


@experiment
def oscillates():
    """Two zigzags: steps too long on the full batch, and the noise of batches of one example; each with its cure, 20 seeds."""
    epochs, size, long, short = 40, 1, 1.0, 0.25
    result = {"seeds": SEEDS, "epochs": epochs, "batch": size, "long": long, "short": short, "decay": 0.2}
    decayed, params = [], _start()
    X, Y, X_dev, Y_dev = _digits()
    rng = np.random.default_rng(0)
    for epoch in range(epochs):
        alpha = learning_rate_decay.inverse_time(short, epoch, result["decay"])
        params, costs = network.train(X, Y, params, epochs=1, learning_rate=alpha, batch_size=size, rng=rng)
        decayed.append(costs[0])
    noisy_params, noisy = _train(_start(), epochs, short, batch_size=size)
    runs = {
        "full": _train(_start(), epochs, long)[1],
        "full_cured": _train(_start(), epochs, short)[1],
        "noisy": noisy,
        "noisy_cured": np.array(decayed),
    }
    for name, costs in runs.items():
        result |= {f"{name}_one": costs[:, 0]} | _spread(f"{name}_swing", _swing(costs)) | _spread(f"{name}_end", costs[-1])
    return result | {
        "noisy_dev": _accuracy(X_dev, Y_dev, noisy_params).mean(),
        "noisy_cured_dev": _accuracy(X_dev, Y_dev, params).mean(),
        "calmer": int((_swing(np.array(decayed)) < _swing(noisy)).sum()),
        "full_calmer": int((_swing(runs["full_cured"]) < _swing(runs["full"])).sum()),
    }


@experiment
def overfits():
    """Train and dev cost with few examples and with many, and few with an L2 penalty; 20 seeds, 600 epochs."""
    few, many, rounds, every, lambd = 100, 1400, 30, 20, 3.0
    result = {"seeds": SEEDS, "few": few, "many": many, "lambd": lambd, "epoch": every * np.arange(1, rounds + 1)}
    for name, m, options in ("few", few, {}), ("many", many, {}), ("l2", few, {"lambd": lambd}):
        X, Y, X_dev, Y_dev = _digits(m)
        params, train, dev = _start(), [], []
        for _ in range(rounds):
            params, _ = _train(params, every, 0.3, m, **options)
            train.append(network.cost(network.forward(X, params)[0], Y))
            dev.append(network.cost(network.forward(X_dev, params)[0], Y_dev))
        result |= {f"{name}_train": np.mean(train, axis=1), f"{name}_dev": np.mean(dev, axis=1)}
        here, there = _accuracy(X, Y, params), _accuracy(X_dev, Y_dev, params)
        result |= _spread(f"{name}_here", here) | _spread(f"{name}_there", there) | _spread(f"{name}_gap", 100 * (here - there))
    return result


def _left_on(keep_prob, rng):
    """ReLU and dropout, as in training."""

    def hidden(Z):
        A, slope = network.relu(Z)
        A, mask = regularization.dropout_forward(A, keep_prob, rng)
        return A, regularization.dropout_backward(slope, mask, keep_prob)

    return hidden


@experiment
def test_mode():
    """Networks asked as in training and as at test time: batch norm one example at a time, and dropout; 20 seeds."""
    epochs = np.array([1, 2, 3, 5, 8, 12, 20, 30])
    X, Y, X_dev, Y_dev = _digits()
    result = {"seeds": SEEDS, "epoch": epochs, "keep_prob": 0.5}
    rows = {name: [] for name in ("norm_sick", "norm_cured", "dropout_sick", "dropout_cured")}
    for count in epochs:
        params, _, stats = normed._train(X, Y, normed._start(True), int(count), 0.3)
        rows["norm_sick"].append(normed._accuracy(X_dev, Y_dev, params, group=1))
        rows["norm_cured"].append(normed._accuracy(X_dev, Y_dev, params, stats))
    result |= _spread("norm_batch_here", normed._accuracy(X, Y, params)) | _spread("norm_here", normed._accuracy(X, Y, params, group=1))
    params, _, rng = _start([64, 32, 1]), None, np.random.default_rng(1)
    for before, count in zip([0, *epochs], epochs, strict=False):
        params, _ = _train(params, int(count - before), 0.3, keep_prob=0.5, batch_size=50)
        on = network.forward(X_dev, params, _left_on(0.5, rng))[0]
        rows["dropout_sick"].append(((on > 0.5) == Y_dev).mean(axis=(-2, -1)))
        rows["dropout_cured"].append(_accuracy(X_dev, Y_dev, params))
    on = network.forward(X, params, _left_on(0.5, rng))[0]
    result |= _spread("dropout_here", ((on > 0.5) == Y).mean(axis=(-2, -1))) | _spread("dropout_off_here", _accuracy(X, Y, params))
    for name, values in rows.items():
        result |= {name: np.mean(values, axis=1)} | _spread(f"{name}_end", values[-1])
    return result | {
        "norm_ahead": int((rows["norm_cured"][-1] > rows["norm_sick"][-1]).sum()),
        "dropout_ahead": int((rows["dropout_cured"][-1] > rows["dropout_sick"][-1]).sum()),
    }


@experiment
def slow():
    """Epochs until the cost is 0.2: a small learning rate, a better one, mini-batches, Adam; 20 seeds."""
    most, target = 1500, 0.2
    runs = {
        "sick": (0.03, most, {}),
        "rate": (0.3, most, {}),
        "batches": (0.3, 40, {"batch_size": 32}),
        "adam": (0.01, 40, {"batch_size": 32, "optimizer": adam}),
    }
    result = {"seeds": SEEDS, "target": target, "most": most, "small": runs["sick"][0], "larger": runs["rate"][0]}
    for name, (alpha, epochs, options) in runs.items():
        _, costs = _train(_start(), epochs, alpha, **options)
        there = costs <= target
        needed = np.where(there.any(axis=0), there.argmax(axis=0) + 1, epochs + 1)
        result |= {f"{name}_curve": np.median(costs, axis=1), f"{name}_arrived": int(there.any(axis=0).sum())}
        result |= {f"{name}_median": np.median(needed), f"{name}_low": needed.min(), f"{name}_high": needed.max()}
    return result


@experiment
def constant():
    """One answer to everybody: dead units, and one class in ten; each with its cure, 20 seeds."""
    X, Y, X_dev, Y_dev = _digits()
    result = {"seeds": SEEDS, "rate": 5.0, "lower": 0.3}
    for name, alpha in ("dead", 5.0), ("dead_cured", 0.3):
        params, costs = _train(_start(), 100, alpha)
        result |= {f"{name}_same": int((np.ptp(network.predict(X_dev, params), axis=(-2, -1)) == 0).sum())}
        result |= _spread(f"{name}_units", _dead(X, params)) | _spread(f"{name}_accuracy", _accuracy(X_dev, Y_dev, params))
        result |= {f"{name}_curve": np.median(costs, axis=1)}
    X, Y, _, _ = _digits(1400)
    ones, zeros = np.flatnonzero(Y[0] == 1)[:40], np.flatnonzero(Y[0] == 0)[:360]
    uneven = np.concatenate([ones, zeros])
    result |= {"ones": len(ones), "zeros": len(zeros), "epoch": 10 * np.arange(1, 21)}
    for name, chosen in ("uneven", uneven), ("even", np.concatenate([np.tile(ones, len(zeros) // len(ones)), zeros])):
        params, accuracy, recall = _start(), [], []
        for _ in result["epoch"]:
            params, _ = network.train(X[:, chosen], Y[:, chosen], params, epochs=10, learning_rate=0.1)
            accuracy.append(_accuracy(X[:, uneven], Y[:, uneven], params))
            recall.append(network.predict(X_dev, params)[..., Y_dev[0] == 1].mean(axis=(-2, -1)))
        result |= {f"{name}_accuracy": np.mean(accuracy, axis=1), f"{name}_recall": np.mean(recall, axis=1)}
        result |= _spread(f"{name}_early", recall[1]) | _spread(f"{name}_late", recall[-1])
        result |= {f"{name}_early_accuracy": accuracy[1].mean(), f"{name}_none": int((recall[1] == 0).sum())}
    return result


@experiment
def leak():
    """A rare class whose examples are repeated before the dev set is taken out, and after: what it promises, what others say; 20 seeds."""
    rare, common, times, epochs = 40, 320, 8, 200
    X, Y = (array.astype(np.float32) for array in _data.digits(dev=0)[:2])
    orders = [np.random.default_rng(seed).permutation(X.shape[1]) for seed in range(SEEDS)]
    result = {"seeds": SEEDS, "rare": rare, "common": common, "times": times, "epochs": epochs}
    for name in "before", "after":
        trained, asked, others = [], [], []
        for seed, order in enumerate(orders):
            rng = np.random.default_rng(seed)
            ones, zeros = (order[Y[0, order] == label][:size] for label, size in ((1, rare), (0, common)))
            others.append(np.setdiff1d(np.flatnonzero(Y[0] == 1), ones)[:500])
            if name == "before":
                repeated = rng.permutation(np.concatenate([np.tile(ones, times), zeros]))
                train, dev = np.split(repeated, [3 * len(repeated) // 4])
            else:
                train = np.concatenate([np.tile(ones[rare // 4 :], times), zeros[common // 4 :]])
                dev = np.concatenate([ones[: rare // 4], zeros[: common // 4]])
            trained.append(train)
            asked.append(dev[Y[0, dev] == 1])
        X_runs, Y_runs = (np.stack([array[:, train] for train in trained]) for array in (X, Y))
        params, _ = network.train(X_runs, Y_runs, _start(), epochs=epochs, learning_rate=0.3)
        runs = [{key: array[seed] for key, array in params.items()} for seed in range(SEEDS)]
        for kind, sets in ("dev", asked), ("new", others):
            found = [network.predict(X[:, chosen], run).mean() for chosen, run in zip(sets, runs, strict=True)]
            result |= _spread(f"{name}_{kind}", np.array(found))
        twins = [np.isin(dev, train).mean() for dev, train in zip(asked, trained, strict=True)]
        result |= {f"{name}_twins": np.mean(twins)}
    return result


@experiment
def luck():
    """The best of 40 runs that differ by their seed alone, chosen on 100 or on 800 dev examples, and then on 800 others; 20 splits."""
    trials, m, few, many, splits = 40, 150, 100, 800, 20
    params = network.stack([initialization.he([64, 8, 1], np.random.default_rng(seed)) for seed in range(splits * trials)])
    params = {name: array.astype(np.float32) for name, array in params.items()}
    data = [_data.digits(seed, dev=0) for seed in range(splits)]
    X, Y = (np.stack([split[part] for split in data]).astype(np.float32) for part in (0, 1))
    each = np.repeat(np.arange(splits), trials)
    params, _ = network.train(X[each, :, :m], Y[each, :, :m], params, epochs=120, learning_rate=0.3)
    runs = [{name: array[each == k] for name, array in params.items()} for k in range(splits)]
    right = 100.0 * np.array([(network.predict(X[k, :, m:], runs[k]) == Y[k, :, m:])[:, 0] for k in range(splits)])
    fresh, count, rows = right[..., many:].mean(axis=-1), np.arange(1, trials + 1), np.arange(splits)
    result = {"splits": splits, "seeds": splits, "trials": trials, "count": count}
    result |= {"few": few, "many": many, "fresh": right.shape[-1] - many}
    for name, size in ("few", few), ("many", many):
        dev = right[..., :size].mean(axis=-1)
        chosen = np.array([dev[:, :n].argmax(axis=1) for n in count])  # the best of the first n
        promised, kept = (np.array([values[rows, k] for k in chosen]) for values in (dev, fresh))
        result |= {f"{name}_promise": promised.mean(axis=1), f"{name}_keep": kept.mean(axis=1)}
        result |= _spread(f"{name}_promised", promised[-1]) | _spread(f"{name}_kept", kept[-1])
        lost = promised[-1] - kept[-1]
        result |= _spread(f"{name}_lost", lost) | {f"{name}_broken": int((lost > 0).sum()), f"{name}_error": lost.std(ddof=1) / splits**0.5}
    return result | {"typical": fresh.mean()}
