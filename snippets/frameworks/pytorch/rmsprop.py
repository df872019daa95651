"""RMSprop as in this note, by PyTorch's own optimizer."""

import torch


def optimizer(parameters, learning_rate=0.001, beta=0.9, epsilon=1e-8):
    """RMSprop; PyTorch calls beta alpha, and takes 0.99 unless you say otherwise.

    >>> optimizer([torch.zeros(1)]).defaults["alpha"]
    0.9
    """
    return torch.optim.RMSprop(parameters, learning_rate, alpha=beta, eps=epsilon)
