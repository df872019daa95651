"""The network everything is tried on: L layers, ReLU in the hidden ones, a sigmoid at the end.

Columns are examples. Every function also takes a leading axis of runs: W1 (runs, n_1, n_0) trains as
many networks at once, each on its own.
"""

import functools

import numpy as np

from snippets import gradient_descent, regularization

BLOCK = 2**16  # so many parameters are moved at once: what a step reads over and over then stays near the processor


def relu(Z):
    """The hidden layers' activation: (A, slope), with A = max(0, Z) and slope its derivative, 0 at Z = 0.

    >>> from snippets import network
    >>> A, slope = network.relu(np.array([-2.0, 0.0, 3.0]))
    >>> A, slope
    (array([0., 0., 3.]), array([0., 0., 1.]))
    """
    return np.maximum(Z, 0.0), (Z > 0.0).astype(Z.dtype)


def sigmoid(Z):
    """The output's activation 1 / (1 + exp(-Z)), written so that no exponential overflows.

    >>> from snippets import network
    >>> network.sigmoid(np.array([-1000.0, 0.0, np.log(3), 1000.0]))
    array([0.  , 0.5 , 0.75, 1.  ])
    """
    return np.exp(np.minimum(Z, 0.0)) / (1.0 + np.exp(-np.abs(Z)))


def forward(X, params, hidden=relu, check=True):
    """The network's output for every example, and what `backward` needs to know.

    X: (n_0, m), or (runs, n_0, m). params: {"W1": (n_1, n_0), "b1": (n_1, 1), ...}, or with a leading axis
    of runs. hidden: Z -> (A, slope), the activation of the hidden layers and its derivative.
    check: False where the caller has checked the arguments already.

    Returns (A, caches): A (n_L, m) between 0 and 1, and for each layer (its input, its W, its slope).
    Raises ValueError where X is empty, holds NaN or infinity, or does not fit params.

    >>> from snippets import network
    >>> params = {"W1": np.array([[1.0], [-1.0]]), "b1": np.array([[0.0], [1.0]]),
    ...           "W2": np.array([[2.0, -1.0]]), "b2": np.array([[-1.0]])}
    >>> A, caches = network.forward(np.array([[0.0, 1.0]]), params)
    >>> A.round(4)  # sigmoid of 2*0 - 1*1 - 1 = -2 and of 2*1 - 1*0 - 1 = 1
    array([[0.1192, 0.7311]])
    """
    if check:
        X = np.asarray(X)
        _check_network(X, params)
    L = len(params) // 2
    A, caches = X, []
    for l in range(1, L + 1):
        W, b = params[f"W{l}"], params[f"b{l}"]
        A_prev, Z = A, W @ A + b
        A, slope = hidden(Z) if l < L else (sigmoid(Z), None)
        caches.append((A_prev, W, slope))
    return A, caches


def cost(A, Y, check=True):
    """Mean cross-entropy of outputs A and labels Y.

    A: (1, m), or (runs, 1, m), from 0 to 1. Y: (1, m), from 0 to 1. Logarithms stop at that of 1e-15, so
    that the cost stays finite where A is exactly 0 or 1. check: False where the caller has checked.

    Returns a float, or (runs,). Raises ValueError where A or Y is empty, has another shape, or holds
    something outside 0 to 1.

    >>> from snippets import network
    >>> round(network.cost(np.array([[0.9, 0.2]]), np.array([[1.0, 0.0]])), 4)  # -(ln 0.9 + ln 0.8) / 2
    0.1643
    >>> [round(network.cost(np.array([[1.0]], dtype), np.array([[0.0]])), 2) for dtype in ("float64", "float32")]  # -ln 1e-15
    [34.54, 34.54]
    """
    if check:
        A = _check_output(A, Y)
    Y = np.asarray(Y, A.dtype)
    loss = -Y * np.log(np.maximum(A, 1e-15)) - (1 - Y) * np.log(np.maximum(1 - A, 1e-15))
    J = loss.mean(axis=(-2, -1))
    return J if J.ndim else float(J)


