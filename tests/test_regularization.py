"""What L2, weight decay and dropout promise, and what the page claims of them."""

import copy

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import stats

from snippets import adam, gradient_descent, network, regularization
from snippets.experiments import regularization as experiments
from tests.oracles import needs_torch, torch

numbers = st.floats(-100, 100, allow_subnormal=False)
matrices = hnp.arrays(float, hnp.array_shapes(min_dims=2, max_dims=2, max_side=6), elements=numbers)
strengths = st.floats(0, 10)
keep_probs = st.floats(0.05, 1)

FALSE_ALARM = 1e-9  # how often a right dropout would fail each statistical test below, were its seed drawn anew


def some_params(dtype=float):
    rng = np.random.default_rng(5)
    shapes = {"W1": (4, 3), "b1": (4, 1), "W2": (1, 4), "b2": (1, 1)}
    return {name: rng.standard_normal(shape).astype(dtype) for name, shape in shapes.items()}


def numerical(J, W, epsilon=1e-6):
    """Central differences, written here anew so that the page's own are not their judge."""
    steps = epsilon * np.eye(W.size).reshape(W.size, *W.shape)
    return np.array([(J(W + step) - J(W - step)) / (2 * epsilon) for step in steps]).reshape(W.shape)


# L2


def test_l2_cost_is_half_of_lambda_over_m_times_the_squared_weights_without_biases():
    params = {
        "W1": np.array([[1.0, -2.0], [3.0, 0.0]]),
        "b1": np.array([[100.0], [5.0]]),
        "W2": np.array([[4.0, 0.5]]),
        "b2": np.array([[7.0]]),
    }
    assert regularization.l2_cost(params, lambd=3.0, m=5) == pytest.approx(3.0 / (2 * 5) * (1 + 4 + 9 + 16 + 0.25), rel=1e-14)
    assert regularization.l2_cost(params, lambd=0.0, m=5) == 0


@settings(deadline=None, max_examples=50)
@given(matrices, strengths, st.integers(1, 50))
def test_l2_gradient_is_the_derivative_of_l2_cost(W, lambd, m):
    slope = numerical(lambda W: regularization.l2_cost({"W1": W}, lambd, m), W, epsilon=1e-3)  # exact for a parabola
    np.testing.assert_allclose(regularization.l2_gradient(W, lambd, m), slope, rtol=1e-6, atol=1e-6 * max(1, lambd))


def test_l2_gradient_is_lambda_over_m_times_the_weights():
    np.testing.assert_allclose(regularization.l2_gradient(np.array([[1.0, -2.0, 4.0]]), lambd=0.5, m=4), [[0.125, -0.25, 0.5]], rtol=1e-14)


@needs_torch
@settings(deadline=None, max_examples=50)
@given(matrices, strengths, st.integers(1, 50))
def test_l2_agrees_with_pytorch_autograd(W, lambd, m):
    tensor = torch.tensor(W, requires_grad=True)
    J = lambd / (2 * m) * tensor.square().sum()
    J.backward()
    np.testing.assert_allclose(regularization.l2_cost({"W1": W}, lambd, m), J.item(), rtol=1e-10, atol=1e-300)
    np.testing.assert_allclose(regularization.l2_gradient(W, lambd, m), tensor.grad.numpy(), rtol=1e-10, atol=1e-300)


def test_a_stack_of_runs_gives_each_run_its_own_penalty():
    runs = [{name: value * scale for name, value in some_params().items()} for scale in (1.0, 2.0, -3.0)]
    one_by_one = [regularization.l2_cost(params, 0.7, 9) for params in runs]
    np.testing.assert_allclose(regularization.l2_cost(network.stack(runs), 0.7, 9), one_by_one, rtol=1e-14)
    lambdas = np.array([0.1, 0.2, 0.3]).reshape(3, 1, 1)
    one_by_one = [regularization.l2_cost(params, lambd.item(), 9) for params, lambd in zip(runs, lambdas, strict=True)]
    np.testing.assert_allclose(regularization.l2_cost(network.stack(runs), lambdas, 9), one_by_one, rtol=1e-14)


