"""TensorFlow then and now: one training as a graph that a session runs, eagerly with a tape, and in Keras.

The one snippet that needs more than NumPy. Each function imports what it needs, so that the module itself needs nothing else.
Columns are examples: X (n_0, m), Y (1, m). ReLU in the hidden layers, a sigmoid at the end, as in `network`.
"""

import numpy as np


def linear_graph(W, b):
    """A graph for Z = W X + b, with X left open: described, not computed.

    W: (n, n_x), what the variable W is to start from. b: (n, 1), likewise.

    Returns (X, Z, initialize): the placeholder X (n_x, None), the tensor Z (n, None) and the operation that gives the
    variables their start. Raises ValueError where W or b has another shape.

    >>> from snippets import tensorflow
    >>> X, Z, initialize = tensorflow.linear_graph(np.array([[1.0, -2.0]]), np.array([[0.5]]))
    >>> print(Z)  # a name and a shape; no number yet
    Tensor("Z:0", shape=(1, None), dtype=float64)
    """
    import tensorflow as tf

    if np.ndim(W) != 2 or np.shape(b) != (len(W), 1):
        raise ValueError(f"W, b: must be (n, n_x) and (n, 1), not {np.shape(W)} and {np.shape(b)}")
    v1 = tf.compat.v1
    with tf.Graph().as_default():
        X = v1.placeholder(W.dtype, [W.shape[1], None], name="X")
        W = v1.get_variable("W", initializer=W)
        b = v1.get_variable("b", initializer=b)
        Z = tf.add(tf.matmul(W, X), b, name="Z")
        return X, Z, v1.global_variables_initializer()


def run_and_close(Z, feed, initialize):
    """Run a graph in a session that is closed by hand: the course's method 1.

    Z: the tensor that is asked for. feed: {placeholder: array}. initialize: the operation that gives variables their start.

    Returns Z's value as an array. What TensorFlow raises is passed on, with the session closed.

    >>> from snippets import tensorflow
    >>> X, Z, initialize = tensorflow.linear_graph(np.array([[1.0, -2.0]]), np.array([[0.5]]))
    >>> tensorflow.run_and_close(Z, {X: np.array([[3.0], [4.0]])}, initialize)  # 1*3 - 2*4 + 0.5
    array([[-4.5]])
    """
    import tensorflow as tf

    session = tf.compat.v1.Session(graph=Z.graph)
    try:
        session.run(initialize)
        return session.run(Z, feed_dict=feed)
    finally:  # where a run fails too
        session.close()


def run_within(Z, feed, initialize):
    """Run a graph in a session that `with` closes: the course's method 2.

    Z: the tensor that is asked for. feed: {placeholder: array}. initialize: the operation that gives variables their start.

    Returns Z's value as an array. What TensorFlow raises is passed on, with the session closed.

    >>> from snippets import tensorflow
    >>> X, Z, initialize = tensorflow.linear_graph(np.array([[1.0, -2.0]]), np.array([[0.5]]))
    >>> tensorflow.run_within(Z, {X: np.array([[3.0], [4.0]])}, initialize)  # 1*3 - 2*4 + 0.5
    array([[-4.5]])
    """
    import tensorflow as tf

    with tf.compat.v1.Session(graph=Z.graph) as session:
        session.run(initialize)
        return session.run(Z, feed_dict=feed)


def glorot_then(n_out, n_in, seed):
    """First weights (n_out, n_in) as the course's xavier_initializer drew them.

    Uniform between -r and r, r = sqrt(6 / (n_in + n_out)), in float32. Raises ValueError where a size is not at least 1.
    Source: Glorot and Bengio (2010), equation 16.

    >>> from snippets import tensorflow
    >>> W = tensorflow.glorot_then(300, 200, seed=1)
    >>> W.shape, round(float(abs(W).max()), 3)  # sqrt(6 / 500) = 0.1095
    ((300, 200), 0.11)
    """
    import tensorflow as tf

    _check_sizes(n_out, n_in)
    v1 = tf.compat.v1
    with tf.Graph().as_default(), v1.Session() as session:
        glorot = v1.glorot_uniform_initializer(seed=seed)
        W = v1.get_variable("W", [n_out, n_in], initializer=glorot)
        session.run(v1.global_variables_initializer())
        return session.run(W)


