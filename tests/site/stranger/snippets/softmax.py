"""Softmax: scores become shares that add up to one."""

import numpy as np


def forward(z):
    """The share of each class: e to its score, divided by the sum over the classes.

    z: (n, m), the scores of n classes for m examples. Returns (n, m); each column adds up to one. The largest score is taken off
    first, which changes no share and lets no score overflow. Raises ValueError where z has not two axes or no class.

    >>> from snippets import softmax
    >>> softmax.forward(np.log([[1.0], [3.0]])).round(12).tolist()
    [[0.25], [0.75]]
    >>> softmax.forward(np.array([[1000.0], [1000.0]])).tolist()
    [[0.5], [0.5]]
    """
    z = np.asarray(z)
    if z.ndim != 2 or not len(z):
        raise ValueError("z: must have the shape (n, m), with a class at least")
    e = np.exp(z - z.max(axis=0))
    return e / e.sum(axis=0)
