"""What the network promises."""

from importlib import import_module
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special

from snippets import adam, gradient_descent, initialization, network, regularization
from snippets.experiments import network as experiments
from tests.oracles import needs_torch, torch

SHAPES = [[3, 1], [2, 4, 1], [3, 5, 4, 1], [1, 1, 1, 1, 1]]
SLOW = settings(deadline=None, max_examples=25)


def problem(layers=(3, 5, 4, 1), m=7, seed=0, dtype=float):
    """Random examples, labels and parameters; the biases too are random, so that no unit sits on its kink."""
    rng = np.random.default_rng(seed)
    params = {name: (a + 0.1 * rng.standard_normal(a.shape)).astype(dtype) for name, a in initialization.he(layers, rng).items()}
    X = rng.standard_normal((layers[0], m)).astype(dtype)
    Y = (rng.random((1, m)) < 0.5).astype(dtype)
    return X, Y, params


def cost_at(X, Y, params):
    return network.cost(network.forward(X, params)[0], Y)


def grads_at(X, Y, params):
    A, caches = network.forward(X, params)
    return network.backward(A, Y, caches)


def numerical(X, Y, params, epsilon=1e-6):
    """Central differences, entry by entry."""
    grads = {}
    for name, array in params.items():
        grads["d" + name] = np.zeros_like(array)
        for index in np.ndindex(array.shape):
            sides = []
            for sign in (1, -1):
                moved = array.copy()
                moved[index] += sign * epsilon
                sides.append(cost_at(X, Y, params | {name: moved}))
            grads["d" + name][index] = (sides[0] - sides[1]) / (2 * epsilon)
    return grads


def in_torch(X, Y, params, lambd=0.0):
    """Output, cost and gradients of the same network in PyTorch, by its own functions and automatic derivatives."""
    tensors = {name: torch.tensor(array, requires_grad=True) for name, array in params.items()}
    A, L, m = torch.tensor(X), len(params) // 2, X.shape[-1]
    for l in range(1, L + 1):
        Z = torch.nn.functional.linear(A.T, tensors[f"W{l}"], tensors[f"b{l}"].squeeze(-1)).T
        A = torch.relu(Z) if l < L else torch.sigmoid(Z)
    J = torch.nn.functional.binary_cross_entropy(A, torch.tensor(Y))
    J = J + lambd / (2 * m) * sum((tensors[f"W{l}"] ** 2).sum() for l in range(1, L + 1))
    J.backward()
    return A.detach().numpy(), J.item(), {"d" + name: tensor.grad.numpy() for name, tensor in tensors.items()}


# Value by value


@needs_torch
@pytest.mark.parametrize("layers", SHAPES)
@pytest.mark.parametrize("m", [1, 7])
def test_output_cost_and_gradients_equal_torch(layers, m):
    X, Y, params = problem(layers, m)
    A, J, grads = in_torch(X, Y, params)
    np.testing.assert_allclose(network.forward(X, params)[0], A, rtol=1e-12)
    assert cost_at(X, Y, params) == pytest.approx(J, rel=1e-12)
    ours = grads_at(X, Y, params)
    assert ours.keys() == grads.keys()
    for name in grads:
        np.testing.assert_allclose(ours[name], grads[name], rtol=1e-10, atol=1e-14, err_msg=name)


