"""Where training starts decides where it goes: five starts, measured."""

import numpy as np

from snippets import initialization, network
from snippets.experiments._cache import experiment
from snippets.experiments._data import circles, digits, moons

LAYERS = [2, 10, 5, 1]
SEEDS = range(20)
SCHEMES = {
    "zeros": lambda layers, rng: initialization.zeros(layers),
    "large": lambda layers, rng: initialization.random_normal(layers, rng, scale=10.0),
    "he": initialization.he,
    "xavier": initialization.xavier,
    "lecun": initialization.lecun,
}


def _starts(scheme, layers=LAYERS):
    """The starts of all seeds, on a leading axis of runs."""
    return network.stack([SCHEMES[scheme](layers, np.random.default_rng(seed)) for seed in SEEDS])


def _equal(layers, value):
    """Every weight the same number, biases zero."""
    return {name: np.full_like(a, value if name[0] == "W" else 0.0) for name, a in initialization.zeros(layers).items()}


def _spread(name, values):
    return {f"{name}_mean": np.mean(values), f"{name}_low": np.min(values), f"{name}_high": np.max(values)}


def _train(starts, epochs, learning_rate, X, Y):
    params, costs = network.train(X, Y, starts, epochs=epochs, learning_rate=learning_rate)
    return params, costs, np.mean(network.predict(X, params) == Y, axis=(-2, -1))


@experiment
def race():
    """Cost and accuracy on the circles from each start: one data set, one network, one learning rate, 20 seeds."""
    X, Y = circles()
    epochs, every = 1000, 8
    result = {"seeds": len(SEEDS), "epochs": epochs, "epoch": np.arange(0, epochs, every)}
    for scheme in SCHEMES:
        start = _starts(scheme)
        params, costs, accuracy = _train(start, epochs, 0.1, X, Y)
        if scheme != "zeros":  # how far the weights of layer 2 went, as a part of where they began
            way, length = (np.linalg.norm(W, axis=(-2, -1)) for W in (params["W2"] - start["W2"], start["W2"]))
            result |= _spread(f"{scheme}_way", way / length)
        low, median, high = np.quantile(costs[::every], [0.1, 0.5, 0.9], axis=1)
        result |= {f"{scheme}_low": low, f"{scheme}_median": median, f"{scheme}_high": high}
        result |= _spread(f"{scheme}_first", costs[0]) | _spread(f"{scheme}_last", costs[-1])
        result |= _spread(f"{scheme}_accuracy", accuracy)
    result["large_worse"] = result["large_last_mean"] / result["he_last_mean"]
    return result


@experiment
def large_at_any_rate():
    """Starts at scale 10, five learning rates and 20 seeds of each; then five times as long at the best of them."""
    X, Y = circles()
    rates = np.array([0.003, 0.01, 0.03, 0.1, 0.3])
    starts = {name: np.tile(array, (len(rates), 1, 1)) for name, array in _starts("large").items()}
    _, costs, accuracy = _train(starts, 1000, np.repeat(rates, len(SEEDS)).reshape(-1, 1, 1), X, Y)
    costs, accuracy = (values.reshape(len(rates), len(SEEDS)) for values in (costs[-1], accuracy))
    best = costs.mean(axis=1).argmin()
    _, long_costs, long_accuracy = _train(_starts("large"), 5000, rates[best], X, Y)
    return {
        "seeds": len(SEEDS),
        "rates": rates,
        "best_rate": rates[best],
        **_spread("cost", costs[best]),
        **_spread("accuracy", accuracy[best]),
        **_spread("long_cost", long_costs[-1]),
        **_spread("long_accuracy", long_accuracy),
        "better": np.mean(long_costs[-1] < costs[best]),
    }


@experiment
def boundaries():
    """The output all over the plane after training from zeros, equal weights, scale 10 and He; one seed."""
    X, Y = circles()
    edge = np.linspace(-1.5, 1.5, 51)
    points = np.array([axis.ravel() for axis in np.meshgrid(edge, edge)])
    rng = np.random.default_rng
    starts = {
        "zeros": initialization.zeros(LAYERS),
        "equal": _equal(LAYERS, 0.5),
        "large": initialization.random_normal(LAYERS, rng(0), scale=10.0),
        "he": initialization.he(LAYERS, rng(0)),
    }
    result = {"X": X, "Y": Y, "edge": edge, "epochs": 1000}
    for name, start in starts.items():
        params, _, accuracy = _train(start, 1000, 0.1, X, Y)
        output = network.forward(points, params)[0]
        result |= {name: output.reshape(len(edge), len(edge)), f"{name}_accuracy": accuracy}
    return result


