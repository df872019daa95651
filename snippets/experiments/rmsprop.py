"""What RMSprop does: in ravines along the axes and across them, close to the minimum, and where epsilon stands."""

import numpy as np

from snippets import gradient_descent, initialization, network, rmsprop
from snippets.experiments import _data
from snippets.experiments._cache import experiment

SEEDS = 20


def _descend(optimizer, gradient, w, steps, *hyperparameters):
    """The path (steps + 1, *w.shape), and for RMSprop each coordinate's own learning rate (steps, *w.shape)."""
    params = {"w": w}
    state, path, rates = optimizer.init(params), [w], []
    for _ in range(steps):
        params, state = optimizer.update(params, {"dw": gradient(params["w"])}, state, *hyperparameters)
        path.append(params["w"])
        if "s" in state:
            rates.append(hyperparameters[0] / (np.sqrt(state["s"]["w"]) + 1e-8))
    return np.array(path), np.array(rates)


@experiment
def paths():
    """The paths of gradient descent and RMSprop down one ravine of ratio 25, and each coordinate's own learning rate."""
    kappa, steps, learning_rate = 25.0, 30, 0.3
    w, scale = np.array([-10.0, 1.0]), np.array([1.0, kappa])
    plain, _ = _descend(gradient_descent, lambda w: scale * w, w, steps, 2 / (1 + kappa))
    path, rates = _descend(rmsprop, lambda w: scale * w, w, steps, learning_rate)
    return {
        "kappa": kappa,
        "learning_rate": learning_rate,
        "plain": plain,
        "path": path,
        "rates": rates,
        "ratio": (rates[:, 0] / rates[:, 1])[0],
    }


@experiment
def first_step():
    """The first step per learning rate on the digits' gradients, and the steps under a constant gradient."""
    sizes = []
    for seed in range(SEEDS):
        X, Y, _, _ = _data.digits(seed)
        params = initialization.he([64, 16, 1], np.random.default_rng(seed))
        A, caches = network.forward(X, params)
        grads = network.backward(A, Y, caches)
        new, _ = rmsprop.update(params, grads, rmsprop.init(params))
        moved = np.concatenate([np.abs(new[n] - params[n]).ravel() for n in params]) / 0.001
        alive = np.concatenate([np.abs(grads["d" + n]).ravel() for n in params]) > 1e-5  # far above epsilon
        sizes.append(np.median(moved[alive]))
    path, _ = _descend(rmsprop, lambda w: np.ones(1), np.zeros(1), 50, 1.0)
    return {
        "seeds": SEEDS,
        "ratio": np.mean(sizes),
        "low": np.min(sizes),
        "high": np.max(sizes),
        "derived": 1 / np.sqrt(1 - 0.9),
        "constant": -np.diff(path[:, 0]),
        "tenth": -np.diff(path[:, 0])[9],
    }


@experiment
def epsilon_place():
    """The first step per learning rate against the gradient's size, by epsilon's place; and the sizes in a trained network."""
    sizes = np.logspace(-12, 0, 121)
    outside = 1 - np.array(
        [rmsprop.update({"w": np.ones(1)}, {"dw": np.array([g])}, {"s": {"w": np.zeros(1)}}, 1.0)[0]["w"].item() for g in sizes]
    )
    outside = np.where(sizes < 1e-9, sizes / (np.sqrt(0.1) * sizes + 1e-8), outside)  # one minus next to nothing keeps no digits
    inside = sizes / np.sqrt(0.1 * sizes**2 + 1e-8)
    full = 1 / np.sqrt(0.1)
    half_outside, half_inside = 1e-8 / np.sqrt(0.1), np.sqrt(1e-8 / 0.1 / 3)  # the sizes at which half the step is left
    zero, below = [], {"outside": [], "inside": []}
    for seed in range(SEEDS):
        X, Y, _, _ = _data.digits(seed)
        rng = np.random.default_rng(seed)
        params = initialization.he([64, 16, 1], rng)
        params, _ = network.train(X, Y, params, epochs=10, learning_rate=0.01, optimizer=rmsprop, batch_size=64, rng=rng)
        A, caches = network.forward(X[:, :64], params)
        gradients = np.concatenate([np.abs(g).ravel() for g in network.backward(A, Y[:, :64], caches).values()])
        zero.append((gradients == 0).mean())
        gradients = gradients[gradients > 0]
        below["outside"].append((gradients < half_outside).mean())
        below["inside"].append((gradients < half_inside).mean())
    return {
        "sizes": sizes,
        "outside": outside,
        "inside": inside,
        "none": np.full(len(sizes), full),
        "half_outside": half_outside,
        "half_inside": half_inside,
        "apart": half_inside / half_outside,
        "seeds": SEEDS,
        "zero": np.mean(zero),
        "below_outside": np.mean(below["outside"]),
        "below_inside": np.mean(below["inside"]),
        "below_low": np.min(below["inside"]),
        "below_high": np.max(below["inside"]),
    }


