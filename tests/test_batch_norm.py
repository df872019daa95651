"""What batch norm promises."""

import copy

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from snippets import adam, batch_norm, gradient_checking, gradient_descent, initialization, momentum, network, rmsprop
from snippets.experiments import batch_norm as experiments
from tests.oracles import needs_torch, torch

seeds = st.integers(0, 2**32)
units = st.integers(1, 6)
examples = st.integers(1, 12)
epsilons = st.sampled_from([1e-8, 1e-5, 1e-3, 0.5])


def layer(seed, n, m, runs=(), constant=False):
    """Z, gamma, beta and a gradient from above, of random sizes and places; one feature constant where asked."""
    rng = np.random.default_rng(seed)
    Z = rng.normal(size=(*runs, n, m)) * 10 ** rng.uniform(-2, 2, (*runs, n, 1)) + rng.normal(size=(*runs, n, 1))
    if constant:
        Z[..., 0, :] = 0.1
    gamma, beta = rng.normal(size=(2, *runs, n, 1))
    return Z, gamma, beta, rng.normal(size=Z.shape)


def by_the_paper(Z, gamma, beta, epsilon):
    """Algorithm 1 of Ioffe and Szegedy, unit by unit and example by example."""
    out = np.empty_like(Z)
    for j, row in enumerate(Z):
        mean = sum(row) / len(row)
        var = sum((z - mean) ** 2 for z in row) / len(row)
        for i, z in enumerate(row):
            out[j, i] = gamma[j, 0] * (z - mean) / (var + epsilon) ** 0.5 + beta[j, 0]
    return out


# Forward


@given(seeds, units, examples, epsilons, st.booleans())
def test_forward_is_the_papers_algorithm_1(seed, n, m, epsilon, constant):
    Z, gamma, beta, _ = layer(seed, n, m, constant=constant)
    Z_tilde, _ = batch_norm.forward(Z, gamma, beta, epsilon)
    assert np.allclose(Z_tilde, by_the_paper(Z, gamma, beta, epsilon), rtol=1e-10, atol=1e-9)


def test_forward_by_hand():
    Z = np.array([[1.0, 3.0, 5.0, 7.0], [0.0, 0.0, 8.0, 8.0]])  # means 4 and 4, variances 5 and 16
    gamma, beta = np.array([[2.0], [1.0]]), np.array([[10.0], [-1.0]])
    Z_tilde, cache = batch_norm.forward(Z, gamma, beta, 9.0)
    assert Z_tilde == pytest.approx(np.array([10 + 2 * np.array([-3, -1, 1, 3]) / 14**0.5, [-1.8, -1.8, -0.2, -0.2]]))
    assert cache["mean"] == pytest.approx(np.array([[4.0], [4.0]]))
    assert cache["var"] == pytest.approx(np.array([[5.0], [16.0]]))


@given(seeds, units, st.integers(2, 12))
def test_each_unit_comes_out_with_mean_beta_and_spread_gamma(seed, n, m):
    Z, gamma, beta, _ = layer(seed, n, m)
    Z_tilde, cache = batch_norm.forward(Z, gamma, beta, 1e-300)
    assert np.allclose(Z_tilde.mean(axis=1, keepdims=True), beta, atol=1e-9)
    assert np.allclose(Z_tilde.std(axis=1, keepdims=True), abs(gamma), atol=1e-9)
    assert np.allclose(cache["mean"], Z.mean(axis=1, keepdims=True))
    assert np.allclose(cache["var"], np.var(Z, axis=1, ddof=0, keepdims=True))
    assert cache["mean"].shape == cache["var"].shape == (n, 1)


def test_epsilon_stands_under_the_root():
    Z = np.array([[1e-4, -1e-4]])  # a variance of 1e-8
    one, zero = np.ones((1, 1)), np.zeros((1, 1))
    for epsilon in (1e-5,), ():  # the default too
        outs = batch_norm.forward(Z, one, zero, *epsilon)[0], batch_norm.infer(Z, one, zero, zero, 1e-8 * one, *epsilon)
        for out in outs:
            assert out / Z == pytest.approx(1 / np.sqrt(1e-8 + 1e-5))  # 316, where outside the root it would be 9,091
            assert np.all(out / Z < 320)


