"""The network, wrong."""

import numpy as np

from snippets import network
from tests.wrong._registry import wrong


def _forward(X, params, hidden, output, bias=True):
    L, A, caches = len(params) // 2, X, []
    for l in range(1, L + 1):
        W = params[f"W{l}"]
        A_prev, Z = A, W @ A + (params[f"b{l}"] if bias else 0)
        A, slope = hidden(Z) if l < L else (output(Z), None)
        caches.append((A_prev, W, slope))
    return A, caches


def _backward(A, Y, caches, out, scale=1.0, sign=1, mask=True, mean_bias=False):
    grads, dZ = {}, sign * scale * (A - Y) / A.shape[-1]
    for l in range(len(caches), 0, -1):
        A_prev, W, _ = caches[l - 1]
        grads[f"dW{l}"] = dZ @ A_prev.mT
        grads[f"db{l}"] = dZ.mean(axis=-1, keepdims=True) if mean_bias else dZ.sum(axis=-1, keepdims=True)
        if l > 1:
            dZ = (W.mT @ dZ) * (caches[l - 2][2] if mask else 1)
    for name, place in (out or {}).items():
        place[...] = grads[name]
    return grads


@wrong(of="forward", killed_by="test_forward_by_hand")
def no_bias(X, params, hidden=network.relu, check=True):
    """The biases forgotten: every boundary runs through the origin."""
    return _forward(X, params, hidden, network.sigmoid, bias=False)


@wrong(of="forward", killed_by="test_forward_by_hand")
def relu_at_the_output(X, params, hidden=network.relu, check=True):
    """ReLU in the last layer as well, before the sigmoid: no output below one half."""
    return _forward(X, params, hidden, lambda Z: network.sigmoid(np.maximum(Z, 0)))


@wrong(of="forward", killed_by="test_forward_by_hand")
def leaky(X, params, hidden=network.relu, check=True):
    """The absolute value for ReLU: one sign missing in the mask."""
    return _forward(X, params, lambda Z: (np.abs(Z), np.sign(Z)), network.sigmoid)


@wrong(of="sigmoid", killed_by="test_sigmoid_equals_scipy_far_out_too")
def sigmoid_lost_its_minus(Z):
    """1 / (1 + exp(Z)): the minus lost, as everywhere in the course note's text."""
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(Z))


@wrong(of="sigmoid", killed_by="test_sigmoid_equals_scipy_far_out_too")
def sigmoid_that_overflows(Z):
    """exp(Z) / (1 + exp(Z)) as textbooks write it: NaN at large Z."""
    with np.errstate(over="ignore", invalid="ignore"):
        return np.exp(Z) / (1 + np.exp(Z))


@wrong(of="relu", killed_by="test_relu_has_slope_nothing_at_nothing")
def slope_at_nothing(Z):
    """Slope 1 at Z = 0, where the libraries take 0."""
    return np.maximum(Z, 0), (Z >= 0).astype(Z.dtype)


@wrong(of="cost", killed_by="test_cost_by_hand")
def swapped_logs(A, Y, check=True):
    """y log(1 - a) + (1 - y) log a: the two logarithms change places."""
    return float(-np.mean(Y * np.log(1 - A) + (1 - Y) * np.log(A)))


@wrong(of="cost", killed_by="test_cost_by_hand")
def without_its_minus(A, Y, check=True):
    """The formula of the course note's line 30 as its text has it: no minus before the sum, so the cost is negative."""
    return float(np.mean(Y * np.log(A) + (1 - Y) * np.log(1 - A)))


@wrong(of="cost", killed_by="test_cost_by_hand")
def a_sum(A, Y, check=True):
    """A sum over the examples, 1/m missing."""
    return float(-np.sum(Y * np.log(A) + (1 - Y) * np.log(1 - A)))


@wrong(of="cost", killed_by="test_cost_by_hand")
def base_two(A, Y, check=True):
    """Logarithms to base 2: bits, but the gradient is that of nats."""
    return float(-np.mean(Y * np.log2(A) + (1 - Y) * np.log2(1 - A)))


