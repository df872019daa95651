"""What Adam promises."""

import jax
import numpy as np
import optax
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from snippets import adam, momentum, rmsprop
from snippets.experiments import adam as experiments
from tests.oracles import needs_torch, torch
from tests.wrong import adam as wrong

SLOW = settings(deadline=None, max_examples=50)
sizes = st.floats(1e-3, 1e3)
betas = st.floats(0, 0.999)
finite = st.floats(-100, 100)


def gradients(steps=1000, seed=0):
    """Gradients of a (3, 4) parameter: of every size, one row tiny, one column zero, and every tenth step nothing at all."""
    rng = np.random.default_rng(seed)
    g = rng.standard_normal((steps, 3, 4)) * 10.0 ** rng.uniform(-3, 3, (steps, 1, 1))
    g[:, 0], g[:, :, 0], g[::10] = 1e-300, 0, 0
    return g


def run(g, w, **options):
    """The parameter after each step of `adam.update`."""
    params, state, path = {"w": w}, adam.init({"w": w}), []
    for gradient in g:
        params, state = adam.update(params, {"dw": gradient}, state, **options)
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


def epsilon_hat_run(g, w, learning_rate, beta1, beta2, epsilon_hat):
    """TensorFlow 1's and Keras's order of computation, derived again: the correction moved into the learning rate.

    epsilon_hat: a function of the step, from 1.
    """
    m, u, path = 0.0, 0.0, []
    for t, gradient in enumerate(g, 1):
        m = beta1 * m + (1 - beta1) * gradient
        u = beta2 * u + (1 - beta2) * gradient**2
        rate = learning_rate * np.sqrt(1 - beta2**t) / (1 - beta1**t)
        w = w - rate * m / (np.sqrt(u) + epsilon_hat(t))
        path.append(w)
    return np.array(path)


START = np.random.default_rng(1).standard_normal((3, 4))


# One step and its limits.


def test_two_steps_by_hand():
    params = {"W1": np.array([[1.0]]), "b1": np.array([[1.0]])}
    options = dict(learning_rate=0.1, beta1=0.5, beta2=0.75, epsilon=0.25)
    params, state = adam.update(params, {"dW1": np.array([[4.0]]), "db1": np.array([[-0.25]])}, adam.init(params), **options)
    assert params["W1"].item() == pytest.approx(1 - 0.1 * 4 / (4 + 0.25))
    assert params["b1"].item() == pytest.approx(1 + 0.1 * 0.25 / (0.25 + 0.25))
    second, state = adam.update(params, {"dW1": np.array([[2.0]]), "db1": np.array([[0.5]])}, state, **options)
    assert state["t"] == 2
    assert state["v"]["W1"].item() == pytest.approx(0.5 * (0.5 * 4) + 0.5 * 2)
    assert state["s"]["W1"].item() == pytest.approx(0.75 * (0.25 * 16) + 0.25 * 4)
    v_hat, s_hat = 2 / (1 - 0.5**2), 4 / (1 - 0.75**2)
    assert second["W1"].item() == pytest.approx(params["W1"].item() - 0.1 * v_hat / (np.sqrt(s_hat) + 0.25))
    v_hat, s_hat = (0.5 * -0.125 + 0.25) / 0.75, (0.75 * 0.015625 + 0.0625) / (1 - 0.75**2)
    assert second["b1"].item() == pytest.approx(params["b1"].item() - 0.1 * v_hat / (np.sqrt(s_hat) + 0.25))


@SLOW
@given(sizes, betas, betas)
def test_under_a_constant_gradient_every_step_is_the_learning_rate(g, beta1, beta2):
    lengths = -np.diff(run(np.full((30, 1), g), np.zeros(1), learning_rate=1.0, beta1=beta1, beta2=beta2, epsilon=0.0)[:, 0], prepend=0)
    np.testing.assert_allclose(lengths, 1, rtol=1e-7)


@SLOW
@given(arrays(float, (5, 2), elements=finite), st.floats(0, 0.99), st.floats(1e-8, 1))
def test_with_beta1_zero_it_is_rmsprop_with_its_mean_square_corrected(g, beta2, epsilon):
    ours = run(g, np.ones(2), learning_rate=0.1, beta1=0.0, beta2=beta2, epsilon=epsilon)
    w, state = np.ones(2), rmsprop.init({"w": np.ones(2)})
    for t, gradient in enumerate(g, 1):
        _, state = rmsprop.update({"w": w}, {"dw": gradient}, state, 0.1, beta2, epsilon)
        w = w - 0.1 * gradient / (np.sqrt(state["s"]["w"] / (1 - beta2**t)) + epsilon)
        np.testing.assert_allclose(ours[t - 1], w, rtol=1e-9, atol=1e-12)