def test_the_course_notes_line_for_the_l2_cost_does_not_compile():
    """Line 29: two brackets open, one closes. With the second closed it computes the right value."""
    line = "cost = cost + 1/m * lambd/2 * (np.sum(np.square(W[l]))"
    with pytest.raises(SyntaxError):
        compile(line, "note", "exec")
    names = {"np": np, "cost": 0.0, "m": 5, "lambd": 3.0, "l": 1, "W": {1: np.array([[1.0, -2.0]])}}
    exec(line + ")", names)
    assert names["cost"] == pytest.approx(regularization.l2_cost({"W1": names["W"][1]}, 3.0, 5))


# Decoupled weight decay


@settings(deadline=None, max_examples=50)
@given(matrices, matrices, st.floats(0, 1), strengths, st.integers(1, 50))
def test_under_gradient_descent_l2_is_weight_decay(W, G, rate, lambd, m):
    G = np.resize(G, W.shape)
    with_l2, _ = gradient_descent.update({"W1": W}, {"dW1": G + regularization.l2_gradient(W, lambd, m)}, {}, rate)
    decayed, _ = gradient_descent.update(regularization.decay_weights({"W1": W}, rate, lambd / m), {"dW1": G}, {}, rate)
    np.testing.assert_allclose(with_l2["W1"], decayed["W1"], rtol=1e-10, atol=1e-10)


def test_under_adam_l2_is_not_weight_decay():
    W, G = np.array([[1.0, 1.0]]), np.array([[0.001, 10.0]])
    state = adam.init({"W1": W})
    with_l2, _ = adam.update({"W1": W}, {"dW1": G + regularization.l2_gradient(W, 0.1, 1)}, state, 0.01)
    decayed, _ = adam.update(regularization.decay_weights({"W1": W}, 0.01, 0.1), {"dW1": G}, state, 0.01)
    assert np.abs(with_l2["W1"] - decayed["W1"]).min() > 9e-4


@needs_torch
def test_decay_and_adam_are_pytorchs_adamw_for_fifty_steps():
    params, rng = some_params(), np.random.default_rng(1)
    tensors = {name: torch.tensor(value, requires_grad=True) for name, value in params.items()}
    groups = [{"params": [t], "weight_decay": 0.3 if name[0] == "W" else 0.0} for name, t in tensors.items()]
    theirs, state = torch.optim.AdamW(groups, lr=0.01), adam.init(params)
    for _ in range(50):
        grads = {f"d{name}": rng.standard_normal(value.shape) for name, value in params.items()}
        for name, tensor in tensors.items():
            tensor.grad = torch.tensor(grads[f"d{name}"])
        theirs.step()
        params, state = adam.update(regularization.decay_weights(params, 0.01, 0.3), grads, state, 0.01)
    for name, tensor in tensors.items():
        np.testing.assert_allclose(params[name], tensor.detach().numpy(), rtol=1e-10, atol=1e-12)


def test_decay_shrinks_weights_by_rate_times_decay_and_leaves_biases():
    before = some_params()
    after = regularization.decay_weights(before, learning_rate=0.1, decay=0.5)
    for name in before:
        np.testing.assert_allclose(after[name], before[name] * (0.95 if name[0] == "W" else 1), rtol=1e-14)
        assert not np.shares_memory(after[name], before[name])


# Dropout


def test_the_mask_is_one_draw_of_uniform_numbers_below_keep_prob():
    A = np.random.default_rng(1).standard_normal((4, 6))
    dropped, mask = regularization.dropout_forward(A, keep_prob=0.7, rng=np.random.default_rng(3))
    np.testing.assert_array_equal(mask, np.random.default_rng(3).random((4, 6)) < 0.7)
    np.testing.assert_allclose(dropped, A * mask / 0.7, rtol=1e-14)
    rng = np.random.default_rng(3)
    masks = [regularization.dropout_forward(A, 0.7, rng)[1] for _ in range(2)]
    assert (masks[0] != masks[1]).any(), "each call must draw its own mask"


