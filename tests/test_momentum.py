"""What momentum promises."""

import jax
import numpy as np
import optax
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.signal import lfilter

from snippets import gradient_descent, momentum
from snippets.experiments import momentum as experiments
from tests.oracles import needs_torch, torch

finite = st.floats(-100, 100)
SLOW = settings(deadline=None, max_examples=50)
betas = st.floats(0, 0.999)


def gradients(steps=1000, seed=0):
    """Gradients of a (3, 4) parameter: of every size, one row tiny, one column zero, and every tenth step nothing at all."""
    rng = np.random.default_rng(seed)
    g = rng.standard_normal((steps, 3, 4)) * 10.0 ** rng.uniform(-3, 3, (steps, 1, 1))
    g[:, 0], g[:, :, 0], g[::10] = 1e-300, 0, 0
    return g


def run(g, w, **options):
    """The parameter after each step of `momentum.update`."""
    params, state, path = {"w": w}, momentum.init({"w": w}), []
    for gradient in g:
        params, state = momentum.update(params, {"dw": gradient}, state, **options)
        path.append(params["w"])
    return np.array(path)


def optax_run(transform, g, w):
    def step(carry, gradient):
        w, state = carry
        change, state = transform.update(gradient, state, w)
        w = optax.apply_updates(w, change)
        return (w, state), w

    with jax.enable_x64(True):
        w = jax.numpy.asarray(w)
        return np.asarray(jax.lax.scan(step, (w, transform.init(w)), jax.numpy.asarray(g))[1])


START = np.random.default_rng(1).standard_normal((3, 4))


# One step and its limits.


def test_one_step_by_hand():
    params = {"W1": np.array([[1.0]]), "b1": np.array([[2.0]])}
    grads = {"dW1": np.array([[4.0]]), "db1": np.array([[-8.0]])}
    state = {"v": {"W1": np.array([[2.0]]), "b1": np.array([[4.0]])}}
    new, state = momentum.update(params, grads, state, learning_rate=0.1, beta=0.75)
    assert state["v"]["W1"].item() == pytest.approx(0.75 * 2 + 0.25 * 4)
    assert state["v"]["b1"].item() == pytest.approx(0.75 * 4 - 0.25 * 8)
    assert new["W1"].item() == pytest.approx(1 - 0.1 * 2.5)
    assert new["b1"].item() == pytest.approx(2 - 0.1 * 1)


@SLOW
@given(arrays(float, (4, 2, 3), elements=finite), st.floats(0, 10))
def test_with_beta_zero_it_is_gradient_descent(g, learning_rate):
    ours, theirs = {"w": np.ones((2, 3))}, {"w": np.ones((2, 3))}
    state, none = momentum.init(ours), gradient_descent.init(theirs)
    for gradient in g:
        ours, state = momentum.update(ours, {"dw": gradient}, state, learning_rate, beta=0.0)
        theirs, none = gradient_descent.update(theirs, {"dw": gradient}, none, learning_rate)
        assert np.array_equal(ours["w"], theirs["w"])


@SLOW
@given(st.floats(0.1, 100), betas)
def test_a_constant_gradient_is_reached_from_below_since_the_start_is_not_corrected(g, beta):
    path = run(np.full((30, 1), g), np.zeros(1), learning_rate=1.0, beta=beta)[:, 0]
    lengths = -np.diff(path, prepend=0)
    np.testing.assert_allclose(lengths, g * (1 - beta ** np.arange(1, 31)), rtol=1e-9)


@SLOW
@given(arrays(float, 20, elements=finite), betas)
def test_the_velocity_is_the_sum_that_the_recursion_unrolls_to(g, beta):
    state = momentum.init({"w": np.zeros(1)})
    for t, gradient in enumerate(g, 1):
        _, state = momentum.update({"w": np.zeros(1)}, {"dw": gradient[np.newaxis]}, state, 0.1, beta)
        weights = (1 - beta) * beta ** np.arange(t - 1, -1, -1)
        assert state["v"]["w"].item() == pytest.approx(weights @ g[:t], rel=1e-9, abs=1e-9)


def test_without_a_gradient_it_coasts_and_a_share_beta_of_the_velocity_is_kept():
    params, state = {"w": np.array([0.0])}, {"v": {"w": np.array([1.0])}}
    for t in range(1, 6):
        params, state = momentum.update(params, {"dw": np.zeros(1)}, state, 0.5, beta=0.8)
        assert state["v"]["w"].item() == pytest.approx(0.8**t)
    assert params["w"].item() == pytest.approx(-0.5 * sum(0.8**t for t in range(1, 6)))


