"""What gradient checking promises: the difference, the check, and the diagnosis of a wrong backward pass."""

import copy
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import optimize

from snippets import gradient_checking, initialization, network
from snippets.experiments import gradient_checking as experiments
from tests.oracles import needs_torch, torch

numbers = st.floats(-10, 10, allow_subnormal=False)
arrays = hnp.arrays(float, hnp.array_shapes(min_dims=0, max_dims=3, max_side=4), elements=numbers)
SLOW = settings(deadline=None, max_examples=50)


# The difference


@SLOW
@given(arrays)
def test_numerical_gradient_of_a_cubic_is_its_derivative_up_to_epsilon_squared(theta):
    """For t^3 the central difference is 3 t^2 + epsilon^2, exactly."""
    for epsilon in (1e-2, 1e-3):
        found = gradient_checking.numerical_gradient(lambda t: np.sum(t**3), theta, epsilon)
        assert found.shape == theta.shape
        np.testing.assert_allclose(
            found, 3 * theta**2 + epsilon**2, rtol=1e-8, atol=1e-16 * (1 + np.sum(np.abs(theta) ** 3)) * 100 / epsilon
        )


def test_numerical_gradient_agrees_with_scipy():
    theta = np.array([0.5, -1.5, 2.0, 1.0])
    found = gradient_checking.numerical_gradient(optimize.rosen, theta, 1e-5)
    np.testing.assert_allclose(found, optimize.rosen_der(theta), rtol=1e-8)


def test_numerical_gradient_divides_by_twice_epsilon_whatever_epsilon_is():
    """On a parabola the central difference has no error, a one-sided one has epsilon."""
    found = gradient_checking.numerical_gradient(lambda t: (t**2).sum(), np.array([[1.0, -3.0]]), 0.5)
    np.testing.assert_allclose(found, [[2.0, -6.0]], rtol=1e-14)


@needs_torch
def test_numerical_gradient_agrees_with_pytorch_autograd():
    rng = np.random.default_rng(3)
    W, x = rng.standard_normal((3, 4)), rng.standard_normal((4, 2))
    tensor = torch.tensor(W, requires_grad=True)
    torch.tanh(tensor @ torch.tensor(x)).square().sum().backward()
    found = gradient_checking.numerical_gradient(lambda W: np.sum(np.tanh(W @ x) ** 2), W, 1e-5)
    np.testing.assert_allclose(found, tensor.grad.numpy(), rtol=1e-7, atol=1e-9)


def test_the_difference_is_taken_in_float64_and_comes_back_in_the_precision_of_theta():
    found = gradient_checking.numerical_gradient(lambda t: np.sum(t**2), np.array([1.0, -3.0], np.float32))
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, [2.0, -6.0], rtol=1e-6)
    found = gradient_checking.numerical_gradient(lambda t: np.sum(t**2), np.array([1, -3]))
    assert found.dtype == np.float64
    np.testing.assert_allclose(found, [2.0, -6.0], rtol=1e-6)


def test_no_argument_is_changed_even_by_a_cost_that_changes_its_own():
    def careless(t):
        total = np.sum(t**2)
        t *= 0
        return total

    theta = np.array([1.0, -3.0])
    np.testing.assert_allclose(gradient_checking.numerical_gradient(careless, theta), [2, -6], rtol=1e-6)
    np.testing.assert_array_equal(theta, [1.0, -3.0])

    def careless_gradient(t):
        t *= 2
        return t

    assert gradient_checking.check_gradient(careless, careless_gradient, theta) < 1e-7
    np.testing.assert_array_equal(theta, [1.0, -3.0])


# The measure


@SLOW
@given(arrays)
def test_relative_difference_of_equal_flipped_and_zero(a):
    assert gradient_checking.relative_difference(a, a) == 0.0
    if a.any():
        assert gradient_checking.relative_difference(a, -a) == pytest.approx(1.0)
        assert gradient_checking.relative_difference(a, 0 * a) == pytest.approx(1.0)
        assert gradient_checking.relative_difference(a, 3 * a) == pytest.approx(0.5)
        assert gradient_checking.relative_difference(1000 * a, 3000 * a) == pytest.approx(0.5), "the size cancels"


