"""A topic."""

import numpy as np

FACTOR = 3


class Walker:
    """Walks."""

    def walk(self):
        return 1


def step(x):
    """Take a step.

    Nothing more is said of it here.
    """
    return np.asarray(x) * FACTOR


def stretch(x, by=1.5):
    return np.asarray(x) * by