def backward(A, Y, caches, check=True, out=None):
    """The gradient of `cost` with respect to every parameter.

    A, caches: what `forward` returned. Y: (1, m). check: False where the caller has checked. out: such a dict
    as comes back, whose arrays are written into; without it they are new.

    Returns {"dW1": (n_1, n_0), "db1": (n_1, 1), ...}, with A's leading axis of runs. Raises ValueError
    where A or Y is empty, has another shape, or holds something outside 0 to 1, or caches are not those of A.

    >>> from snippets import network
    >>> params = {"W1": np.array([[0.0, 0.0]]), "b1": np.array([[0.0]])}  # A = 0.5 for every example
    >>> X, Y = np.array([[1.0, 2.0], [4.0, 6.0]]), np.array([[1.0, 0.0]])
    >>> A, caches = network.forward(X, params)
    >>> network.backward(A, Y, caches)  # dZ = (0.5 - Y) / 2 = -0.25, 0.25
    {'dW1': array([[0.25, 0.5 ]]), 'db1': array([[0.]])}
    """
    if check:
        A = _check_output(A, Y)
        if {A_prev.shape[-1] for A_prev, _, _ in caches} != {A.shape[-1]}:
            raise ValueError(f"caches: must be what forward returned with A, of {A.shape[-1]} examples")
    grads = {} if out is None else out
    ones, product = _ones(A.shape[-1], A.dtype), np.matmul if A.ndim > 2 else np.dot  # which gives the same, and begins sooner
    dZ = (A - np.asarray(Y, A.dtype)) / A.shape[-1]
    for l in range(len(caches), 0, -1):
        (A_prev, W, _), dW, db = caches[l - 1], f"dW{l}", f"db{l}"
        grads[dW] = product(dZ, A_prev.mT, out=grads.get(dW))
        grads[db] = product(dZ, ones, out=grads.get(db))  # the sum over the examples
        if l > 1:
            dZ = W.mT @ dZ
            dZ *= caches[l - 2][2]
    return grads


@functools.lru_cache(8)
def _ones(m, dtype):
    return np.ones((m, 1), dtype)


def predict(X, params):
    """The predicted class of every example: 1 where the output is above 0.5, else 0.

    X: (n_0, m). params: as for `forward`, whose ValueErrors it shares. Returns whole numbers (1, m).

    >>> from snippets import network
    >>> network.predict(np.array([[-1.0, 0.0, 1.0]]), {"W1": np.array([[2.0]]), "b1": np.array([[0.0]])})
    array([[0, 0, 1]])
    """
    A, _ = forward(X, params)
    return (A > 0.5).astype(int)