@needs_torch
@pytest.mark.parametrize("lambd", [0.0, 0.7])
def test_training_equals_torch_epoch_by_epoch(lambd):
    X, Y, params = problem(m=20)
    trained, costs = network.train(X, Y, params, epochs=30, learning_rate=0.2, lambd=lambd)
    theirs = params
    for epoch in range(30):
        _, J, grads = in_torch(X, Y, theirs, lambd)
        assert costs[epoch] == pytest.approx(J, rel=1e-10)
        theirs = {name: array - 0.2 * grads["d" + name] for name, array in theirs.items()}
    for name in params:
        np.testing.assert_allclose(trained[name], theirs[name], rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("optimizer", ["momentum", "rmsprop", "adam"])
@needs_torch
def test_training_with_each_optimizer_equals_torch(optimizer):
    module = import_module(f"snippets.{optimizer}")
    make = {
        "momentum": lambda t: torch.optim.SGD(t, lr=0.01, momentum=0.9, dampening=0.9),
        "rmsprop": lambda t: torch.optim.RMSprop(t, lr=0.01, alpha=0.9, eps=1e-8),
        "adam": lambda t: torch.optim.Adam(t, lr=0.01, eps=1e-8),
    }[optimizer]
    X, Y, params = problem(m=20)
    trained, _ = network.train(X, Y, params, epochs=20, learning_rate=0.01, optimizer=module)
    theirs = {name: torch.tensor(array, requires_grad=True) for name, array in params.items()}
    stepper = make(list(theirs.values()))
    for epoch in range(20):
        _, _, grads = in_torch(X, Y, {name: tensor.detach().numpy() for name, tensor in theirs.items()})
        for name, tensor in theirs.items():
            # torch's momentum starts at the first gradient whole, ours at (1 - beta) of it
            tensor.grad = torch.tensor(grads["d" + name]) * (0.1 if (optimizer, epoch) == ("momentum", 0) else 1)
        stepper.step()
    for name in params:
        np.testing.assert_allclose(trained[name], theirs[name].detach().numpy(), rtol=1e-8, atol=1e-10, err_msg=name)


def test_forward_by_hand():
    X = np.array([[1.0, -1.0], [2.0, 0.0]])
    params = {"W1": np.array([[1.0, -1.0], [2.0, 1.0]]), "b1": np.array([[0.5], [-1.0]])}
    params |= {"W2": np.array([[3.0, -2.0]]), "b2": np.array([[1.0]])}
    A, caches = network.forward(X, params)
    # Z1 = [[-0.5, -0.5], [3, -3]], A1 = [[0, 0], [3, 0]], Z2 = [[-5, 1]]
    np.testing.assert_allclose(A, special.expit([[-5.0, 1.0]]), rtol=1e-15)
    assert np.array_equal(caches[1][0], [[0.0, 0.0], [3.0, 0.0]])


def test_sigmoid_equals_scipy_far_out_too():
    Z = np.array([-800.0, -40.0, -1.0, 0.0, 1.0, 40.0, 800.0])
    np.testing.assert_allclose(network.sigmoid(Z), special.expit(Z), rtol=1e-14)
    assert network.sigmoid(Z.astype(np.float32)).dtype == np.float32


def test_relu_has_slope_nothing_at_nothing():
    A, slope = network.relu(np.array([[-1.0, 0.0, 2.0]]))
    assert np.array_equal(A, [[0.0, 0.0, 2.0]]) and np.array_equal(slope, [[0.0, 0.0, 1.0]])


def test_cost_by_hand():
    A, Y = np.array([[0.9, 0.2, 0.4]]), np.array([[1.0, 0.0, 1.0]])
    assert network.cost(A, Y) == pytest.approx(-(np.log(0.9) + np.log(0.8) + np.log(0.4)) / 3)


@SLOW
@given(st.integers(1, 9), st.integers(0, 10**6))
def test_cost_is_the_entropy_of_soft_labels_at_its_least(m, seed):
    Y = np.random.default_rng(seed).random((1, m))
    least = network.cost(Y, Y)
    assert least == pytest.approx(np.mean(special.entr(Y) + special.entr(1 - Y)))
    assert network.cost(np.clip(Y + 0.01, 0, 1), Y) >= least


def test_cost_is_finite_where_the_output_is_exactly_0_or_1():
    for dtype in (np.float32, np.float64):
        A = np.array([[0.0, 1.0]], dtype)
        assert network.cost(A, 1 - A) == pytest.approx(-np.log(1e-15), rel=1e-6)
        assert network.cost(A, A) == 0.0
    assert -np.log(1e-15) > -np.log(1e-8)  # tighter than the contract asks for


# Gradients


def test_gradients_are_those_of_central_differences():
    for layers in SHAPES:
        for m in (1, 7):
            X, Y, params = problem(layers, m, seed=3)
            ours, theirs = grads_at(X, Y, params), numerical(X, Y, params)
            for name in theirs:
                np.testing.assert_allclose(ours[name], theirs[name], rtol=1e-4, atol=2e-9, err_msg=f"{layers} {name}")


@SLOW
@given(st.integers(0, 10**6), st.integers(1, 12))
def test_a_small_step_down_lowers_the_cost_by_the_squared_gradient(seed, m):
    X, Y, params = problem(m=m, seed=seed)
    grads = grads_at(X, Y, params)
    rate = 1e-7
    down = {name: array - rate * grads["d" + name] for name, array in params.items()}
    expected = rate * sum((g**2).sum() for g in grads.values())
    assert cost_at(X, Y, params) - cost_at(X, Y, down) == pytest.approx(expected, rel=1e-2, abs=1e-14)


@SLOW
@given(st.integers(0, 10**6))
def test_doubling_every_example_changes_neither_cost_nor_gradient(seed):
    X, Y, params = problem(seed=seed)
    twice = np.tile(X, 2), np.tile(Y, 2)
    assert cost_at(*twice, params) == pytest.approx(cost_at(X, Y, params))
    grads, doubled = grads_at(X, Y, params), grads_at(*twice, params)
    for name in grads:
        np.testing.assert_allclose(doubled[name], grads[name], rtol=1e-10, atol=1e-15)


@SLOW
@given(st.integers(0, 10**6))
def test_the_order_of_units_does_not_matter(seed):
    X, Y, params = problem(seed=seed)
    order = np.random.default_rng(seed).permutation(5)
    shuffled = params | {"W1": params["W1"][order], "b1": params["b1"][order], "W2": params["W2"][:, order]}
    np.testing.assert_allclose(network.forward(X, shuffled)[0], network.forward(X, params)[0], rtol=1e-12)
    np.testing.assert_allclose(grads_at(X, Y, shuffled)["dW1"], grads_at(X, Y, params)["dW1"][order], rtol=1e-9, atol=1e-15)


def test_the_gradient_written_into_arrays_is_the_gradient_to_the_bit():
    X, Y, params = problem()
    grads, out = grads_at(X, Y, params), {"d" + name: np.full_like(array, np.nan) for name, array in params.items()}
    arrays = dict(out)
    A, caches = network.forward(X, params)
    assert network.backward(A, Y, caches, out=out) is out
    for name, array in arrays.items():
        assert out[name] is array and np.array_equal(array, grads[name])


def test_other_hidden_activations_have_their_gradient_too():
    def tanh(Z):
        A = np.tanh(Z)
        return A, 1 - A**2

    X, Y, params = problem()
    A, caches = network.forward(X, params, tanh)
    dW1 = network.backward(A, Y, caches)["dW1"]
    for index in np.ndindex(dW1.shape):
        moved = params["W1"].copy()
        moved[index] += 1e-6
        up = network.cost(network.forward(X, params | {"W1": moved}, tanh)[0], Y)
        moved[index] -= 2e-6
        down = network.cost(network.forward(X, params | {"W1": moved}, tanh)[0], Y)
        assert dW1[index] == pytest.approx((up - down) / 2e-6, rel=1e-4, abs=1e-9)


# Predictions


def test_predict_is_1_above_one_half_and_only_there():
    X = np.array([[-2.0, 0.0, 1e-9, 3.0]])
    assert np.array_equal(network.predict(X, {"W1": np.ones((1, 1)), "b1": np.zeros((1, 1))}), [[0, 0, 1, 1]])


@SLOW
@given(st.integers(0, 10**6))
def test_predict_agrees_with_forward(seed):
    X, _, params = problem(seed=seed)
    assert np.array_equal(network.predict(X, params), network.forward(X, params)[0] > 0.5)


# The loop


def test_train_is_forward_backward_update_by_hand():
    X, Y, params = problem(m=10)
    trained, costs = network.train(X, Y, params, epochs=4, learning_rate=0.3)
    ours, seen = params, []
    for _ in range(4):
        seen.append(cost_at(X, Y, ours))
        ours, _ = gradient_descent.update(ours, grads_at(X, Y, ours), {}, 0.3)
    np.testing.assert_allclose(costs, seen, rtol=1e-12)
    for name in params:
        np.testing.assert_allclose(trained[name], ours[name], rtol=1e-12)


def test_train_takes_batches_penalty_and_dropout_as_the_pages_have_them():
    """The whole loop written out, on dicts, from the functions of the other pages; 10 examples in batches of 4."""
    X, Y, params = problem(m=10)
    settings = {"batch_size": 4, "lambd": 0.6, "keep_prob": 0.7}
    trained, costs = network.train(X, Y, params, epochs=3, learning_rate=0.3, rng=np.random.default_rng(5), **settings)
    rng, ours, seen = np.random.default_rng(5), params, []
    for _ in range(3):
        order, total = rng.permutation(10), 0.0
        for columns in (order[:4], order[4:8], order[8:]):
            X_t, Y_t, m_t = X[:, columns], Y[:, columns], len(columns)
            Z1 = ours["W1"] @ X_t + ours["b1"]
            A1, D1 = regularization.dropout_forward(np.maximum(Z1, 0), 0.7, rng)
            Z2 = ours["W2"] @ A1 + ours["b2"]
            A2, D2 = regularization.dropout_forward(np.maximum(Z2, 0), 0.7, rng)
            A3 = special.expit(ours["W3"] @ A2 + ours["b3"])
            total += m_t / 10 * (network.cost(A3, Y_t) + regularization.l2_cost(ours, 0.6, m_t))
            dZ3 = (A3 - Y_t) / m_t
            dZ2 = regularization.dropout_backward(ours["W3"].T @ dZ3, D2, 0.7) * (Z2 > 0)
            dZ1 = regularization.dropout_backward(ours["W2"].T @ dZ2, D1, 0.7) * (Z1 > 0)
            grads = {}
            for l, (dZ, A) in enumerate(((dZ1, X_t), (dZ2, A1), (dZ3, A2)), start=1):
                grads[f"dW{l}"] = dZ @ A.T + regularization.l2_gradient(ours[f"W{l}"], 0.6, m_t)
                grads[f"db{l}"] = dZ.sum(axis=1, keepdims=True)
            ours, _ = gradient_descent.update(ours, grads, {}, 0.3)
        seen.append(total)
    np.testing.assert_allclose(costs, seen, rtol=1e-12)
    for name in params:
        np.testing.assert_allclose(trained[name], ours[name], rtol=1e-10, err_msg=name)


@pytest.mark.parametrize("batches_picked_at_once", [0.5, 1, 2, 100])
def test_batches_are_those_of_the_page_on_mini_batches(monkeypatch, batches_picked_at_once):
    from snippets import mini_batches

    X, Y, params = problem(m=10)
    monkeypatch.setattr(network, "BLOCK", int(batches_picked_at_once * 4 * X.shape[0]))
    trained, _ = network.train(X, Y, params, epochs=3, learning_rate=0.3, batch_size=4, rng=np.random.default_rng(5))
    rng, ours = np.random.default_rng(5), params
    for _ in range(3):
        for X_t, Y_t in mini_batches.mini_batches(X, Y, 4, rng):
            ours, _ = gradient_descent.update(ours, grads_at(X_t, Y_t, ours), {}, 0.3)
    for name in params:
        np.testing.assert_allclose(trained[name], ours[name], rtol=1e-10, err_msg=name)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_np_dot_of_two_matrices_gives_the_bits_of_matmul(dtype):
    """So the gradients of one run are those of a stack of one."""
    X, Y, params = problem([4, 7, 5, 1], m=64)
    A, caches = network.forward(X.astype(dtype), {name: W.astype(dtype) for name, W in params.items()})
    stacked = [tuple(None if part is None else part[np.newaxis] for part in cache) for cache in caches]
    grads, again = network.backward(A, Y, caches), network.backward(A[np.newaxis], Y[np.newaxis], stacked)
    for name in grads:
        assert grads[name].dtype == dtype
        assert np.array_equal(grads[name], again[name][0])


def test_a_full_batch_draws_nothing_and_one_batch_size_below_m_one_permutation_an_epoch():
    X, Y, params = problem(m=10)
    rng, same = np.random.default_rng(1), np.random.default_rng(1)
    network.train(X, Y, params, epochs=3, learning_rate=0.1, batch_size=10, rng=rng)
    network.train(X, Y, params, epochs=3, learning_rate=0.1, batch_size=99, rng=rng)
    assert rng.random() == same.random()
    rng, same = np.random.default_rng(1), np.random.default_rng(1)
    network.train(X, Y, params, epochs=3, learning_rate=0.1, batch_size=4, rng=rng)
    for _ in range(3):
        same.permutation(10)
    assert rng.random() == same.random()


def test_a_full_batch_is_taken_in_the_order_given():
    X, Y, params = problem(m=10)
    _, costs = network.train(X, Y, params, epochs=5, learning_rate=0.1, rng=np.random.default_rng(0))
    _, again = network.train(X, Y, params, epochs=5, learning_rate=0.1, batch_size=10, rng=np.random.default_rng(7))
    assert np.array_equal(costs, again)


def test_the_optimizers_state_lives_across_epochs():
    class Counting:
        def init(self, params):
            assert list(params) == ["theta"]
            return {"t": 0}

        def update(self, params, grads, state, learning_rate):
            assert grads["dtheta"].shape == params["theta"].shape
            self.t = state["t"] + 1
            return {"theta": params["theta"] - learning_rate * self.t}, {"t": self.t}

    X, Y, params = problem([2, 1], m=10)
    optimizer = Counting()
    trained, _ = network.train(X, Y, params, epochs=3, learning_rate=0.1, optimizer=optimizer, batch_size=5, rng=np.random.default_rng(0))
    assert optimizer.t == 6
    np.testing.assert_allclose(trained["W1"], params["W1"] - 0.1 * 21)  # 1 + 2 + ... + 6


def test_a_long_vector_is_moved_in_blocks_to_the_same_bits_but_comes_whole_to_an_update_and_of_a_stack(monkeypatch):
    X, Y, one = problem(m=10)
    blocks = []

    def init(params):
        blocks[:] = [theta.shape for theta in params.values()]
        return adam.init(params)

    def train(params=one, learning_rate=0.1, **functions):
        options = dict(epochs=3, batch_size=4, learning_rate=learning_rate, rng=np.random.default_rng(0))
        return network.train(X, Y, params, optimizer=SimpleNamespace(init=init, update=adam.update, **functions), **options)

    in_place = {"update_in_place": adam.update_in_place}
    whole, costs = train(**in_place)
    assert blocks == [(1, 49)]
    monkeypatch.setattr(network, "BLOCK", 14)
    in_blocks, again = train(**in_place)
    assert blocks == [(1, 14)] * 3 + [(1, 7)]
    assert np.array_equal(costs, again) and all(np.array_equal(whole[name], in_blocks[name]) for name in whole)
    train()
    assert blocks == [(1, 49)]
    rates = np.array([0.1, 0.01]).reshape(2, 1, 1)
    _, costs_of_both = train(network.stack([one, problem(seed=1)[2]]), rates, **in_place)
    assert blocks == [(2, 1, 49)]  # a rate for each run: blocks would have pieces of all runs, which do not lie together
    np.testing.assert_allclose(costs_of_both[:, 0], costs, rtol=1e-12)


def test_adam_in_place_trains_as_the_update_of_its_page_does():
    X, Y, params = problem(m=10)
    options = dict(epochs=20, learning_rate=0.1, batch_size=4)
    fast, costs = network.train(X, Y, params, optimizer=adam, rng=np.random.default_rng(0), **options)
    pure = SimpleNamespace(init=adam.init, update=adam.update)
    slow, slow_costs = network.train(X, Y, params, optimizer=pure, rng=np.random.default_rng(0), **options)
    np.testing.assert_allclose(costs, slow_costs, rtol=1e-10)
    for name in params:
        np.testing.assert_allclose(fast[name], slow[name], rtol=1e-8, atol=1e-12)


def test_a_stack_of_runs_equals_its_runs_one_by_one():
    """Four starts, each with its own learning rate and penalty, in batches: to the last bit but one."""
    many = [problem(m=10, seed=seed)[2] for seed in range(4)]
    X, Y, _ = problem(m=10)
    rates, lambds = np.array([0.01, 0.1, 0.5, 1.0]), np.array([0.0, 0.1, 0.5, 2.0])
    together = {"learning_rate": rates.reshape(-1, 1, 1), "lambd": lambds.reshape(-1, 1, 1)}
    params, costs = network.train(X, Y, network.stack(many), epochs=6, batch_size=4, rng=np.random.default_rng(2), **together)
    assert costs.shape == (6, 4)
    for run, start in enumerate(many):
        alone, its_costs = network.train(
            X, Y, start, epochs=6, batch_size=4, rng=np.random.default_rng(2), learning_rate=rates[run], lambd=lambds[run]
        )
        np.testing.assert_allclose(costs[:, run], its_costs, rtol=1e-12)
        for name in start:
            np.testing.assert_allclose(params[name][run], alone[name], rtol=1e-10, atol=1e-13)
    A, caches = network.forward(X, network.stack(many))
    np.testing.assert_allclose(network.cost(A, Y), [cost_at(X, Y, start) for start in many], rtol=1e-12)
    grads, each = network.backward(A, Y, caches), [grads_at(X, Y, start) for start in many]
    for name in grads:
        np.testing.assert_allclose(grads[name], [one[name] for one in each], rtol=1e-10, atol=1e-15)
    assert np.array_equal(network.predict(X, network.stack(many)), [network.predict(X, start) for start in many])


def test_each_run_may_have_its_own_examples_or_only_its_own_learning_rate():
    data = [problem(m=10, seed=seed)[:2] for seed in range(3)]
    params = problem()[2]
    X, Y = (np.stack(arrays) for arrays in zip(*data, strict=True))
    _, costs = network.train(X, Y, params, epochs=5, learning_rate=0.1)
    for run, (X_1, Y_1) in enumerate(data):
        np.testing.assert_allclose(costs[:, run], network.train(X_1, Y_1, params, epochs=5, learning_rate=0.1)[1], rtol=1e-12)
    _, costs = network.train(X[0], Y[0], params, epochs=5, learning_rate=np.array([0.1, 1.0]).reshape(2, 1, 1))
    np.testing.assert_allclose(costs[:, 1], network.train(*data[0], params, epochs=5, learning_rate=1.0)[1], rtol=1e-12)
    _, costs = network.train(X[0], Y[0], params, epochs=5, learning_rate=0.1, lambd=np.array([0.0, 1.0]).reshape(2, 1, 1))
    np.testing.assert_allclose(costs[:, 1], network.train(*data[0], params, epochs=5, learning_rate=0.1, lambd=1.0)[1], rtol=1e-12)


def test_examples_alone_may_tell_the_runs_apart():
    X, Y, params = problem()
    trained, costs = network.train(np.stack([X, -X]), Y, params, epochs=2, learning_rate=0.1, lambd=0.5)
    for run, X_run in enumerate([X, -X]):
        alone, alone_costs = network.train(X_run, Y, params, epochs=2, learning_rate=0.1, lambd=0.5)
        np.testing.assert_allclose(costs[:, run], alone_costs, rtol=1e-12)
        np.testing.assert_allclose(trained["W1"][run], alone["W1"], rtol=1e-12)


def test_a_run_that_diverges_neither_stops_nor_touches_the_others():
    X, Y, params = problem()
    with np.errstate(all="ignore"):
        trained, costs = network.train(X, Y, params, epochs=5, learning_rate=np.array([0.1, 1e200]).reshape(2, 1, 1))
    alone, alone_costs = network.train(X, Y, params, epochs=5, learning_rate=0.1)
    assert np.isnan(costs[-1, 1]) and np.isnan(trained["W1"][1]).any()
    np.testing.assert_allclose(costs[:, 0], alone_costs, rtol=1e-12)
    np.testing.assert_allclose(trained["W1"][0], alone["W1"], rtol=1e-12)


def test_batches_of_one_example_take_a_step_for_each():
    X, Y, params = problem()
    trained, _ = network.train(X, Y, params, epochs=1, learning_rate=0.1, batch_size=1, rng=np.random.default_rng(0))
    for column in np.random.default_rng(0).permutation(7):
        grads = grads_at(X[:, [column]], Y[:, [column]], params)
        params = {name: array - 0.1 * grads["d" + name] for name, array in params.items()}
    for name, array in params.items():
        np.testing.assert_allclose(trained[name], array, rtol=1e-12)


def test_a_stack_of_one_is_a_stack():
    assert network.stack([{"W1": np.ones((1, 3))}])["W1"].shape == (1, 1, 3)


def test_dropout_in_a_stack_drops_other_units_in_every_run():
    X, Y, params = problem(m=10)
    _, costs = network.train(
        X, Y, network.stack([params, params]), epochs=1, learning_rate=0.1, keep_prob=0.5, rng=np.random.default_rng(0)
    )
    assert costs[0, 0] != costs[0, 1]


def test_float32_stays_float32():
    X, Y, params = problem(dtype=np.float32)
    A, caches = network.forward(X, params)
    assert A.dtype == np.float32
    assert {g.dtype for g in network.backward(A, Y, caches).values()} == {np.dtype(np.float32)}
    assert {g.dtype for g in network.backward(A, Y.astype(int), caches).values()} == {np.dtype(np.float32)}
    options = {"batch_size": 4, "lambd": np.float64(0.5), "keep_prob": np.float64(0.5), "rng": np.random.default_rng(0)}
    trained, costs = network.train(X.astype(float), Y, params, epochs=2, learning_rate=np.float64(0.1), **options)
    assert {a.dtype for a in (*trained.values(), costs)} == {np.dtype(np.float32)}
    wide = {name: array.astype(float) for name, array in params.items()}
    np.testing.assert_allclose(A, network.forward(X.astype(float), wide)[0], rtol=1e-5)


def test_no_argument_is_changed_and_what_comes_back_is_new():
    X, Y, params = problem(m=10)
    before = [X.copy(), Y.copy(), {name: array.copy() for name, array in params.items()}]
    trained, _ = network.train(
        X, Y, params, epochs=3, learning_rate=0.5, batch_size=3, lambd=0.1, keep_prob=0.8, rng=np.random.default_rng(0)
    )
    grads_at(X, Y, params)
    network.predict(X, params)
    assert np.array_equal(X, before[0]) and np.array_equal(Y, before[1])
    for name in params:
        assert np.array_equal(params[name], before[2][name])
        assert not np.shares_memory(trained[name], params[name])


def test_no_epochs_give_the_start_back_and_whole_numbers_become_floats():
    X, Y, _ = problem([2, 1], m=3)
    params, costs = network.train(X, Y, {"W1": np.ones((1, 2), int), "b1": np.zeros((1, 1), int)}, epochs=0, learning_rate=0.1)
    assert costs.shape == (0,)
    assert np.array_equal(params["W1"], [[1.0, 1.0]]) and params["W1"].dtype == float


def test_whole_numbers_and_lists_are_taken_for_the_numbers_they_are():
    X, Y, params = problem([2, 1], m=3)
    A, caches = network.forward(X.tolist(), params)
    assert np.array_equal(A, network.forward(X, params)[0])
    assert network.cost(A.tolist(), Y.tolist()) == network.cost(A, Y)
    sure, half = np.array([[1, 0, 1]]), np.full((1, 3), 0.5)
    assert network.cost(sure, half) == network.cost(sure * 1.0, half) == network.cost(sure > 0, half)
    for dtype in int, bool:
        for name, gradient in network.backward(sure.astype(dtype), half, caches).items():
            assert np.array_equal(gradient, network.backward(sure * 1.0, half, caches)[name])
    trained, costs = network.train(X.tolist(), Y.tolist(), params, epochs=2, learning_rate=0.1)
    assert np.array_equal(costs, network.train(X, Y, params, epochs=2, learning_rate=0.1)[1])


def test_cost_is_a_plain_float_and_the_costs_of_a_stack_an_array():
    A, Y = np.full((1, 2), 0.5), np.ones((1, 2))
    assert type(network.cost(A, Y)) is float
    assert network.cost(np.stack([A, A]), Y).shape == (2,)
    assert network.cost(np.stack([A, A]).astype(np.float32), Y).dtype == np.float32, "the output decides the precision, not the labels"


# What is refused, by name


def with_(params, **arrays):
    return params | arrays


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("X", lambda X, params: (np.zeros((3, 0)), params)),
        ("X", lambda X, params: (X[0], params)),
        ("X", lambda X, params: (1.0, params)),
        ("X, params", lambda X, params: (np.stack([X] * 3), network.stack([params] * 2))),
        ("X, params", lambda X, params: (X, with_(network.stack([params] * 2), b1=np.stack([params["b1"]] * 3)))),
        ("params", lambda X, params: (X, with_(params, W1=params["W1"].tolist()))),
        ("params", lambda X, params: (X, with_(params, b1=params["b1"].tolist()))),
        ("X", lambda X, params: (np.where(X == X[0, 0], np.nan, X), params)),
        ("X", lambda X, params: (np.where(X == X[0, 0], np.inf, X), params)),
        ("params", lambda X, params: (X[:2], params)),
        ("params", lambda X, params: (X, {})),
        ("params", lambda X, params: (X, {"W1": params["W1"]})),
        ("params", lambda X, params: (X, {"b1": params["b1"]})),
        ("params", lambda X, params: (X, {name: array for name, array in params.items() if name != "b3"})),
        ("params", lambda X, params: (X, with_(params, W2=params["W2"].T))),
        ("params", lambda X, params: (X, with_(params, b1=params["b1"].T))),
        ("params", lambda X, params: (X, with_(params, W1=params["W1"][0]))),
        ("params", lambda X, params: (X, with_(params, W1=params["W1"] * np.nan))),
        ("params", lambda X, params: (X, with_(params, b3=params["b3"] * np.inf))),
        ("params", lambda X, params: (X, with_(params, W1=np.where(params["W1"] == params["W1"][0, 0], np.nan, params["W1"])))),
        ("params", lambda X, params: (X, with_(params, b1=np.where(params["b1"] == params["b1"][0, 0], np.nan, params["b1"])))),
    ],
)
def test_forward_predict_and_train_refuse_by_name(name, change):
    X, Y, params = problem()
    X, params = change(X, params)
    with pytest.raises(ValueError, match=f"^{name}: "):
        network.forward(X, params)
    with pytest.raises(ValueError, match=f"^{name}: "):
        network.predict(X, params)
    with pytest.raises(ValueError, match=f"^{name}: "):
        network.train(X, Y, params, epochs=1, learning_rate=0.1)


