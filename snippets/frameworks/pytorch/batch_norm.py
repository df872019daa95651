"""Batch normalization as in this note, by PyTorch's own layer."""

import torch


def layer(n, momentum=0.9, epsilon=1e-5):
    """BatchNorm1d for inputs (m, n); PyTorch's momentum weighs the new value.

    Training and backward are this note's. The running variance is not: it averages m / (m - 1) times the batch's.

    >>> layer(3, momentum=0.75).momentum
    0.25
    """
    return torch.nn.BatchNorm1d(n, eps=epsilon, momentum=1 - momentum)
