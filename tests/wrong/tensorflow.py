"""TensorFlow, wrong: what the course's lines have come to, and what people write in their place."""

import numpy as np

from snippets.tensorflow import glorot_now
from tests.wrong._registry import wrong

KERAS = "test_keras_trains_as_numpy_does"
TAPE = "test_a_tape_trains_as_numpy_does"
SESSION = "test_a_session_trains_as_numpy_does"
METHOD_1 = "test_method_1_gives_the_product_and_leaves_no_session_open"
METHOD_2 = "test_method_2_gives_the_product_and_leaves_no_session_open"
GRAPH = "test_a_graph_is_run_again_and_again_and_does_not_grow"
THEN = "test_a_graph_draws_glorots_uniform_weights"


@wrong(of="linear_graph", killed_by=GRAPH)
def placeholder_as_it_was_called(W, b):
    """tf.placeholder: lines 257 and 258 of the note. TensorFlow 2 has it under compat.v1 only."""
    import tensorflow as tf

    with tf.Graph().as_default():
        X = tf.placeholder(W.dtype, [W.shape[1], None], name="X")
        return X, tf.matmul(W, X) + b, tf.no_op()


@wrong(of="linear_graph", killed_by=GRAPH)
def placeholder_without_a_graph(W, b):
    """compat.v1's placeholder outside of a graph, where everything is computed at once and nothing can be left open."""
    import tensorflow as tf

    X = tf.compat.v1.placeholder(W.dtype, [W.shape[1], None], name="X")
    return X, tf.matmul(W, X) + b, tf.no_op()


@wrong(of="linear_graph", killed_by="test_variables_are_what_is_initialized_and_without_it_none_can_be_read")
def tensors_for_variables(W, b):
    """Line 253 taken at its word: tensors, which have no start to be given; there is nothing to initialize, and nothing to learn."""
    import tensorflow as tf

    with tf.Graph().as_default():
        X = tf.compat.v1.placeholder(W.dtype, [W.shape[1], None], name="X")
        return X, tf.matmul(W, X) + b, tf.no_op()


@wrong(of="run_and_close", killed_by=METHOD_1, unseen="a session left open gives the same numbers")
def never_closed(Z, feed, initialize):
    """Method 1 as line 264 has it, all on one line: what follows the first # is a comment, and with it sess.close()."""
    import tensorflow as tf

    session = tf.compat.v1.Session(graph=Z.graph)
    session.run(initialize)
    return session.run(Z, feed_dict=feed)  # session.close()


@wrong(of="run_and_close", killed_by=METHOD_1, unseen="a session left open gives the same numbers")
def closed_only_if_all_goes_well(Z, feed, initialize):
    """close() as the last line: where the run raises, it is never reached."""
    import tensorflow as tf

    session = tf.compat.v1.Session(graph=Z.graph)
    session.run(initialize)
    result = session.run(Z, feed_dict=feed)
    session.close()
    return result


@wrong(of="run_within", killed_by=METHOD_2)
def variables_left_without_a_start(Z, feed, initialize):
    """Initialized "if needed", says line 266 of the note: with variables it is needed, or none of them can be read."""
    import tensorflow as tf

    with tf.compat.v1.Session(graph=Z.graph) as session:
        return session.run(Z, feed_dict=feed)


@wrong(of="run_within", killed_by=METHOD_2)
def nothing_fed(Z, feed, initialize):
    """A run without feed_dict: the placeholder is still open."""
    import tensorflow as tf

    with tf.compat.v1.Session(graph=Z.graph) as session:
        session.run(initialize)
        return session.run(Z)


@wrong(of="run_within", killed_by=METHOD_2)
def run_after_the_with(Z, feed, initialize):
    """The run one indent too far left: `with` has closed the session by then."""
    import tensorflow as tf

    with tf.compat.v1.Session(graph=Z.graph) as session:
        session.run(initialize)
    return session.run(Z, feed_dict=feed)


@wrong(of="run_within", killed_by=GRAPH, unseen="a graph that grows gives the same numbers, until memory ends")
def initialized_anew_in_every_run(Z, feed, initialize):
    """A new initializer for every run: each adds to the graph, which grows until memory ends."""
    import tensorflow as tf

    v1 = tf.compat.v1
    with Z.graph.as_default(), v1.Session() as session:
        session.run(v1.global_variables_initializer())
        return session.run(Z, feed_dict=feed)