@pytest.mark.parametrize(
    ("name", "A", "Y"),
    [
        ("A", np.zeros((1, 0)), np.zeros((1, 0))),
        ("A", np.full(3, 0.5), np.ones(3)),
        ("A", np.full(3, 0.5), np.ones((1, 3))),
        ("A", np.zeros((1, 0)), np.ones((1, 3))),
        ("A", np.full((2, 3), 0.5), np.ones((2, 3))),
        ("A", np.array([[np.nan]]), np.ones((1, 1))),
        ("A", np.array([[1.1]]), np.ones((1, 1))),
        ("A", np.array([[0.5, 1.1]]), np.ones((1, 2))),
        ("Y", np.array([[0.5]]), np.array([[-1.0]])),
        ("Y", np.array([[0.5]]), np.array([[np.nan]])),
        ("Y", np.array([[0.5, 0.5]]), np.ones((1, 3))),
        ("Y", np.array([[0.5, 0.5]]), np.ones((2, 1))),
        ("A, Y", np.full((2, 1, 3), 0.5), np.ones((3, 1, 3))),
    ],
)
def test_cost_and_backward_refuse_by_name(name, A, Y):
    with pytest.raises(ValueError, match=f"^{name}: "):
        network.cost(A, Y)
    with pytest.raises(ValueError, match=f"^{name}: "):
        network.backward(A, Y, [])