def test_two_empty_gradients_do_not_differ():
    assert gradient_checking.relative_difference([], []) == 0.0


def test_relative_difference_is_of_norms_over_all_elements():
    a, b = np.array([[3.0, 0.0], [0.0, 4.0]]), np.array([[3.0, 0.0], [0.0, 0.0]])
    assert gradient_checking.relative_difference(a, b) == pytest.approx(4 / (5 + 3))
    assert gradient_checking.relative_difference(b, a) == pytest.approx(4 / (5 + 3))
    assert np.isnan(gradient_checking.relative_difference(a, np.full((2, 2), np.nan))), "a NaN is never good"
    assert np.isnan(gradient_checking.relative_difference(a, np.full((2, 2), np.inf)))
    assert gradient_checking.relative_difference(1e-200 * a, 1e-200 * b) == pytest.approx(4 / (5 + 3)), "squares do not vanish"


def test_check_gradient_tells_right_from_wrong():
    theta = np.array([[0.3, -0.8], [1.2, 2.0]])
    assert gradient_checking.check_gradient(lambda t: np.sum(np.sin(t)), np.cos, theta) < 1e-7
    assert gradient_checking.check_gradient(lambda t: np.sum(np.sin(t)), lambda t: -np.cos(t), theta) > 0.99
    theirs = optimize.check_grad(lambda t: np.sum(np.sin(t)), np.cos, theta.ravel())
    assert theirs < 1e-6


# Vectors


@SLOW
@given(st.dictionaries(st.text(min_size=1), arrays, min_size=1, max_size=4))
def test_a_vector_and_back(params):
    theta, shapes = gradient_checking.to_vector(params)
    assert theta.shape == (sum(value.size for value in params.values()),)
    for vector in (theta, theta[:, np.newaxis]):
        back = gradient_checking.from_vector(vector, shapes)
        assert list(back) == list(params)
        for name, value in params.items():
            np.testing.assert_array_equal(back[name], value)
            assert not np.shares_memory(back[name], vector)


def test_vectors_keep_the_order_of_the_dict_row_by_row_and_the_precision():
    params = {"b1": np.array([[5.0], [6.0]]), "W1": np.array([[1.0, 2.0], [3.0, 4.0]])}
    theta, shapes = gradient_checking.to_vector(params)
    np.testing.assert_array_equal(theta, [5, 6, 1, 2, 3, 4])
    assert shapes == {"b1": (2, 1), "W1": (2, 2)}
    half, shapes = gradient_checking.to_vector({"W1": np.ones((2, 2), np.float32)})
    assert half.dtype == gradient_checking.from_vector(half, shapes)["W1"].dtype == np.float32


# Try it on yours


def network_to_check(seed=0, layer_dims=(4, 4, 4, 1), m=6):
    rng = np.random.default_rng(seed)
    params = initialization.he(list(layer_dims), rng)
    params = {name: value if name[0] == "W" else 0.1 * rng.standard_normal(value.shape) for name, value in params.items()}
    X, Y = rng.standard_normal((layer_dims[0], m)), (rng.random((1, m)) < 0.5).astype(float)

    def J(params):
        return network.cost(network.forward(X, params)[0], Y)

    def backward(params):
        A, caches = network.forward(X, params)
        return network.backward(A, Y, caches)

    return J, backward, params, m


def diagnosed(spoil, J=None):
    """The reports on a right backward pass after `spoil(grads, params, m)` has had its way with it."""
    right_J, backward, params, m = network_to_check()
    return gradient_checking.check_parameters(J or right_J, lambda p: spoil(backward(p), p, m), params)


@pytest.mark.parametrize("seed", range(5))
def test_a_right_backward_pass_is_found_right(seed):
    J, backward, params, _ = network_to_check(seed)
    reports = gradient_checking.check_parameters(J, backward, params)
    assert list(reports) == list(params)
    for name, report in reports.items():
        assert report.verdict == "right", (name, report)
        assert report.difference < 1e-5
        assert "agrees" in report.message