@wrong(of="glorot_then", killed_by=THEN)
def contrib(n_out, n_in, seed):
    """tf.contrib.layers.xavier_initializer, line 260: contrib is gone, even from compat.v1."""
    import tensorflow as tf

    return tf.compat.v1.contrib.layers.xavier_initializer(seed=seed)([n_out, n_in])


@wrong(of="glorot_then", killed_by=THEN)
def glorot_normal_for_xavier(n_out, n_in, seed):
    """glorot_normal_initializer in its place: the same variance, but xavier_initializer drew uniformly unless told otherwise."""
    import tensorflow as tf

    v1 = tf.compat.v1
    with tf.Graph().as_default(), v1.Session() as session:
        return session.run(v1.glorot_normal_initializer(seed=seed)([n_out, n_in]))


@wrong(of="glorot_then", killed_by="test_the_same_seed_gives_other_weights_then_and_now")
def one_seed_one_draw(n_out, n_in, seed):
    """Keras's draw passed off as the old one's, since the seed is the same."""
    return glorot_now(n_out, n_in, seed)


def _session(X, Y, params, epochs, learning_rate, logits=lambda Z: Z, what_runs=lambda optimizer, step: step, order="cost first"):
    import tensorflow as tf

    v1, dtype = tf.compat.v1, params["W1"].dtype
    with tf.Graph().as_default():
        x, y = v1.placeholder(dtype, [X.shape[0], None]), v1.placeholder(dtype, [1, None])
        variables, A = {name: v1.get_variable(name, initializer=value) for name, value in params.items()}, x
        for l in range(1, len(params) // 2 + 1):
            Z = tf.matmul(variables[f"W{l}"], A) + variables[f"b{l}"]
            A = tf.nn.relu(Z)
        cost = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=y, logits=logits(Z)))
        optimizer = v1.train.GradientDescentOptimizer(learning_rate)
        step, initialize, costs = optimizer.minimize(cost), v1.global_variables_initializer(), []
        with v1.Session() as session:
            session.run(initialize)
            for _ in range(epochs):
                if order != "cost first":
                    session.run(what_runs(optimizer, step), {x: X, y: Y})
                costs.append(session.run(cost, {x: X, y: Y}))
                if order == "cost first":
                    session.run(what_runs(optimizer, step), {x: X, y: Y})
            return session.run(variables), np.array(costs, dtype)


@wrong(of="train_with_session", killed_by=SESSION)
def sigmoid_before_a_loss_that_has_its_own(X, Y, params, *, epochs, learning_rate):
    """The output A where the loss wants Z, the logits: the sigmoid is taken twice, and the network still trains."""
    import tensorflow as tf

    return _session(X, Y, params, epochs, learning_rate, logits=tf.sigmoid)


@wrong(of="train_with_session", killed_by=SESSION)
def optimizer_object_run(X, Y, params, *, epochs, learning_rate):
    """Running the "optimizer" object, line 279: what runs is the operation that minimize returns."""
    return _session(X, Y, params, epochs, learning_rate, what_runs=lambda optimizer, step: optimizer)


@wrong(of="train_with_session", killed_by=SESSION)
def no_step_in_what_is_run(X, Y, params, *, epochs, learning_rate):
    """Only the cost is asked for. A session computes what it is asked for, and nothing learns."""
    return _session(X, Y, params, epochs, learning_rate, what_runs=lambda optimizer, step: [])


@wrong(of="train_with_session", killed_by=SESSION)
def cost_after_the_step(X, Y, params, *, epochs, learning_rate):
    """The cost in a run of its own after the step: every curve is one epoch early."""
    return _session(X, Y, params, epochs, learning_rate, order="step first")


@wrong(of="train_with_session", killed_by="test_a_session_leaves_eager_execution_switched_on")
def eager_execution_switched_off_for_good(X, Y, params, *, epochs, learning_rate):
    """disable_eager_execution(), as advice on old programs has it: from then on Keras's fit fails in this process."""
    import tensorflow as tf

    tf.compat.v1.disable_eager_execution()
    return _session(X, Y, params, epochs, learning_rate)


