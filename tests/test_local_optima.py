"""What critical points and the two surfaces promise."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.optimize import approx_fprime

from snippets import local_optima
from snippets.experiments import local_optima as experiments
from tests.oracles import needs_torch, torch

points = arrays(float, 2, elements=st.floats(-5, 5))


def turned(eigenvalues, seed=0):
    """A symmetric matrix with these eigenvalues and axes that point anywhere."""
    Q = np.linalg.qr(np.random.default_rng(seed).standard_normal((len(eigenvalues), len(eigenvalues))))[0]
    H = Q @ np.diag(eigenvalues) @ Q.T
    return (H + H.T) / 2


def sylvester(H):
    """The kind of a critical point by the signs of its leading minors: another way than eigenvalues."""
    minors = np.array([np.linalg.det(H[:k, :k]) for k in range(1, len(H) + 1)])
    if (minors > 0).all():
        return "minimum"
    if (minors * (-1) ** np.arange(1, len(H) + 1) > 0).all():
        return "maximum"
    return "saddle"


@pytest.mark.parametrize("n", [1, 2, 3, 6])
def test_signs_of_leading_minors_agree(n):
    for seed in range(50):
        A = np.random.default_rng(seed).standard_normal((n, n))
        for H in ((A + A.T) / 2, A @ A.T, -A @ A.T):
            assert local_optima.critical_point(H) == sylvester(H)


def test_the_kinds_by_hand():
    kinds = {
        "minimum": [[2.0], [2.0, 5.0], [1e-6, 1.0, 3.0]],
        "maximum": [[-2.0], [-2.0, -5.0], [-1.0, -1.0, -4.0, -0.1]],
        "saddle": [[2.0, -5.0], [5.0, -2.0], [3.0, 0.0, -1.0], [4.0, 4.0, 4.0, -1e-3]],
        "degenerate": [[0.0], [0.0, 0.0], [3.0, 0.0], [0.0, -3.0], [1.0, 1e-10]],
    }
    for kind, cases in kinds.items():
        for eigenvalues in cases:
            assert local_optima.critical_point(np.diag(eigenvalues)) == kind, eigenvalues
            assert local_optima.critical_point(turned(eigenvalues)) == kind, eigenvalues


@given(st.sampled_from([1e-300, 1e-12, 1e12, 1e150]), st.integers(0, 20))
def test_the_kind_does_not_depend_on_the_scale_and_turns_with_the_sign(scale, seed):
    A = np.random.default_rng(seed).standard_normal((3, 3))
    H = (A + A.T) / 2
    kind = local_optima.critical_point(H)
    assert local_optima.critical_point(scale * H) == kind
    assert local_optima.critical_point(-H) == {"minimum": "maximum", "maximum": "minimum"}.get(kind, kind)


def test_an_eigenvalue_at_most_a_billionth_of_the_largest_counts_as_zero():
    kinds = {"minimum": [1.0, 1.1e-9], "maximum": [-1.0, -1.1e-9], "saddle": [1.0, -1.1e-9]}
    for kind, eigenvalues in kinds.items():
        assert local_optima.critical_point(np.diag(eigenvalues)) == kind
    for eigenvalues in [1.0, 1e-9], [1.0, -1e-9], [-1.0, 1e-9]:
        assert local_optima.critical_point(np.diag(eigenvalues)) == "degenerate"


@pytest.mark.parametrize("scale", [1e-12, 1.0, 1e12])
def test_rounding_beside_a_zero_is_no_asymmetry_and_a_small_matrix_may_be_asymmetric(scale):
    assert local_optima.critical_point(scale * np.array([[2.0, 1e-10], [0.0, 1.0]])) == "minimum"
    with pytest.raises(ValueError, match="^hessian: must be symmetric"):
        local_optima.critical_point(scale * np.array([[2.0, 1e-3], [0.0, 1.0]]))


def test_a_matrix_of_crossed_signs_is_a_saddle_though_its_diagonal_is_positive():
    assert local_optima.critical_point(np.array([[1.0, 2.0], [2.0, 1.0]])) == "saddle"


def test_float32_and_the_argument_is_not_changed():
    H = np.array([[2.0, 1.0], [1.0, -3.0]], np.float32)
    before = H.copy()
    assert local_optima.critical_point(H) == "saddle"
    assert np.array_equal(H, before)


@pytest.mark.parametrize(
    "hessian",
    [
        np.zeros((0, 0)),
        np.zeros(3),
        1.0,
        np.zeros((2, 3)),
        np.array([[1.0, 2.0], [0.0, 1.0]]),
        np.array([[np.nan, 0.0], [0.0, 1.0]]),
        np.array([[np.inf, 0.0], [0.0, 1.0]]),
    ],
)
def test_what_is_no_hessian_is_refused(hessian):
    with pytest.raises(ValueError, match="^hessian: "):
        local_optima.critical_point(hessian)


def test_neither_size_nor_type_of_the_numbers_changes_the_kind():
    for scale in 1e308, 1.0, 1e-320:
        assert local_optima.critical_point(scale * np.array([[1.0, 1.5], [1.5, 0.0]])) == "saddle"  # eigenvalues 2.08 and -1.08
    assert local_optima.critical_point(np.zeros((2, 2))) == "degenerate"
    for small in np.int8, np.float16, bool:
        assert local_optima.critical_point(np.eye(2, dtype=small)) == "minimum"
    assert local_optima.critical_point([[2.0, 0.0], [0.0, -1.0]]) == "saddle"


def test_what_stands_beside_the_diagonal_decides_how_rare_minima_are():
    """The exercise: one in a hundred by the triangle, three by the mean; with normals it is the same; a shift makes them common."""
    rng, count = np.random.default_rng(0), 4000

    def share(matrices):
        return np.mean([local_optima.critical_point(A) == "minimum" for A in matrices])

    for draws in rng.uniform(-1, 1, (count, 3, 3)), rng.standard_normal((count, 3, 3)):
        triangle, mean = np.triu(draws) + np.triu(draws, 1).swapaxes(1, 2), (draws + draws.swapaxes(1, 2)) / 2
        assert 0.005 < share(triangle) < 0.015 < 0.02 < share(mean) < 0.04
        if np.abs(draws).max() < 1:
            assert share(triangle + 2 * np.eye(3)) > 0.9 and share(mean + 2 * np.eye(3)) > 0.9


# The surfaces


@given(points)
def test_the_saddle_is_its_formula(w):
    value, gradient = local_optima.saddle(w)
    assert value == pytest.approx((w[0] - w[1]) * (w[0] + w[1]), abs=1e-9)
    assert np.allclose(gradient, [2 * w[0], -2 * w[1]])


@given(points)
def test_the_plateau_is_its_formula(w):
    value, gradient = local_optima.plateau(w)
    assert value == pytest.approx(1 - 1 / (1 + w[0] * w[0]) + 0.5 * w[1] * w[1])
    assert np.allclose(gradient, [2 * w[0] / (1 + w[0] * w[0]) / (1 + w[0] * w[0]), w[1]])


@given(points)
def test_the_gradients_are_those_of_the_values(w):
    for surface in (local_optima.saddle, local_optima.plateau):
        numerical = [(surface(w + nudge)[0] - surface(w - nudge)[0]) / 2e-6 for nudge in (np.array([1e-6, 0]), np.array([0, 1e-6]))]
        assert np.allclose(surface(w)[1], numerical, atol=1e-7)


@needs_torch
@pytest.mark.parametrize("name", ["saddle", "plateau"])
def test_the_gradients_are_torchs(name):
    formulas = {"saddle": lambda w: w[0] ** 2 - w[1] ** 2, "plateau": lambda w: w[0] ** 2 / (1 + w[0] ** 2) + w[1] ** 2 / 2}
    W = np.random.default_rng(0).standard_normal((2, 50)) * 10
    w = torch.tensor(W, requires_grad=True)
    values = formulas[name](w)
    values.sum().backward()
    value, gradient = getattr(local_optima, name)(W)
    assert np.allclose(value, values.detach().numpy(), rtol=1e-12)
    assert np.allclose(gradient, w.grad.numpy(), rtol=1e-10)


def test_the_middle_of_the_saddle_is_one_and_the_floor_of_the_plateau_a_minimum():
    for name, kind in (("saddle", "saddle"), ("plateau", "minimum")):
        surface = getattr(local_optima, name)
        value, gradient = surface(np.zeros(2))
        assert value == 0 and not gradient.any()
        hessian = np.array([approx_fprime(np.zeros(2), lambda w: surface(w)[1][k], 1e-6) for k in range(2)])
        assert local_optima.critical_point((hessian + hessian.T) / 2) == kind


def test_the_plateau_is_flat_far_out_and_steep_in_its_valley():
    slopes = {w1: abs(local_optima.plateau(np.array([w1, 0.0]))[1][0]) for w1 in (0.577, 10.0, 100.0)}
    assert slopes[10.0] == pytest.approx(0.00196, rel=1e-3)
    assert slopes[0.577] > 300 * slopes[10.0] > 1e5 * slopes[100.0] > 0


def test_many_points_at_once():
    W = np.random.default_rng(0).standard_normal((2, 7))
    for surface in (local_optima.saddle, local_optima.plateau):
        values, gradients = surface(W)
        assert values.shape == (7,) and gradients.shape == (2, 7)
        for k in range(7):
            value, gradient = surface(W[:, k])
            assert isinstance(value, float) and gradient.shape == (2,)
            assert values[k] == value and np.array_equal(gradients[:, k], gradient)


def test_surfaces_take_whole_numbers_and_lists_for_floats():
    for surface in (local_optima.saddle, local_optima.plateau):
        value, gradient = surface(np.array([100.0, 50.0]))
        for w in np.array([100, 50], np.int8), np.array([100, 50], np.uint8), [100, 50]:
            assert surface(w)[0] == value
            assert np.array_equal(surface(w)[1], gradient)


def test_surfaces_keep_float32_and_nan_and_change_nothing():
    for surface in (local_optima.saddle, local_optima.plateau):
        w = np.array([[1.0, np.nan], [2.0, 1.0]], np.float32)
        before = w.copy()
        value, gradient = surface(w)
        assert value.dtype == gradient.dtype == np.float32
        assert np.isnan(value).tolist() == [False, True]
        assert np.array_equal(w, before, equal_nan=True)


@pytest.mark.parametrize("w", [np.zeros(3), np.zeros((3, 2)), np.zeros((2, 2, 2)), np.float64(1), np.zeros(0)])
def test_points_of_another_shape_are_refused(w):
    for surface in (local_optima.saddle, local_optima.plateau):
        with pytest.raises(ValueError, match="^w: "):
            surface(w)


# The page's claims


def test_claim_the_surfaces_drawn():
    result = experiments.surfaces()
    assert result["minimum"].min() == 0 == result["maximum"].max()
    assert result["saddle"].min() == -result["saddle"].max() < 0
    assert 0.99 < result["plateau"][16].max() < 1 and result["plateau"][16].min() == 0


def test_claim_minima_among_random_matrices():
    result = experiments.random_matrices()
    assert result["seeds"] >= 20
    assert result["minima"][:3] == pytest.approx(result["exact"], abs=0.002)
    assert np.all(np.diff(np.log(result["minima"])) < -1)  # each dimension costs a factor of more than e ...
    assert np.all(np.diff(np.log(result["minima"]), 2)[:3] < 0)  # ... and the factors grow
    assert result["saddles"][-1] > 0.999


def test_claim_bad_minima_exist_and_two_more_units_take_them_away():
    result = experiments.teacher_and_student()
    assert result["seeds"] >= 20
    assert result["bad"][0] == 0
    assert result["bad"][-1] > 0.4 > result["bad"][2] > 0
    assert result["minima"] == result["checked"] > 20
    assert np.all(result["extra"] == 0)
    assert np.all(result["cost"][2:] > 0.01)


def test_the_teachers_cost_is_that_of_samples():
    rng = np.random.default_rng(0)
    W, V, X = rng.standard_normal((5, 4)), np.eye(4), rng.standard_normal((4, 200_000))
    sampled = np.mean((np.maximum(W @ X, 0).sum(axis=0) - np.maximum(V @ X, 0).sum(axis=0)) ** 2) / 2
    value, gradient = experiments._teacher(W, V)
    assert value == pytest.approx(sampled, rel=0.02)
    numerical = approx_fprime(W.ravel(), lambda w: experiments._teacher(w.reshape(5, 4), V)[0], 1e-7)
    assert np.allclose(gradient.ravel(), numerical, atol=1e-5)
    assert np.allclose(experiments._slope(W, V), gradient, atol=1e-14)
    many = rng.standard_normal((3, 6, 4))
    assert np.allclose(experiments._slope(many, V), experiments._teacher(many, V)[1], atol=1e-14)


def test_claim_on_the_plateau():
    result = experiments.plateau()
    assert result["seeds"] >= 20
    descent, momentum, rmsprop, adam = result["median"]
    assert descent[3] > 10 * descent[2] > 100 * descent[1] / 10  # with the fourth power of the distance
    assert descent[3] / descent[2] == pytest.approx(16, rel=0.3)
    assert descent[2] > momentum[2] > rmsprop[2] > adam[2]
    assert descent[3] > 4 * momentum[3] > 20 * rmsprop[3] and result["share"][3] > 100
    assert descent[0] < min(momentum[0], rmsprop[0], adam[0])  # from nearby gradient descent is first
    assert np.all(result["high"] <= result["most"])


def test_claim_adam_is_thrown_out_of_the_valley():
    result = experiments.thrown_out()
    assert result["seeds"] >= 20 and result["thrown"] == result["seeds"]
    assert result["before"] < 1e-20 < 0.01 < result["low"]
    assert result["decayed_high"] < 1e-3


def test_claim_the_checklist():
    result = experiments.checklist()
    assert result["seeds"] >= 20
    assert result["batches_better"] == result["adam_better"] == result["rate_better"] == result["all_better"] == 20
    assert result["batches_gain"] > 10 and result["batches_gain_low"] > 5 and result["all_gain_low"] > 10
    assert result["adam_default_better"] == 0 and result["adam_default_gain"] < 0.5
    assert 10 <= result["start_better"] <= 18 and result["start_gain"] < 1.5  # here the start alone does little
    assert result["base_high"] <= result["most"]


def test_claim_on_the_students_surface_the_high_critical_points_are_saddles():
    result = experiments.critical_points()
    assert result["found"] >= 30 and result["saddles"] > result["minima"] > 0
    assert result["minima"] + result["saddles"] == result["found"]
    assert result["correlation"] > 0.5
    assert result["heights"] < result["found"]  # some were found more than once
    assert result["costs"][result["minimum"]].max() < 1e-12 < 0.01 < result["costs"][~result["minimum"]].min()


def test_claim_off_the_saddle():
    result = experiments.saddle_escape()
    assert result["seeds"] >= 20
    assert result["ridge"] < 1e-12  # on the ridge itself, gradient descent goes to the saddle and stays
    assert result["each_ten"] == pytest.approx(np.log(10) / np.log(1.2), abs=0.3)  # every ten times nearer costs as many steps again
    assert result["descent"][0] > 2 * result["descent"][-2]
    for name in ("rmsprop", "adam"):
        assert result[f"{name}_high"].max() < 60 < result["descent"][6]
