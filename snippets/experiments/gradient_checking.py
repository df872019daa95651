"""How well a numerical gradient does, what spoils it, and what it does not see."""

import numpy as np

from snippets import gradient_checking, initialization, network, regularization
from snippets.experiments._cache import experiment


def _tanh(Z):
    A = np.tanh(Z)
    return A, 1 - A**2


def _problem(seed, hidden=network.relu, layer_dims=(5, 4, 3, 1), m=10, lambd=0.0):
    """A small random network: theta, J(theta), gradient(theta)."""
    rng = np.random.default_rng(seed)
    X, Y = rng.standard_normal((layer_dims[0], m)), (rng.random((1, m)) < 0.5).astype(float)
    start = initialization.he(list(layer_dims), rng)
    start = {name: value if name[0] == "W" else 0.1 * rng.standard_normal(value.shape) for name, value in start.items()}
    theta, shapes = gradient_checking.to_vector(start)

    def J(theta):
        params = gradient_checking.from_vector(theta, shapes)
        A, _ = network.forward(X.astype(theta.dtype), params, hidden, check=False)
        return network.cost(A, Y, check=False) + regularization.l2_cost(params, lambd, m)

    def gradient(theta):
        params = gradient_checking.from_vector(theta, shapes)
        A, caches = network.forward(X, params, hidden, check=False)
        grads = network.backward(A, Y, caches, check=False)
        for W in (name for name in shapes if name[0] == "W"):
            grads["d" + W] = grads["d" + W] + regularization.l2_gradient(params[W], lambd, m)
        return gradient_checking.to_vector({name: grads["d" + name] for name in shapes})[0]

    return theta, J, gradient


def _one_sided(J, theta, epsilon):
    steps = epsilon * np.eye(len(theta))
    return np.array([(J(theta + step) - J(theta)) / epsilon for step in steps])


def _spread(values, axis=-1):
    return {"mean": np.mean(values, axis), "low": np.min(values, axis), "high": np.max(values, axis)}


@experiment
def v_curve():
    """Relative difference from the exact gradient against epsilon: central, one-sided, central in float32."""
    seeds, epsilons = 20, 10.0 ** np.arange(-12, -0.5, 0.5)
    central, one_sided, single = np.empty((3, seeds, len(epsilons)))
    for seed in range(seeds):
        theta, J, gradient = _problem(seed, _tanh, (4, 3, 1))
        exact = gradient(theta)
        for e, epsilon in enumerate(epsilons):
            central[seed, e] = gradient_checking.check_gradient(J, gradient, theta, epsilon)
            one_sided[seed, e] = gradient_checking.relative_difference(_one_sided(J, theta, epsilon), exact)
            in_float32 = gradient_checking.numerical_gradient(lambda t: float(J(t.astype(np.float32))), theta, epsilon)
            single[seed, e] = gradient_checking.relative_difference(in_float32, exact)

    def slope(errors, low, high):
        chosen = (epsilons > 0.9 * low) & (epsilons < 1.1 * high)
        return np.polyfit(np.log10(epsilons[chosen]), np.log10(errors[:, chosen]).T, 1)[0]

    def at(errors, epsilon):
        return np.median(errors[:, np.argmin(np.abs(np.log(epsilons / epsilon)))])

    result = {"seeds": seeds, "epsilons": epsilons}
    for name, errors in ("central", central), ("one_sided", one_sided), ("float32", single):
        median = np.median(errors, axis=0)
        result |= {f"{name}": median, f"{name}_best": median.min(), f"{name}_best_epsilon": epsilons[median.argmin()]}
    for name, errors, left, right in (
        ("central", central, (1e-12, 1e-8), (1e-4, 1e-2)),
        ("one_sided", one_sided, (1e-12, 1e-10), (1e-6, 1e-2)),
    ):
        for side, limits in ("left", left), ("right", right):
            slopes = slope(errors, *limits)
            result |= {f"{name}_{side}": slopes.mean(), f"{name}_{side}_low": slopes.min(), f"{name}_{side}_high": slopes.max()}
    return result | {
        "central_1e7": at(central, 1e-7),
        "central_1e6": at(central, 1e-6),
        "central_1e5": at(central, 1e-5),
        "one_sided_1e7": at(one_sided, 1e-7),
        "float32_1e7": at(single, 1e-7),
        "gain_1e4": at(one_sided, 1e-4) / at(central, 1e-4),
    }


def _bugs(theta, J, exact, m):
    """The right gradient spoilt, as one finds it spoilt."""
    rng = np.random.default_rng(0)
    one_element = exact.copy()
    one_element[np.argmax(np.abs(exact))] *= 1.01
    last_bias = exact.copy()
    last_bias[-1] = 0
    return {
        "right": exact,
        "one 1% off": one_element,
        "bias forgotten": last_bias,
        "two swapped": np.concatenate([exact[1::-1], exact[2:]]),
        "1/m missing": m * exact,
        "sign flipped": -exact,
        "random": rng.standard_normal(exact.shape) * np.std(exact),
    }