# Oracles.


def test_equals_optax_ema_for_1000_steps():
    theirs = optax_run(optax.chain(optax.ema(0.9, debias=False), optax.scale(-0.01)), gradients(), START)
    np.testing.assert_allclose(run(gradients(), START, learning_rate=0.01, beta=0.9), theirs, rtol=1e-10)


def test_equals_optax_trace_with_the_learning_rate_divided_by_one_minus_beta():
    theirs = optax_run(optax.chain(optax.trace(0.9), optax.scale(-0.01)), gradients(), START)
    np.testing.assert_allclose(run(gradients(), START, learning_rate=0.01 / (1 - 0.9), beta=0.9), theirs, rtol=1e-10)


def test_equals_scipys_filter_for_1000_steps():
    v = lfilter([1 - 0.9], [1, -0.9], gradients(), axis=0)
    np.testing.assert_allclose(run(gradients(), START, learning_rate=0.01, beta=0.9), START - 0.01 * np.cumsum(v, axis=0), rtol=1e-10)


def torch_run(g, w, **options):
    theirs, path = torch.tensor(w, requires_grad=True), []
    optimizer = torch.optim.SGD([theirs], **options)
    for gradient in g:
        theirs.grad = torch.tensor(gradient)
        optimizer.step()
        path.append(theirs.detach().numpy().copy())
    return np.array(path)


@needs_torch
def test_equals_torch_for_1000_steps_with_alpha_the_learning_rate_over_one_minus_beta():
    theirs = torch_run(gradients(), START, lr=0.01, momentum=0.9)
    np.testing.assert_allclose(run(gradients(), START, learning_rate=0.01 / (1 - 0.9), beta=0.9), theirs, rtol=1e-10)
    assert not np.allclose(run(gradients(), START, learning_rate=0.01, beta=0.9), theirs)


def test_with_the_learning_rate_inside_the_velocity_it_is_the_same_until_the_rate_changes():
    g = np.random.default_rng(0).standard_normal(40)
    ours, state, theirs, v = {"w": np.zeros(1)}, momentum.init({"w": np.zeros(1)}), 0.0, 0.0
    for t, gradient in enumerate(g):
        rate = 0.01 if t < 20 else 0.001
        ours, state = momentum.update(ours, {"dw": np.array([gradient])}, state, rate / (1 - 0.9), 0.9)
        v = 0.9 * v - rate * gradient
        theirs = theirs + v
        assert (abs(ours["w"].item() - theirs) < 1e-12) == (t < 20)


@needs_torch
def test_torchs_dampening_by_beta_is_the_factor_one_minus_beta_but_for_the_first_step():
    g, steps = gradients(51)[1:], 50  # the first gradient of all is zero
    v, w, path = g[0], START.copy(), []
    for t in range(steps):  # the course's step, from a first velocity that is the whole gradient
        v = v if t == 0 else 0.9 * v + (1 - 0.9) * g[t]
        w = w - 0.1 * v
        path.append(w)
    theirs = torch_run(g, START, lr=0.1, momentum=0.9, dampening=0.9)
    np.testing.assert_allclose(theirs, path, rtol=1e-12, atol=1e-12)
    ours = run(g, START, learning_rate=0.1, beta=0.9)
    np.testing.assert_allclose(START - ours[0], (1 - 0.9) * (START - theirs[0]), rtol=1e-9)
    assert not np.allclose(ours, theirs)


@needs_torch
def test_equals_torch_in_float32():
    g, w = gradients(200).astype(np.float32), START.astype(np.float32)
    ours = run(g, w, learning_rate=0.1, beta=0.9)
    assert ours.dtype == np.float32
    theirs = torch_run(g, w, lr=0.1 * (1 - 0.9), momentum=0.9)
    np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-4 * np.abs(theirs).max())


# Numbers at the edge.


@pytest.mark.parametrize("size", [0.0, 1e-300, 1e300])
def test_nothing_and_tiny_and_huge_gradients_give_a_finite_velocity(size):
    state = momentum.init({"w": np.zeros(2)})
    _, state = momentum.update({"w": np.zeros(2)}, {"dw": np.full(2, size)}, state, 0.01, 0.9)
    np.testing.assert_allclose(state["v"]["w"], 0.1 * size, rtol=1e-12)