@experiment
def zeros_move():
    """What training moves from zeros: three moons' points in ten of class 1, 20 seeds of data, 2,000 epochs."""
    X, Y = [], []
    for seed in SEEDS:  # an uneven data set, so that the output's bias has somewhere to go
        points, labels = moons(m=400, seed=seed)
        chosen = np.concatenate([np.flatnonzero(labels[0] == 0)[:140], np.flatnonzero(labels[0] == 1)[:60]])
        X.append(points[:, chosen])
        Y.append(labels[:, chosen])
    X, Y = np.stack(X), np.stack(Y)
    start = initialization.zeros(LAYERS)
    params, costs, accuracy = _train(start, 2000, 0.5, X, Y)
    he_start = _starts("he")
    he, _, he_accuracy = _train(he_start, 2000, 0.5, X, Y)
    share = Y.mean()
    return {
        "seeds": len(SEEDS),
        "names": list(start),
        "zeros_moved": [np.abs(params[name] - start[name]).max() for name in start],
        "he_moved": [np.median(np.abs(he[name] - he_start[name]).max(axis=(-2, -1))) for name in start],
        "weights": max(np.abs(params[name]).max() for name in start if name[0] == "W"),
        "hidden_biases": max(np.abs(params[name]).max() for name in ("b1", "b2")),
        **_spread("output_bias", params["b3"]),
        **_spread("output", network.forward(X, params)[0]),
        **_spread("accuracy", accuracy),
        **_spread("he_accuracy", he_accuracy),
        "share": share,
        "log_odds": np.log(share / (1 - share)),
        "cost": costs[-1].mean(),
        "entropy": -share * np.log(share) - (1 - share) * np.log(1 - share),
    }


@experiment
def symmetry():
    """Equal weights that are not zero: how far the units of a layer part, and what the network can do; 20 seeds of moons."""
    data = [moons(seed=seed) for seed in SEEDS]
    X, Y = (np.stack(arrays) for arrays in zip(*data, strict=True))
    epochs, rate = 2000, 0.1
    equal, _, equal_accuracy = _train(_equal(LAYERS, 0.5), epochs, rate, X, Y)
    _, _, line_accuracy = _train(initialization.zeros([2, 1]), epochs, rate, X, Y)
    he, _, he_accuracy = _train(_starts("he"), epochs, rate, X, Y)

    def apart(params):
        """The widest distance between two units of a hidden layer: over their weights, the largest range."""
        return max(np.ptp(params[f"W{l}"], axis=-2).max() for l in (1, 2))

    return {
        "seeds": len(SEEDS),
        "epochs": epochs,
        "equal_apart": apart(equal),
        "he_apart": apart(he),
        "moved": np.abs(equal["W1"] - 0.5).max(),
        **_spread("equal", equal_accuracy),
        **_spread("line", line_accuracy),
        **_spread("he", he_accuracy),
        "equal_over_line": np.max(equal_accuracy - line_accuracy),
    }


@experiment
def saturation():
    """The outputs before any training, at scale 10 and He's: how many are within 0.01 of 0 or 1, 20 seeds."""
    X, _ = circles()
    result = {"seeds": len(SEEDS), "bins": np.linspace(0, 1, 21)}
    for scheme in ("large", "he"):
        A, caches = network.forward(X, _starts(scheme))
        counts = [np.histogram(run, result["bins"])[0] for run in A]
        result |= {f"{scheme}_share": np.mean(counts, axis=0) / X.shape[-1]}
        result |= _spread(f"{scheme}_saturated", np.mean((A < 0.01) | (A > 0.99), axis=(-2, -1)))
        result |= {f"{scheme}_half": np.mean(A == 0.5), f"{scheme}_off": np.mean((caches[-1][0] == 0).all(axis=-2))}
    return result


def _tanh(Z):
    A = np.tanh(Z)
    return A, 1 - A**2


@experiment
def pixels():
    """The first 20 of the digits as whole numbers from 0 to 16, an image a row: the signal that the page sends through ten layers."""
    X, _, _, _ = digits()
    return {"pixels": np.rint(16 * X[:, :20].T).astype(int)}


@experiment
def spread_by_layer():
    """Root mean square of each layer's activations in a fresh network of ten hidden layers of 100, on the digits, 20 seeds."""
    X, Y, _, _ = digits()
    X, Y = X[:, :200], Y[:, :200]
    layers = [len(X)] + 10 * [100] + [1]
    schemes = SCHEMES | {"large": lambda layers, rng: initialization.random_normal(layers, rng, scale=1.0)}
    result = {"seeds": len(SEEDS), "layer": np.arange(11)}
    for activation, hidden in (("relu", network.relu), ("tanh", _tanh)):
        gradient = {}
        for scheme, start in schemes.items():
            params = network.stack([start(layers, np.random.default_rng(seed)) for seed in SEEDS])
            A, caches = network.forward(X, params, hidden)
            squares = [np.mean(A_prev**2, axis=(-2, -1)) for A_prev, _, _ in caches]
            rms = np.sqrt([np.broadcast_to(square, len(SEEDS)) for square in squares])
            if (activation, scheme) == ("tanh", "large"):  # how many units are so far out that little of their slope is left
                result["tanh_large_flat"] = np.mean([slope < 0.1 for _, _, slope in caches[:-1]])
            grads = network.backward(A, Y, caches)
            gradient[scheme] = np.array([np.sqrt(np.mean(grads[f"dW{l}"] ** 2, axis=(-2, -1))) for l in (2, 10)])
            name = f"{activation}_{scheme}"
            result |= {name: rms.mean(axis=1), f"{name}_low": rms.min(axis=1), f"{name}_high": rms.max(axis=1)}
            if scheme != "zeros":
                result |= _spread(f"{name}_kept", rms[-1] / rms[1])
        result |= _spread(f"{activation}_lecun_gradient", gradient["he"][0] / gradient["lecun"][0])
        result |= _spread(f"{activation}_large_gradient", gradient["large"][0] / gradient["large"][1])
    return result
