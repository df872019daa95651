"""What momentum does: on one parabola everywhere in (alpha, beta), in a ravine, and under the noise of mini-batches."""

import numpy as np

from snippets import gradient_descent, initialization, momentum, network
from snippets.experiments import _data
from snippets.experiments._cache import experiment

REGIMES = ("glides", "swings", "flips", "diverges")


def _eigenvalues(alpha, beta):
    """Of the exact iteration (v, w) -> (v, w) on the cost w^2 / 2, for arrays of alpha and beta."""
    M = np.empty((*np.broadcast_shapes(alpha.shape, beta.shape), 2, 2))
    M[..., 0, 0], M[..., 0, 1] = beta, 1 - beta  # v := beta v + (1 - beta) w
    M[..., 1, 0], M[..., 1, 1] = -alpha * beta, 1 - alpha * (1 - beta)  # w := w - alpha v
    return np.linalg.eigvals(M)


def _regime(eigenvalues):
    """0 glides, 1 swings, 2 flips from side to side, 3 diverges; and the larger modulus."""
    rate = np.abs(eigenvalues).max(axis=-1)
    swings = np.abs(np.imag(eigenvalues)).max(axis=-1) > 1e-9
    flips = np.real(eigenvalues).min(axis=-1) < -1e-9
    return np.where(rate > 1, 3, np.where(swings, 1, np.where(flips, 2, 0))), rate


def _ran(alpha, beta, steps):
    """w after each step of `momentum.update` on the cost w^2 / 2 from w = 1: (steps + 1, ...)."""
    params = {"w": np.ones(np.broadcast_shapes(np.shape(alpha), np.shape(beta)))}
    state, path = momentum.init(params), [params["w"]]
    for _ in range(steps):
        params, state = momentum.update(params, {"dw": params["w"]}, state, alpha, beta)
        path.append(params["w"])
    return np.array(path)


def _seen(path):
    """What a run shows, by its numbers alone: 0 glides, 1 swings, 2 flips, 3 diverges."""
    size = np.abs(path)
    same = np.sign(path[1:]) * np.sign(path[:-1])  # -1 where it changes sides, 0 where it has vanished
    turns = (same < 0).sum(axis=0) / np.maximum((same != 0).sum(axis=0), 1)
    shrinks = size[-200:].max(axis=0) <= size[:200].max(axis=0)  # False where a number overflowed
    return np.where(~shrinks, 3, np.where(turns == 0, 0, np.where(turns > 0.9, 2, 1)))


@experiment
def phase():
    """The (alpha, beta) plane on the cost w^2 / 2: by the eigenvalues of the exact iteration, and by running it."""
    alpha, beta = np.logspace(-2, 2, 121), np.linspace(0, 0.99, 100)
    regime, rate = _regime(_eigenvalues(alpha, beta[:, np.newaxis]))
    points = {"a": (0.03, 0.2), "b": (0.3, 0.9), "c": (1.85, 0.05), "d": (6.0, 0.4)}
    paths = {k: _ran(np.array(a), np.array(b), 30) for k, (a, b) in points.items()}

    # Run 400 steps where no border is near: at one, a run of any length can look like either side.
    a, b = np.logspace(-2, 2, 60), np.linspace(0, 0.95, 39)[:, np.newaxis]
    r = np.sqrt(b)
    borders = np.stack(np.broadcast_arrays((1 - r) / (1 + r), (1 + r) / (1 - r), 2 * (1 + b) / (1 - b)))
    clear = (np.abs(np.log(borders / a)) > 0.08).all(axis=0)
    with np.errstate(over="ignore", invalid="ignore"):  # what diverges may overflow
        seen = _seen(_ran(a, b, 400))
    wanted, _ = _regime(_eigenvalues(a, b))
    return {
        "alpha": alpha,
        "beta": beta,
        "regime": regime,
        "rate": rate,
        "points": np.array(list(points.values())),
        "point_regime": np.array([int(_regime(_eigenvalues(np.array(a), np.array(b)))[0]) for a, b in points.values()]),
        "glide": paths["a"],
        "swing": paths["b"],
        "flip": paths["c"],
        "diverge": paths["d"],
        "ran": int(clear.sum()),
        "agree": int((seen == wanted)[clear].sum()),
        "limit": float(2 * (1 + 0.9) / (1 - 0.9)),
        "limit_plain": 2.0,
        "limit_ratio": float((1 + 0.9) / (1 - 0.9)),
    }