@given(seeds, units, examples)
def test_one_example_or_a_constant_unit_comes_out_as_beta_and_passes_no_gradient(seed, n, m):
    Z, gamma, beta, dZ_tilde = layer(seed, n, m)
    Z = np.repeat(np.round(Z[:, :1], 3), m, axis=1)
    Z_tilde, cache = batch_norm.forward(Z, gamma, beta)
    dZ, dgamma, dbeta = batch_norm.backward(dZ_tilde, cache)
    assert np.allclose(Z_tilde, np.repeat(beta, m, axis=1), atol=1e-8)
    assert np.allclose(dgamma, 0, atol=1e-8)
    assert np.allclose(dbeta, dZ_tilde.sum(axis=1, keepdims=True))
    if m == 1:
        assert not dZ.any()


@given(seeds, units, examples, st.floats(-5, 5))
def test_a_bias_before_batch_norm_changes_nothing(seed, n, m, b):
    Z, gamma, beta, dZ_tilde = layer(seed, n, m)
    Z_tilde, cache = batch_norm.forward(Z, gamma, beta)
    moved, _ = batch_norm.forward(Z + b, gamma, beta)
    assert np.allclose(Z_tilde, moved, atol=1e-8)
    dZ, *_ = batch_norm.backward(dZ_tilde, cache)
    assert np.allclose(dZ.sum(axis=1), 0, atol=1e-9 * (1 + abs(dZ).max()))  # db would be zero


@given(seeds, st.floats(0.1, 10))
def test_the_scale_of_the_weights_changes_nothing_and_shrinks_their_gradient(seed, factor):
    Z, gamma, beta, dZ_tilde = layer(seed, 4, 9)
    one, cache_one = batch_norm.forward(Z, gamma, beta, 1e-300)
    two, cache_two = batch_norm.forward(factor * Z, gamma, beta, 1e-300)
    assert np.allclose(one, two, atol=1e-9)
    assert np.allclose(
        batch_norm.backward(dZ_tilde, cache_one)[0], factor * batch_norm.backward(dZ_tilde, cache_two)[0], rtol=1e-8, atol=1e-8
    )


# Backward


@given(seeds, st.integers(1, 3), st.integers(1, 6), st.sampled_from([1e-3, 0.5]))
def test_backward_is_the_numerical_gradient(seed, n, m, epsilon):
    rng = np.random.default_rng(seed)
    Z, dZ_tilde = rng.normal(size=(2, n, m))
    gamma, beta = rng.normal(size=(2, n, 1))
    assume(m == 1 or Z.std(axis=1).min() > 0.3)

    def J(Z, gamma, beta):
        return float((dZ_tilde * batch_norm.forward(Z, gamma, beta, epsilon)[0]).sum())

    grads = batch_norm.backward(dZ_tilde, batch_norm.forward(Z, gamma, beta, epsilon)[1])
    for k, grad in enumerate(grads):
        args = [Z, gamma, beta]
        numeric = gradient_checking.numerical_gradient(lambda x: J(*args[:k], x, *args[k + 1 :]), args[k], 1e-5)
        assert np.allclose(grad, numeric, atol=1e-6, rtol=1e-6)


def test_backward_by_hand():
    Z = np.array([[0.0, 0.0, 4.0, 4.0]])  # mean 2, variance 4, and 4 + 5 = 9 under the root
    _, cache = batch_norm.forward(Z, np.array([[3.0]]), np.array([[1.0]]), 5.0)
    dZ, dgamma, dbeta = batch_norm.backward(np.array([[0.0, 0.0, 0.0, 9.0]]), cache)
    assert dZ == pytest.approx(np.array([[-1.25, -1.25, -3.25, 5.75]]))
    assert (dgamma.item(), dbeta.item()) == pytest.approx((6.0, 9.0))


