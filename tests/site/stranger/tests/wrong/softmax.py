"""Softmax, wrong: each is put in the right one's place, and the test it names must fail."""

import numpy as np

from tests.wrong._registry import wrong


@wrong(of="forward", killed_by="test_it_is_that_of_scipy")
def over_the_examples(z):
    """The shares of the examples for those of the classes."""
    e = np.exp(z - np.max(z))
    return e / e.sum(axis=1, keepdims=True)
