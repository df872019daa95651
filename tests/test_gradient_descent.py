"""What gradient descent promises."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from snippets import gradient_descent
from tests.oracles import needs_torch, torch

finite = st.floats(-100, 100)


def test_the_state_is_empty_and_new():
    assert gradient_descent.init({"W1": np.ones((1, 1))}) == {}
    state = {}
    assert gradient_descent.update({}, {}, state, 0.1)[1] is not state


@given(arrays(float, (2, 3), elements=finite), arrays(float, (2, 3), elements=finite), st.floats(0, 10))
def test_a_step_goes_against_the_gradient_by_the_learning_rate(W, dW, learning_rate):
    params, _ = gradient_descent.update({"W1": W}, {"dW1": dW}, {}, learning_rate)
    assert np.array_equal(params["W1"], W - learning_rate * dW)


def test_every_parameter_moves_biases_too():
    params, _ = gradient_descent.update(
        {"W1": np.ones((1, 1)), "b1": np.ones((1, 1))}, {"dW1": np.ones((1, 1)), "db1": np.full((1, 1), 2.0)}, {}, 0.1
    )
    assert params["W1"].item() == pytest.approx(0.9)
    assert params["b1"].item() == pytest.approx(0.8)


def test_on_a_parabola_it_shrinks_by_the_closed_form():
    params, state = {"w": np.array([3.0])}, {}
    for _ in range(50):
        params, state = gradient_descent.update(params, {"dw": 2 * params["w"]}, state, 0.1)
    assert params["w"] == pytest.approx(3 * 0.8**50)


def gradients(dtype=float):
    """Gradients of a (3, 4) parameter over 1,000 steps: of every size, one row tiny, one column zero, some steps nothing at all."""
    rng = np.random.default_rng(0)
    g = rng.standard_normal((1000, 3, 4)) * 10.0 ** rng.uniform(-3, 3, (1000, 1, 1))
    g[:, 0], g[:, :, 0], g[::10] = 1e-300, 0, 0
    return g.astype(dtype)


@needs_torch
@pytest.mark.parametrize(("dtype", "rtol"), [(np.float64, 1e-10), (np.float32, 1e-5)])
def test_equals_torch_for_1000_steps(dtype, rtol):
    start = np.random.default_rng(1).standard_normal((3, 4)).astype(dtype)
    params, state = {"w": start}, {}
    theirs = torch.tensor(start, requires_grad=True)
    optimizer = torch.optim.SGD([theirs], lr=0.05)
    for gradient in gradients(dtype):
        params, state = gradient_descent.update(params, {"dw": gradient}, state, 0.05)
        theirs.grad = torch.tensor(gradient)
        optimizer.step()
        assert np.isfinite(params["w"]).all()
    assert params["w"].dtype == dtype
    np.testing.assert_allclose(params["w"], theirs.detach().numpy(), rtol=rtol)


def test_1000_steps_add_up_to_the_sum_of_the_gradients():
    g, params = gradients(), {"w": np.zeros((3, 4))}
    for gradient in g:
        params, _ = gradient_descent.update(params, {"dw": gradient}, {}, 0.05)
    np.testing.assert_allclose(params["w"], -0.05 * g.sum(axis=0), rtol=1e-10)


def test_nothing_is_squared_so_a_huge_gradient_is_just_a_huge_step():
    params, _ = gradient_descent.update({"w": np.zeros(1)}, {"dw": np.full(1, 1e300)}, {}, 0.05)
    np.testing.assert_allclose(params["w"], [-5e298], rtol=1e-15)


def test_a_learning_rate_for_each_run():
    rates = np.array([0.0, 0.1, 1.0]).reshape(3, 1, 1)
    params, _ = gradient_descent.update({"W1": np.ones((3, 2, 2))}, {"dW1": np.ones((3, 2, 2))}, {}, rates)
    assert np.array_equal(params["W1"][:, 0, 0], [1.0, 0.9, 0.0])


def test_arguments_stay_as_they_were_and_float32_stays_float32():
    W, dW = np.ones((1, 2), np.float32), np.ones((1, 2), np.float32)
    params, _ = gradient_descent.update({"W1": W}, {"dW1": dW}, {}, 0.5)
    assert params["W1"].dtype == np.float32
    assert (W == 1).all() and (dW == 1).all()


def test_a_nan_in_one_gradient_stays_there():
    params, _ = gradient_descent.update({"w": np.ones(2)}, {"dw": np.array([np.nan, 1.0])}, {}, 0.5)
    assert np.isnan(params["w"][0]) and params["w"][1] == 0.5


@pytest.mark.parametrize("rate", [-0.1, np.nan, np.inf, np.array([0.1, -0.1])])
def test_a_bad_learning_rate_is_refused_by_name(rate):
    with pytest.raises(ValueError, match="learning_rate"):
        gradient_descent.update({}, {}, {}, rate)


def test_a_missing_or_misshapen_gradient_is_refused_by_name():
    with pytest.raises(ValueError, match="grads: must hold dW1"):
        gradient_descent.update({"W1": np.ones((1, 2))}, {"W1": np.ones((1, 2))}, {}, 0.1)
    with pytest.raises(ValueError, match="grads: must hold dW1"):
        gradient_descent.update({"W1": np.ones((1, 2))}, {"dW1": np.ones((2, 1))}, {}, 0.1)