SPOILT = {
    "missing": (lambda grads, p, m: {k: v for k, v in grads.items() if k != "dW2"}, "dW2"),
    "sign": (lambda grads, p, m: grads | {"dW2": -grads["dW2"]}, "minus"),
    "zero": (lambda grads, p, m: grads | {"dW2": 0 * grads["dW2"]}, "zero"),
    "factor": (lambda grads, p, m: grads | {"dW2": m * grads["dW2"]}, "6 times"),
    "transposed": (lambda grads, p, m: grads | {"dW2": grads["dW2"].T}, "transpose"),
    "other parameter": (lambda grads, p, m: grads | {"dW2": grads["dW1"]}, "gradient of W1"),
    "decay": (lambda grads, p, m: grads | {"dW2": grads["dW2"] + 0.7 / m * p["W2"]}, "L2"),
    "entries": (lambda grads, p, m: grads | {"dW2": grads["dW2"] + 0.01 * np.eye(4)[[1]].T @ np.eye(4)[[2]]}, "1 of 16"),
    "wrong": (lambda grads, p, m: grads | {"dW2": grads["dW2"] ** 2 + 1}, "16 of 16"),
    "shape": (lambda grads, p, m: grads | {"dW2": grads["dW2"][:2]}, "(2, 4)"),
    "not finite": (lambda grads, p, m: grads | {"dW2": np.where(np.eye(4) == 1, np.nan, grads["dW2"])}, "4 of 16"),
}


@pytest.mark.parametrize("verdict", SPOILT)
def test_each_mistake_gets_its_own_diagnosis_and_the_rest_stay_right(verdict):
    spoil, words = SPOILT[verdict]
    reports = diagnosed(spoil)
    assert reports["W2"].verdict == verdict, reports["W2"]
    assert words in reports["W2"].message
    assert {report.verdict for name, report in reports.items() if name != "W2"} == {"right"}


def test_the_element_that_is_wrong_is_named_with_both_values():
    def spoil(grads, p, m):
        grads["dW2"][1, 2] = 7.5
        return grads

    message = diagnosed(spoil)["W2"].message
    assert "[1, 2]" in message and "7.5" in message


def test_a_bias_gradient_that_was_not_summed_or_lost_its_axis():
    J, _, params, m = network_to_check()
    for wrong, hint in ((np.ones((4, m)), "sum it over the examples"), (np.ones(4), "keep the axis")):
        report = diagnosed(lambda grads, p, m, wrong=wrong: grads | {"db2": wrong})["b2"]
        assert report.verdict == "shape" and hint in report.message
        assert np.isnan(report.difference)


def test_a_transpose_shows_in_the_shape_where_the_matrix_is_not_square():
    J, backward, params, _ = network_to_check(layer_dims=(3, 4, 1))
    reports = gradient_checking.check_parameters(J, lambda p: {name: grad.T for name, grad in backward(p).items() if "W" in name}, params)
    assert [reports[name].verdict for name in ("W1", "W2")] == ["transposed", "transposed"]


def test_a_mean_too_many_is_told_from_one_too_few():
    assert "1/6 of" in diagnosed(lambda grads, p, m: grads | {"dW1": grads["dW1"] / m})["W1"].message
    report = diagnosed(lambda grads, p, m: grads | {"dW1": -2 * grads["dW1"]})["W1"]
    assert report.verdict == "factor" and "-2 times" in report.message


def test_a_gradient_that_should_be_zero_and_one_that_is():
    def J(params):
        return np.sum(params["w"] ** 2)

    params = {"w": np.array([1.0, 2.0]), "unused": np.array([1.0, 2.0])}
    reports = gradient_checking.check_parameters(J, lambda p: {"dw": 2 * p["w"], "dunused": 0 * p["w"]}, params)
    assert {report.verdict for report in reports.values()} == {"right"}
    reports = gradient_checking.check_parameters(J, lambda p: {"w": 2 * p["w"], "unused": p["w"]}, params)
    assert reports["w"].verdict == "right", "keys without the d will do"
    assert reports["unused"].verdict == "wrong" and "should be zero" in reports["unused"].message


