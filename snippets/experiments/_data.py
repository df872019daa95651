"""The data that experiments run on: real digits for training, small shapes for pictures."""

import functools

import numpy as np
from sklearn.datasets import load_digits, make_circles, make_moons


@functools.cache  # every seed of every experiment asks, and each time a file would be unpacked
def _images() -> tuple[np.ndarray, np.ndarray]:
    return load_digits(return_X_y=True)


def digits(seed: int = 0, dev: int = 397) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """1,797 real handwritten digits, 8 x 8 pixels in 0 to 1; the label is 1 where the digit is odd.

    Returns X (64, m), Y (1, m) for training and the same for dev, split by a seeded permutation.
    From the UCI machine learning repository, as scikit-learn ships them.
    """
    images, labels = _images()
    order = np.random.default_rng(seed).permutation(len(labels))
    X, Y = images[order].T / 16.0, (labels[order] % 2)[np.newaxis].astype(float)
    return X[:, dev:], Y[:, dev:], X[:, :dev], Y[:, :dev]


def moons(m: int = 300, noise: float = 0.2, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Two interleaved half circles, simulated: X (2, m), Y (1, m)."""
    points, labels = make_moons(m, noise=noise, random_state=seed)
    return points.T, labels[np.newaxis].astype(float)


def circles(m: int = 300, noise: float = 0.05, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """A ring around a disc's rim, simulated: X (2, m), Y (1, m)."""
    points, labels = make_circles(m, noise=noise, factor=0.7, random_state=seed)
    return points.T, labels[np.newaxis].astype(float)
