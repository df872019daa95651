"""Momentum as in this note, by PyTorch's own optimizer."""

import torch


def optimizer(parameters, learning_rate=0.01, beta=0.9):
    """SGD in this note's steps: the learning rate takes in the factor 1 - beta.

    PyTorch's velocity lacks it. A learning rate that changes while you train is changed in the same proportion.

    >>> optimizer([torch.zeros(1)], learning_rate=0.5, beta=0.75).defaults["lr"]
    0.125
    """
    return torch.optim.SGD(parameters, (1 - beta) * learning_rate, momentum=beta)
