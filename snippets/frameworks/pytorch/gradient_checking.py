"""The gradient of a cost by PyTorch's autograd, in the form in which this note checks gradients."""

import torch


def gradients(J, params):
    """The gradient of J for each parameter, under dW1 for W1, in the precision of `params`.

    J takes a dict of tensors and is written in PyTorch's functions. `params` is a dict of NumPy arrays, and so is the result.
    A parameter that J does not use has a gradient of zeros.

    >>> import numpy as np
    >>> gradients(lambda p: (p["w"] ** 3).sum(), {"w": np.array([2.0, -1.0])})
    {'dw': array([12.,  3.])}
    """
    tensors = {name: torch.tensor(value, requires_grad=True) for name, value in params.items()}
    found = torch.autograd.grad(J(tensors), list(tensors.values()), materialize_grads=True)
    return {f"d{name}": gradient.numpy() for name, gradient in zip(tensors, found, strict=True)}