def _ravine(kappa):
    """Gradient of (w_1^2 + kappa w_2^2) / 2 at w (2, runs)."""
    scale = np.array([[1.0], [kappa]])
    return lambda w: scale * w


def _descend(optimizer, gradient, w, steps, *hyperparameters):
    params = {"w": w}
    state, path = optimizer.init(params), [w]
    for _ in range(steps):
        params, state = optimizer.update(params, {"dw": gradient(params["w"])}, state, *hyperparameters)
        path.append(params["w"])
    return np.array(path)


def _looking_ahead(gradient, w, steps, alpha, beta):
    """The path of Nesterov's variant: momentum whose gradient is that of the point where the velocity alone would lead."""
    v, path = np.zeros_like(w), [w]
    for _ in range(steps):
        v = beta * v + (1 - beta) * gradient(w - alpha * beta * v)
        w = w - alpha * v
        path.append(w)
    return np.array(path)


def _steps_to(path, target):
    """The first step from which on the distance to the minimum stays below `target` times that of the start: (runs,)."""
    distance = np.linalg.norm(path, axis=1)
    above = distance > target * distance[0]
    return len(path) - above[::-1].argmax(axis=0)


def _best(kappa):
    """Gradient descent's best learning rate on the ravine, and momentum's best (alpha, beta)."""
    root = np.sqrt(kappa)
    return 2 / (1 + kappa), 1 / root, ((root - 1) / (root + 1)) ** 2


@experiment
def ravine():
    """Steps to a thousandth of the first distance in ravines of several lengths, each method with its best constants, from 20 starts."""
    seeds, kappas = 20, np.array([10, 30, 100, 300])
    w = np.stack([np.random.default_rng(seed).standard_normal(2) for seed in range(seeds)], axis=1)
    plain, with_momentum = [], []
    for kappa in kappas:
        rate, alpha, beta = _best(kappa)
        gradient = _ravine(kappa)
        plain.append(_steps_to(_descend(gradient_descent, gradient, w, 8 * kappa, rate), 1e-3))
        with_momentum.append(_steps_to(_descend(momentum, gradient, w, 40 * int(np.sqrt(kappa)), alpha, beta), 1e-3))
    plain, with_momentum = np.array(plain), np.array(with_momentum)
    ratio = plain / with_momentum
    return {
        "seeds": seeds,
        "kappas": kappas,
        "plain": np.median(plain, axis=1),
        "momentum": np.median(with_momentum, axis=1),
        "ratio": np.median(ratio, axis=1),
        "low": ratio.min(axis=1),
        "high": ratio.max(axis=1),
        "alpha": np.array([_best(k)[1] for k in kappas]),
        "beta": np.array([_best(k)[2] for k in kappas]),
    }


@experiment
def paths():
    """The paths down one ravine of ratio 25: gradient descent, and momentum with the same learning rate and with its best."""
    kappa, steps = 25.0, 30
    w = np.array([[-10.0], [1.0]])
    rate, alpha, beta = _best(kappa)
    gradient = _ravine(kappa)
    return {
        "kappa": kappa,
        "rate": rate,
        "alpha": alpha,
        "beta": beta,
        "plain": _descend(gradient_descent, gradient, w, steps, rate)[:, :, 0],
        "same": _descend(momentum, gradient, w, steps, rate, 0.9)[:, :, 0],
        "best": _descend(momentum, gradient, w, steps, alpha, beta)[:, :, 0],
    }