def test_a_kink_is_no_mistake():
    """At 0 the slope of |w| is -1 on one side and 1 on the other; whichever is returned, nothing is wrong."""
    params = {"w": np.array([0.0, 2.0, 0.0])}
    for at_zero in (-1.0, 0.5, 1.0):
        reports = gradient_checking.check_parameters(
            lambda p: np.abs(p["w"]).sum(), lambda p, s=at_zero: {"dw": np.where(p["w"] == 0, s, np.sign(p["w"]))}, params
        )
        assert reports["w"].verdict == "kink" and "kink" in reports["w"].message
    reports = gradient_checking.check_parameters(lambda p: np.abs(p["w"]).sum(), lambda p: {"dw": np.array([0.0, -1.0, 0.0])}, params)
    assert reports["w"].verdict == "sign", "a mistake beside a kink is a mistake"


def linear(*slopes):
    """A cost whose central differences at these parameters are its slopes, but for rounding; and the parameters."""
    return lambda p: np.sum(np.array(slopes) * p["w"]), {"w": np.arange(1.0, len(slopes) + 1) / 10}


def verdict_on(J, params, gradient):
    return gradient_checking.check_parameters(J, lambda p: {"dw": np.asarray(gradient, float)}, params)["w"]


def test_a_slope_outside_both_sides_of_a_kink_is_a_mistake():
    assert verdict_on(lambda p: np.abs(p["w"]).sum(), {"w": np.zeros(2)}, [1.5, 1.5]).verdict != "kink"


def test_a_large_constant_in_the_cost_hides_neither_right_nor_wrong():
    """The cost's rounding, and with it that of its differences, grows with the cost itself."""
    w = np.random.default_rng(0).standard_normal((20, 20))
    for sign, verdict in ((1, "right"), (-1, "sign")):
        assert verdict_on(lambda p: 1e6 + np.sum(p["w"] ** 2), {"w": w}, sign * 2 * w).verdict == verdict


def test_right_ends_at_a_millionth():
    J, params = linear(1000.0, 1000.0, 1000.0, 1000.0)
    assert verdict_on(J, params, np.full(4, 1000 * (1 + 0.8e-6))).verdict == "right"
    report = verdict_on(J, params, np.full(4, 1000 * (1 + 1.5e-6)))
    assert report.verdict == "factor"


def test_an_entry_is_wrong_from_a_millionth_of_the_largest_on_and_half_of_them_are_still_entries():
    J, params = linear(1000.0, 1000.0, 1000.0, 1.0)
    report = verdict_on(J, params, [1000 * (1 + 1.5e-6), 2000.0, 1000 * (1 + 0.5e-6), 1.0])
    assert report.verdict == "entries"
    assert "2 of 4" in report.message and "the first is [0]" in report.message


def test_more_and_less_than_the_gradient_are_told_apart():
    J, params = linear(1.0, -2.0)
    assert "1.5 times" in verdict_on(J, params, [1.5, -3.0]).message
    assert "1/1.5 of" in verdict_on(J, params, [1 / 1.5, -2 / 1.5]).message


def test_a_gradient_at_right_angles_to_the_true_one_is_no_multiple_of_it():
    params = {"w": np.zeros(2)}  # where the differences are exact
    assert verdict_on(lambda p: p["w"].sum(), params, [1.0, -1.0]).verdict == "entries"


def test_a_matrix_that_is_not_square_and_its_neighbours_of_other_shapes():
    params = {"W": np.arange(6.0).reshape(2, 3), "b": np.ones(4)}

    def J(p):
        return np.sum(p["W"] ** 2) + np.sum(p["b"] ** 3)

    def report_on(dW):
        return gradient_checking.check_parameters(J, lambda p: {"dW": dW, "db": 3 * p["b"] ** 2}, params)["W"]

    spoilt = 2 * params["W"]
    spoilt[0, 1] += 1
    report = report_on(spoilt)
    assert report.verdict == "entries" and "1 of 6" in report.message and "[0, 1]" in report.message
    assert report_on(params["W"].T).verdict == "shape", "of a transpose's shape, with other numbers in it"
    report = report_on(np.ones((2, 4)))
    assert report.verdict == "shape" and report.message == "it has shape (2, 4), the parameter (2, 3)", "and no hint, as none fits"


