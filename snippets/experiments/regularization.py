"""What L2, weight decay, dropout and the other regularizers do, on real digits and on simulated moons.

The digits are real; where some labels of the training set are wrong, they were flipped on purpose.
"""

import numpy as np
from scipy import ndimage

from snippets import adam, initialization, network, regularization
from snippets.experiments import _data
from snippets.experiments._cache import experiment

SEEDS = 20
M = 150  # training examples: few, so that there is something to learn by heart
WRONG = 0.15  # share of training labels flipped


def _digits(wrong=WRONG):
    """For each seed its own split, flipped labels and start: X (runs, 64, m), Y, X_dev, Y_dev, params."""
    parts, starts = [], []
    for seed in range(SEEDS):
        rng = np.random.default_rng(seed)
        X, Y, X_dev, Y_dev = _data.digits(seed)
        X, Y = X[:, :M], Y[:, :M]
        parts.append((X, np.where(rng.random(Y.shape) < wrong, 1 - Y, Y), X_dev, Y_dev))
        starts.append({k: v.astype(np.float32) for k, v in initialization.he([64, 32, 1], rng).items()})
    X, Y, X_dev, Y_dev = (np.stack(part).astype(np.float32) for part in zip(*parts, strict=True))
    return X, Y, X_dev, Y_dev, network.stack(starts)


def _accuracy(X, Y, params):
    return (network.predict(X, params) == Y).mean(axis=(-2, -1))


def _low_high(values):
    """Mean and the middle nine tenths over the last axis, the seeds. Gains are in percentage points throughout."""
    low, high = np.quantile(values, [0.05, 0.95], axis=-1)
    return {"mean": np.mean(values, axis=-1), "low": low, "high": high}


def _sweep(options):
    """Train and dev accuracy for each of the options of `network.train`, with wrong labels and with right ones."""
    result = {"seeds": SEEDS, "m": M, "wrong": WRONG}
    for labels, wrong in ("wrong", WRONG), ("clean", 0.0):
        X, Y, X_dev, Y_dev, start = _digits(wrong)
        train, dev = [], []
        for option in options:
            params, _ = network.train(X, Y, start, epochs=500, learning_rate=0.2, rng=np.random.default_rng(0), **option)
            train.append(_accuracy(X, Y, params))
            dev.append(_accuracy(X_dev, Y_dev, params))
        result |= {f"{labels}_train": np.mean(train, axis=1)} | {f"{labels}_dev_{k}": v for k, v in _low_high(np.array(dev)).items()}
        gains = 100 * (np.array(dev) - dev[0])
        best = 1 + gains[1:].mean(axis=1).argmax()  # of those that regularize, by the accuracy that is reported
        result |= {f"{labels}_best": best, f"{labels}_gain": gains[best].mean(), f"{labels}_helped": int((gains[best] > 0).sum())}
        result |= {f"{labels}_error": gains[best].std(ddof=1) / np.sqrt(SEEDS)}
    return result


@experiment
def l2_sweep():
    """Train and dev accuracy on the digits against lambda, gradient descent."""
    lambdas = np.array([0, 0.3, 1, 3, 10, 30])
    result = _sweep([{"lambd": float(lambd)} for lambd in lambdas])
    return result | {"lambdas": lambdas, "best_lambda": lambdas[result["wrong_best"]]}


@experiment
def dropout_sweep():
    """Train and dev accuracy on the digits against keep_prob, gradient descent."""
    keep_probs = np.array([1.0, 0.8, 0.5, 0.2, 0.1])
    result = _sweep([{"keep_prob": float(keep_prob)} for keep_prob in keep_probs])
    return result | {"keep_probs": keep_probs, "best_keep_prob": keep_probs[result["wrong_best"]]}


def _length(side, x, y):
    """Crofton's formula: a boundary's length from how often it crosses the lines of a grid; side says where each of its points lies."""
    crossed = (y[1] - y[0]) * np.sum(side[..., 1:] != side[..., :-1], axis=(-2, -1))
    crossed = crossed + (x[1] - x[0]) * np.sum(side[..., 1:, :] != side[..., :-1, :], axis=(-2, -1))
    return np.pi / 4 * crossed