def glorot_now(n_out, n_in, seed):
    """First weights (n_out, n_in) as Keras draws them: other ones from the same seed.

    Uniform between -r and r, r = sqrt(6 / (n_in + n_out)), in float32. Raises ValueError where a size is not at least 1.
    Source: Glorot and Bengio (2010), equation 16.

    >>> from snippets import tensorflow
    >>> W = tensorflow.glorot_now(300, 200, seed=1)
    >>> W.shape, round(float(abs(W).max()), 3)  # sqrt(6 / 500) = 0.1095
    ((300, 200), 0.11)
    >>> np.allclose(W, tensorflow.glorot_then(300, 200, seed=1), atol=0.1)
    False
    """
    import keras

    _check_sizes(n_out, n_in)
    glorot = keras.initializers.GlorotUniform(seed=seed)
    return np.asarray(glorot((n_out, n_in)))


def train_with_session(X, Y, params, *, epochs, learning_rate):
    """Train as TensorFlow 1 did: describe one step, and have a session run it.

    X: (n_0, m). Y: (1, m), from 0 to 1. params: {"W1": (n_1, n_0), "b1": (n_1, 1), ...}, where to start; it decides the
    precision, and is not changed. epochs: steps, each on all examples. learning_rate: TensorFlow rounds it to float32.

    Returns (params, costs): arrays like those given, and the cost before each step, (epochs,). Raises ValueError where X or Y
    has the wrong shape, params do not fit, or epochs is no whole number of 0 or more.

    >>> from snippets import tensorflow
    >>> X, Y, start = np.array([[-1.0, 1.0]]), np.array([[0.0, 1.0]]), {"W1": np.array([[0.0]]), "b1": np.array([[0.0]])}
    >>> params, costs = tensorflow.train_with_session(X, Y, start, epochs=2, learning_rate=1.0)
    >>> costs.round(4), params["W1"].round(4)  # ln 2, then that of sigmoid(0.5); W = 0.5 + 1 - sigmoid(0.5)
    (array([0.6931, 0.4741]), array([[0.8775]]))
    """
    import tensorflow as tf

    _check(X, Y, params, epochs)
    v1, dtype = tf.compat.v1, params["W1"].dtype
    costs = np.zeros(epochs, dtype)
    with tf.Graph().as_default():  # everything in here is described only
        x = v1.placeholder(dtype, [X.shape[0], None], name="X")
        y = v1.placeholder(dtype, [1, None], name="Y")
        variables = {}
        for name, value in params.items():
            variables[name] = v1.get_variable(name, initializer=value)
        A = x
        for l in range(1, len(params) // 2 + 1):
            Z = tf.matmul(variables[f"W{l}"], A) + variables[f"b{l}"]
            A = tf.nn.relu(Z)
        losses = tf.nn.sigmoid_cross_entropy_with_logits(labels=y, logits=Z)
        cost = tf.reduce_mean(losses)
        step = v1.train.GradientDescentOptimizer(learning_rate).minimize(cost)
        initialize = v1.global_variables_initializer()

        with v1.Session() as session:  # from here on it is computed
            session.run(initialize)
            for epoch in range(epochs):
                costs[epoch], _ = session.run([cost, step], feed_dict={x: X, y: Y})
            return session.run(variables), costs


def train_with_tape(X, Y, params, *, epochs, learning_rate):
    """Train eagerly: every line computes at once, and a tape knows the way back.

    X: (n_0, m). Y: (1, m), from 0 to 1. params: {"W1": (n_1, n_0), "b1": (n_1, 1), ...}, where to start; it decides the
    precision, and is not changed. epochs: steps, each on all examples.

    Returns (params, costs): arrays like those given, and the cost before each step, (epochs,). Raises ValueError where X or Y
    has the wrong shape, params do not fit, or epochs is no whole number of 0 or more.

    >>> from snippets import tensorflow
    >>> X, Y, start = np.array([[-1.0, 1.0]]), np.array([[0.0, 1.0]]), {"W1": np.array([[0.0]]), "b1": np.array([[0.0]])}
    >>> params, costs = tensorflow.train_with_tape(X, Y, start, epochs=2, learning_rate=1.0)
    >>> costs.round(4), params["W1"].round(4)  # ln 2, then that of sigmoid(0.5); W = 0.5 + 1 - sigmoid(0.5)
    (array([0.6931, 0.4741]), array([[0.8775]]))
    """
    import tensorflow as tf

    _check(X, Y, params, epochs)
    dtype = params["W1"].dtype
    costs = np.zeros(epochs, dtype)
    X, Y = tf.constant(X, dtype), tf.constant(Y, dtype)
    variables = {name: tf.Variable(value) for name, value in params.items()}
    for epoch in range(epochs):
        with tf.GradientTape() as tape:
            A = X
            for l in range(1, len(params) // 2 + 1):
                Z = variables[f"W{l}"] @ A + variables[f"b{l}"]
                A = tf.nn.relu(Z)
            losses = tf.nn.sigmoid_cross_entropy_with_logits(labels=Y, logits=Z)
            cost = tf.reduce_mean(losses)
        grads = tape.gradient(cost, variables)
        for name, variable in variables.items():
            variable.assign_sub(learning_rate * grads[name])
        costs[epoch] = cost.numpy()
    return {name: variable.numpy() for name, variable in variables.items()}, costs


def train_with_keras(X, Y, params, *, epochs, learning_rate):
    """Train as Keras does: say which layers, loss and optimizer, and call fit.

    X: (n_0, m). Y: (1, m), from 0 to 1. params: {"W1": (n_1, n_0), "b1": (n_1, 1), ...}, where to start; it decides the
    precision, and is not changed. epochs: steps, each on all examples. learning_rate: Keras
    rounds it to float32, and X and Y too.

    Returns (params, costs): arrays like those given, and the cost before each step, (epochs,), which Keras keeps in float32.
    Raises ValueError where X or Y has the wrong shape, params do not fit, or epochs is no whole number of 0 or more.

    >>> from snippets import initialization, network, tensorflow
    >>> rng = np.random.default_rng(0)
    >>> X, start = rng.integers(-8, 9, (2, 40)) / 8, initialization.he([2, 2, 1], rng)
    >>> Y = (X[:1] > X[1:]) * 1.0
    >>> expected, _ = network.train(X, Y, start, epochs=5, learning_rate=0.25)
    >>> params, costs = tensorflow.train_with_keras(X, Y, start, epochs=5, learning_rate=0.25)
    >>> all(np.allclose(params[name], expected[name], rtol=1e-12) for name in expected), costs.shape
    (True, (5,))
    """
    import keras

    _check(X, Y, params, epochs)
    L, dtype = len(params) // 2, params["W1"].dtype.name
    model = keras.Sequential([keras.Input([X.shape[0]], dtype=dtype)])
    for l in range(1, L + 1):
        activation = "relu" if l < L else None  # the loss has the sigmoid in it
        model.add(keras.layers.Dense(len(params[f"W{l}"]), activation, dtype=dtype))
        # Dense has examples in rows: it holds W transposed, and b flat.
        model.layers[-1].set_weights([params[f"W{l}"].T, params[f"b{l}"][:, 0]])
    loss = keras.losses.BinaryCrossentropy(from_logits=True, dtype=dtype)
    model.compile(keras.optimizers.SGD(learning_rate), loss)
    m = X.shape[1]  # in one batch
    history = model.fit(X.T, Y.T, batch_size=m, epochs=epochs, verbose=0).history
    trained = {}
    for l, layer in enumerate(model.layers, 1):
        kernel, bias = layer.get_weights()
        trained |= {f"W{l}": kernel.T, f"b{l}": bias[:, np.newaxis]}
    return trained, np.array(history.get("loss", []), dtype)


def _check_sizes(n_out, n_in):
    if not (n_out >= 1 and n_in >= 1):
        raise ValueError(f"n_out, n_in: must be 1 or more, not {n_out} and {n_in}")


def _check(X, Y, params, epochs):
    if np.ndim(X) != 2 or np.size(X) == 0:
        raise ValueError(f"X: must be (n_0, m), m at least 1, not {np.shape(X)}")
    n, m = X.shape
    if np.shape(Y) != (1, m):
        raise ValueError(f"Y: must be (1, {m}), as many as X has, not {np.shape(Y)}")
    L = max(len(params) // 2, 1)
    for l in range(1, L + 1):
        W, b = params.get(f"W{l}"), params.get(f"b{l}")
        if np.ndim(W) != 2 or W.shape[1] != n or np.shape(b) != (len(W), 1):
            raise ValueError(f"params: W{l} must be (n_{l}, {n}) and b{l} (n_{l}, 1)")
        n = len(W)
    if n != 1:
        raise ValueError(f"params: W{L} must have one row, not {n}")
    if not isinstance(epochs, int | np.integer) or epochs < 0:
        raise ValueError(f"epochs: must be a whole number, 0 or more, not {epochs}")