def test_a_missing_gradient_of_a_single_number_is_missing():
    params = {"w": np.array(2.0)}
    assert gradient_checking.check_parameters(lambda p: p["w"] ** 2, lambda p: {}, params)["w"].verdict == "missing"


def test_epsilon_is_1e7_unless_told():
    def J(theta):
        return np.exp(theta).sum()

    theta = np.array([0.3, 1.7, -2.9])
    for epsilon, same in ((1e-7, True), (2e-7, False)):
        explicit = gradient_checking.numerical_gradient(J, theta, epsilon)
        assert np.array_equal(gradient_checking.numerical_gradient(J, theta), explicit) == same
        assert (gradient_checking.check_gradient(J, np.exp, theta) == gradient_checking.check_gradient(J, np.exp, theta, epsilon)) == same
        told = gradient_checking.check_parameters(lambda p: J(p["w"]), lambda p: {"w": np.exp(p["w"])}, {"w": theta}, epsilon)
        untold = gradient_checking.check_parameters(lambda p: J(p["w"]), lambda p: {"w": np.exp(p["w"])}, {"w": theta})
        assert (told == untold) == same


def test_nothing_that_the_reader_hands_over_is_changed():
    J, backward, params, _ = network_to_check()
    before = copy.deepcopy(params)

    def careless(params):
        grads = backward(params)
        for value in params.values():
            value *= 0
        return grads

    reports = gradient_checking.check_parameters(J, careless, params)
    assert {report.verdict for report in reports.values()} == {"right"}
    for name in params:
        np.testing.assert_array_equal(params[name], before[name])


def test_the_file_works_alone_with_numpy_only(tmp_path):
    """What a reader downloads: the file itself, in an empty folder, with nothing of this repository beside it."""
    source = Path(gradient_checking.__file__).read_text(encoding="utf-8")
    (tmp_path / "gradient_checking.py").write_text(source, encoding="utf-8")
    script = (
        "import sys, numpy as np\n"
        "from gradient_checking import check_parameters\n"
        "r = check_parameters(lambda p: np.sum(p['W']**2), lambda p: {'dW': -2*p['W']}, {'W': np.ones((2, 3))})\n"
        "assert not any(name.startswith('snippets') for name in sys.modules)\n"
        "print(r['W'].verdict)"
    )
    run = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert run.stdout.strip() == "sign", run.stderr


drawn = np.random.default_rng(0)


def total(params):
    return sum(value.sum() for value in params.values())