def train(X, Y, params, *, epochs, learning_rate, optimizer=gradient_descent, batch_size=None, lambd=0.0, keep_prob=1.0, rng=None):
    """Train the network: forward, backward and update, batch after batch, and the cost, epoch after epoch.

    X: (n_0, m). Y: (1, m). params: where to start, not changed; it decides the precision. With a leading
    axis of runs all runs are trained at once.
    epochs: passes over the examples. learning_rate, lambd: a number, or (runs, 1, 1).
    optimizer: has init(params) and update(params, grads, state, learning_rate), such as the module adam;
    its state lives across epochs. It gets all parameters as one vector, "theta". Where it has update_in_place,
    a faster form of the same that moves each number by itself, that gets the vector, one run's in blocks where it is long.
    batch_size: examples in a batch; None for all. Smaller than m, the examples are shuffled every epoch.
    lambd: strength of the L2 penalty on the weights. keep_prob: probability that dropout keeps a unit, after
    the ReLU of each hidden layer. rng: a np.random.Generator, needed for batches and for dropout.

    Returns (params, costs), costs (epochs,) or (epochs, runs): an epoch's mean over its examples, each
    batch's taken before its update, with dropout on and the penalty included. Raises ValueError where an
    argument has the wrong shape, is out of range or holds NaN, or rng is needed and no Generator.

    >>> from snippets import network
    >>> X, Y = np.array([[-1.0, 1.0]]), np.array([[0.0, 1.0]])
    >>> start = {"W1": np.array([[0.0]]), "b1": np.array([[0.0]])}
    >>> params, costs = network.train(X, Y, start, epochs=2, learning_rate=1.0)
    >>> costs.round(4), params["W1"].round(4)  # ln 2, then that of sigmoid(0.5); W = 0.5 + 1 - sigmoid(0.5)
    (array([0.6931, 0.4741]), array([[0.8775]]))
    >>> from snippets import momentum
    >>> X, Y = np.array([[-1.0, 1.0, 2.0]]), np.array([[0.0, 1.0, 1.0]])
    >>> options = dict(optimizer=momentum, batch_size=2, lambd=0.5, rng=np.random.default_rng(0))
    >>> params, costs = network.train(X, Y, start, epochs=2, learning_rate=1.0, **options)
    >>> costs.round(4), params["W1"].round(4), params["b1"].round(4)
    (array([0.6814, 0.5728]), array([[0.514]]), array([[0.1653]]))
    """
    X, Y = np.asarray(X), np.asarray(Y)
    _check_network(X, params)
    m = X.shape[-1]
    batch_size = m if batch_size is None else batch_size
    _check_train(X, Y, params, epochs, learning_rate, optimizer, batch_size, lambd, keep_prob, rng)

    keep_prob = float(keep_prob)  # a number of NumPy's would make float64 of float32
    runs = _check_runs("Y, learning_rate, lambd", [X, *params.values(), Y, learning_rate, lambd])
    shapes = {name: (*runs, *array.shape[-2:]) for name, array in params.items()}
    size = sum(shape[-2] * shape[-1] for shape in shapes.values())
    theta, gradient = np.zeros((2, *runs, 1, size), np.result_type(*params.values(), 1.0))  # floats, even from whole numbers

    def views(vector):
        """Each parameter's place in a vector of all of them: what changes the one changes the other."""
        found, stop = {}, 0
        for name, shape in shapes.items():
            start, stop = stop, stop + shape[-2] * shape[-1]
            found[name] = vector[..., 0, start:stop].reshape(shape)
        return found

    given, params, grads = params, views(theta), {"d" + name: view for name, view in views(gradient).items()}
    for name, array in given.items():
        params[name][...] = array
    in_place = hasattr(optimizer, "update_in_place")
    width = BLOCK if in_place and not runs else size
    cuts = {f"theta{t or ''}": np.s_[..., t : t + width] for t in range(0, size, width)}
    blocks, gradients = {name: theta[cut] for name, cut in cuts.items()}, {"d" + name: gradient[cut] for name, cut in cuts.items()}

    def relu_and_dropout(Z):
        A, slope = relu(Z)
        A, mask = regularization.dropout_forward(A, keep_prob, rng)
        return A, regularization.dropout_backward(slope, mask, keep_prob)

    hidden = relu_and_dropout if keep_prob < 1 else relu
    X, Y, learning_rate, lambd = (np.asarray(array, theta.dtype) for array in (X, Y, learning_rate, lambd))
    learning_rate = learning_rate if learning_rate.ndim else learning_rate.item()
    penalized, shuffled = np.any(lambd > 0), batch_size < m
    rows = np.ascontiguousarray(X.mT) if shuffled else None  # the numbers of an example side by side: a batch is whole pieces of it
    costs, outputs = np.zeros((epochs, *runs), theta.dtype), np.zeros((*runs, 1, m), theta.dtype)
    state = optimizer.init(blocks)
    together = batch_size * max(BLOCK // (batch_size * X.shape[-2]), 1)  # whole batches that are small are picked out at once
    for epoch in range(epochs):
        order = rng.permutation(m) if shuffled else slice(None)
        Y_e = Y[..., order]
        for t in range(0, m, batch_size):
            batch, at = slice(t, t + batch_size), t % together
            if shuffled and not at:
                picked = rows.take(order[t : t + together], axis=-2)
            X_t = picked[..., at : at + batch_size, :].mT if shuffled else X
            A, caches = forward(X_t, params, hidden, check=False)
            backward(A, Y_e[..., batch], caches, check=False, out=grads)
            if penalized:
                m_t = X_t.shape[-1]
                costs[epoch] += regularization.l2_cost(params, lambd, m_t) * (m_t / m)
                for W in shapes:
                    if W[0] == "W":
                        grads["d" + W] += regularization.l2_gradient(params[W], lambd, m_t)
            if in_place:
                optimizer.update_in_place(blocks, gradients, state, learning_rate)
            else:
                moved, state = optimizer.update(blocks, gradients, state, learning_rate)
                theta[...] = moved["theta"]
            outputs[..., batch] = A
        costs[epoch] += cost(outputs, Y_e, check=False)  # once an epoch, of what each batch gave before its step: no step needs it
    return {name: view.copy() for name, view in params.items()}, costs


def stack(many):
    """Put the parameters of many networks of one shape on a leading axis of runs.

    >>> from snippets import network
    >>> one, two = {"W1": np.ones((1, 3))}, {"W1": np.zeros((1, 3))}
    >>> network.stack([one, two])["W1"].shape
    (2, 1, 3)
    """
    return {name: np.stack([params[name] for params in many]) for name in many[0]}


def _check_runs(names, arrays):
    runs = [np.shape(array)[:-2] for array in arrays]
    try:
        return np.broadcast_shapes(*runs)
    except ValueError:
        raise ValueError(f"{names}: these runs do not go together, axes of {sorted(set(runs))}") from None


def _check_network(X, params):
    if X.ndim < 2 or X.size == 0:
        raise ValueError(f"X: must be (n_0, m) with at least one example, not {X.shape}")
    if not np.isfinite(X).all():
        raise ValueError("X: holds NaN or infinity")
    n = X.shape[-2]
    for l in range(1, max((len(params) + 1) // 2, 1) + 1):
        W, b = params.get(f"W{l}"), params.get(f"b{l}")
        arrays = isinstance(W, np.ndarray) and isinstance(b, np.ndarray)
        if not arrays or W.ndim < 2 or W.shape[-1] != n or b.shape[-2:] != (W.shape[-2], 1):
            raise ValueError(f"params: W{l} must be an array (n_{l}, {n}) and b{l} (n_{l}, 1), as the layer before has {n} units")
        if not (np.isfinite(W).all() and np.isfinite(b).all()):
            raise ValueError(f"params: W{l} or b{l} holds NaN or infinity")
        n = W.shape[-2]
    _check_runs("X, params", [X, *params.values()])


def _check_output(A, Y):
    """A as floats: whole numbers would cut the fractions of Y off."""
    A = np.asarray(A) * 1.0
    if A.ndim < 2 or A.shape[-2] != 1 or A.size == 0:
        raise ValueError(f"A: must be (1, m) with at least one example, not {A.shape}")
    if np.shape(Y)[-2:] != A.shape[-2:]:
        raise ValueError(f"Y: must be {A.shape[-2:]} as A is, not {np.shape(Y)}")
    for name, values in (("A", A), ("Y", np.asarray(Y))):
        if not ((values >= 0) & (values <= 1)).all():
            raise ValueError(f"{name}: holds something that is not from 0 to 1")
    _check_runs("A, Y", [A, Y])
    return A


def _check_train(X, Y, params, epochs, learning_rate, optimizer, batch_size, lambd, keep_prob, rng):
    L = len(params) // 2
    if params[f"W{L}"].shape[-2] != 1:
        raise ValueError(f"params: the last layer must have one unit, so W{L} one row, not {params[f'W{L}'].shape[-2]}")
    _check_output(np.zeros((1, X.shape[-1])), Y)
    for name, value, least in (("epochs", epochs, 0), ("batch_size", batch_size, 1)):
        if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < least:
            raise ValueError(f"{name}: must be a whole number, {least} or more, not {value}")
    for name, value in (("learning_rate", learning_rate), ("lambd", lambd)):
        if np.shape(value)[-2:] not in ((), (1, 1)):
            raise ValueError(f"{name}: must be a number or (runs, 1, 1), not {np.shape(value)}")
    if not (hasattr(optimizer, "init") and hasattr(optimizer, "update")):
        raise ValueError(f"optimizer: must have init and update, as the module adam does, not {optimizer!r}")
    if not np.all((np.asarray(lambd) >= 0) & (np.asarray(lambd) < np.inf)):
        raise ValueError(f"lambd: must be finite and not negative, not {lambd}")
    if np.ndim(keep_prob) or not 0 < keep_prob <= 1:
        raise ValueError(f"keep_prob: must be above 0 and at most 1, not {keep_prob}")
    if (batch_size < X.shape[-1] and not hasattr(rng, "permutation")) or (keep_prob < 1 and not hasattr(rng, "random")):
        raise ValueError(f"rng: a np.random.Generator is needed to shuffle batches or to drop units, not {rng}")