def test_a_unit_is_kept_below_keep_prob_and_the_mask_is_boolean_also_where_all_are_kept():
    class Exactly:
        def random(self, shape):
            return np.full(shape, 0.5)

    assert not regularization.dropout_forward(np.ones((2, 3)), 0.5, Exactly())[1].any(), "of numbers from 0 to below 1 half are below 0.5"
    assert regularization.dropout_forward(np.ones((2, 3)), 1.0, None)[1].dtype == bool


def test_dropout_keeps_the_share_it_is_told_to():
    """Exact two-sided binomial test of the number kept; a right one fails it once in 1/FALSE_ALARM seeds."""
    rng = np.random.default_rng(11)
    for keep_prob in (0.1, 0.5, 0.8, 0.99):
        mask = regularization.dropout_forward(np.ones((200, 500)), keep_prob, rng)[1]
        assert stats.binomtest(int(mask.sum()), mask.size, keep_prob).pvalue > FALSE_ALARM


def test_dropout_preserves_the_expectation():
    """The sum over many draws lies within what the normal law allows at FALSE_ALARM; all deviations are known."""
    A, keep_prob, draws, rng = np.random.default_rng(2).standard_normal((20, 30)) + 1, 0.8, 400, np.random.default_rng(12)
    mean = np.mean([regularization.dropout_forward(A, keep_prob, rng)[0] for _ in range(draws)])
    deviation = np.sqrt((A**2).sum() * (1 - keep_prob) / keep_prob / draws) / A.size
    assert abs(mean - A.mean()) < stats.norm.isf(FALSE_ALARM / 2) * deviation


def test_units_are_dropped_independently_of_one_another_along_both_axes():
    """Pairs of neighbours both kept: keep_prob squared of them, an exact binomial test over pairs without overlap."""
    mask = regularization.dropout_forward(np.ones((400, 400)), 0.7, np.random.default_rng(13))[1]
    for pairs in (mask[::2] & mask[1::2], mask[:, ::2] & mask[:, 1::2]):
        assert stats.binomtest(int(pairs.sum()), pairs.size, 0.7**2).pvalue > FALSE_ALARM


@settings(deadline=None, max_examples=50)
@given(matrices)
def test_at_keep_prob_1_dropout_is_the_identity_and_draws_nothing(A):
    dropped, mask = regularization.dropout_forward(A, 1.0, None)
    np.testing.assert_array_equal(dropped, A)
    assert mask.all() and mask.shape == A.shape and not np.shares_memory(dropped, A)
    np.testing.assert_array_equal(regularization.dropout_backward(A, mask, 1), A)


def test_dropout_backward_is_the_derivative_of_the_forward_pass_with_its_mask():
    rng = np.random.default_rng(4)
    A, G = rng.standard_normal((3, 5)), rng.standard_normal((3, 5))
    _, mask = regularization.dropout_forward(A, 0.6, np.random.default_rng(7))
    slope = numerical(lambda A: np.sum(G * regularization.dropout_forward(A, 0.6, np.random.default_rng(7))[0]), A)
    np.testing.assert_allclose(regularization.dropout_backward(G, mask, 0.6), slope, atol=1e-8)


@needs_torch
@settings(deadline=None, max_examples=50)
@given(matrices, keep_probs, st.integers(0, 2**32))
def test_dropout_backward_agrees_with_pytorch_autograd(A, keep_prob, seed):
    dropped, mask = regularization.dropout_forward(A, keep_prob, np.random.default_rng(seed))
    tensor = torch.tensor(A, requires_grad=True)
    result = tensor * torch.tensor(mask) / keep_prob
    result.backward(torch.tensor(A + 1))
    np.testing.assert_allclose(dropped, result.detach().numpy(), rtol=1e-10)
    np.testing.assert_allclose(regularization.dropout_backward(A + 1, mask, keep_prob), tensor.grad.numpy(), rtol=1e-10)


# Everything