@needs_torch
@settings(deadline=None)  # the first call of PyTorch is slow
@given(seeds, units, st.integers(2, 12), epsilons, st.booleans())
def test_forward_and_backward_are_pytorchs(seed, n, m, epsilon, constant):
    Z, gamma, beta, dZ_tilde = layer(seed, n, m, constant=constant)
    Z_t, gamma_t, beta_t = (torch.tensor(x, requires_grad=True) for x in (Z, gamma[:, 0], beta[:, 0]))
    theirs = torch.nn.functional.batch_norm(Z_t.T, None, None, gamma_t, beta_t, training=True, eps=epsilon)
    theirs.backward(torch.tensor(dZ_tilde.T))
    ours, cache = batch_norm.forward(Z, gamma, beta, epsilon)
    grads = batch_norm.backward(dZ_tilde, cache)
    scale = 1 / np.sqrt(cache["var"] + epsilon)  # a constant unit's rounding is magnified by this
    assert np.all(abs(ours - theirs.T.detach().numpy()) <= 1e-10 * (1 + abs(ours)))
    assert np.all(abs(grads[0] - Z_t.grad.numpy()) <= 1e-10 * (1 + abs(grads[0]) + scale))
    assert np.allclose(grads[1][:, 0], gamma_t.grad, rtol=1e-10, atol=1e-10)
    assert np.allclose(grads[2][:, 0], beta_t.grad, rtol=1e-10, atol=1e-10)


@needs_torch
def test_pytorch_refuses_a_batch_of_one_where_ours_gives_beta():
    with pytest.raises(ValueError, match="more than 1 value"):
        torch.nn.functional.batch_norm(torch.ones(1, 3), None, None, training=True)


# Running statistics and test time


@given(seeds, units, st.floats(0, 1) | st.sampled_from([0, 1]))
def test_running_keeps_the_old_value_by_its_momentum(seed, n, keep):
    mean, batch_mean, var, batch_var = abs(np.random.default_rng(seed).normal(size=(4, n, 1)))
    new_mean, new_var = batch_norm.running(mean, var, batch_mean, batch_var, keep)
    assert np.allclose(new_mean, keep * mean + (1 - keep) * batch_mean)
    assert np.allclose(new_var, keep * var + (1 - keep) * batch_var)


def test_running_is_a_closed_form_over_equal_batches():
    params = batch_norm.init(1)
    mean, var = params["mean"], params["var"]
    for _ in range(20):
        mean, var = batch_norm.running(mean, var, np.array([[5.0]]), np.array([[9.0]]))
    assert mean.item() == pytest.approx(5 * (1 - 0.9**20))
    assert var.item() == pytest.approx(9 - 8 * 0.9**20)


@needs_torch
@settings(deadline=None)  # the first call of PyTorch is slow
@given(seeds, units, st.integers(2, 12))
def test_running_and_infer_are_pytorchs_but_for_two_conventions(seed, n, m):
    """PyTorch's momentum weighs the new value, and its running variance divides by m - 1."""
    Z, gamma, beta, _ = layer(seed, n, m)
    theirs = torch.nn.BatchNorm1d(n, momentum=0.1, dtype=torch.float64)
    theirs.weight.data, theirs.bias.data = torch.tensor(gamma[:, 0]), torch.tensor(beta[:, 0])
    params = batch_norm.init(n)
    mean, var = params["mean"], params["var"]
    for k in range(3):
        theirs(torch.tensor((Z + k).T))
        _, cache = batch_norm.forward(Z + k, gamma, beta)
        mean, var = batch_norm.running(mean, var, cache["mean"], cache["var"] * m / (m - 1), momentum=0.9)
    assert np.allclose(mean[:, 0], theirs.running_mean, rtol=1e-10, atol=1e-10)
    assert np.allclose(var[:, 0], theirs.running_var, rtol=1e-10, atol=1e-10)
    theirs.eval()
    assert np.allclose(batch_norm.infer(Z, gamma, beta, mean, var).T, theirs(torch.tensor(Z.T)).detach(), rtol=1e-10, atol=1e-10)


@given(seeds, units, examples, epsilons)
def test_infer_with_the_batchs_own_statistics_is_forward(seed, n, m, epsilon):
    Z, gamma, beta, _ = layer(seed, n, m)
    Z_tilde, cache = batch_norm.forward(Z, gamma, beta, epsilon)
    assert np.allclose(batch_norm.infer(Z, gamma, beta, cache["mean"], cache["var"], epsilon), Z_tilde, rtol=1e-10, atol=1e-10)