@experiment
def bigger_beta():
    """Against beta, in a ravine of ratio 100 at one learning rate: steps to a thousandth, and turns of the slow coordinate."""
    seeds, kappa, alpha = 20, 100, 0.1
    w = np.stack([np.random.default_rng(seed).standard_normal(2) for seed in range(seeds)], axis=1)
    betas = np.array([0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995])
    steps, turns = [], []
    for beta in betas:
        path = _descend(momentum, _ravine(kappa), w, 6000, alpha, beta)
        steps.append(_steps_to(path, 1e-3))
        turns.append([np.sum(np.sign(path[1:s, 0, k]) != np.sign(path[: s - 1, 0, k])) for k, s in enumerate(steps[-1])])
    steps = np.array(steps)
    return {
        "seeds": seeds,
        "alpha": alpha,
        "betas": betas,
        "steps": np.median(steps, axis=1),
        "low": steps.min(axis=1),
        "high": steps.max(axis=1),
        "turns": np.median(turns, axis=1),
        "ratio": np.median(steps[-1]) / np.median(steps[2]),
    }


@experiment
def look_ahead():
    """Nesterov's variant against momentum, in a ravine of ratio 100 at one learning rate: steps to a thousandth; and where it diverges."""
    seeds, kappa, alpha = 20, 100, 0.1
    w = np.stack([np.random.default_rng(seed).standard_normal(2) for seed in range(seeds)], axis=1)
    betas, gradient = np.array([0.9, 0.995]), _ravine(kappa)
    plain, ahead = [], []
    for beta in betas:
        plain.append(_steps_to(_descend(momentum, gradient, w, 6000, alpha, beta), 1e-3))
        ahead.append(_steps_to(_looking_ahead(gradient, w, 6000, alpha, beta), 1e-3))
    plain, ahead = np.array(plain), np.array(ahead)
    limit = 2 * (1 + 0.9) / ((1 + 2 * 0.9) * (1 - 0.9))  # there an eigenvalue is -1
    return {
        "seeds": seeds,
        "betas": betas,
        "plain": np.median(plain, axis=1),
        "steps": np.median(ahead, axis=1),
        "ahead": (ahead < plain).sum(axis=1),
        "limit": limit,
        "limit_ratio": phase()["limit"] / limit,
    }


@experiment
def noise():
    """Cost on the digits after 5 epochs of mini-batches, gradient descent against momentum, over learning rates."""
    seeds, epochs = 20, 5
    rates = np.array([0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0])
    X, Y, X_dev, Y_dev = (np.stack(part).astype(np.float32) for part in zip(*(_data.digits(seed) for seed in range(seeds)), strict=True))
    start = network.stack([initialization.he([64, 16, 1], np.random.default_rng(seed)) for seed in range(seeds)])
    start = {name: value.astype(np.float32) for name, value in start.items()}
    cost = {}
    for name, optimizer in ("plain", gradient_descent), ("momentum", momentum):
        options = dict(epochs=epochs, optimizer=optimizer, batch_size=64, rng=np.random.default_rng(0))
        params, _ = network.train(X, Y, start, learning_rate=rates.reshape(-1, 1, 1, 1), **options)  # an axis of rates before that of seeds
        cost[name] = network.cost(network.forward(X, params)[0], Y)
    gap = cost["momentum"] - cost["plain"]
    return {
        "seeds": seeds,
        "epochs": epochs,
        "rates": rates,
        "plain": np.median(cost["plain"], axis=1),
        "momentum": np.median(cost["momentum"], axis=1),
        "plain_low": np.quantile(cost["plain"], 0.05, axis=1),
        "plain_high": np.quantile(cost["plain"], 0.95, axis=1),
        "low": np.quantile(cost["momentum"], 0.05, axis=1),
        "high": np.quantile(cost["momentum"], 0.95, axis=1),
        "gap": np.median(gap, axis=1),
        "gap_low": np.quantile(gap, 0.05, axis=1),
        "gap_high": np.quantile(gap, 0.95, axis=1),
        "ahead": (gap < 0).sum(axis=1),
        "plain_best": np.median(cost["plain"].min(axis=0)),
        "momentum_best": np.median(cost["momentum"].min(axis=0)),
    }