def test_backward_refuses_caches_of_something_else():
    X, Y, params = problem()
    A, caches = network.forward(X, params)
    for other in [], network.forward(X[:, 1:], params)[1]:
        with pytest.raises(ValueError, match="^caches: "):
            network.backward(A, Y, other)


@pytest.mark.parametrize(
    "bad",
    [
        {"epochs": -1},
        {"epochs": 1.5},
        {"epochs": True},
        {"batch_size": 0},
        {"batch_size": 2.5},
        {"batch_size": True},
        {"lambd": -0.1},
        {"lambd": np.nan},
        {"lambd": np.inf},
        {"lambd": np.array([0.1, 0.1])},
        {"lambd": np.array([0.1, -0.1]).reshape(2, 1, 1)},
        {"keep_prob": 0.0},
        {"keep_prob": 1.1},
        {"keep_prob": np.nan},
        {"keep_prob": np.array([0.5])},
        {"learning_rate": -1.0},
        {"learning_rate": np.nan},
        {"learning_rate": np.array([0.1, 0.1])},
        {"learning_rate": np.full((2, 1), 0.1)},
        {"optimizer": None},
        {"optimizer": SimpleNamespace(init=adam.init)},
        {"optimizer": SimpleNamespace(update=adam.update)},
        {"params": initialization.zeros([3, 2])},
        {"Y": np.full((1, 7), 2.0)},
        {"Y": np.ones((1, 6))},
        {"Y": np.array(1.0)},
    ],
)
def test_train_refuses_by_name(bad):
    X, Y, params = problem()
    arguments = {"X": X, "Y": Y, "params": params, "epochs": 1, "learning_rate": 0.1} | bad
    with pytest.raises(ValueError, match=f"^{next(iter(bad))}: "):
        network.train(**arguments)