def test_at_test_time_an_example_depends_on_itself_alone():
    for m in 1, 2, 5:
        Z, gamma, beta, _ = layer(m, 3, m)
        rng = np.random.default_rng(m)
        mean, var = rng.normal(size=(3, 1)), rng.uniform(0.5, 2, (3, 1))
        together = batch_norm.infer(Z, gamma, beta, mean, var)
        alone = [batch_norm.infer(Z[:, i : i + 1], gamma, beta, mean, var) for i in range(m)]
        assert np.allclose(together, np.concatenate(alone, axis=1), rtol=1e-12, atol=1e-12)


def test_at_test_time_it_goes_into_the_weights_before_it():
    rng = np.random.default_rng(0)
    W, A, gamma, beta, mean = rng.normal(size=(3, 4)), rng.normal(size=(4, 5)), *rng.normal(size=(3, 3, 1))
    var, epsilon = rng.uniform(0.5, 2, (3, 1)), 0.3
    slope = gamma / np.sqrt(var + epsilon)
    assert np.allclose((slope * W) @ A + beta - slope * mean, batch_norm.infer(W @ A, gamma, beta, mean, var, epsilon), rtol=1e-12)


def test_init_starts_as_nearly_the_identity():
    params = batch_norm.init(3)
    assert {name: (array.shape, array.dtype) for name, array in params.items()} == dict.fromkeys(
        ("gamma", "beta", "mean", "var"), ((3, 1), np.dtype(float))
    )
    Z = np.arange(6.0).reshape(3, 2)
    assert np.allclose(batch_norm.infer(Z, **params), Z, rtol=1e-5)
    params["gamma"] += 1
    assert params["var"].max() == 1.0  # each array its own
    for n in 0, 2.5, True:
        with pytest.raises(ValueError, match="^n:"):
            batch_norm.init(n)


# Any shape, any precision, nothing changed