def test_long_after_the_start_with_beta1_zero_it_is_rmsprop_as_it_stands():
    g = np.random.default_rng(0).standard_normal((200, 3))
    state, plain = adam.init({"w": np.ones(3)}), rmsprop.init({"w": np.ones(3)})
    for gradient in g:
        ours, state = adam.update({"w": np.ones(3)}, {"dw": gradient}, state, 0.1, beta1=0.0, beta2=0.8)
        theirs, plain = rmsprop.update({"w": np.ones(3)}, {"dw": gradient}, plain, 0.1, beta=0.8)
    np.testing.assert_allclose(ours["w"], theirs["w"], rtol=1e-12)


def test_with_a_large_epsilon_it_is_momentum_with_its_velocity_corrected():
    g, w, state = np.random.default_rng(0).standard_normal((50, 3)), np.zeros(3), momentum.init({"w": np.zeros(3)})
    ours = run(g, w, learning_rate=0.1 * 1e9, beta1=0.9, epsilon=1e9)
    for t, gradient in enumerate(g, 1):
        _, state = momentum.update({"w": w}, {"dw": gradient}, state, 0.1, 0.9)
        w = w - 0.1 * state["v"]["w"] / (1 - 0.9**t)
        np.testing.assert_allclose(ours[t - 1], w, rtol=1e-7)


@SLOW
@given(arrays(float, (3, 2), elements=st.floats(0.01, 100) | st.floats(-100, -0.01)))
def test_with_both_betas_zero_every_step_is_the_learning_rate_against_the_sign(g):
    lengths = np.diff(run(g, np.zeros(2), learning_rate=0.1, beta1=0.0, beta2=0.0, epsilon=0.0), axis=0, prepend=np.zeros((1, 2)))
    np.testing.assert_allclose(lengths, -0.1 * np.sign(g), rtol=1e-9)


@SLOW
@given(st.floats(1e-3, 1e3))
def test_a_coordinate_measured_in_another_unit_is_walked_in_the_same_steps(unit):
    g = np.random.default_rng(0).standard_normal((20, 3)) + 0.1
    same = run(g, np.zeros(3), epsilon=0.0)
    np.testing.assert_allclose(run(g * [1, unit, 1], np.zeros(3), epsilon=0.0), same, rtol=1e-9)


def test_epsilon_counts_where_the_gradient_is_as_small_and_stands_outside_the_root():
    for t in (1, 5):  # as large beside the corrected root at every step: half the learning rate
        path = run(np.full((t, 1), 1e-8), np.zeros(1), learning_rate=1.0, epsilon=1e-8)
        assert path[-1].item() == pytest.approx(-0.5 * t)


def test_a_gradient_of_zero_gives_a_step_of_zero_and_with_epsilon_zero_a_nan():
    w = np.ones(2)
    assert np.array_equal(run(np.zeros((3, 2)), w), np.ones((3, 2)))
    with np.errstate(invalid="ignore"):
        assert np.isnan(run(np.zeros((1, 2)), w, epsilon=0.0)).all()


# Oracles.


def test_equals_optax_for_1000_steps():
    theirs = optax_run(optax.adam(0.01), gradients(), START)
    np.testing.assert_allclose(run(gradients(), START, learning_rate=0.01), theirs, rtol=1e-10)


def torch_run(g, w, **options):
    theirs, path = torch.tensor(w, requires_grad=True), []
    optimizer = torch.optim.Adam([theirs], **options)
    for gradient in g:
        theirs.grad = torch.tensor(gradient)
        optimizer.step()
        path.append(theirs.detach().numpy().copy())
    return np.array(path)


@needs_torch
def test_equals_torch_for_1000_steps():
    np.testing.assert_allclose(run(gradients(), START, learning_rate=0.01), torch_run(gradients(), START, lr=0.01), rtol=1e-10)


@needs_torch
def test_torchs_defaults_are_ours():
    np.testing.assert_allclose(run(gradients(50), START), torch_run(gradients(50), START), rtol=1e-10)


