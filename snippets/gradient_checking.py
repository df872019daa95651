"""Gradient checking: hold a backward pass against differences of the cost that it claims to differentiate.

This file needs NumPy only and nothing else of this repository: put it beside your own code and call `check_parameters`.
"""

from typing import NamedTuple

import numpy as np


def numerical_gradient(J, theta, epsilon=1e-7):
    """The gradient of J at theta by central differences, two calls of J for each element.

    `J` takes an array of the shape of `theta` and returns one number; `theta` has any shape, the result has the same.
    The difference is taken in float64, whatever `theta` is. `epsilon` > 0.

    Raises ValueError where `epsilon` is not above 0, `theta` is empty, not finite or so large that epsilon is lost in
    it, or `J` returns more than one number.
    Source: Nocedal and Wright, Numerical Optimization, section 8.1.

    >>> import numpy as np
    >>> from snippets import gradient_checking
    >>> theta = np.array([3.0, -1.0])
    >>> gradient_checking.numerical_gradient(lambda t: t[0] ** 2 * t[1], theta).round(4)
    array([-6.,  9.])
    >>> gradient_checking.numerical_gradient(lambda t: t[0] ** 2 * t[1], theta.astype("float32")).round(4)
    array([-6.,  9.], dtype=float32)
    """
    theta = np.asarray(theta)
    if not 0 < epsilon < np.inf:
        raise ValueError(f"epsilon must be above 0 and finite, not {epsilon}")
    if theta.size == 0:
        raise ValueError(f"theta has shape {theta.shape}: there is nothing to differentiate by")
    gradient = np.empty(theta.shape)
    for i in np.ndindex(theta.shape):
        plus, minus = theta.astype(float), theta.astype(float)
        plus[i] += epsilon
        minus[i] -= epsilon
        if not minus[i] < theta[i] < plus[i]:
            raise ValueError(f"theta holds {theta[i]}: not finite, or so large that a step of {epsilon} is lost")
        rise = np.asarray(J(plus)) - np.asarray(J(minus))
        if rise.size != 1:
            raise ValueError(f"J must return one number, not an array of shape {rise.shape}")
        gradient[i] = rise.item() / (2 * epsilon)
    return gradient.astype(theta.dtype) if theta.dtype.kind == "f" else gradient


def relative_difference(a, b):
    """How far apart two gradients are for their size: |a - b| / (|a| + |b|), from 0 to 1.

    `a` and `b` have one shape, any; the norm is the Euclidean one over all elements. Two gradients of zeros are 0.0
    apart. 1.0 is what a flipped sign gives, and zeros against anything. NaN and infinity give NaN.

    Raises ValueError where the shapes differ.
    Source: the course; with a maximum for the sum it is the measure of the CS231n notes on gradient checks.

    >>> from snippets import gradient_checking
    >>> gradient_checking.relative_difference([3.0, 4.0], [3.0, -4.0]), gradient_checking.relative_difference([0.0], [0.0])
    (0.8, 0.0)
    """
    a, b = np.asarray(a, float), np.asarray(b, float)
    if a.shape != b.shape:
        raise ValueError(f"a has shape {a.shape}, b {b.shape}: they must be the same")
    scale = np.maximum(np.abs(a).max(initial=0), np.abs(b).max(initial=0))
    if scale == 0:
        return 0.0
    if not np.isfinite(scale):
        return np.nan
    a, b = a / scale, b / scale  # so that no square vanishes or overflows
    return float(np.linalg.norm(a - b) / (np.linalg.norm(a) + np.linalg.norm(b)))


def check_gradient(J, gradient, theta, epsilon=1e-7):
    """The relative difference between a gradient that you wrote and the numerical one.

    `J` as in `numerical_gradient`; `gradient` takes theta and returns an array of its shape. A difference of 1e-7 or
    less is good, of 1e-3 or more a mistake; between them, look closer. ValueError as in `numerical_gradient`, and where
    `gradient` returns another shape.

    Source: the CS231n notes on gradient checks, and the course, for the thresholds.

    >>> import numpy as np
    >>> from snippets import gradient_checking
    >>> theta = np.array([3.0, -1.0])
    >>> gradient_checking.check_gradient(lambda t: np.sum(t**3), lambda t: 3 * t**2, theta) < 1e-7
    True
    >>> round(gradient_checking.check_gradient(lambda t: np.sum(t**3), lambda t: -3 * t**2, theta), 6)
    1.0
    """
    theta = np.asarray(theta)
    written = gradient(theta.copy())
    if np.shape(written) != theta.shape:
        raise ValueError(f"gradient returns shape {np.shape(written)}, theta has {theta.shape}")
    return relative_difference(written, numerical_gradient(J, theta, epsilon))