@given(seeds, units, examples, st.integers(1, 3))
def test_a_stack_of_runs_is_its_runs_one_by_one(seed, n, m, runs):
    Z, gamma, beta, dZ_tilde = layer(seed, n, m, (runs,))
    Z_tilde, cache = batch_norm.forward(Z, gamma, beta)
    grads = batch_norm.backward(dZ_tilde, cache)
    mean, var = np.zeros((n, 1)), np.ones((n, 1))
    for _ in range(2):  # a second batch finds a stack of averages
        mean, var = batch_norm.running(mean, var, cache["mean"], cache["var"])
    shown = batch_norm.infer(Z, gamma, beta, mean, var)
    for r in range(runs):
        one, cache_one = batch_norm.forward(Z[r], gamma[r], beta[r])
        mean_one, var_one = np.zeros((n, 1)), np.ones((n, 1))
        for _ in range(2):
            mean_one, var_one = batch_norm.running(mean_one, var_one, cache_one["mean"], cache_one["var"])
        pairs = [(Z_tilde, one), *zip(grads, batch_norm.backward(dZ_tilde[r], cache_one), strict=True)]
        pairs += [(mean, mean_one), (var, var_one), (shown, batch_norm.infer(Z[r], gamma[r], beta[r], mean_one, var_one))]
        for stack, alone in pairs:
            assert np.allclose(stack[r], alone, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_precision_stays(dtype):
    Z, gamma, beta, dZ_tilde = (x.astype(dtype) for x in layer(0, 3, 5))
    Z_tilde, cache = batch_norm.forward(Z, gamma, beta)
    params = batch_norm.init(3, dtype)
    mean, var = batch_norm.running(params["mean"], params["var"], cache["mean"], cache["var"])
    shown = batch_norm.infer(Z, params["gamma"], params["beta"], mean, var)
    assert {x.dtype for x in (Z_tilde, *batch_norm.backward(dZ_tilde, cache), mean, var, shown)} == {np.dtype(dtype)}


def test_lists_will_do():
    Z, gamma, beta, dZ_tilde = layer(0, 3, 5)
    Z_tilde, cache = batch_norm.forward(Z, gamma, beta)
    assert np.array_equal(batch_norm.forward(Z.tolist(), gamma, beta)[0], Z_tilde)
    assert np.array_equal(batch_norm.backward(dZ_tilde.tolist(), cache)[0], batch_norm.backward(dZ_tilde, cache)[0])
    shown = [batch_norm.infer(numbers, gamma, beta, cache["mean"], cache["var"]) for numbers in (Z, Z.tolist())]
    assert np.array_equal(*shown)


def test_no_argument_is_changed():
    args = layer(0, 3, 5)
    before = copy.deepcopy(args)
    Z, gamma, beta, dZ_tilde = args
    _, cache = batch_norm.forward(Z, gamma, beta)
    kept = copy.deepcopy(cache)
    batch_norm.backward(dZ_tilde, cache)
    batch_norm.infer(Z, gamma, beta, cache["mean"], cache["var"])
    batch_norm.running(cache["mean"], cache["var"], cache["mean"], cache["var"])
    for one, two in [*zip(args, before, strict=True), *((cache[name], kept[name]) for name in kept)]:
        assert np.array_equal(one, two)


Z, COLUMN = np.ones((2, 3)), np.ones((2, 1))
ONE_BAD = np.array([[1.0], [-1.0]])  # as a variance


@pytest.mark.parametrize(
    ("name", "call"),
    [
        ("Z", lambda: batch_norm.forward(np.ones(3), COLUMN, COLUMN)),
        ("Z", lambda: batch_norm.forward(np.ones((2, 0)), COLUMN, COLUMN)),
        ("Z", lambda: batch_norm.forward(np.full((2, 3), np.nan), COLUMN, COLUMN)),
        ("Z", lambda: batch_norm.forward(np.array([[1.0, np.nan], [0.0, 2.0]]), COLUMN, COLUMN)),
        ("Z", lambda: batch_norm.infer(np.full((2, 3), np.inf), COLUMN, COLUMN, COLUMN, COLUMN)),
        ("gamma", lambda: batch_norm.forward(Z, np.ones(2), COLUMN)),
        ("gamma", lambda: batch_norm.forward(Z, COLUMN * np.inf, COLUMN)),
        ("beta", lambda: batch_norm.forward(Z, COLUMN, np.array([[0.0], [np.nan]]))),
        ("mean", lambda: batch_norm.infer(Z, COLUMN, COLUMN, COLUMN * np.nan, COLUMN)),
        ("gamma", lambda: batch_norm.forward(np.ones((3, 2, 3)), np.ones((2, 2, 1)), COLUMN)),
        ("batch_mean", lambda: batch_norm.running(*np.ones((2, 2, 2, 1)), *np.ones((2, 3, 2, 1)))),
        ("beta", lambda: batch_norm.forward(Z, COLUMN, np.ones((3, 1)))),
        ("epsilon", lambda: batch_norm.forward(Z, COLUMN, COLUMN, 0)),
        ("epsilon", lambda: batch_norm.infer(Z, COLUMN, COLUMN, COLUMN, COLUMN, np.nan)),
        ("epsilon", lambda: batch_norm.forward(Z, COLUMN, COLUMN, np.inf)),
        ("gamma", lambda: batch_norm.infer(Z, np.ones(3), COLUMN, COLUMN, COLUMN)),
        ("beta", lambda: batch_norm.infer(Z, COLUMN, np.ones(3), COLUMN, COLUMN)),
        ("mean", lambda: batch_norm.infer(Z, COLUMN, COLUMN, 0.0, COLUMN)),
        ("var", lambda: batch_norm.infer(Z, COLUMN, COLUMN, COLUMN, np.ones(3))),
        ("var", lambda: batch_norm.infer(Z, COLUMN, COLUMN, COLUMN, -COLUMN)),
        ("var", lambda: batch_norm.infer(Z, COLUMN, COLUMN, COLUMN, ONE_BAD)),
        ("dZ_tilde", lambda: batch_norm.backward(np.ones((2, 4)), batch_norm.forward(Z, COLUMN, COLUMN)[1])),
        ("momentum", lambda: batch_norm.running(COLUMN, COLUMN, COLUMN, COLUMN, 1.1)),
        ("momentum", lambda: batch_norm.running(COLUMN, COLUMN, COLUMN, COLUMN, -0.1)),
        ("batch_mean", lambda: batch_norm.running(COLUMN, COLUMN, np.ones((3, 1)), COLUMN)),
        ("batch_var", lambda: batch_norm.running(COLUMN, COLUMN, COLUMN, -COLUMN)),
        ("batch_var", lambda: batch_norm.running(COLUMN, COLUMN, COLUMN, ONE_BAD)),
        ("var", lambda: batch_norm.running(COLUMN, ONE_BAD, COLUMN, COLUMN)),
        ("var", lambda: batch_norm.running(COLUMN, np.ones((3, 1)), COLUMN, np.ones((3, 1)))),
    ],
)
def test_bad_arguments_are_named(name, call):
    with pytest.raises(ValueError, match=f"^{name}:"):
        call()


# In a network


@pytest.mark.parametrize("optimizer", [gradient_descent, momentum, rmsprop, adam], ids=lambda o: o.__name__.rpartition(".")[2])
def test_any_optimizer_learns_gamma_and_beta(optimizer):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(3, 50))
    wanted = 2.0 * (X - X.mean(axis=1, keepdims=True)) / X.std(axis=1, keepdims=True) - 1.0
    learned = {name: batch_norm.init(3)[name] for name in ("gamma", "beta")}
    state = optimizer.init(learned)
    for _ in range(400):
        Z_tilde, cache = batch_norm.forward(X, **learned)
        _, dgamma, dbeta = batch_norm.backward(2 * (Z_tilde - wanted) / X.shape[1], cache)
        learned, state = optimizer.update(learned, {"dgamma": dgamma, "dbeta": dbeta}, state, 0.05)
    assert learned["gamma"] == pytest.approx(np.full((3, 1), 2.0), abs=0.05)
    assert learned["beta"] == pytest.approx(np.full((3, 1), -1.0), abs=0.05)


