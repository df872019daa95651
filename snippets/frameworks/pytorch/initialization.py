"""First weights as in this note, by PyTorch's own functions. They write into a layer that is there."""

import torch


def he(linear):
    """Normal weights of variance 2 / n_in, biases zero.

    >>> he(torch.nn.Linear(3, 2)).bias.tolist()
    [0.0, 0.0]
    """
    torch.nn.init.kaiming_normal_(linear.weight, nonlinearity="relu")
    torch.nn.init.zeros_(linear.bias)
    return linear


def xavier(linear):
    """Normal weights of variance 2 / (n_in + n_out), biases zero.

    >>> xavier(torch.nn.Linear(3, 2)).bias.tolist()
    [0.0, 0.0]
    """
    torch.nn.init.xavier_normal_(linear.weight)
    torch.nn.init.zeros_(linear.bias)
    return linear


def lecun(linear):
    """Normal weights of variance 1 / n_in, biases zero: PyTorch has it as the gain of no activation at all.

    >>> lecun(torch.nn.Linear(3, 2)).bias.tolist()
    [0.0, 0.0]
    """
    torch.nn.init.kaiming_normal_(linear.weight, nonlinearity="linear")
    torch.nn.init.zeros_(linear.bias)
    return linear