def test_no_argument_is_changed():
    A, params, rng = np.random.default_rng(1).standard_normal((4, 6)), some_params(), np.random.default_rng(2)
    before = A.copy()
    dropped, mask = regularization.dropout_forward(A, keep_prob=0.5, rng=rng)
    np.testing.assert_array_equal(A, before)
    dA, kept, mask_before = dropped.copy(), dropped.copy(), mask.copy()
    regularization.dropout_backward(dA, mask, 0.5)
    np.testing.assert_array_equal(dA, kept)
    np.testing.assert_array_equal(mask, mask_before)
    params_before = copy.deepcopy(params)
    regularization.l2_cost(params, 0.5, 3)
    regularization.l2_gradient(params["W1"], 0.5, 3)
    regularization.decay_weights(params, 0.5, 0.5)
    for name, value in params.items():
        np.testing.assert_array_equal(value, params_before[name])


def test_float32_stays_float32():
    params, rng = some_params(np.float32), np.random.default_rng(1)
    assert regularization.l2_cost(params, 0.5, 3).dtype == np.float32
    assert regularization.l2_gradient(params["W1"], 0.5, 3).dtype == np.float32
    assert {value.dtype for value in regularization.decay_weights(params, 0.1, 0.5).values()} == {np.dtype(np.float32)}
    dropped, mask = regularization.dropout_forward(params["W1"], 0.5, rng)
    assert dropped.dtype == np.float32
    assert regularization.dropout_backward(dropped, mask, 0.5).dtype == np.float32


def test_one_example_no_example_and_nan():
    rng = np.random.default_rng(1)
    assert regularization.dropout_forward(np.ones((3, 1)), 0.5, rng)[0].shape == (3, 1)
    assert regularization.dropout_forward(np.ones((3, 0)), 0.5, rng)[0].shape == (3, 0)
    assert np.isnan(regularization.l2_cost({"W1": np.array([[np.nan]])}, 1.0, 1)), "a NaN is passed on, not hidden"


@pytest.mark.parametrize(
    ("call", "argument"),
    [
        (lambda: regularization.l2_cost({"W1": np.ones((1, 1))}, -0.1, 1), "lambd"),
        (lambda: regularization.l2_cost({"W1": np.ones((1, 1))}, np.nan, 1), "lambd"),
        (lambda: regularization.l2_cost({"W1": np.ones((1, 1))}, 0.1, 0), "m must"),
        (lambda: regularization.l2_cost({"b1": np.ones((1, 1))}, 0.1, 1), "params"),
        (lambda: regularization.l2_gradient(np.ones((1, 1)), -1, 1), "lambd"),
        (lambda: regularization.l2_gradient(np.ones((2, 1, 1)), np.array([0.1, -0.1]).reshape(2, 1, 1), 1), "lambd"),
        (lambda: regularization.l2_gradient(np.ones((1, 1)), 1, np.nan), "m must"),
        (lambda: regularization.decay_weights({"W1": np.ones((1, 1))}, -1, 0.1), "learning_rate"),
        (lambda: regularization.decay_weights({"W1": np.ones((1, 1))}, 0.1, np.nan), "decay"),
        (lambda: regularization.decay_weights({"W1": np.ones((2, 1, 1))}, 0.1, np.array([0.1, -0.1]).reshape(2, 1, 1)), "decay"),
        (lambda: regularization.dropout_forward(np.ones((1, 1)), 0.0, np.random.default_rng(0)), "keep_prob"),
        (lambda: regularization.dropout_forward(np.ones((1, 1)), 1.1, np.random.default_rng(0)), "keep_prob"),
        (lambda: regularization.dropout_forward(np.ones((1, 1)), np.nan, np.random.default_rng(0)), "keep_prob"),
        *((lambda rng=rng: regularization.dropout_forward(np.ones((1, 1)), 0.5, rng), "^rng") for rng in (None, 0, np.random.default_rng)),
        (lambda: regularization.dropout_backward(np.ones((1, 1)), np.ones((1, 1)), 0), "keep_prob"),
        (lambda: regularization.dropout_backward(np.ones((1, 1)), np.ones((1, 1)), 1.1), "keep_prob"),
        (lambda: regularization.dropout_backward(np.ones((1, 2)), np.ones((1, 1)), 0.5), "mask"),
    ],
)
def test_bad_input_is_named(call, argument):
    with pytest.raises(ValueError, match=argument):
        call()


# What the page claims