@pytest.mark.parametrize("options", [{"learning_rate": np.ones((3, 1, 1))}, {"lambd": np.ones((3, 1, 1))}, {"Y": np.ones((3, 1, 7))}])
def test_train_refuses_runs_that_do_not_go_together(options):
    X, Y, params = problem()
    arguments = {"X": X, "Y": Y, "params": network.stack([params] * 2), "epochs": 1, "learning_rate": 0.1} | options
    with pytest.raises(ValueError, match=r"^Y, learning_rate, lambd: .*\(2,\), \(3,\)"):
        network.train(**arguments)


@pytest.mark.parametrize("need", [{"batch_size": 3}, {"keep_prob": 0.9}])
def test_train_says_where_it_needs_a_generator(need):
    X, Y, params = problem()
    for rng in None, 0, np.random.default_rng:
        with pytest.raises(ValueError, match="^rng: "):
            network.train(X, Y, params, epochs=1, learning_rate=0.1, rng=rng, **need)
    with pytest.raises(ValueError, match="^rng: "):
        network.train(np.stack([X, X]), Y, params, epochs=1, learning_rate=0.1, **need)


# The page's claims


def test_claim_one_run_learns_the_moons():
    result = experiments.one_run()
    assert result["last"] < 0.1 * result["first"]
    assert result["dev"] > 0.95
    assert result["parameters"] == 91  # (2 + 1) 10 + (10 + 1) 5 + (5 + 1) 1


def test_claim_hidden_layers_bend_the_boundary():
    result = experiments.hidden_layers()
    assert result["seeds"] >= 20
    assert result["deep_low"] > result["flat_high"]
    assert result["deep_mean"] > result["flat_mean"] + 0.08


def test_claim_the_gradient_is_right_and_slips_show():
    result = experiments.gradient_error()
    assert result["right_high"] < 1e-8
    assert result["no_mask_low"] > 1e-2
    assert result["no_m_low"] == pytest.approx(0.75, abs=1e-6)  # |7g - g| / (|7g| + |g|)