def test_a_nan_in_one_gradient_stays_there():
    params, _ = momentum.update({"w": np.ones(2)}, {"dw": np.array([np.nan, 1.0])}, momentum.init({"w": np.ones(2)}), 0.5, 0.5)
    assert np.isnan(params["w"][0]) and params["w"][1] == 0.75


def test_one_example_and_no_entries():
    params = {"W1": np.ones((1, 1)), "b1": np.ones((0, 1))}
    new, state = momentum.update(params, {"dW1": np.ones((1, 1)), "db1": np.ones((0, 1))}, momentum.init(params))
    assert new["W1"].item() == pytest.approx(1 - 0.01 * 0.1) and new["b1"].shape == (0, 1)
    assert momentum.update({}, {}, state)[0] == {}


def test_nothing_passed_in_changes_and_float32_stays_float32():
    params, grads = {"w": np.ones((1, 2), np.float32)}, {"dw": np.full((1, 2), 3, np.float32)}
    state = {"v": {"w": np.ones((1, 2), np.float32)}}
    new, after = momentum.update(params, grads, state, 0.5, 0.5)
    assert new["w"].dtype == after["v"]["w"].dtype == momentum.init(params)["v"]["w"].dtype == np.float32
    assert (params["w"] == 1).all() and (grads["dw"] == 3).all() and (state["v"]["w"] == 1).all()
    assert (new["w"] == 0).all()


def test_a_stack_of_runs_is_its_runs_one_by_one():
    rng = np.random.default_rng(0)
    w, g = rng.standard_normal((3, 2, 4)), rng.standard_normal((20, 3, 2, 4))
    rates, decays = np.array([0.01, 0.1, 1.0]), np.array([0.0, 0.5, 0.9])
    stacked = run(g, w, learning_rate=rates.reshape(3, 1, 1), beta=decays.reshape(3, 1, 1))
    for k in range(3):
        alone = run(g[:, k], w[k], learning_rate=rates[k], beta=decays[k])
        np.testing.assert_allclose(stacked[:, k], alone, rtol=1e-12)


@pytest.mark.parametrize("bad", [-0.1, np.nan, np.inf, np.array([0.1, -0.1])])
def test_a_bad_learning_rate_is_refused_by_name(bad):
    with pytest.raises(ValueError, match="learning_rate"):
        momentum.update({}, {}, {"v": {}}, bad)


@pytest.mark.parametrize("bad", [-0.1, 1.0, np.nan, np.array([0.9, 1.1])])
def test_a_bad_beta_is_refused_by_name(bad):
    with pytest.raises(ValueError, match="beta"):
        momentum.update({}, {}, {"v": {}}, 0.1, bad)


def test_a_missing_or_misshapen_gradient_or_velocity_is_refused_by_name():
    w = {"w": np.ones((1, 2))}
    for grads in ({}, {"dw": np.ones((2, 1))}):
        with pytest.raises(ValueError, match="grads: must hold dw"):
            momentum.update(w, grads, momentum.init(w))
    for state in ({}, momentum.init({}), momentum.init({"w": np.ones(2)})):
        with pytest.raises(ValueError, match="state: must hold v of w"):
            momentum.update(w, {"dw": np.ones((1, 2))}, state)


# What the page claims.


def test_claim_the_eigenvalues_say_what_a_run_does_everywhere_in_the_plane():
    r = experiments.phase()
    assert r["ran"] > 2000 and r["agree"] == r["ran"]
    assert list(r["point_regime"]) == [0, 1, 2, 3]


def test_claim_the_borders_and_the_best_beta_have_closed_forms():
    r = experiments.phase()
    beta, alpha = r["beta"][:, np.newaxis], r["alpha"]
    root = np.sqrt(beta)
    closed = np.select(
        [alpha >= 2 * (1 + beta) / (1 - beta), alpha >= (1 + root) / (1 - root), alpha > (1 - root) / (1 + root)], [3, 2, 1], 0
    )
    borders = np.stack(np.broadcast_arrays((1 - root) / (1 + root), (1 + root) / (1 - root), 2 * (1 + beta) / (1 - beta)))
    clear = (np.abs(np.log(borders / alpha)) > 1e-6).all(axis=0)
    assert np.array_equal(r["regime"][clear], closed[clear])
    best = ((1 - alpha) / (1 + alpha)) ** 2  # no other beta shrinks w faster
    inside = best < 0.98
    found = r["beta"][r["rate"].argmin(axis=0)]
    np.testing.assert_allclose(found[inside], best[inside], atol=0.011)