def test_claim_l2_helps_where_labels_are_wrong_and_hurts_where_too_strong():
    r = experiments.l2_sweep()
    assert r["wrong_gain"] > 5 * r["wrong_error"] and r["wrong_helped"] >= 15
    assert abs(r["clean_gain"]) < 2 * r["clean_error"] < 1, "with right labels there is little to gain"
    assert np.all(np.diff(r["wrong_train"]) < 0.005), "training accuracy only falls"
    assert r["wrong_dev_mean"][-1] < r["wrong_dev_mean"][0] - 0.1, "too strong"


def test_claim_dropout_helps_where_labels_are_wrong():
    r = experiments.dropout_sweep()
    assert r["wrong_gain"] > 2 and r["wrong_helped"] >= 16
    assert 2 * r["clean_error"] < r["clean_gain"] < r["wrong_gain"] / 2
    assert r["wrong_train"][-1] < r["wrong_train"][0] - 0.03, "and fits its training set less well"


def test_claim_lambda_makes_the_boundary_shorter_until_nothing_is_left():
    r = experiments.boundary()
    assert r["shorter"] == r["seeds"]
    assert np.all(np.diff(r["length_mean"]) < 0)
    assert r["dev"][1] > r["dev"][0] + 0.02, "a little smoother is better"
    assert r["train"][0] > r["train"][2] and r["dev"][3] < 0.7, "too smooth is worse"


def test_claim_nearly_every_iteration_trains_another_network():
    r = experiments.dropped_units()
    assert r["masks"].shape == (12, 60)
    assert 40 <= r["different"] <= 60
    assert abs(r["kept"][:, -1].mean() - r["keep_prob"]) < 0.1


def test_claim_the_division_keeps_the_mean_activation():
    r = experiments.expectation()
    assert r["low"] < 1 < r["high"] and r["high"] - r["low"] < 0.01
    assert abs(r["undivided_mean"] - r["keep_prob"]) < 0.005
    assert abs(r["three_layers"] - r["keep_prob"] ** 3) < 0.005


def test_claim_dropout_at_test_time_costs_accuracy_but_tells_where_the_network_is_unsure():
    r = experiments.test_time()
    assert r["off"] - r["on"] > 0.005 and r["on_worse"] >= 14
    assert r["changed_low"] > 0.02
    assert abs(r["averaged"] - r["off"]) < 0.005
    assert r["unsure_error"] > 4 * r["sure_error"]


def test_claim_dropping_pixels_can_help():
    r = experiments.input_dropout()
    assert (r["wrong_gain"][1:] > 3).all() and (r["wrong_helped"][1:] >= 18).all()
    assert r["clean_gain"][1] > 3 * r["clean_error"][1] and r["clean_helped"][1] >= 14


def test_claim_the_dev_cost_turns_up_long_before_training_ends():
    r = experiments.early_stopping()
    assert r["stop_high"] < r["epochs"][-1] / 2
    assert r["ratio"] > 1.2 and r["gain"] > 1.5 and r["helped"] >= 15
    assert np.all(np.diff(r["train"]) < 0), "the training cost never says so"


def test_claim_only_shifts_that_could_have_been_seen_help():
    r = experiments.augmentation()
    assert r["half_gain"] > 3 * r["half_error"] and r["half_helped"] >= 14
    assert abs(r["whole_gain"]) < 2 * r["whole_error"]
    assert r["mirrored_gain"] < -2 * r["mirrored_error"]


def test_claim_l2_under_adam_shrinks_blank_pixels_alike_at_every_strength():
    r = experiments.blank_pixels()
    assert np.ptp(r["l2"][:, -1]) < 0.01 and (r["l2"][:, -1] < 0.2).all()
    np.testing.assert_allclose(r["decoupled"][:, -1], r["expected"], rtol=1e-9)


def test_claim_l2_and_decoupled_decay_want_strengths_far_apart_under_adam():
    r = experiments.adam_decay()
    assert r["decoupled_best_strength"] >= 30 * r["l2_best_strength"]
    assert r["l2_best"] > r["none"] + 0.02 and r["decoupled_best"] > r["none"] + 0.02
    assert -3 < r["gap"] < 0, "here decoupled decay is not ahead"