@pytest.mark.parametrize(
    ("call", "argument"),
    [
        (lambda: gradient_checking.numerical_gradient(np.sum, np.ones(2), 0), "epsilon"),
        (lambda: gradient_checking.numerical_gradient(np.sum, np.ones(2), np.nan), "epsilon"),
        (lambda: gradient_checking.numerical_gradient(np.sum, np.ones(2), np.inf), "epsilon"),
        (lambda: gradient_checking.check_parameters(total, total, {"w": np.array([1.0, np.nan])}), "params holds"),
        (lambda: gradient_checking.numerical_gradient(np.sum, np.ones((2, 0))), "theta"),
        (lambda: gradient_checking.numerical_gradient(np.sum, np.array([1.0, 1e10])), "theta holds 10000000000.0"),
        (lambda: gradient_checking.numerical_gradient(np.sum, np.array([1.0, -1e10])), "theta holds -10000000000.0"),
        (lambda: gradient_checking.numerical_gradient(np.sum, np.ones(2), 1e-16), "step of 1e-16 is lost"),
        (lambda: gradient_checking.numerical_gradient(np.sum, -np.ones(2), 1e-16), "step of 1e-16 is lost"),
        (lambda: gradient_checking.numerical_gradient(np.sum, np.array([1.0, np.nan])), "theta holds nan"),
        (lambda: gradient_checking.numerical_gradient(np.sum, np.array([np.inf])), "theta holds inf"),
        (lambda: gradient_checking.numerical_gradient(np.square, np.ones(2)), "J must return one number"),
        (lambda: gradient_checking.relative_difference(np.ones(2), np.ones((2, 1))), "a has shape"),
        (
            lambda: gradient_checking.check_gradient(np.sum, lambda t: np.ones(3), np.ones(2)),
            r"gradient returns shape \(3,\), theta has \(2,\)",
        ),
        (lambda: gradient_checking.to_vector({}), "params"),
        (lambda: gradient_checking.from_vector(np.ones(3), {"W1": (2, 2)}), "theta has 3 elements, shapes need 4"),
        (lambda: gradient_checking.from_vector(np.ones(3), {}), "theta"),
        (lambda: gradient_checking.check_parameters(lambda p: 1.0, dict, {"w": np.array([np.inf])}), "params"),
        (lambda: gradient_checking.check_parameters(lambda p: np.float32(1), dict, {"w": np.ones(1)}), "float64"),
        (lambda: gradient_checking.check_parameters(lambda p: np.ones(2), dict, {"w": np.ones(1)}), "one finite"),
        (lambda: gradient_checking.check_parameters(lambda p: np.nan, dict, {"w": np.ones(1)}), "finite"),
        (lambda: gradient_checking.check_parameters(lambda p: drawn.random(), dict, {"w": np.ones(1)}), "dropout"),
        (lambda: gradient_checking.check_parameters(lambda p: 1.0, lambda p: p["w"], {"w": np.ones(1)}), "backward"),
    ],
)
def test_bad_input_is_named(call, argument):
    with pytest.raises(ValueError, match=argument):
        call()


# What the page claims


def test_claim_the_error_is_a_v_with_slopes_minus_1_and_2_or_1():
    r = experiments.v_curve()
    for name, left, right in ("central", -1, 2), ("one_sided", -1, 1):
        assert r[f"{name}_left_low"] > left - 0.15 and r[f"{name}_left_high"] < left + 0.15
        assert r[f"{name}_right_low"] > right - 0.01 and r[f"{name}_right_high"] < right + 0.01
    assert 3e-6 <= r["central_best_epsilon"] <= 4e-5 and 1e-8 <= r["one_sided_best_epsilon"] <= 1e-7
    assert r["central_best"] < r["one_sided_best"] / 100
    assert r["central_1e5"] < r["central_1e6"] < r["central_1e7"] < 1e-7 / 5
    assert r["gain_1e4"] > 1000


def test_claim_float32_is_useless_at_1e7():
    r = experiments.v_curve()
    assert r["float32_1e7"] > 0.5 and r["float32_best"] > 1e-5 and r["float32_best_epsilon"] >= 1e-3


def test_claim_the_thresholds_part_right_from_wrong_but_for_small_mistakes():
    r = experiments.thresholds()
    assert r["right_high"] < 1e-7 < 1e-4 < r["swapped_low"] < 1e-3 < r["smallest_bug"]
    assert r["missing_m"] == pytest.approx(r["missing_m_exact"], rel=1e-6)
    assert r["sign_low"] > 0.999


def test_claim_kinks_raise_false_alarms_at_large_epsilon_only():
    r = experiments.kinks()
    assert min(r["relu"][-1], r["tanh"][-1]) > 0.5  # at 0.1, where it is the curvature
    assert r["relu_1e2"] > 0.1 and r["tanh_1e2"] == 0 and r["relu_1e7"] == 0


def test_claim_dropout_left_on_spoils_the_check():
    r = experiments.dropout_left_on()
    assert r["anew_low"] > 0.99 and r["fixed_high"] < 1e-6


def test_claim_some_mistakes_are_not_seen():
    r = experiments.unseen()
    assert r["at_0_high"] < 1e-7 and r["wrong_cost_high"] < 1e-7
    assert r["low"] > 0.05
    assert r["beside_high"] < 0.1 * experiments.thresholds()["smallest_bug"]  # the same slip, where there is no L2


def test_claim_the_cost_is_asked_for_twice_a_parameter():
    r = experiments.price()
    assert r["parameters"] == 64 * 20 + 20 + 20 + 1 and r["calls"] == 2 * r["parameters"]
