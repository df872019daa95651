"""What RMSprop promises."""

import jax
import numpy as np
import optax
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from snippets import rmsprop
from snippets.experiments import rmsprop as experiments
from tests.oracles import needs_torch, torch

SLOW = settings(deadline=None, max_examples=50)
betas = st.floats(0, 0.999)
sizes = st.floats(1e-3, 1e3)


def gradients(steps=1000, seed=0):
    """Gradients of a (3, 4) parameter: of every size, one row tiny, one column zero, and every tenth step nothing at all."""
    rng = np.random.default_rng(seed)
    g = rng.standard_normal((steps, 3, 4)) * 10.0 ** rng.uniform(-3, 3, (steps, 1, 1))
    g[:, 0], g[:, :, 0], g[::10] = 1e-300, 0, 0
    return g


def run(g, w, **options):
    """The parameter after each step of `rmsprop.update`."""
    params, state, path = {"w": w}, rmsprop.init({"w": w}), []
    for gradient in g:
        params, state = rmsprop.update(params, {"dw": gradient}, state, **options)
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


def inside_the_root(g, w, learning_rate, beta, epsilon, s=0.0):
    """Keras's, TF1's and D2L's convention, derived again: epsilon under the root; TF1 begins with s = 1."""
    path = []
    for gradient in g:
        s = beta * s + (1 - beta) * gradient**2
        w = w - learning_rate * gradient / np.sqrt(s + epsilon)
        path.append(w)
    return np.array(path)


START = np.random.default_rng(1).standard_normal((3, 4))


# One step and its limits.


def test_one_step_by_hand():
    params = {"W1": np.array([[1.0]]), "b1": np.array([[2.0]])}
    grads = {"dW1": np.array([[4.0]]), "db1": np.array([[-2.0]])}
    state = {"s": {"W1": np.array([[8.0]]), "b1": np.array([[4.0]])}}
    new, state = rmsprop.update(params, grads, state, learning_rate=0.5, beta=0.875, epsilon=0.25)
    assert state["s"]["W1"].item() == pytest.approx(0.875 * 8 + 0.125 * 16)
    assert state["s"]["b1"].item() == pytest.approx(0.875 * 4 + 0.125 * 4)
    assert new["W1"].item() == pytest.approx(1 - 0.5 * 4 / (3 + 0.25))
    assert new["b1"].item() == pytest.approx(2 + 0.5 * 2 / (2 + 0.25))


@SLOW
@given(arrays(float, (3, 2), elements=st.floats(0.01, 100) | st.floats(-100, -0.01)))
def test_with_beta_zero_every_step_is_the_learning_rate_against_the_sign(g):
    lengths = np.diff(run(g, np.zeros(2), learning_rate=0.1, beta=0.0, epsilon=0.0), axis=0, prepend=np.zeros((1, 2)))
    np.testing.assert_allclose(lengths, -0.1 * np.sign(g), rtol=1e-9)


@SLOW
@given(sizes, st.floats(0.01, 0.999))
def test_the_first_step_is_one_over_the_root_of_one_minus_beta(g, beta):
    assert run(np.full((1, 1), g), np.zeros(1), learning_rate=1.0, beta=beta, epsilon=0.0).item() == pytest.approx(-1 / np.sqrt(1 - beta))


@SLOW
@given(sizes, betas)
def test_under_a_constant_gradient_the_step_falls_to_the_learning_rate(g, beta):
    lengths = -np.diff(run(np.full((30, 1), g), np.zeros(1), learning_rate=1.0, beta=beta, epsilon=0.0)[:, 0], prepend=0)
    np.testing.assert_allclose(lengths, 1 / np.sqrt(1 - beta ** np.arange(1, 31)), rtol=1e-7)


@SLOW
@given(st.floats(1e-3, 1e3))
def test_a_coordinate_measured_in_another_unit_is_walked_in_the_same_steps(unit):
    g = np.random.default_rng(0).standard_normal((20, 3)) + 0.1
    same = run(g, np.zeros(3), epsilon=0.0)
    np.testing.assert_allclose(run(g * [1, unit, 1], np.zeros(3), epsilon=0.0), same, rtol=1e-9)


def test_elements_do_not_meet():
    g = np.array([[1.0, 1000.0], [2.0, -1.0]])
    together = run(g, np.zeros(2))
    alone = np.stack([run(g[:, [k]], np.zeros(1))[:, 0] for k in (0, 1)], axis=1)
    assert np.array_equal(together, alone)


def test_epsilon_counts_where_the_gradient_is_as_small_and_stands_outside_the_root():
    g = np.array([[1e-8]])
    assert run(g, np.zeros(1), learning_rate=1.0, beta=0.0, epsilon=1e-8).item() == pytest.approx(-0.5)
    assert inside_the_root(g, np.zeros(1), 1.0, 0.0, 1e-8).item() == pytest.approx(-1e-4)