def to_vector(params):
    """All parameters of a dict in one vector, with the shapes to take it apart again.

    `params` is a dict of arrays; returns `theta` of shape (n,), the arrays row by row in the dict's order, and
    `shapes`, a dict {name: shape}. ValueError where `params` is empty.

    >>> import numpy as np
    >>> from snippets import gradient_checking
    >>> theta, shapes = gradient_checking.to_vector({"W1": np.array([[1.0, -2.0]]), "b1": np.array([[3.0]])})
    >>> theta, shapes
    (array([ 1., -2.,  3.]), {'W1': (1, 2), 'b1': (1, 1)})
    """
    if not params:
        raise ValueError("params is empty: there is nothing to put into a vector")
    shapes = {name: np.shape(value) for name, value in params.items()}
    return np.concatenate([np.ravel(value) for value in params.values()]), shapes


def from_vector(theta, shapes):
    """The dict of parameters that `to_vector` made a vector of.

    `theta` of shape (n,) or (n, 1), `shapes` a dict {name: shape} whose sizes add up to n, or ValueError. The arrays
    are copies: changing one leaves `theta` alone.

    >>> import numpy as np
    >>> from snippets import gradient_checking
    >>> gradient_checking.from_vector(np.array([1.0, -2.0, 3.0]), {"W1": (1, 2), "b1": (1, 1)})
    {'W1': array([[ 1., -2.]]), 'b1': array([[3.]])}
    >>> gradient_checking.from_vector(np.arange(4.0), {"W1": (2, 2)})["W1"].tolist()  # row by row
    [[0.0, 1.0], [2.0, 3.0]]
    """
    theta = np.asarray(theta)
    ends = np.cumsum([int(np.prod(shape)) for shape in shapes.values()])
    if len(ends) == 0 or theta.size != ends[-1]:
        raise ValueError(f"theta has {theta.size} elements, shapes need {ends[-1] if len(ends) else 0}")
    parts = np.split(theta.ravel(), ends[:-1])
    return {name: part.reshape(shape).copy() for (name, shape), part in zip(shapes.items(), parts, strict=True)}


class Report(NamedTuple):
    """What `check_parameters` found for one parameter: `verdict` in a word or two, `message` in a sentence."""

    verdict: str
    difference: float  # the relative difference, NaN where shapes differ
    message: str


def check_parameters(J, backward, params, epsilon=1e-7):
    """Check the gradient of each parameter on its own, and say which is wrong, and how.

    `params` is a dict of arrays; `J(params)` returns the cost, one float64 number, the same whenever it is asked;
    `backward(params)` returns the gradients under the same keys, or with a `d` before them (`dW1` for `W1`). Returns
    {name: Report} in the order of `params`. The verdict is "right", or "missing", "shape", "not finite", "kink",
    "zero", "sign", "factor", "transposed", "other parameter", "decay", "entries", "wrong". It asks for J twice for
    each number in `params`: give it a small network and a handful of examples.

    Raises ValueError where `params` is empty or not finite, where `J` is not one finite float64 number or gives two
    values for the same params (dropout still on), and where `backward` does not return a dict.
    Source: the course and the CS231n notes for the check; the diagnoses are our own.

    >>> import numpy as np
    >>> from snippets import gradient_checking
    >>> params = {"w": np.array([1.0, -2.0]), "b": np.array([0.5, 1.0])}
    >>> def J(p):
    ...     return np.mean(p["w"] ** 2 + p["b"] ** 3)
    >>> def backward(p):
    ...     return {"dw": -p["w"], "db": 3 * p["b"] ** 2}
    >>> for name, report in gradient_checking.check_parameters(J, backward, params).items():
    ...     print(f"{name}: {report.verdict}: {report.message}")
    w: sign: it is minus the numerical gradient
    b: factor: it is 2 times the numerical gradient: is a mean or a 1/m missing?
    """
    theta, shapes = to_vector(params)
    theta = theta.astype(float)
    if not np.isfinite(theta).all():
        raise ValueError("params holds a value that is not finite")
    cost = np.asarray(J(from_vector(theta, shapes)))
    if cost.size != 1 or cost.dtype.itemsize < 8 or not np.isfinite(cost).all():
        raise ValueError(f"J must return one finite float64 number, not {cost!r}")
    if np.asarray(J(from_vector(theta, shapes))) != cost:
        raise ValueError("J gives two values for the same params: turn dropout off, or seed it anew in each call")
    grads = backward(from_vector(theta, shapes))
    if not isinstance(grads, dict):
        raise ValueError(f"backward must return a dict of gradients, not {type(grads).__name__}")

    rounding = 20 * np.finfo(float).eps * max(1.0, abs(cost.item())) / epsilon  # what a difference of J cannot see
    numerical = numerical_gradient(lambda t: J(from_vector(t, shapes)), theta, epsilon)
    numerical, values, reports = from_vector(numerical, shapes), from_vector(theta, shapes), {}
    for name, n in numerical.items():
        g = grads.get(f"d{name}", grads.get(name))
        verdict, message = _diagnose(name, g, numerical, values[name], rounding)
        if verdict not in ("right", "missing", "not finite") and np.shape(g) == n.shape:  # perhaps the cost has no derivative here
            bend = _bend(lambda value, name=name: J(values | {name: value}), values[name], epsilon)
            if (np.abs(g - n) <= 0.51 * bend + rounding).all():
                verdict, message = "kink", "the cost has a kink here: move the parameters a little and check again"
        reports[name] = Report(verdict, relative_difference(g, n) if np.shape(g) == n.shape else np.nan, message)
    return reports


