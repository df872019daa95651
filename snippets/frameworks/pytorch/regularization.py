"""L2, decoupled weight decay and dropout as in this note, by PyTorch's own optimizers and layer."""

import torch


def gradient_descent_with_l2(weights, biases, learning_rate, lambd, m):
    """Gradient descent on the cost plus lambd / (2m) times the sum of the squared weights; biases are left out.

    >>> [group["weight_decay"] for group in gradient_descent_with_l2([torch.ones(1)], [torch.ones(1)], 0.1, 0.5, 2).param_groups]
    [0.25, 0]
    """
    groups = [{"params": weights, "weight_decay": lambd / m}, {"params": biases, "weight_decay": 0}]
    return torch.optim.SGD(groups, lr=learning_rate)


def adam_with_decay(weights, biases, learning_rate, decay):
    """Adam on weights that are shrunk by learning_rate times decay before each step; biases are not shrunk.

    >>> [group["weight_decay"] for group in adam_with_decay([torch.ones(1)], [torch.ones(1)], 0.1, 0.5).param_groups]
    [0.5, 0]
    """
    groups = [{"params": weights, "weight_decay": decay}, {"params": biases, "weight_decay": 0}]
    return torch.optim.AdamW(groups, lr=learning_rate)


def dropout(keep_prob):
    """Inverted dropout; PyTorch's number is the share that is dropped.

    >>> dropout(0.75).p
    0.25
    """
    return torch.nn.Dropout(p=1 - keep_prob)
