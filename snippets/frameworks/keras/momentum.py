"""Momentum as in this note, by Keras's own optimizer."""

import keras


def optimizer(learning_rate=0.01, beta=0.9):
    """SGD that takes this note's steps as long as the learning rate stays: Keras's velocity has the rate in it, and no 1 - beta.

    >>> round(float(optimizer(learning_rate=0.5, beta=0.75).learning_rate.numpy()), 6)
    0.125
    """
    return keras.optimizers.SGD(learning_rate=(1 - beta) * learning_rate, momentum=beta)
