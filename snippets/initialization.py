"""Where training starts: five ways to draw the first weights of a network."""

import numpy as np


def zeros(layer_dims):
    """Every weight and every bias zero: the network that cannot start.

    layer_dims: [n_0, n_1, ..., n_L], the units of each layer, the input first.

    Returns {"W1": (n_1, n_0), "b1": (n_1, 1), ...}. Raises ValueError where layer_dims is not at least two
    whole numbers of 1 or more.

    >>> from snippets import initialization
    >>> params = initialization.zeros([3, 2, 1])
    >>> {name: array.shape for name, array in params.items()}
    {'W1': (2, 3), 'b1': (2, 1), 'W2': (1, 2), 'b2': (1, 1)}
    >>> sum(float(abs(array).sum()) for array in params.values())
    0.0
    """
    _check(layer_dims)
    params = {}
    for l in range(1, len(layer_dims)):
        params[f"W{l}"] = np.zeros((layer_dims[l], layer_dims[l - 1]))
        params[f"b{l}"] = np.zeros((layer_dims[l], 1))
    return params


def random_normal(layer_dims, rng, scale=10.0):
    """Standard normal weights times one `scale` for every layer; biases zero.

    layer_dims: [n_0, n_1, ..., n_L]. rng: a np.random.Generator. scale: not negative; the course's 10 is
    far too large, on purpose.

    Returns {"W1": (n_1, n_0), "b1": (n_1, 1), ...}. Raises ValueError where layer_dims is not at least two
    whole numbers of 1 or more, rng is no Generator, or scale is negative or not finite.

    >>> from snippets import initialization
    >>> normals = np.random.default_rng(1).standard_normal((2, 3))
    >>> params = initialization.random_normal([3, 2, 1], np.random.default_rng(1), scale=10.0)
    >>> np.array_equal(params["W1"], 10 * normals)
    True
    """
    if not (np.isfinite(scale) and scale >= 0):
        raise ValueError(f"scale: must be finite and not negative, not {scale}")
    return _normal(layer_dims, rng, lambda n_in, n_out: scale)


def he(layer_dims, rng):
    """Normal weights of variance 2 / n_in, so that ReLU layers pass the signal on at the size it came.

    layer_dims: [n_0, n_1, ..., n_L]. rng: a np.random.Generator.

    Returns {"W1": (n_1, n_0), "b1": (n_1, 1), ...}, biases zero. Raises ValueError where layer_dims is not
    at least two whole numbers of 1 or more, or rng is no Generator. Source: He et al. (2015), section 2.2.

    >>> from snippets import initialization
    >>> normals = np.random.default_rng(1).standard_normal((2, 8))
    >>> params = initialization.he([8, 2, 1], np.random.default_rng(1))
    >>> np.allclose(params["W1"], 0.5 * normals)  # sqrt(2 / 8) = 0.5
    True
    >>> params["W2"].shape, params["b1"].tolist()
    ((1, 2), [[0.0], [0.0]])
    """
    return _normal(layer_dims, rng, lambda n_in, n_out: np.sqrt(2 / n_in))


def xavier(layer_dims, rng):
    """Normal weights of variance 2 / (n_in + n_out): a compromise between the way up and the way down.

    layer_dims: [n_0, n_1, ..., n_L]. rng: a np.random.Generator.

    Returns {"W1": (n_1, n_0), "b1": (n_1, 1), ...}, biases zero. Raises ValueError where layer_dims is not
    at least two whole numbers of 1 or more, or rng is no Generator. Source: Glorot and Bengio (2010),
    equation 12, with normals where they draw uniformly (equation 16).

    >>> from snippets import initialization
    >>> normals = np.random.default_rng(1).standard_normal((2, 6))
    >>> params = initialization.xavier([6, 2, 1], np.random.default_rng(1))
    >>> np.allclose(params["W1"], 0.5 * normals)  # sqrt(2 / (6 + 2)) = 0.5
    True
    """
    return _normal(layer_dims, rng, lambda n_in, n_out: np.sqrt(2 / (n_in + n_out)))


def lecun(layer_dims, rng):
    """Normal weights of variance 1 / n_in: what the course calls Xavier.

    layer_dims: [n_0, n_1, ..., n_L]. rng: a np.random.Generator.

    Returns {"W1": (n_1, n_0), "b1": (n_1, 1), ...}, biases zero. Raises ValueError where layer_dims is not
    at least two whole numbers of 1 or more, or rng is no Generator. Source: LeCun et al. (1998), section 4.6.

    >>> from snippets import initialization
    >>> normals = np.random.default_rng(1).standard_normal((2, 4))
    >>> params = initialization.lecun([4, 2, 1], np.random.default_rng(1))
    >>> np.allclose(params["W1"], 0.5 * normals)  # sqrt(1 / 4) = 0.5
    True
    """
    return _normal(layer_dims, rng, lambda n_in, n_out: np.sqrt(1 / n_in))


def _normal(layer_dims, rng, scale):
    """For each layer one draw of normals times scale(n_in, n_out); biases zero."""
    _check(layer_dims)
    if not isinstance(rng, np.random.Generator):
        raise ValueError(f"rng: must be a np.random.Generator, not {type(rng).__name__}")
    params = {}
    for l in range(1, len(layer_dims)):
        n_in, n_out = layer_dims[l - 1], layer_dims[l]
        params[f"W{l}"] = rng.standard_normal((n_out, n_in)) * scale(n_in, n_out)
        params[f"b{l}"] = np.zeros((n_out, 1))
    return params


def _check(layer_dims):
    whole = np.ndim(layer_dims) == 1 and all(isinstance(n, int | np.integer) and n >= 1 and n is not True for n in layer_dims)
    if not whole or len(layer_dims) < 2:
        raise ValueError(f"layer_dims: must be at least two whole numbers of 1 or more, not {layer_dims}")