@pytest.mark.parametrize("group", [None, 4])
@pytest.mark.parametrize("norm", [True, False])
def test_the_experiments_network_has_the_numerical_gradient(norm, group):
    rng = np.random.default_rng(0)
    X, Y = rng.normal(size=(5, 8)), rng.integers(0, 2, (1, 8)).astype(float)
    params = {name: array.astype(float) for name, array in experiments._start(norm, [0, 1], [5, 4, 3, 1]).items()}

    def disturb(Z):
        return 1.25, np.full((*Z.shape[:-1], 1), 0.5)

    A, caches = experiments._forward(X, params, group=group, disturb=disturb)
    grads = experiments._backward(A, Y, caches)
    assert grads.keys() == {f"d{name}" for name in params}
    for name in params:

        def J(theta, name=name):
            return float(experiments._cost(experiments._forward(X, params | {name: theta}, group=group, disturb=disturb)[0], Y).sum())

        numeric = gradient_checking.numerical_gradient(J, params[name], 1e-6)
        assert np.allclose(grads[f"d{name}"], numeric, atol=1e-6)


def test_without_batch_norm_the_experiments_network_is_the_network():
    rng = np.random.default_rng(0)
    X, Y = rng.normal(size=(5, 8)), rng.integers(0, 2, (1, 8)).astype(float)
    params = initialization.he([5, 4, 3, 1], rng)
    stacked = {name: array[np.newaxis] for name, array in params.items()}
    ours, costs, _ = experiments._train(X, Y, stacked, 5, 0.5, batch_size=8)
    theirs, wanted = network.train(X, Y, params, epochs=5, learning_rate=0.5)
    assert np.allclose(costs[:, 0], wanted, rtol=1e-6)
    for name in params:
        assert np.allclose(ours[name][0], theirs[name], rtol=1e-6, atol=1e-9)


# What the page claims


def test_claim_the_learning_rates_that_work_span_a_wider_range():
    result = experiments.learning_rates()
    assert result["seeds"] >= 20
    assert result["with_factor"] >= 10 * result["without_factor"]
    assert result["with_from"] <= result["without_from"]
    assert result["with_to"] >= 3 * result["without_to"]
    assert result["with_best"] > result["without_best"] + 0.03