def test_claim_momentum_allows_a_learning_rate_19_times_as_large_on_a_parabola():
    r = experiments.phase()
    assert r["limit"] == pytest.approx(38) and r["limit_ratio"] == pytest.approx(19)
    for beta, limit in ((0.0, r["limit_plain"]), (0.9, r["limit"])):
        for factor, shrinks in ((0.99, True), (1.01, False)):
            params, state = {"w": np.ones(1)}, momentum.init({"w": np.ones(1)})
            for _ in range(3000):
                params, state = momentum.update(params, {"dw": params["w"]}, state, factor * limit, beta)
            assert (np.abs(params["w"]) < 1).all() == shrinks


def test_claim_in_a_ravine_momentum_needs_fewer_steps_the_more_so_the_longer_it_is():
    r = experiments.ravine()
    assert r["seeds"] >= 20
    assert (r["low"] > 2).all() and (np.diff(r["ratio"]) > 1).all()
    assert 5.5 < r["ratio"][2] < 7
    np.testing.assert_allclose(r["alpha"], 1 / np.sqrt(r["kappas"]))


def test_claim_no_alpha_and_beta_beat_the_closed_form_in_a_ravine():
    kappa = 100
    alpha, beta = np.meshgrid(np.logspace(-2, 0, 81), np.linspace(0, 0.99, 100))
    rate = np.maximum(*(np.abs(experiments._eigenvalues(alpha * curvature, beta)).max(axis=-1) for curvature in (1, kappa)))
    best = (np.sqrt(kappa) - 1) / (np.sqrt(kappa) + 1)
    assert rate.min() == pytest.approx(best, abs=0.01) and rate.min() >= best - 1e-9
    assert alpha.flat[rate.argmin()] == pytest.approx(0.1, rel=0.06) and beta.flat[rate.argmin()] == pytest.approx(best**2, abs=0.011)


def test_claim_a_bigger_beta_can_swing_more_and_take_longer():
    r = experiments.bigger_beta()
    assert r["seeds"] >= 20
    assert (np.diff(r["steps"]) > 0).all() and (np.diff(r["turns"]) > 0).all()
    assert r["ratio"] > 15 and (r["low"][1:] > r["high"][:-1]).all()


def test_claim_looking_ahead_takes_fewer_steps_and_diverges_sooner():
    r = experiments.look_ahead()
    assert r["seeds"] >= 20 and (r["ahead"] == r["seeds"]).all()
    assert (r["steps"] < 0.9 * r["plain"]).all()
    assert r["limit_ratio"] == pytest.approx(1 + 2 * 0.9)
    for factor, shrinks in ((0.99, True), (1.01, False)):
        path = experiments._looking_ahead(lambda w: w, np.ones(1), 3000, factor * r["limit"], 0.9)
        assert (np.abs(path[-1]) < 1).all() == shrinks


@needs_torch
def test_torchs_nesterov_keeps_the_point_ahead():
    scale, alpha, beta = np.array([[1.0], [10.0]]), 0.2, 0.9
    theirs = torch.tensor([[1.0], [-2.0]], dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD([theirs], lr=(1 - beta) * alpha, momentum=beta, nesterov=True)
    ours = experiments._looking_ahead(lambda w: scale * w, np.array([[1.0], [-2.0]]), 100, alpha, beta)
    for before, w in zip(ours[:-1], ours[1:], strict=True):
        theirs.grad = torch.tensor(scale) * theirs.detach()
        optimizer.step()
        np.testing.assert_allclose(theirs.detach().numpy(), w + beta * (w - before), atol=1e-12)


def test_at_the_best_constants_the_distance_falls_like_the_power_of_root_beta_times_t():
    for curvature in (1, 100):
        path = experiments._descend(momentum, lambda w, c=curvature: c * w, np.ones((1, 1)), 400, *experiments._best(100)[1:])[:, 0, 0]
        t = np.array([200, 400])
        factors = np.abs(path[t]) / (t * (9 / 11) ** t)
        assert 0.05 < factors[0] < 10 and factors[1] == pytest.approx(factors[0], rel=0.05)


def test_claim_at_small_learning_rates_momentum_changes_little_and_at_large_ones_it_holds():
    r = experiments.noise()
    assert r["seeds"] >= 20
    small = r["rates"] <= 0.1
    assert (np.abs(r["gap"][small]) < 0.02).all() and (r["ahead"][small] <= 1).all()
    large = r["rates"] >= 3
    assert (r["ahead"][large] == r["seeds"]).all()
    assert r["momentum_best"] < 0.6 * r["plain_best"]