def test_equals_the_order_of_tensorflow_1_and_keras_with_epsilon_hat_the_root_of_the_correction_times_epsilon():
    ours = run(gradients(), START, learning_rate=0.01)
    theirs = epsilon_hat_run(gradients(), START, 0.01, 0.9, 0.999, lambda t: np.sqrt(1 - 0.999**t) * 1e-8)
    np.testing.assert_allclose(ours, theirs, rtol=1e-10)


def test_epsilon_passed_to_keras_unchanged_is_larger_at_the_start_and_labmls_factor_lacks_the_root():
    g = np.full((1, 1), 1e-7)
    ours = run(g, np.zeros(1), learning_rate=1.0).item()
    right, unchanged, labml = (
        epsilon_hat_run(g, np.zeros(1), 1.0, 0.9, 0.999, f).item()
        for f in (lambda t: np.sqrt(1 - 0.999**t) * 1e-8, lambda t: 1e-8, lambda t: (1 - 0.999**t) * 1e-8)
    )
    assert ours == pytest.approx(right, rel=1e-12) == pytest.approx(-1 / 1.1)
    assert unchanged == pytest.approx(-1 / (1 + 0.1 / np.sqrt(0.001)), rel=1e-9)  # as if epsilon were 31.6 times as large
    assert labml == pytest.approx(-1 / (1 + 0.1 * np.sqrt(0.001)), rel=1e-9)


def coursera():
    """The exercise of 2017: seed 1, both averages zero, t = 2, learning rate 0.01. Its W2 and dW2."""
    rng = np.random.RandomState(1)  # the generator the exercise was written with
    shapes = {"W1": (2, 3), "b1": (2, 1), "W2": (3, 3), "b2": (3, 1)}
    params, grads = ({d + name: rng.randn(*shape) for name, shape in shapes.items()} for d in ("", "d"))
    return params, grads, adam.init(params) | {"t": 1}


def test_courseras_table_of_2017_has_epsilon_inside_the_root_in_one_entry():
    params, grads, state = coursera()
    new, state = adam.update(params, grads, state, 0.01)
    np.testing.assert_allclose(new["W1"], [[1.63178673, -0.61919778, -0.53561312], [-1.08040999, 0.85796626, -2.29409733]], atol=6e-9)
    assert new["W2"][2, 1] == pytest.approx(-1.09244991, abs=6e-9)  # as in later editions
    inside = params["W2"][2, 1] - 0.01 * state["v"]["W2"][2, 1] / (1 - 0.9**2) / np.sqrt(state["s"]["W2"][2, 1] / (1 - 0.999**2) + 1e-8)
    assert inside == pytest.approx(-1.09245036, abs=6e-9)  # as printed in 2017


# Numbers at the edge.


