"""L2, decoupled weight decay and dropout as in this note, by PyTorch's own optimizers and layer."""

import torch


def gradient_descent_with_l2(weights, biases, learning_rate, lambd, m):
    """Gradient descent on the cost plus lambd / (2m) sum(W^2); not for biases.

    >>> [group["weight_decay"] for group in gradient_descent_with_l2([torch.ones(1)], [torch.ones(1)], 0.1, 0.5, 2).param_groups]
    [0.25, 0]
    """
    shrunk = {"params": weights, "weight_decay": lambd / m}
    left_alone = {"params": biases, "weight_decay": 0}
    return torch.optim.SGD([shrunk, left_alone], learning_rate)


def adam_with_decay(weights, biases, learning_rate, decay):
    """Adam; before each step weights, not biases, lose learning_rate * decay.

    >>> [group["weight_decay"] for group in adam_with_decay([torch.ones(1)], [torch.ones(1)], 0.1, 0.5).param_groups]
    [0.5, 0]
    """
    shrunk = {"params": weights, "weight_decay": decay}
    left_alone = {"params": biases, "weight_decay": 0}
    return torch.optim.AdamW([shrunk, left_alone], learning_rate)


def dropout(keep_prob):
    """Inverted dropout; PyTorch's number is the share that is dropped.

    >>> dropout(0.75).p
    0.25
    """
    return torch.nn.Dropout(p=1 - keep_prob)