@experiment
def boundary():
    """The decision boundary on noisy moons against lambda: its length, its accuracy, and one seed's picture."""
    lambdas, m = np.array([0, 0.3, 3, 10]), 60
    x, y = np.linspace(-2.2, 3.2, 61), np.linspace(-1.8, 2.3, 47)
    grid = np.stack(np.meshgrid(x, y)).reshape(2, -1)
    X, Y = (np.stack(part) for part in zip(*(_data.moons(m, 0.35, seed) for seed in range(SEEDS)), strict=True))
    X_dev, Y_dev = _data.moons(1000, 0.35, seed=1000)
    start = network.stack([initialization.he([2, 30, 15, 1], np.random.default_rng(seed)) for seed in range(SEEDS)])
    lengths, train, dev, pictures = [], [], [], []
    for lambd in lambdas:
        params, _ = network.train(X, Y, start, epochs=2500, learning_rate=0.3, lambd=float(lambd))
        side = network.predict(grid, params).reshape(SEEDS, len(y), len(x))
        lengths.append(_length(side, x, y))
        train.append(_accuracy(X, Y, params))
        dev.append(_accuracy(X_dev, Y_dev, params))
        pictures.append(network.forward(grid, params)[0][0].reshape(len(y), len(x)))
    lengths = np.array(lengths)
    return {
        "seeds": SEEDS,
        "m": m,
        "lambdas": lambdas,
        "train": np.mean(train, axis=1),
        "dev": np.mean(dev, axis=1),
        "shorter": int((lengths[2] < lengths[0]).sum()),
        "pictures": np.array(pictures),
        "x": x,
        "y": y,
        "X": X[0].round(3),
        "Y": Y[0],
        "X_dev": X_dev[:, :200].round(3),
        "Y_dev": Y_dev[:, :200],
    } | {f"length_{k}": v for k, v in _low_high(lengths).items()}


@experiment
def dropped_units():
    """The mask of one hidden layer for one example, over the first iterations, and the share kept so far."""
    rng, keep_prob = np.random.default_rng(0), 0.8
    masks = [regularization.dropout_forward(np.ones((12, 1)), keep_prob, rng)[1][:, 0] for _ in range(60)]
    kept = np.cumsum(masks, axis=0) / np.arange(1, 61)[:, np.newaxis]
    return {"keep_prob": keep_prob, "masks": np.array(masks).T, "kept": kept.T, "different": len({mask.tobytes() for mask in masks})}


def _hidden(keep_prob, rng):
    """ReLU followed by dropout, as `network.forward` takes it."""

    def relu_and_dropout(Z):
        A, slope = network.relu(Z)
        A, mask = regularization.dropout_forward(A, keep_prob, rng)
        return A, regularization.dropout_backward(slope, mask, keep_prob)

    return relu_and_dropout


@experiment
def expectation():
    """The mean activation of a hidden layer on the digits, with dropout over without, divided by keep_prob or not."""
    keep_prob, draws = 0.8, 200
    X, _, _, _, start = _digits()
    A, _ = network.relu(start["W1"] @ X + start["b1"])
    divided, undivided = [], []
    for seed in range(SEEDS):
        rng = np.random.default_rng(seed)
        kept = [regularization.dropout_forward(A[seed], keep_prob, rng) for _ in range(draws)]
        divided.append(np.mean([dropped.mean() for dropped, _ in kept]) / A[seed].mean())
        undivided.append(np.mean([(A[seed] * mask).mean() for _, mask in kept]) / A[seed].mean())
    three = np.mean(undivided) ** 3
    return (
        {"seeds": SEEDS, "draws": draws, "keep_prob": keep_prob, "three_layers": three}
        | _low_high(divided)
        | {f"undivided_{k}": v for k, v in _low_high(undivided).items()}
    )


