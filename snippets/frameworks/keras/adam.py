"""Adam as near to this note as Keras's own optimizer comes."""

import keras


def optimizer(learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    """Adam, but Keras adds epsilon before the correction, this note after it.

    With epsilon * sqrt(1 - beta2^t) in Keras's place at step t the two are the same. Left as it is, Keras's counts for more in
    the first steps, and for the same after a few thousand.

    >>> optimizer(epsilon=0.5).epsilon
    0.5
    """
    return keras.optimizers.Adam(learning_rate, beta1, beta2, epsilon)
