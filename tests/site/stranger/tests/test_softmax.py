"""What softmax promises."""

import numpy as np
import pytest
from scipy import special

from snippets import softmax
from snippets.experiments import softmax as experiments


def test_it_is_that_of_scipy():
    z = np.random.default_rng(0).normal(scale=5, size=(4, 7))
    np.testing.assert_allclose(softmax.forward(z), special.softmax(z, axis=0), rtol=1e-13)


def test_a_large_score_does_not_overflow():
    np.testing.assert_array_equal(softmax.forward([[1e4, 5.0], [0.0, 5.0]]), [[1, 0.5], [0, 0.5]])


@pytest.mark.parametrize("wrong", [[], [1.0, 2.0], np.zeros((0, 3)), np.zeros((2, 3, 4))])
def test_what_is_no_table_of_scores_is_refused(wrong):
    with pytest.raises(ValueError, match=r"z: must have the shape \(n, m\), with a class at least"):
        softmax.forward(wrong)


def test_no_example_has_no_share():
    assert softmax.forward(np.zeros((3, 0))).shape == (3, 0)


def test_larger_scores_are_surer():
    result = experiments.confidence()
    assert (np.diff(result["mean"]) > 0).all()
    assert result["low"][-1] > 0.9