def test_claim_after_normalization_every_unit_has_mean_zero_and_spread_one_and_then_its_own():
    result = experiments.before_and_after()
    assert result["mean_high"] - result["mean_low"] > 0.5
    assert result["normed"] < 1e-5
    assert result["std"][1] == pytest.approx(1, abs=1e-3)
    assert np.ptp(result["mean"][2]) > 0.1
    assert np.ptp(result["std"][2]) > 0.1


def test_claim_running_statistics_do_not_shield_from_shifted_inputs():
    result = experiments.shifted_inputs()
    assert result["seeds"] >= 20
    ends = [0, -1]
    assert np.all(result["batch_moved_high"] < 1e-4)
    assert np.ptp(result["batch_accuracy_mean"]) < 0.002
    assert np.all(result["running_moved_mean"][ends] > result["without_moved_mean"][ends])
    assert np.all(result["running_accuracy_mean"][ends] < result["without_accuracy_mean"][ends] - 0.05)
    assert result["running_accuracy_mean"][5] > result["without_accuracy_mean"][5]


def test_claim_disturbed_batch_norm_still_trains_faster_than_none():
    result = experiments.disturbed()
    assert result["seeds"] >= 20
    assert result["ahead"] == result["noisy_ahead"] == result["seeds"]
    assert result["noisy_high"] < result["without_low"]
    assert result["noisy_moved_mean"] > result["without_moved_mean"] > 3 * result["with_moved_mean"]
    assert result["with_mean"] < result["noisy_mean"] < result["without_mean"]
    assert result["with_tuned"] < result["noisy_tuned"] < result["without_tuned"] / 2


def test_claim_with_batch_norm_the_gradient_changes_less_along_its_step():
    result = experiments.predictive()
    assert result["seeds"] >= 20
    assert (result["smaller"] == result["seeds"]).all()
    assert result["without_mean"][2] > 3 * result["with_mean"][2]
    assert result["with_high"][2] < result["without_low"][2]


def test_claim_batch_statistics_fail_on_small_batches_at_test_time():
    result = experiments.test_time()
    assert result["seeds"] >= 20
    assert result["different"] == 1  # a batch of one: the same output for every example
    assert (result["ahead"][:5] == result["seeds"]).all()
    assert (np.diff(result["batch_mean"]) > 0).all()
    assert abs(result["batch_mean"][-1] - result["running_mean"]) < 0.01


def test_claim_the_noise_of_small_groups_falls_as_the_root_and_regularizes():
    result = experiments.noise()
    assert result["seeds"] >= 20
    assert np.polyfit(np.log(result["sizes"]), np.log(result["spread_mean"]), 1)[0] == pytest.approx(-0.5, abs=0.06)
    assert 4 < result["best"] < 128
    assert result["gain"] > 3 * result["gain_error"]
    assert result["helped"] > 0.6 * result["seeds"]  # a sign is coarse: the mean above it, which is held to its error, is what counts
    assert result["dev_mean"][0] < 0.75 < 0.93 < result["dev_mean"][-1]
    assert result["train_mean"][-1] == pytest.approx(1, abs=0.002)


def test_claim_batch_norm_is_no_substitute_for_normalized_inputs():
    result = experiments.inputs()
    assert result["seeds"] >= 20
    assert result["inputs_high"] < result["batch_norm_low"] / 5
    assert result["batch_norm_high"] < result["neither_low"]
    assert result["inputs_mean"] < result["both_mean"] < result["batch_norm_low"] / 2


def test_small_batches_underrate_the_variance_and_scatter():
    result = experiments.statistics()
    sizes = result["sizes"]
    assert result["var_mean"] == pytest.approx((sizes - 1) / sizes, abs=0.02)
    assert result["spread_mean"] == pytest.approx(1 / np.sqrt(sizes), rel=0.05)
    assert result["var_high"][0] < result["var_low"][3]
    assert abs(result["running"][-1] - result["mean"]) < 3 * np.sqrt(result["var"] / sizes[1] / 19), "0.9 of the old is about 19 batches"