@experiment
def thresholds():
    """The relative difference of a right gradient and of wrong ones."""
    seeds, m, found = 20, 10, {}
    for seed in range(seeds):
        theta, J, gradient = _problem(seed, m=m)
        numerical = gradient_checking.numerical_gradient(J, theta)
        for bug, wrong in _bugs(theta, J, gradient(theta), m).items():
            found.setdefault(bug, []).append(gradient_checking.relative_difference(wrong, numerical))
    differences = np.array(list(found.values()))
    return {
        "seeds": seeds,
        "bugs": np.array(list(found)),
        "differences": differences,
        "right_high": differences[0].max(),
        "smallest_bug": differences[1].min(),
        "smallest_bug_high": differences[1].max(),
        "missing_m": differences[4].mean(),
        "missing_m_exact": (m - 1) / (m + 1),
        "swapped_low": differences[3].min(),
        "swapped_high": differences[3].max(),
        "sign_low": differences[5].min(),
    } | _spread(differences)


@experiment
def kinks():
    """How often a right gradient is called wrong because a ReLU changed side within epsilon."""
    seeds, epsilons = 50, 10.0 ** np.arange(-7, -0.5)
    relu, tanh = np.empty((2, seeds, len(epsilons)))
    for seed in range(seeds):
        for errors, hidden in (relu, network.relu), (tanh, _tanh):
            theta, J, gradient = _problem(seed, hidden, (4, 4, 1))
            errors[seed] = [gradient_checking.check_gradient(J, gradient, theta, epsilon) for epsilon in epsilons]
    return {
        "seeds": seeds,
        "epsilons": epsilons,
        "relu": (relu > 1e-3).mean(axis=0),
        "tanh": (tanh > 1e-3).mean(axis=0),
        "relu_1e2": (relu > 1e-3).mean(axis=0)[epsilons.searchsorted(0.9e-2)],
        "tanh_1e2": (tanh > 1e-3).mean(axis=0)[epsilons.searchsorted(0.9e-2)],
        "relu_1e7": (relu > 1e-3).mean(axis=0)[epsilons.searchsorted(0.9e-7)],
        "worst_1e2": relu[:, epsilons.searchsorted(0.9e-2)].max(),
    }


@experiment
def dropout_left_on():
    """The same right backward pass, checked with a mask drawn anew in each call and with one mask for all."""
    seeds, keep_prob = 20, 0.8
    anew, fixed = [], []
    for seed in range(seeds):
        rng = np.random.default_rng(seed)
        X, Y, W2 = rng.standard_normal((5, 10)), (rng.random((1, 10)) < 0.5).astype(float), rng.standard_normal((1, 8))

        def forward(theta, rng, X=X):
            A, slope = _tanh(theta.reshape(8, 5) @ X)
            A, mask = regularization.dropout_forward(A, keep_prob, rng)
            return A, slope, mask

        def J(theta, rng, W2=W2, Y=Y):
            return network.cost(network.sigmoid(W2 @ forward(theta, rng)[0]), Y)

        def gradient(theta, rng, X=X, Y=Y, W2=W2):
            A, slope, mask = forward(theta, rng)
            dA = W2.T @ (network.sigmoid(W2 @ A) - Y) / Y.size
            return (regularization.dropout_backward(dA, mask, keep_prob) * slope @ X.T).ravel()

        theta = rng.standard_normal(40)
        anew.append(gradient_checking.check_gradient(lambda t: J(t, rng), lambda t: gradient(t, rng), theta))
        fixed.append(
            gradient_checking.check_gradient(
                lambda t: J(t, np.random.default_rng(1)), lambda t: gradient(t, np.random.default_rng(1)), theta
            )
        )
    return {
        "seeds": seeds,
        "keep_prob": keep_prob,
        "anew": np.mean(anew),
        "anew_low": np.min(anew),
        "anew_high": np.max(anew),
        "fixed_high": np.max(fixed),
    }


@experiment
def unseen():
    """Mistakes that pass the check: L2's gradient forgotten where lambda is 0, a cost that is itself wrong, one percent beside much L2."""
    seeds, m, lambd, much = 20, 10, 0.7, 70.0
    forgotten_at_0, forgotten, wrong_cost, beside = [], [], [], []
    for seed in range(seeds):
        theta, J, gradient = _problem(seed, m=m)
        _, J_l2, _ = _problem(seed, m=m, lambd=lambd)
        forgotten_at_0.append(gradient_checking.check_gradient(J, gradient, theta))
        forgotten.append(gradient_checking.check_gradient(J_l2, gradient, theta))
        wrong_cost.append(gradient_checking.check_gradient(lambda t, J=J: m * J(t), lambda t, g=gradient: m * g(t), theta))
        _, J_much, with_much = _problem(seed, m=m, lambd=much)
        exact = gradient(theta)
        slip = _bugs(theta, J, exact, m)["one 1% off"] - exact
        beside.append(gradient_checking.check_gradient(J_much, lambda t, g=with_much, slip=slip: g(t) + slip, theta))
    return {
        "seeds": seeds,
        "lambd": lambd,
        "much": much,
        "beside_low": np.min(beside),
        "beside_high": np.max(beside),
        "at_0_high": np.max(forgotten_at_0),
        "mean": np.mean(forgotten),
        "low": np.min(forgotten),
        "high": np.max(forgotten),
        "wrong_cost_high": np.max(wrong_cost),
    }


@experiment
def price():
    """How often the cost is asked for to check one gradient of a small network on the digits."""
    calls, params = 0, initialization.he([64, 20, 1], np.random.default_rng(0))

    def J(theta):
        nonlocal calls
        calls += 1
        return float(theta.sum())

    theta, _ = gradient_checking.to_vector(params)
    gradient_checking.check_gradient(J, np.ones_like, theta)
    return {"parameters": theta.size, "calls": calls}
