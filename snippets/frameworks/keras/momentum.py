"""Momentum as in this note, by Keras's own optimizer."""

import keras


def optimizer(learning_rate=0.01, beta=0.9):
    """SGD in this note's steps, as long as the learning rate stays the same.

    Keras's velocity has the rate in it, and no factor 1 - beta.

    >>> round(float(optimizer(learning_rate=0.5, beta=0.75).learning_rate.numpy()), 6)
    0.125
    """
    return keras.optimizers.SGD((1 - beta) * learning_rate, momentum=beta)