def test_a_gradient_of_zero_gives_a_step_of_zero_and_with_epsilon_zero_a_nan():
    w = np.ones(2)
    assert np.array_equal(run(np.zeros((3, 2)), w), np.ones((3, 2)))
    with np.errstate(invalid="ignore"):
        assert np.isnan(run(np.zeros((1, 2)), w, epsilon=0.0)).all()


# Oracles.


def test_equals_optax_for_1000_steps():
    theirs = optax_run(optax.rmsprop(0.01, decay=0.9, eps=1e-8, eps_in_sqrt=False), gradients(), START)
    np.testing.assert_allclose(run(gradients(), START, learning_rate=0.01), theirs, rtol=1e-10)


@needs_torch
def test_equals_torch_for_1000_steps():
    theirs = torch_run(gradients(), START, lr=0.01, alpha=0.9, eps=1e-8)
    np.testing.assert_allclose(run(gradients(), START, learning_rate=0.01), theirs, rtol=1e-10)


@needs_torch
def test_torchs_default_memory_is_longer_than_ours():
    default = torch_run(gradients(50), START, lr=0.01)
    np.testing.assert_allclose(run(gradients(50), START, learning_rate=0.01, beta=0.99), default, rtol=1e-10)
    assert not np.allclose(run(gradients(50), START, learning_rate=0.01), default)


def test_optaxs_default_has_epsilon_inside_the_root():
    theirs = optax_run(optax.rmsprop(0.01, decay=0.9, eps=1e-8), gradients(), START)
    np.testing.assert_allclose(inside_the_root(gradients(), START, 0.01, 0.9, 1e-8), theirs, rtol=1e-10)
    g = np.full((1, 1), 1e-6)  # at gradients like this one the two differ
    ours, theirs = run(g, np.zeros(1), learning_rate=1.0), inside_the_root(g, np.zeros(1), 1.0, 0.9, 1e-8)
    assert ours.item() / theirs.item() > 300


def test_beginning_at_one_as_tensorflow_1_does_makes_the_first_step_short():
    g, w = np.full((1, 1), 0.01), np.zeros(1)
    theirs = inside_the_root(g, w, 1.0, 0.9, 1e-10, s=1.0)
    ours, _ = rmsprop.update({"w": w}, {"dw": g[0]}, {"s": {"w": np.ones(1)}}, 1.0, 0.9, 0.0)
    assert theirs.item() == pytest.approx(ours["w"].item()) == pytest.approx(-0.01 / np.sqrt(0.9 + 1e-5))


def torch_run(g, w, **options):
    theirs, path = torch.tensor(w, requires_grad=True), []
    optimizer = torch.optim.RMSprop([theirs], **options)
    for gradient in g:
        theirs.grad = torch.tensor(gradient)
        optimizer.step()
        path.append(theirs.detach().numpy().copy())
    return np.array(path)


# Numbers at the edge.


