"""Batch normalization as in this note, by Keras's own layer."""

import keras


def layer(momentum=0.9, epsilon=1e-5):
    """BatchNormalization for inputs (m, n): only Keras's defaults are others.

    >>> layer().momentum, layer().epsilon
    (0.9, 1e-05)
    """
    return keras.layers.BatchNormalization(momentum=momentum, epsilon=epsilon)
