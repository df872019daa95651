"""RMSprop as near to this note as Keras's own optimizer comes."""

import keras


def optimizer(learning_rate=0.001, beta=0.9, epsilon=1e-8):
    """RMSprop that divides by sqrt(s + epsilon^2), this note by sqrt(s) + epsilon.

    Keras puts its epsilon below the root. Squared, it agrees where s is 0 and where s is large, and no step is ever more
    than sqrt(2) times as long as this note's.

    >>> optimizer(epsilon=0.5).epsilon
    0.25
    """
    return keras.optimizers.RMSprop(learning_rate, rho=beta, epsilon=epsilon**2)