@experiment
def half_life():
    """After how many steps half of one squared gradient's weight is left, counted by running it."""
    betas, counted = np.array([0.9, 0.99, 0.999]), []
    for beta in betas:
        state, steps = {"s": {"w": np.ones(1)}}, 0
        while state["s"]["w"] > 0.5:
            _, state = rmsprop.update({"w": np.zeros(1)}, {"dw": np.zeros(1)}, state, 0.1, float(beta))
            steps += 1
        counted.append(steps)
    return {"betas": betas, "counted": np.array(counted), "formula": np.log(0.5) / np.log(betas), "claimed": 1 / betas}


def _ravine(angle, kappa):
    """The gradient of a ravine turned by an angle, at w (2, ...)."""
    c, s = np.cos(angle), np.sin(angle)
    H = np.array([[c * c + kappa * s * s, (1 - kappa) * c * s], [(1 - kappa) * c * s, s * s + kappa * c * c]])
    return lambda w: np.tensordot(H, w, axes=1)


@experiment
def rotation():
    """Steps until the distance to the minimum stays below a twentieth of the first, in a ravine of ratio 1,000 turned against the axes."""
    kappa, most, degrees = 1000.0, 3000, np.array([0, 2, 5, 10, 20, 45])
    starts = np.stack([np.random.default_rng(seed).standard_normal(2) for seed in range(2 * SEEDS)], axis=1)
    rates = np.logspace(-4, 0, 41)[:, np.newaxis]
    result = {"seeds": SEEDS, "kappa": kappa, "degrees": degrees}
    for name, optimizer in ("plain", gradient_descent), ("rmsprop", rmsprop):
        medians, lows, highs = [], [], []
        for angle in np.deg2rad(degrees):
            gradient = _ravine(angle, kappa)
            turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
            w = np.tensordot(turn, starts, axes=1)[:, np.newaxis, :]  # the first half to search with, the second to report
            with np.errstate(over="ignore", invalid="ignore"):  # what diverges may overflow
                params = {"w": np.broadcast_to(w, (2, len(rates), 2 * SEEDS))}
                state, target, reached = optimizer.init(params), 5e-2 * np.linalg.norm(w, axis=0), np.zeros((len(rates), 2 * SEEDS))
                for step in range(1, most + 1):
                    params, state = optimizer.update(params, {"dw": gradient(params["w"])}, state, rates)
                    reached = np.where(np.linalg.norm(params["w"], axis=0) <= target, reached, step + 1)  # from then on it stays below
            best = reached[:, :SEEDS].mean(axis=1).argmin()
            report = reached[best, SEEDS:]
            medians.append(np.median(report))
            lows.append(report.min())
            highs.append(report.max())
        result |= {name: np.array(medians), f"{name}_low": np.array(lows), f"{name}_high": np.array(highs)}
    return result | {"ratio": result["rmsprop"][-1] / result["rmsprop"][0]}


@experiment
def hover():
    """Distance to the minimum of a round bowl over the last 100 of 3,000 steps, against the learning rate."""
    rates = np.logspace(-2.5, -0.5, 5)
    w = np.stack([np.random.default_rng(seed).standard_normal(2) for seed in range(SEEDS)], axis=1)
    distances = {}
    for name, optimizer in ("plain", gradient_descent), ("rmsprop", rmsprop):
        ends = []
        for rate in rates:
            path, _ = _descend(optimizer, lambda w: w, w, 3000, float(rate))
            ends.append(np.linalg.norm(path[-100:], axis=1).mean(axis=0))
        distances[name] = np.array(ends)
    per_rate = distances["rmsprop"] / rates[:, np.newaxis]
    return {
        "seeds": SEEDS,
        "rates": rates,
        "plain": np.median(distances["plain"], axis=1),
        "rmsprop": np.median(distances["rmsprop"], axis=1),
        "per_rate": np.median(per_rate, axis=1),
        "low": per_rate.min(),
        "high": per_rate.max(),
    }
