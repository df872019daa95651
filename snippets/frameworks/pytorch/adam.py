"""Adam as in this note, by PyTorch's own optimizer."""

import torch


def optimizer(parameters, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    """Adam: PyTorch's steps and defaults are this note's.

    >>> optimizer([torch.zeros(1)]).defaults["betas"]
    (0.9, 0.999)
    """
    return torch.optim.Adam(parameters, lr=learning_rate, betas=(beta1, beta2), eps=epsilon)
