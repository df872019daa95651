"""The gradient of a cost by PyTorch's autograd, in the form in which this note checks gradients."""

import torch


def gradients(J, params):
    """The gradient of J for each parameter, called dW1 for W1.

    J takes a dict of tensors and is written in PyTorch's functions. `params` is a dict of NumPy arrays, and so is the
    result, in their precision. A parameter that J does not use has a gradient of zeros.

    >>> import numpy as np
    >>> gradients(lambda p: (p["w"] ** 3).sum(), {"w": np.array([2.0, -1.0])})
    {'dw': array([12.,  3.])}
    """
    names = list(params)
    tensors = [torch.tensor(params[name], requires_grad=True) for name in names]
    cost = J(dict(zip(names, tensors, strict=True)))
    found = torch.autograd.grad(cost, tensors, materialize_grads=True)
    return {f"d{name}": g.numpy() for name, g in zip(names, found, strict=True)}