@needs_torch
def test_equals_torch_in_float32():
    g, w = gradients(200).astype(np.float32), START.astype(np.float32)
    ours = run(g, w, learning_rate=0.01)
    assert ours.dtype == np.float32 and np.isfinite(ours).all()
    np.testing.assert_allclose(ours, torch_run(g, w, lr=0.01, alpha=0.9), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("size", [0.0, 1e-300, 1e-160, 1.0])
def test_nothing_and_tiny_gradients_give_no_nan(size):
    path = run(np.full((5, 2), size), np.ones(2))
    assert np.isfinite(path).all() and (np.abs(path - 1) <= 0.001 * 5 * 3.17).all()


@needs_torch
def test_where_the_square_overflows_the_parameter_stands_still_as_torchs_does():
    g = np.array([[1e300], [1.0]])
    with np.errstate(over="ignore"):
        ours = run(g, np.ones(1))
    assert np.array_equal(ours, torch_run(g, np.ones(1), lr=0.001, alpha=0.9)) and np.array_equal(ours, [[1.0], [1.0]])


def test_a_nan_in_one_gradient_stays_there():
    path = run(np.array([[np.nan, 1.0], [1.0, 1.0]]), np.ones(2))
    assert np.isnan(path[:, 0]).all() and np.isfinite(path[:, 1]).all()


def test_one_example_and_no_entries():
    params = {"W1": np.ones((1, 1)), "b1": np.ones((0, 1))}
    new, state = rmsprop.update(params, {"dW1": np.ones((1, 1)), "db1": np.ones((0, 1))}, rmsprop.init(params))
    assert new["W1"].item() == pytest.approx(1 - 0.001 / (np.sqrt(0.1) + 1e-8)) and new["b1"].shape == (0, 1)
    assert rmsprop.update({}, {}, state)[0] == {}


def test_nothing_passed_in_changes_and_float32_stays_float32():
    params, grads = {"w": np.ones((1, 2), np.float32)}, {"dw": np.full((1, 2), 3, np.float32)}
    state = {"s": {"w": np.full((1, 2), 23, np.float32)}}
    new, after = rmsprop.update(params, grads, state, 0.5, 0.5, 1e-8)
    assert new["w"].dtype == after["s"]["w"].dtype == rmsprop.init(params)["s"]["w"].dtype == np.float32
    assert (params["w"] == 1).all() and (grads["dw"] == 3).all() and (state["s"]["w"] == 23).all()
    np.testing.assert_allclose(new["w"], 1 - 0.5 * 3 / 4, rtol=1e-6)


def test_a_stack_of_runs_is_its_runs_one_by_one():
    rng = np.random.default_rng(0)
    w, g = rng.standard_normal((3, 2, 4)), rng.standard_normal((20, 3, 2, 4))
    rates, decays = np.array([0.01, 0.1, 1.0]), np.array([0.0, 0.5, 0.9])
    stacked = run(g, w, learning_rate=rates.reshape(3, 1, 1), beta=decays.reshape(3, 1, 1))
    for k in range(3):
        np.testing.assert_allclose(stacked[:, k], run(g[:, k], w[k], learning_rate=rates[k], beta=decays[k]), rtol=1e-12)


@pytest.mark.parametrize("bad", [-0.1, np.nan, np.inf, np.array([0.1, -0.1])])
def test_a_bad_learning_rate_or_epsilon_is_refused_by_name(bad):
    with pytest.raises(ValueError, match="learning_rate"):
        rmsprop.update({}, {}, {"s": {}}, bad)
    with pytest.raises(ValueError, match="epsilon"):
        rmsprop.update({}, {}, {"s": {}}, epsilon=bad)


@pytest.mark.parametrize("bad", [-0.1, 1.0, np.nan, np.array([0.9, 1.1])])
def test_a_bad_beta_is_refused_by_name(bad):
    with pytest.raises(ValueError, match="beta"):
        rmsprop.update({}, {}, {"s": {}}, 0.1, bad)


def test_a_missing_or_misshapen_gradient_or_mean_square_is_refused_by_name():
    w = {"w": np.ones((1, 2))}
    for grads in ({}, {"dw": np.ones((2, 1))}):
        with pytest.raises(ValueError, match="grads: must hold dw"):
            rmsprop.update(w, grads, rmsprop.init(w))
    for state in ({}, rmsprop.init({}), rmsprop.init({"w": np.ones(2)})):
        with pytest.raises(ValueError, match="state: must hold s of w"):
            rmsprop.update(w, {"dw": np.ones((1, 2))}, state)


# What the page claims.


def test_claim_the_first_step_is_3_16_times_the_learning_rate():
    r = experiments.first_step()
    assert r["seeds"] >= 20 and r["derived"] == pytest.approx(np.sqrt(10))
    assert 3.16 < r["low"] <= r["ratio"] <= r["high"] < 3.163
    assert r["constant"][0] == pytest.approx(r["derived"]) and 1.2 < r["tenth"] < 1.3


def test_claim_epsilon_inside_the_root_acts_on_gradients_thousands_of_times_larger():
    r = experiments.epsilon_place()
    full = 1 / np.sqrt(0.1)
    assert run(np.full((1, 1), r["half_outside"]), np.zeros(1), learning_rate=1.0).item() == pytest.approx(-full / 2)
    assert inside_the_root(np.full((1, 1), r["half_inside"]), np.zeros(1), 1.0, 0.9, 1e-8).item() == pytest.approx(-full / 2)
    assert r["apart"] == pytest.approx(r["half_inside"] / r["half_outside"]) and 5000 < r["apart"] < 6000
    assert r["seeds"] >= 20 and r["below_low"] > r["below_outside"] and r["zero"] > 0.1
    measured = [-run(np.array([[g]]), np.zeros(1), learning_rate=1.0).item() for g in r["sizes"]]
    np.testing.assert_allclose(r["outside"], measured, rtol=1e-6)


def test_claim_half_of_a_squares_weight_is_left_after_ln_half_over_ln_beta_steps():
    r = experiments.half_life()
    assert np.array_equal(r["counted"], np.ceil(r["formula"])) and r["counted"][0] == 7
    assert (r["claimed"] < 1.2).all()


def test_claim_along_the_axes_rmsprop_needs_fewer_steps_and_turned_it_does_not():
    r = experiments.rotation()
    assert r["seeds"] >= 20
    assert r["rmsprop_high"][0] < r["plain_low"][0]
    assert r["ratio"] > 10 and r["rmsprop"][-1] > r["plain"][-1]
    assert np.ptp(r["plain"]) <= 0.01 * r["plain"][0]


def test_claim_at_a_constant_learning_rate_it_hovers_at_half_of_it_in_each_coordinate():
    r = experiments.hover()
    assert r["seeds"] >= 20
    assert np.sqrt(0.5) * 0.999 < r["low"] <= r["high"] < np.sqrt(0.5) * 1.001
    assert (r["plain"] < 1e-3).all()


def test_claim_in_the_ravine_the_two_coordinates_get_their_own_learning_rates():
    r = experiments.paths()
    assert r["ratio"] == pytest.approx(2.5, rel=1e-6)  # the gradients are 10 and 25
    np.testing.assert_allclose(r["rates"][0], r["learning_rate"] / np.sqrt(0.1) / np.array([10, 25]), rtol=1e-6)