@needs_torch
def test_equals_torch_in_float32():
    g, w = gradients(200).astype(np.float32), START.astype(np.float32)
    ours = run(g, w, learning_rate=0.01)
    assert ours.dtype == np.float32 and np.isfinite(ours).all()
    np.testing.assert_allclose(ours, torch_run(g, w, lr=0.01), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("size", [0.0, 1e-300, 1e-160, 1.0])
def test_nothing_and_tiny_gradients_give_no_nan(size):
    path = run(np.full((5, 2), size), np.ones(2))
    assert np.isfinite(path).all() and (np.abs(path - 1) <= 0.001 * 5.01).all()


@needs_torch
def test_where_the_square_overflows_the_parameter_stands_still_as_torchs_does():
    g = np.array([[1e300], [1.0]])
    with np.errstate(over="ignore"):
        ours = run(g, np.ones(1))
    assert np.array_equal(ours, torch_run(g, np.ones(1))) and np.array_equal(ours, [[1.0], [1.0]])


def test_a_nan_in_one_gradient_stays_there():
    path = run(np.array([[np.nan, 1.0], [1.0, 1.0]]), np.ones(2))
    assert np.isnan(path[:, 0]).all() and np.isfinite(path[:, 1]).all()


def test_one_example_and_no_entries():
    params = {"W1": np.ones((1, 1)), "b1": np.ones((0, 1))}
    new, state = adam.update(params, {"dW1": np.ones((1, 1)), "db1": np.ones((0, 1))}, adam.init(params))
    assert new["W1"].item() == pytest.approx(0.999) and new["b1"].shape == (0, 1)
    assert adam.update({}, {}, state)[0] == {}


def test_nothing_passed_in_changes_and_float32_stays_float32():
    params, grads = {"w": np.ones((1, 2), np.float32)}, {"dw": np.full((1, 2), 3, np.float32)}
    state = {"v": {"w": np.ones((1, 2), np.float32)}, "s": {"w": np.full((1, 2), 2, np.float32)}, "t": 3}
    new, after = adam.update(params, grads, state, 0.5)
    assert new["w"].dtype == after["v"]["w"].dtype == after["s"]["w"].dtype == adam.init(params)["s"]["w"].dtype == np.float32
    assert (params["w"] == 1).all() and (grads["dw"] == 3).all()
    assert (state["v"]["w"] == 1).all() and (state["s"]["w"] == 2).all() and state["t"] == 3 and after["t"] == 4
    v_hat, s_hat = (0.9 + 0.1 * 3) / (1 - 0.9**4), (0.999 * 2 + 0.001 * 9) / (1 - 0.999**4)
    np.testing.assert_allclose(new["w"], 1 - 0.5 * v_hat / np.sqrt(s_hat), rtol=1e-5)


@pytest.mark.parametrize("kind", [np.float64, np.float32])
@pytest.mark.parametrize("options", [{}, dict(learning_rate=0.5, beta1=0.5, beta2=0.75, epsilon=0.25)])
def test_in_place_it_is_update_but_for_the_last_bits(kind, options):
    g = gradients().astype(kind)
    pure, W = {"w": START.astype(kind)}, START.astype(kind)
    params, state, its = {"w": W}, adam.init(pure), adam.init(pure)
    v, s = its["v"]["w"], its["s"]["w"]
    for gradient in g:
        pure, state = adam.update(pure, {"dw": gradient}, state, **options)
        assert adam.update_in_place(params, {"dw": gradient}, its, **options) is None
    assert params["w"] is W and its["v"]["w"] is v and its["s"]["w"] is s and W.dtype == v.dtype == s.dtype == kind
    assert its["t"] == state["t"] == 1000
    beta1, beta2 = options.get("beta1", 0.9), options.get("beta2", 0.999)
    last_bits = dict(rtol=1e-11 if kind == np.float64 else 1e-4, atol=1e-15 if kind == np.float64 else 1e-7)
    np.testing.assert_allclose(v * kind(1 - beta1), state["v"]["w"], **last_bits)
    np.testing.assert_allclose(s * kind(1 - beta2), state["s"]["w"], **last_bits)
    np.testing.assert_allclose(W, pure["w"], rtol=1e-11 if kind == np.float64 else 1e-4)


def test_in_place_a_stack_has_its_rates_and_the_first_step_is_checked():
    g = np.random.default_rng(2).standard_normal((3, 1, 4))
    params = {"w": np.zeros((3, 1, 4))}
    rates = np.array([0.1, 0.2, 0.4]).reshape(3, 1, 1)
    expected, _ = adam.update(params, {"dw": g}, adam.init(params), learning_rate=rates)
    state = adam.init(params)
    adam.update_in_place(params, {"dw": g}, state, rates)
    np.testing.assert_allclose(params["w"], expected["w"], rtol=1e-12)
    adam.update_in_place(params, {"dw": g}, state, -rates)  # the caller's loop: its rate was checked once
    for options, name in (({"learning_rate": -1.0}, "learning_rate"), ({"beta2": 1.0}, "beta2"), ({"epsilon": np.nan}, "epsilon")):
        with pytest.raises(ValueError, match=name):
            adam.update_in_place(params, {"dw": g}, adam.init(params), **options)
    with pytest.raises(ValueError, match="dw"):
        adam.update_in_place(params, {"dw": g[0]}, adam.init(params))
    with pytest.raises(ValueError, match="t, the number"):
        adam.update_in_place(params, {"dw": g}, {"v": params, "s": params})


def test_a_stack_of_runs_is_its_runs_one_by_one():
    rng = np.random.default_rng(0)
    w, g = rng.standard_normal((3, 2, 4)), rng.standard_normal((20, 3, 2, 4))
    rates, first, second = np.array([0.01, 0.1, 1.0]), np.array([0.0, 0.5, 0.9]), np.array([0.99, 0.0, 0.5])
    stacked = run(g, w, learning_rate=rates.reshape(3, 1, 1), beta1=first.reshape(3, 1, 1), beta2=second.reshape(3, 1, 1))
    for k in range(3):
        alone = run(g[:, k], w[k], learning_rate=rates[k], beta1=first[k], beta2=second[k])
        np.testing.assert_allclose(stacked[:, k], alone, rtol=1e-12)


@pytest.mark.parametrize("bad", [-0.1, np.nan, np.inf, np.array([0.1, -0.1])])
def test_a_bad_learning_rate_or_epsilon_is_refused_by_name(bad):
    with pytest.raises(ValueError, match="learning_rate"):
        adam.update({}, {}, adam.init({}), bad)
    with pytest.raises(ValueError, match="epsilon"):
        adam.update({}, {}, adam.init({}), epsilon=bad)


@pytest.mark.parametrize("bad", [-0.1, 1.0, np.nan, np.array([0.9, 1.1])])
def test_a_bad_beta_is_refused_by_name(bad):
    with pytest.raises(ValueError, match="beta1"):
        adam.update({}, {}, adam.init({}), beta1=bad)
    with pytest.raises(ValueError, match="beta2"):
        adam.update({}, {}, adam.init({}), beta2=bad)


def test_a_missing_or_misshapen_gradient_or_average_or_step_count_is_refused_by_name():
    w = {"w": np.ones((1, 2))}
    for grads in ({}, {"dw": np.ones((2, 1))}):
        with pytest.raises(ValueError, match="grads: must hold dw"):
            adam.update(w, grads, adam.init(w))
    for state in ({"t": 0}, adam.init({}), adam.init({"w": np.ones(2)})):
        with pytest.raises(ValueError, match="state: must hold v of w"):
            adam.update(w, {"dw": np.ones((1, 2))}, state)
    with pytest.raises(ValueError, match="state: must hold s of w"):
        adam.update(w, {"dw": np.ones((1, 2))}, adam.init(w) | {"s": {}})
    for state in {}, adam.init(w) | {"t": -1}, adam.init(w) | {"t": np.nan}:
        with pytest.raises(ValueError, match="state: must hold t"):
            adam.update(w, {"dw": np.ones((1, 2))}, state)


# What the page claims.


def test_claim_without_the_correction_the_first_step_is_3_16_times_too_long():
    r = experiments.first_step()
    assert r["seeds"] >= 20 and r["derived"] == pytest.approx(np.sqrt(10))
    assert 3.16 < r["low"] <= r["ratio"] <= r["high"] < 3.163
    assert r["corrected"] == pytest.approx(1, abs=1e-4)


def test_claim_without_the_correction_the_longest_step_is_the_twelfth_6_57_times_too_long():
    r = experiments.constant_gradient()
    t = np.arange(1, 4001)
    np.testing.assert_allclose(r["uncorrected"], (1 - 0.9**t) / np.sqrt(1 - 0.999**t), rtol=1e-5)
    assert r["at"] == 12 and r["longest"] == r["twelfth"] == pytest.approx(6.57, abs=0.005)
    assert r["first"] == pytest.approx(np.sqrt(10), rel=1e-5) and r["furthest"] < 1e-6
    assert 1700 < r["close_at"] < 1800
    state = adam.init({"w": np.zeros(1)})
    for _ in range(10_000):
        _, state = adam.update({"w": np.zeros(1)}, {"dw": np.zeros(1)}, state)
    assert state["t"] == 10_000 and state["v"]["w"] == state["s"]["w"] == 0  # as the experiment has it
    assert r["woken"] == pytest.approx(r["longest"], rel=1e-4)


def test_claim_where_a_gradient_is_zero_the_tensorflow_tab_of_dive_into_deep_learning_gives_nan_at_the_first_step():
    r = experiments.nan()
    assert r["seeds"] >= 20 and r["right"] == 0
    assert 0.05 < r["low"] <= r["share"] <= r["high"] < 1


def test_claim_what_wrong_adams_step():
    r, unit = experiments.mistakes(), np.ones((1000, 1))
    found = {  # the experiment's formulas are the wrong versions of tests/wrong
        "right": adam.update,
        "d2l": wrong.dive_into_deep_learning_in_tensorflow,
        "uncorrected": wrong.uncorrected,
        "only_v": wrong.corrected_v_only,
        "only_s": wrong.corrected_s_only,
        "inside": wrong.epsilon_inside_the_root,
        "hat": wrong.epsilon_hat,
        "labml": wrong.labmls_epsilon_hat,
    }
    for name, update in found.items():
        w, state, lengths = np.zeros(1), adam.init({"w": np.zeros(1)}), []
        for g in unit[:50]:
            new, state = update({"w": w}, {"dw": g}, state, 1.0)
            lengths.append((w - new["w"]).item())
            w = new["w"]
        np.testing.assert_allclose(lengths, r[name][:50], rtol=1e-6)
        for size in (1e-8, 1e-4):
            first = update({"w": np.zeros(1)}, {"dw": np.full(1, size)}, adam.init({"w": np.zeros(1)}), 1.0)[0]["w"].item()
            assert -first == pytest.approx(r[f"{name}_at_{'1e8' if size == 1e-8 else '1e4'}"], rel=1e-6, abs=2e-8)
    t = np.arange(1, 1001)
    assert r["d2l_longest"] == pytest.approx(((1 - 0.9**t) / 0.1 / np.sqrt((1 - 0.999**t) / 0.001)).max())
    assert 2 < r["d2l_longest"] < 2.2 and r["d2l"][-1] < 0.4
    assert r["only_v_longest"] == pytest.approx(1 / np.sqrt(0.001), rel=1e-5) and r["only_s"][0] == pytest.approx(0.1, rel=1e-5)
    assert r["right_at_1e8"] == pytest.approx(0.5) and r["labml_at_1e8"] == pytest.approx(1 / (1 + np.sqrt(0.001)))
    assert r["hat_at_1e8"] < 0.04 and r["inside_at_1e8"] < 1e-3
    assert r["inside_at_1e4"] == pytest.approx(np.sqrt(0.5)) and r["right_at_1e4"] > 0.999


def test_claim_the_correction_moves_the_best_learning_rate_and_leaving_it_out_fails_at_large_ones():
    r = experiments.correction()
    assert r["seeds"] >= 20
    assert r["corrected_rate"] > 2 * r["uncorrected_rate"]
    assert r["ahead"][-1] == r["seeds"] and r["ahead"][0] == 0
    assert abs(r["corrected_best"] / r["uncorrected_best"] - 1) < 0.15
    assert r["uncorrected_last"][-1] > 4 * r["corrected_last"][-1]


def test_claim_the_race_on_four_surfaces():
    r = experiments.surfaces()
    assert r["seeds"] >= 20 and not set(range(r["search"])) & set(range(r["search"], r["search"] + r["seeds"]))
    names = list(r["names"])
    bowl, ravine, saddle, plateau = (dict(zip(names, r[f"{s}_steps"], strict=True)) for s in ("bowl", "ravine", "saddle", "plateau"))
    assert bowl["descent"] == 1 and min(bowl, key=bowl.get) == "descent"
    assert max(ravine, key=ravine.get) == "rmsprop"
    assert saddle["adam"] == saddle["rmsprop"] == 1 and r["saddle_low"][0] > 3
    assert min(plateau, key=plateau.get) == "adam" and max(plateau, key=plateau.get) == "descent"
    for surface in ("bowl", "ravine", "saddle", "plateau"):  # the search had room on both sides
        assert (r[f"{surface}_rate"] > 1.5e-4).all() and (r[f"{surface}_rate"] < 60).all()


def test_claim_the_race_on_the_digits():
    r = experiments.race()
    assert r["seeds"] >= 20 and r["search"] >= 20
    end = dict(zip(r["names"], r["end"], strict=True))
    assert end["momentum"] == min(end.values()) and end["descent"] == max(end.values())
    assert r["ahead_of_momentum"] < r["seeds"] / 2 < r["ahead_of_descent"]
    assert (r["rate"] > 2e-4).all() and (r["rate"] < 5).all()
    assert r["gap"] < -2 * r["gap_error"] and abs(r["gap_tuned"]) < 2 * r["gap_tuned_error"]


def test_claim_on_reddis_costs_adam_goes_to_the_worst_point_and_amsgrad_to_the_best():
    r = experiments.reddi()
    assert r["seeds"] >= 20
    assert r["adam_low"] > 0.95 and r["amsgrad_high"] < -0.95 and r["descent_high"] < -0.95
    assert r["longer_mean"] < -0.95
    assert r["adam_regret"] > 1 and r["amsgrad_regret"] < 0.05


def test_claim_on_wilsons_construction_adam_learns_the_training_set_only_unless_epsilon_is_large():
    r = experiments.wilson()
    assert r["seeds"] >= 20
    assert r["adam_train"] == r["descent_train"] == r["large_train"] == 1
    assert r["adam_high"] < 0.8 and r["descent_low"] == r["large_low"] == 1
    assert r["larger"] == r["seeds"], "right on the larger class, and on no other"
