"""What the network can do: one run drawn, and what its hidden layers are for."""

import numpy as np

from snippets import gradient_checking, initialization, network
from snippets.experiments._cache import experiment
from snippets.experiments._data import moons

LAYERS = [2, 10, 5, 1]


def _grid(X, points=61):
    """Points that cover the plane of X evenly: (2, points * points), with the two axes."""
    low, high = X.min(axis=-1) - 0.5, X.max(axis=-1) + 0.5
    across, up = np.linspace(low[0], high[0], points), np.linspace(low[1], high[1], points)
    return np.array([axis.ravel() for axis in np.meshgrid(across, up)]), across, up


@experiment
def one_run():
    """One network on the moons: its cost at every epoch and its output all over the plane."""
    X, Y = moons(seed=0)
    X_dev, Y_dev = moons(m=1000, seed=1)
    start = initialization.he(LAYERS, np.random.default_rng(0))
    params, costs = network.train(X, Y, start, epochs=2000, learning_rate=0.5)
    points, across, up = _grid(X)
    return {
        "X": X,
        "Y": Y,
        "across": across,
        "up": up,
        "output": network.forward(points, params)[0].reshape(len(up), len(across)),
        "costs": costs,
        "first": costs[0],
        "last": costs[-1],
        "epochs": len(costs),
        "parameters": sum(array.size for array in params.values()),
        "train": np.mean(network.predict(X, params) == Y),
        "dev": np.mean(network.predict(X_dev, params) == Y_dev),
    }


@experiment
def hidden_layers():
    """Accuracy on 1,000 new points of the moons, with and without hidden layers, over 20 seeds of data and weights."""
    seeds = range(20)
    train = [moons(seed=seed) for seed in seeds]
    X, Y = (np.stack(arrays) for arrays in zip(*train, strict=True))
    X_dev, Y_dev = moons(m=1000, seed=1000)
    result = {"seeds": len(seeds)}
    for name, layers in (("flat", [2, 1]), ("deep", LAYERS)):
        start = network.stack([initialization.he(layers, np.random.default_rng(seed)) for seed in seeds])
        params, _ = network.train(X, Y, start, epochs=1500, learning_rate=0.5)
        accuracy = np.mean(network.predict(X_dev, params) == Y_dev, axis=(-2, -1))
        result |= {f"{name}_mean": accuracy.mean(), f"{name}_low": accuracy.min(), f"{name}_high": accuracy.max()}
    return result


@experiment
def gradient_error():
    """Relative difference between `backward` and central differences, over 20 seeds, right and with two slips."""
    epsilon, seeds = 1e-6, range(20)
    errors = {"right": [], "no_mask": [], "no_m": []}
    for seed in seeds:
        rng = np.random.default_rng(seed)
        X, Y = rng.standard_normal((4, 7)), (rng.random((1, 7)) < 0.5).astype(float)
        params = initialization.he([4, 5, 3, 1], rng)
        for l in (1, 2, 3):  # zero biases would leave units exactly on the ReLU's kink, where nothing has a derivative
            params[f"b{l}"] = 0.1 * rng.standard_normal(params[f"b{l}"].shape)
        theta, shapes = gradient_checking.to_vector(params)

        def J(theta):
            A, _ = network.forward(X, gradient_checking.from_vector(theta, shapes))
            return network.cost(A, Y)

        numerical = gradient_checking.numerical_gradient(J, theta, epsilon)
        A, caches = network.forward(X, params)
        without_mask = [(A_prev, W, None if slope is None else np.ones_like(slope)) for A_prev, W, slope in caches]
        candidates = {
            "right": network.backward(A, Y, caches),
            "no_mask": network.backward(A, Y, without_mask),
            "no_m": {name: 7 * grad for name, grad in network.backward(A, Y, caches).items()},
        }
        for name, grads in candidates.items():
            vector = np.concatenate([grads["d" + key].ravel() for key in params])
            errors[name].append(gradient_checking.relative_difference(vector, numerical))
    result = {"seeds": len(seeds), "epsilon": epsilon}
    for name, values in errors.items():
        result |= {f"{name}_mean": np.mean(values), f"{name}_low": np.min(values), f"{name}_high": np.max(values)}
    return result