@experiment
def test_time():
    """A network trained with dropout, asked for predictions with it off, with it on, and with it on many times."""
    keep_prob, passes = 0.5, 100
    X, Y, X_dev, Y_dev, start = _digits(wrong=0.0)
    rng = np.random.default_rng(0)
    params, _ = network.train(X, Y, start, epochs=1000, learning_rate=0.2, keep_prob=keep_prob, rng=rng)
    off = network.forward(X_dev, params)[0]
    on = np.array([network.forward(X_dev, params, _hidden(keep_prob, rng))[0] for _ in range(passes)])

    def accuracy(A):
        return ((A > 0.5) == Y_dev).mean(axis=(-2, -1))

    changed = ((on[0] > 0.5) != (on[1] > 0.5)).mean(axis=(-2, -1))
    votes = (on > 0.5).mean(axis=0)
    sure = np.abs(votes - 0.5) > 0.4  # more than nine passes in ten agree
    error = (off > 0.5) != Y_dev
    unsure_error, sure_error = (error & ~sure).sum() / (~sure).sum(), (error & sure).sum() / sure.sum()
    return {
        "seeds": SEEDS,
        "passes": passes,
        "keep_prob": keep_prob,
        "off": accuracy(off).mean(),
        "on": accuracy(on[0]).mean(),
        "on_worse": int((accuracy(on[0]) < accuracy(off)).sum()),
        "averaged": accuracy(on.mean(axis=0)).mean(),
        "changed_low": changed.min(),
        "changed_high": changed.max(),
        "changed": changed.mean(),
        "sure_error": sure_error,
        "unsure_error": unsure_error,
        "unsure": 1 - sure.mean(),
        "ratio": unsure_error / sure_error,
    }


@experiment
def input_dropout():
    """Dev accuracy where the pixels themselves are dropped, gradient descent, with wrong labels and with right ones."""
    keep_probs = np.array([1.0, 0.8, 0.5])
    result = {"seeds": SEEDS, "keep_probs": keep_probs}
    for labels, wrong in ("wrong", WRONG), ("clean", 0.0):
        X, Y, X_dev, Y_dev, start = _digits(wrong)
        dev = []
        for keep_prob in keep_probs:
            rng, params = np.random.default_rng(0), start
            for _ in range(400):
                X_kept, _ = regularization.dropout_forward(X, float(keep_prob), rng)
                A, caches = network.forward(X_kept, params, check=False)
                grads = network.backward(A, Y, caches, check=False)
                params = {name: value - np.float32(0.2) * grads["d" + name] for name, value in params.items()}
            dev.append(_accuracy(X_dev, Y_dev, params))
        gains = 100 * (np.array(dev) - dev[0])
        result |= {f"{labels}_dev": np.mean(dev, axis=1), f"{labels}_gain": gains.mean(axis=1), f"{labels}_helped": (gains > 0).sum(axis=1)}
        result |= {f"{labels}_error": gains.std(axis=1, ddof=1) / np.sqrt(SEEDS)}
    return result


@experiment
def early_stopping():
    """Dev cost during training on the digits with wrong labels: where it is least, and at the end."""
    X, Y, X_dev, Y_dev, params = _digits()
    every, rounds = 20, 50
    train, dev, accuracy = [], [], []
    for _ in range(rounds):
        params, _ = network.train(X, Y, params, epochs=every, learning_rate=0.2)
        train.append(network.cost(network.forward(X, params)[0], Y))
        dev.append(network.cost(network.forward(X_dev, params)[0], Y_dev))
        accuracy.append(_accuracy(X_dev, Y_dev, params))
    train, dev, accuracy = np.array(train), np.array(dev), np.array(accuracy)
    best, runs = dev.argmin(axis=0), np.arange(SEEDS)
    gain = 100 * (accuracy[best, runs] - accuracy[-1])
    return {
        "seeds": SEEDS,
        "epochs": every * np.arange(1, rounds + 1),
        "train": train.mean(axis=1),
        "dev": dev.mean(axis=1),
        "stop_low": every * (best.min() + 1),
        "stop_high": every * (best.max() + 1),
        "stop": np.median(every * (best + 1)),
        "ratio": (dev[-1] / dev[best, runs]).mean(),
        "gain": gain.mean(),
        "helped": int((gain > 0).sum()),
    }