def _bend(J, theta, epsilon):
    """How far apart the slopes are on the two sides of each element; about epsilon where J is smooth."""
    bend = np.empty(theta.shape)
    for i in np.ndindex(theta.shape):
        step = np.zeros(theta.shape)
        step[i] = epsilon
        bend[i] = np.abs(J(theta + step) - 2 * J(theta) + J(theta - step)).item() / epsilon
    return bend


def _diagnose(name, g, numerical, value, rounding):
    """The verdict on the gradient g of one parameter, and a sentence."""
    n = numerical[name]
    if g is None:
        return "missing", f"backward returns no gradient called d{name} or {name}"
    g = np.asarray(g)

    def close(a, b):
        return np.linalg.norm(a - b) <= 1e-6 * np.linalg.norm(b) + rounding * np.sqrt(b.size)

    if g.shape != n.shape:
        if g.shape == n.T.shape and close(g.T, n):
            return "transposed", f"it is the transpose: shape {g.shape} instead of {n.shape}"
        hint = ""
        if g.ndim == n.ndim == 2 and n.shape == (len(g), 1):
            hint = ": sum it over the examples, with axis=1, keepdims=True"
        elif g.size == n.size:
            hint = ": keep the axis of length 1"
        return "shape", f"it has shape {g.shape}, the parameter {n.shape}{hint}"
    if not np.isfinite(g).all():
        return "not finite", f"{np.sum(~np.isfinite(g))} of {g.size} elements are NaN or infinite"
    if close(g, n):
        return "right", f"agrees with the numerical gradient to {relative_difference(g, n):.0e}"
    if close(0 * n, n):
        return "wrong", "it should be zero: the cost does not change with this parameter"
    if not g.any():
        return "zero", "it is zero, the numerical gradient is not: is it ever filled in?"
    if close(-g, n):
        return "sign", "it is minus the numerical gradient"
    factor = np.vdot(g, n) / np.vdot(n, n)
    if factor != 0 and close(g / factor, n):
        up = abs(factor) > 1
        times = f"{factor:.6g} times" if up else f"1/{1 / factor:.6g} of"
        return "factor", f"it is {times} the numerical gradient: is a mean or a 1/m {'missing' if up else 'there twice'}?"
    if g.ndim == 2 and g.shape[0] == g.shape[1] and close(g.T, n):
        return "transposed", "it is the transpose of the numerical gradient"
    for other, m in numerical.items():
        if other != name and m.shape == g.shape and close(g, m):
            return "other parameter", f"it is the gradient of {other}"
    decay = np.vdot(g - n, value) / max(np.vdot(value, value), np.finfo(float).tiny)
    if close(g - decay * value, n):
        return "decay", f"it differs by {decay:.4g} times the parameter: is L2's term in only one of cost and gradient?"
    differs = np.argwhere(np.abs(g - n) > 1e-6 * np.abs(n).max() + rounding)
    if 2 * len(differs) <= g.size:
        i = tuple(differs[0].tolist())
        first = f"the first is {list(i)}, {g[i]:.6g} for {n[i]:.6g}"
        return "entries", f"{len(differs)} of {g.size} elements are wrong, the rest right: {first}"
    return "wrong", f"{len(differs)} of {g.size} elements are wrong; begin with the layer nearest to the output"