def _tape(X, Y, params, epochs, learning_rate, make=None, outside=False, tapes=1):
    import tensorflow as tf

    dtype, costs, result = params["W1"].dtype, [], None
    X, Y, variables = tf.constant(X, dtype), tf.constant(Y, dtype), {name: (make or tf.Variable)(value) for name, value in params.items()}

    def cost():
        A = X
        for l in range(1, len(params) // 2 + 1):
            Z = variables[f"W{l}"] @ A + variables[f"b{l}"]
            A = tf.nn.relu(Z)
        return tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=Y, logits=Z))

    for _ in range(epochs):
        with tf.GradientTape() as tape:
            result = None if outside else cost()
        result = cost() if outside else result
        grads = tape.gradient(result, variables) if tapes == 1 else {name: tape.gradient(result, v) for name, v in variables.items()}
        for name, variable in variables.items():
            variable.assign_sub(learning_rate * grads[name])
        costs.append(result.numpy())
    return {name: variable.numpy() for name, variable in variables.items()}, np.array(costs, dtype)


@wrong(of="train_with_tape", killed_by=TAPE)
def constants_that_no_tape_watches(X, Y, params, *, epochs, learning_rate):
    """tf.constant for tf.Variable: the tape watches variables only, and the gradient is None."""
    import tensorflow as tf

    return _tape(X, Y, params, epochs, learning_rate, make=tf.constant)


@wrong(of="train_with_tape", killed_by=TAPE)
def computed_beside_the_tape(X, Y, params, *, epochs, learning_rate):
    """The forward pass after the `with`: the tape has seen nothing."""
    return _tape(X, Y, params, epochs, learning_rate, outside=True)


@wrong(of="train_with_tape", killed_by=TAPE)
def one_tape_asked_again_and_again(X, Y, params, *, epochs, learning_rate):
    """tape.gradient once for each parameter: a tape is gone after its first answer."""
    return _tape(X, Y, params, epochs, learning_rate, tapes=2)


def _keras(X, Y, params, epochs, learning_rate, W=np.transpose, start=True, from_logits=True, **fit):
    import keras

    L, dtype = len(params) // 2, params["W1"].dtype.name
    units, activations = [len(params[f"W{l}"]) for l in range(1, L + 1)], ["relu"] * (L - 1) + [None]
    glorot = keras.initializers.GlorotUniform(seed=1)
    layers = [keras.layers.Dense(n, g, kernel_initializer=glorot, dtype=dtype) for n, g in zip(units, activations, strict=True)]
    model = keras.Sequential([keras.Input([X.shape[0]], dtype=dtype), *layers])
    for l, layer in enumerate(layers, 1) if start else ():
        layer.set_weights([W(params[f"W{l}"]), params[f"b{l}"][:, 0]])
    model.compile(keras.optimizers.SGD(learning_rate), keras.losses.BinaryCrossentropy(from_logits=from_logits, dtype=dtype))
    history = model.fit(X.T, Y.T, epochs=epochs, verbose=0, **({"batch_size": X.shape[1]} | fit)).history
    weights = enumerate((layer.get_weights() for layer in layers), 1)
    trained = {name: array for l, (kernel, bias) in weights for name, array in ((f"W{l}", W(kernel)), (f"b{l}", bias[:, np.newaxis]))}
    return trained, np.array(history["loss"], dtype)


@wrong(of="train_with_keras", killed_by=KERAS)
def kernel_not_transposed(X, Y, params, *, epochs, learning_rate):
    """W as it stands for a Dense layer's kernel. Only where a layer is as wide as the one before it does Keras not complain."""
    return _keras(X, Y, params, epochs, learning_rate, W=lambda W: W if W.shape[0] == W.shape[1] else W.T)


@wrong(of="train_with_keras", killed_by=KERAS)
def weights_from_the_same_seed(X, Y, params, *, epochs, learning_rate):
    """No weights copied in, since both sides draw Glorot's with seed 1: the same seed is not the same numbers."""
    return _keras(X, Y, params, epochs, learning_rate, start=False)


@wrong(of="train_with_keras", killed_by=KERAS)
def batches_of_32_unasked(X, Y, params, *, epochs, learning_rate):
    """fit without batch_size: shuffled batches of 32 for the one batch of all."""
    return _keras(X, Y, params, epochs, learning_rate, batch_size=None)


@wrong(of="train_with_keras", killed_by=KERAS)
def logits_passed_for_probabilities(X, Y, params, *, epochs, learning_rate):
    """No sigmoid at the end, and the loss left at its default, which wants probabilities and clips what is none."""
    return _keras(X, Y, params, epochs, learning_rate, from_logits=False)