@experiment
def augmentation():
    """Dev accuracy with each training digit also shifted to four sides, by half a pixel or a whole one, or mirrored."""
    X, Y, X_dev, Y_dev, start = _digits(wrong=0.0)
    images = X.reshape(SEEDS, 8, 8, M)

    def shifted(by):
        return [ndimage.shift(images, (0, *step, 0), order=1) for step in ((by, 0), (-by, 0), (0, by), (0, -by))]

    accuracies, result = {}, {"seeds": SEEDS, "m": M}
    for name, more in ("plain", []), ("half", shifted(0.5)), ("whole", shifted(1)), ("mirrored", [images[:, :, ::-1]]):
        X_more = np.concatenate([images, *more], axis=-1).reshape(SEEDS, 64, -1)
        params, _ = network.train(X_more, np.concatenate([Y] * (1 + len(more)), axis=-1), start, epochs=400, learning_rate=0.2)
        accuracies[name] = _accuracy(X_dev, Y_dev, params)
        gain = 100 * (accuracies[name] - accuracies["plain"])
        result |= {f"{name}_gain": gain.mean(), f"{name}_error": gain.std(ddof=1) / np.sqrt(SEEDS), f"{name}_helped": int((gain > 0).sum())}
    return result | {"accuracy": accuracies["plain"].mean()}


def _adam(X, Y, params, steps, strength, decoupled, learning_rate=0.01, watch=None):
    """Adam on the full batch, with lambda / m (L2) or the decay (decoupled) equal to `strength`."""
    state, m, seen = adam.init(params), X.shape[-1], []
    for _ in range(steps):
        A, caches = network.forward(X, params, check=False)
        grads = network.backward(A, Y, caches, check=False)
        if decoupled:
            params = regularization.decay_weights(params, learning_rate, strength)
        else:
            penalties = {f"d{W}": regularization.l2_gradient(params[W], strength * m, m) for W in params if W[0] == "W"}
            grads = {name: grad + penalties.get(name, 0) for name, grad in grads.items()}
        params, state = adam.update(params, grads, state, learning_rate)
        if watch is not None:
            seen.append(watch(params))
    return params, seen


@experiment
def blank_pixels():
    """The weights of pixels that are blank in every image: only the regularizer moves them. Adam, 300 steps."""
    steps, rate, strengths = 300, 0.001, np.array([1e-4, 1e-2, 1.0])
    X, Y, _, _, start = _digits(wrong=0.0)
    start = {name: value.astype(float) for name, value in start.items()}
    blank = [0, 32, 39]  # blank in all 1,797 images
    assert not X[:, blank].any()

    def size(params):
        return np.abs(params["W1"][:, :, blank]).mean(axis=(-2, -1))

    result = {"seeds": SEEDS, "steps": steps, "learning_rate": rate, "strengths": strengths}
    for name, decoupled in ("l2", False), ("decoupled", True):
        curves = []
        for strength in strengths:
            _, seen = _adam(X, Y, start, steps, float(strength), decoupled, rate, size)
            curves.append(np.array([size(start), *seen]) / size(start))
        curves = np.array(curves)
        result |= {
            name: curves.mean(axis=-1),
            f"{name}_end": curves[:, -1].mean(axis=-1),
            f"{name}_low": curves[:, -1].min(axis=-1),
            f"{name}_high": curves[:, -1].max(axis=-1),
        }
    result["expected"] = (1 - rate * strengths) ** steps
    return result


@experiment
def adam_decay():
    """Dev accuracy under Adam against the strength of L2 and of decoupled decay, digits with wrong labels."""
    strengths = np.array([0, 1e-3, 3e-3, 1e-2, 3e-2, 1e-1, 3e-1, 1, 3, 10])
    X, Y, X_dev, Y_dev, start = _digits()
    result = {"seeds": SEEDS, "strengths": strengths}
    best = {}
    for name, decoupled in ("l2", False), ("decoupled", True):
        dev = np.array([_accuracy(X_dev, Y_dev, _adam(X, Y, start, 300, float(s), decoupled)[0]) for s in strengths])
        result |= {f"{name}_{k}": v for k, v in _low_high(dev).items()}
        at = dev.mean(axis=1).argmax()
        best[name] = dev[at]
        result |= {f"{name}_best": dev[at].mean(), f"{name}_best_strength": strengths[at]}
    gap = 100 * (best["decoupled"] - best["l2"])
    none = result["l2_mean"][0]
    return result | {
        "none": none,
        "gap": gap.mean(),
        "gap_error": gap.std(ddof=1) / np.sqrt(SEEDS),
        "decoupled_ahead": int((gap > 0).sum()),
    }
