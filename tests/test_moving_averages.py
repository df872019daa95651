"""What exponentially weighted averages promise."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.signal import lfilter

from snippets import moving_averages
from snippets.experiments import moving_averages as experiments

series = arrays(float, st.integers(1, 60), elements=st.floats(-100, 100))
betas = st.floats(0, 0.999)


@given(series, betas)
def test_the_recursion_is_the_closed_form(theta, beta):
    """v_t is the sum of (1 - beta) beta^k theta_(t-k): all weights written out in a matrix."""
    t = np.arange(len(theta))
    age = t[:, np.newaxis] - t
    weights = np.where(age >= 0, (1 - beta) * beta ** np.maximum(age, 0), 0)
    v = moving_averages.exponentially_weighted_average(theta, beta)
    assert np.allclose(v, weights @ theta, rtol=1e-10, atol=1e-9)


def test_the_weights_by_hand():
    """An impulse on the first day shows every weight in turn: 0.1, 0.1 * 0.9, 0.1 * 0.9^2."""
    v = moving_averages.exponentially_weighted_average(np.array([1.0, 0.0, 0.0]), 0.9)
    assert np.allclose(v, [0.1, 0.09, 0.081], rtol=1e-12)


def test_the_first_day_by_hand():
    v = moving_averages.exponentially_weighted_average(np.array([40.0, 50.0]), 0.98)
    assert np.allclose(v, [0.02 * 40, 0.98 * 0.02 * 40 + 0.02 * 50], rtol=1e-12)


@given(series, betas)
def test_uncorrected_is_scipys_filter(theta, beta):
    assert np.allclose(moving_averages.exponentially_weighted_average(theta, beta), lfilter([1 - beta], [1, -beta], theta), atol=1e-9)


@given(series, st.floats(0.001, 0.999))
def test_corrected_is_pandas_adjusted_mean(theta, beta):
    corrected = moving_averages.exponentially_weighted_average(theta, beta, bias_correction=True)
    assert np.allclose(corrected, pd.Series(theta).ewm(alpha=1 - beta, adjust=True).mean(), rtol=1e-9, atol=1e-9)


@given(series, st.floats(0.001, 0.999))
def test_pandas_unadjusted_mean_starts_at_the_first_day_instead_of_zero(theta, beta):
    """The third convention: v_1 = theta_1. It differs from ours by beta^t theta_1, and is neither of our two."""
    ours = moving_averages.exponentially_weighted_average(theta, beta)
    t = np.arange(1, len(theta) + 1)
    assert np.allclose(ours + beta**t * theta[0], pd.Series(theta).ewm(alpha=1 - beta, adjust=False).mean(), atol=1e-9)


@given(st.floats(-100, 100), st.floats(0, 0.99), st.integers(1, 50))
def test_of_a_constant_series_the_corrected_average_is_the_constant(value, beta, days):
    theta = np.full(days, value)
    assert np.allclose(moving_averages.exponentially_weighted_average(theta, beta, bias_correction=True), value)
    t = np.arange(1, days + 1)
    assert np.allclose(moving_averages.exponentially_weighted_average(theta, beta), (1 - beta**t) * value)


@given(series, betas)
def test_the_corrected_average_stays_between_the_values_so_far(theta, beta):
    v = moving_averages.exponentially_weighted_average(theta, beta, bias_correction=True)
    assert np.all(v <= np.maximum.accumulate(theta) + 1e-9) and np.all(v >= np.minimum.accumulate(theta) - 1e-9)


def test_the_correction_fades():
    theta = np.random.default_rng(0).standard_normal(1000)
    plain, corrected = (moving_averages.exponentially_weighted_average(theta, 0.98, bias_correction=c) for c in (False, True))
    assert np.allclose(plain[-1], corrected[-1], rtol=1e-8)
    assert abs(corrected[0]) == pytest.approx(50 * abs(plain[0]))


def test_beta_zero_remembers_nothing():
    theta = np.array([3.0, -1.0, 2.0])
    for correction in (False, True):
        assert np.array_equal(moving_averages.exponentially_weighted_average(theta, 0, correction), theta)


def test_along_the_last_axis_and_nothing_is_changed():
    theta = np.random.default_rng(0).standard_normal((2, 3, 8))
    before = theta.copy()
    v = moving_averages.exponentially_weighted_average(theta, 0.9, bias_correction=True)
    assert v.shape == (2, 3, 8) and np.array_equal(theta, before)
    assert np.array_equal(v[1, 2], moving_averages.exponentially_weighted_average(theta[1, 2], 0.9, bias_correction=True))


def test_types():
    for given_type, expected in ((np.float32, np.float32), (np.float64, np.float64), (int, np.float64)):
        v = moving_averages.exponentially_weighted_average(np.array([1, 2, 3]).astype(given_type), 0.9)
        assert v.dtype == expected
    assert np.allclose(moving_averages.exponentially_weighted_average([10, 20], 0.5), [5, 12.5])


def test_one_day_and_a_nan():
    assert moving_averages.exponentially_weighted_average(np.array([5.0]), 0.9, bias_correction=True) == pytest.approx(5)
    v = moving_averages.exponentially_weighted_average(np.array([1.0, np.nan, 1.0]), 0.9)
    assert list(np.isnan(v)) == [False, True, True]


@pytest.mark.parametrize("theta", [np.float64(3), np.zeros(0), np.zeros((2, 0))])
def test_a_series_without_a_day_is_refused(theta):
    with pytest.raises(ValueError, match="^theta: "):
        moving_averages.exponentially_weighted_average(theta, 0.9)


@pytest.mark.parametrize("beta", [-0.1, 1, 1.5, np.nan])
def test_a_beta_out_of_range_is_refused(beta):
    with pytest.raises(ValueError, match="^beta: "):
        moving_averages.exponentially_weighted_average(np.ones(3), beta)
    for betas in beta, np.array([0.5, beta]):
        with pytest.raises(ValueError, match="^beta: "):
            moving_averages.window(betas)


def test_the_window():
    assert [moving_averages.window(beta) for beta in (0.5, 0.9, 0.98)] == pytest.approx([2, 10, 50])
    assert moving_averages.window(np.array([0.0, 0.999])) == pytest.approx([1, 1000])


def test_the_weight_one_window_ago_is_about_one_over_e():
    for beta in (0.9, 0.98, 0.999):
        days = moving_averages.window(beta)
        assert beta**days == pytest.approx(np.exp(-1), rel=0.06)


def test_the_window_is_the_sum_of_the_weights_over_the_newest():
    weights = 0.98 ** np.arange(5000)
    assert moving_averages.window(0.98) == pytest.approx(weights.sum() / weights[0])


# The page's claims


def test_claim_the_series_is_real_and_whole():
    result = experiments.temperatures()
    assert result["days"] == 731
    assert result["theta"][[0, -1]].tolist() == [12.8, 8.3]
    assert -10 < result["low"] < result["high"] < 45


def test_claim_larger_beta_is_smoother_and_later():
    result = experiments.temperatures()
    rough = [result[f"rough{name}"] for name in ("50", "90", "98")]
    late = [result[f"late{name}"] for name in ("50", "90", "98")]
    assert 1 > rough[0] > rough[1] > rough[2] > 0
    assert late[0] < late[1] < late[2]
    for name in ("50", "90", "98"):
        assert result[f"late{name}"] == pytest.approx(result[f"expected{name}"], rel=0.05)


def test_claim_what_the_window_holds():
    result = experiments.weights()
    for name, beta in (("50", 0.5), ("90", 0.9), ("98", 0.98)):
        assert result[f"sum{name}"] == pytest.approx(1)
        assert result[f"share{name}"] == pytest.approx(1 - beta ** round(1 / (1 - beta)))
        assert result[f"age{name}"] == pytest.approx(beta / (1 - beta))
        assert result[f"equal{name}"] == pytest.approx((1 + beta) / (1 - beta))
        assert beta ** result[f"half{name}"] == pytest.approx(0.5)
    assert result["share90"] == pytest.approx(0.65, abs=0.005)
    assert result["left90"] == pytest.approx(0.349, abs=0.001)
    assert result["wrong_sum"] == pytest.approx(10)


def test_claim_the_noise_that_is_left():
    result = experiments.noise()
    assert result["seeds"] >= 20
    for name in ("50", "90", "98"):
        assert result[f"left{name}"] == pytest.approx(result[f"expected{name}"], rel=0.05)
        assert result[f"left{name}"] < 0.9 * result[f"plain{name}"]


def test_claim_the_correction_is_felt_at_the_start():
    result = experiments.start()
    assert result["first_plain"] == pytest.approx(0.02 * result["first_theta"])
    assert result["first_corrected"] == pytest.approx(result["first_theta"])
    assert (result["day_half"], result["day_99"]) == (35, 228)
    assert result["off_plain"] > 10 * result["off_corrected"]
    assert result["last_gap"] < 1e-4
