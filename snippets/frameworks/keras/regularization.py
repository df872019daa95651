"""L2, decoupled weight decay and dropout as in this note, by Keras's own."""

import keras


def l2(lambd, m):
    """What to pass as `kernel_regularizer`. Keras has no half in its penalty.

    >>> float(l2(lambd=0.5, m=2)(keras.ops.ones((2, 2))))
    0.5
    """
    return keras.regularizers.L2(lambd / (2 * m))


def adam_with_decay(biases, learning_rate, decay):
    """Adam; before each step weights, not biases, lose learning_rate * decay.

    Call it when the layers are built. Keras knows the biases by their names, so it wants all that are not to be shrunk.

    >>> adam_with_decay([], learning_rate=0.1, decay=0.5).weight_decay
    0.5
    """
    optimizer = keras.optimizers.AdamW(learning_rate, decay, epsilon=1e-8)
    optimizer.exclude_from_weight_decay(var_list=biases)
    return optimizer


def dropout(keep_prob):
    """Inverted dropout; Keras's number is the share that is dropped.

    >>> dropout(0.75).rate
    0.25
    """
    return keras.layers.Dropout(rate=1 - keep_prob)