@wrong(of="cost", killed_by="test_cost_is_finite_where_the_output_is_exactly_0_or_1")
def infinite(A, Y, check=True):
    """No guard at all: 0 times the logarithm of 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return float(-np.mean(Y * np.log(A) + (1 - Y) * np.log(1 - A)))


@wrong(of="cost", killed_by="test_cost_is_finite_where_the_output_is_exactly_0_or_1")
def clipped_beside_one(A, Y, check=True):
    """A clipped to 1e-8 and 1 - 1e-8: in float32 the second is 1 again, and its logarithm infinite."""
    A = np.clip(A, np.asarray(1e-8, A.dtype), np.asarray(1 - 1e-8, A.dtype))
    with np.errstate(divide="ignore", invalid="ignore"):
        return float(-np.mean(Y * np.log(A) + (1 - Y) * np.log(1 - A)))


@wrong(of="backward", killed_by="test_gradients_are_those_of_central_differences")
def wrong_sign(A, Y, caches, check=True, out=None):
    """dZ = Y - A: every gradient points the other way."""
    return _backward(A, Y, caches, out, sign=-1)


@wrong(of="backward", killed_by="test_gradients_are_those_of_central_differences")
def without_m(A, Y, caches, check=True, out=None):
    """1/m missing: right for one example only."""
    return _backward(A, Y, caches, out, scale=A.shape[-1])


@wrong(of="backward", killed_by="test_gradients_are_those_of_central_differences")
def without_the_relu_mask(A, Y, caches, check=True, out=None):
    """The slope of ReLU missing: units that were off learn too."""
    return _backward(A, Y, caches, out, mask=False)


@wrong(of="backward", killed_by="test_gradients_are_those_of_central_differences")
def bias_by_the_mean(A, Y, caches, check=True, out=None):
    """1/m twice in the bias, once in dZ and once in its mean."""
    return _backward(A, Y, caches, out, mean_bias=True)


@wrong(of="backward", killed_by="test_gradients_are_those_of_central_differences")
def sigmoid_slope_twice(A, Y, caches, check=True, out=None):
    """A (1 - A) times A - Y: the gradient of the squared error, though the cost is the cross-entropy."""
    return _backward(A, Y, caches, out, scale=A * (1 - A))


@wrong(of="predict", killed_by="test_predict_is_1_above_one_half_and_only_there")
def at_least_one_half(X, params):
    """>= for >: an output of exactly one half, such as every one of a network of zeros, becomes class 1."""
    return (network.forward(X, params)[0] >= 0.5).astype(int)


@wrong(of="predict", killed_by="test_predict_is_1_above_one_half_and_only_there")
def rounded_up(X, params):
    """The ceiling for rounding: everything is class 1."""
    return np.ceil(network.forward(X, params)[0]).astype(int)


def _train(
    X,
    Y,
    params,
    *,
    epochs,
    learning_rate,
    optimizer=network.gradient_descent,
    batch_size=None,
    lambd=0.0,
    keep_prob=1.0,
    rng=None,
    shuffle=True,
    size_of_all=False,
    after=False,
    restart=False,
    unweighted=False,
    biases=False,
):
    """The loop on dicts, with one switch for each mistake."""
    dropout, m = network.regularization, X.shape[-1]
    batch_size, costs, state = batch_size or m, [], optimizer.init({"theta": np.zeros(1)})
    for _ in range(epochs):
        state = optimizer.init({"theta": np.zeros(1)}) if restart else state
        order = rng.permutation(m) if shuffle and batch_size < m else np.arange(m)
        batches = [order[t : t + batch_size] for t in range(0, m, batch_size)]
        total = 0.0
        for columns in batches:

            def hidden(Z):
                A, mask = dropout.dropout_forward(np.maximum(Z, 0), keep_prob, rng)
                return A, (Z > 0) * mask / keep_prob

            m_t = m if size_of_all else len(columns)
            A, caches = network.forward(X[:, columns], params, hidden)
            grads = network.backward(A, Y[:, columns], caches)
            decayed = [name for name in params if biases or name[0] == "W"]
            J = network.cost(A, Y[:, columns]) + sum(lambd / (2 * m_t) * (params[name] ** 2).sum() for name in decayed)
            grads |= {"d" + name: grads["d" + name] + lambd / m_t * params[name] for name in decayed}
            theta = np.concatenate([a.ravel() for a in params.values()])[np.newaxis]
            gradient = np.concatenate([grads["d" + name].ravel() for name in params])[np.newaxis]
            new, state = optimizer.update({"theta": theta}, {"dtheta": gradient}, state, learning_rate)
            ends = np.cumsum([a.size for a in params.values()])[:-1]
            params = {name: part.reshape(a.shape) for (name, a), part in zip(params.items(), np.split(new["theta"][0], ends), strict=True)}
            J = network.cost(network.forward(X[:, columns], params)[0], Y[:, columns]) if after else J
            total += J / len(batches) if unweighted else J * len(columns) / m
        costs.append(total)
    return params, np.array(costs)


LOOP = "test_train_takes_batches_penalty_and_dropout_as_the_pages_have_them"


@wrong(of="train", killed_by=LOOP)
def never_shuffled(X, Y, params, **options):
    """The batches cut from the examples in the order given, as in the course note's loop."""
    return _train(X, Y, params, **options, shuffle=False)


@wrong(of="train", killed_by=LOOP)
def penalty_over_all_examples(X, Y, params, **options):
    """lambda over m of the whole set where the cost is a mean over the batch."""
    return _train(X, Y, params, **options, size_of_all=True)


@wrong(of="train", killed_by=LOOP)
def penalty_on_biases(X, Y, params, **options):
    """The biases shrunk too, as PyTorch's weight decay does by default."""
    return _train(X, Y, params, **options, biases=True)


@wrong(of="train", killed_by=LOOP)
def plain_mean_of_batches(X, Y, params, **options):
    """The small last batch counted like a whole one."""
    return _train(X, Y, params, **options, unweighted=True)


@wrong(of="train", killed_by="test_train_is_forward_backward_update_by_hand")
def cost_after_the_update(X, Y, params, **options):
    """The cost taken after the step it led to."""
    return _train(X, Y, params, **options, after=True)


@wrong(of="train", killed_by="test_the_optimizers_state_lives_across_epochs")
def forgets_every_epoch(X, Y, params, **options):
    """The optimizer started anew in every epoch: Adam's count, and momentum, begin again."""
    return _train(X, Y, params, **options, restart=True)
