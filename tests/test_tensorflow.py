"""TensorFlow then and now: one computation by graph and session, by tape and by Keras, held to NumPy's and to each other."""

import contextlib
import doctest
import io
import json
import re
import subprocess
import sys
from unittest.mock import patch

import numpy as np
import pytest
from scipy import stats

from snippets import initialization, network, tensorflow
from snippets.experiments import _tensorflow
from snippets.experiments import tensorflow as experiments
from snippets.site.source import ROOT
from tests.oracles import in_tensorflow, needs_tensorflow

TRAIN = ["train_with_session", "train_with_tape", "train_with_keras"]


def small(layers=(3, 3, 2, 1), m=40, dtype=float, seed=0):
    """Data of two classes and a start; 3 to 3, so that no shape tells W from its transpose."""
    rng = np.random.default_rng(seed)
    X = rng.standard_normal((layers[0], m))
    Y = (X[:1] * X[1:2] > 0).astype(float)
    start = initialization.he(list(layers), rng)
    start = {name: array + 0.1 * rng.standard_normal(array.shape) for name, array in start.items()}  # biases that are not zero
    return X.astype(dtype), Y.astype(dtype), {name: array.astype(dtype) for name, array in start.items()}


def follows_numpy(name, dtype=float, epochs=20, **tolerance):
    X, Y, start = small(dtype=dtype)
    X = X.astype(np.float32).astype(dtype)  # Keras's fit rounds it so
    before = {key: array.copy() for key, array in start.items()}
    expected, costs = network.train(X, Y, start, epochs=epochs, learning_rate=0.25)
    params, found = getattr(tensorflow, name)(X, Y, start, epochs=epochs, learning_rate=0.25)
    assert params.keys() == expected.keys()
    for key, array in params.items():
        assert array.dtype == dtype
        np.testing.assert_allclose(array, expected[key], **tolerance)
        np.testing.assert_array_equal(start[key], before[key])
    assert found.dtype == dtype
    np.testing.assert_allclose(found, costs, rtol=1e-6 if name == "train_with_keras" else tolerance["rtol"])
    assert found[-1] < 0.9 * found[0]


@in_tensorflow
def test_a_session_trains_as_numpy_does():
    follows_numpy("train_with_session", rtol=1e-12, atol=1e-13)


@in_tensorflow
def test_a_tape_trains_as_numpy_does():
    follows_numpy("train_with_tape", rtol=1e-12, atol=1e-13)


@in_tensorflow
def test_keras_trains_as_numpy_does():
    follows_numpy("train_with_keras", rtol=1e-12, atol=1e-13)


@in_tensorflow
@pytest.mark.parametrize("name", TRAIN)
def test_float32_stays_float32_and_follows_too(name):
    follows_numpy(name, np.float32, rtol=2e-5, atol=2e-6)


@in_tensorflow
@pytest.mark.parametrize("name", TRAIN)
def test_no_epoch_and_one_example(name):
    X, Y, start = small(m=1)
    X = np.round(X)
    params, costs = getattr(tensorflow, name)(X, Y, start, epochs=0, learning_rate=0.25)
    assert costs.shape == (0,)
    for key, array in params.items():
        np.testing.assert_array_equal(array, start[key])
    expected, _ = network.train(X, Y, start, epochs=3, learning_rate=0.25)
    params, costs = getattr(tensorflow, name)(X, Y, start, epochs=3, learning_rate=0.25)
    assert costs.shape == (3,)
    for key, array in params.items():
        np.testing.assert_allclose(array, expected[key], rtol=1e-12)


@in_tensorflow
def test_keras_notices_a_sigmoid_before_a_loss_that_has_its_own():
    import keras

    X, Y, _ = small()
    model = keras.Sequential([keras.Input([3]), keras.layers.Dense(1, "sigmoid")])
    model.compile(loss=keras.losses.BinaryCrossentropy(from_logits=True))
    with pytest.warns(UserWarning, match="produced by a Sigmoid activation"):
        found = model.evaluate(X.T, Y.T, verbose=0)
    A = network.sigmoid(model.layers[0].kernel.numpy().T @ X)
    np.testing.assert_allclose(found, network.cost(A, Y), rtol=1e-5)  # taken once, not twice


@in_tensorflow
def test_keras_rounds_data_and_learning_rate_to_float32_and_a_tape_nothing():
    X, Y, start = small()
    for rate, data in ((0.25, X), (0.3, np.round(X))):
        expected, _ = network.train(data, Y, start, epochs=5, learning_rate=rate)
        apart = {}
        for name in TRAIN:
            params, _ = getattr(tensorflow, name)(data, Y, start, epochs=5, learning_rate=rate)
            apart[name] = max(np.abs(params[key] - expected[key]).max() for key in params)
        assert apart["train_with_tape"] < 1e-14
        assert 1e-11 < apart["train_with_keras"] < 1e-6
        assert (apart["train_with_session"] > 1e-11) == (rate == 0.3), "a session rounds the rate, and not what is fed to it"


@in_tensorflow
@pytest.mark.parametrize("name", TRAIN)
@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"X": np.ones((3, 0))}, r"X: must be \(n_0, m\), m at least 1, not \(3, 0\)"),
        ({"X": np.ones(3)}, "X: must be"),
        ({"X": np.ones((2, 40))}, r"params: W1 must be \(n_1, 2\) and b1"),
        ({"Y": np.ones((1, 39))}, r"Y: must be \(1, 40\)"),
        ({"params": {}}, r"params: W1 must be"),
        ({"params": {"W1": np.ones((1, 3)), "b1": np.ones(1)}}, r"b1 \(n_1, 1\)"),
        ({"params": {"W1": np.ones((1, 3)), "b1": np.ones((1, 1)), "W2": np.ones((1, 2)), "b2": np.ones((1, 1))}}, "params: W2 must be"),
        ({"params": {"W1": np.ones((2, 3)), "b1": np.ones((2, 1))}}, "params: W1 must have one row, not 2"),
        ({"epochs": -1}, "epochs: must be a whole number, 0 or more, not -1"),
        ({"epochs": 1.5}, "epochs: must be"),
    ],
)
def test_what_does_not_fit_is_refused(name, changes, said):
    X, Y, params = small()
    with pytest.raises(ValueError, match=said):
        getattr(tensorflow, name)(**{"X": X, "Y": Y, "params": params, "epochs": 1, "learning_rate": 0.1} | changes)


@in_tensorflow
def test_a_session_leaves_eager_execution_switched_on():
    import tensorflow as tf

    X, Y, start = small()
    with patch.object(tf.compat.v1, "disable_eager_execution") as off:  # it cannot be undone
        tensorflow.train_with_session(X, Y, start, epochs=1, learning_rate=0.1)
    off.assert_not_called()
    assert tf.executing_eagerly()


OFF = """
import keras, numpy as np, tensorflow as tf

tf.compat.v1.disable_eager_execution()
model = keras.Sequential([keras.Input([2]), keras.layers.Dense(1)])
model.compile(loss="mse")
try:
    model.fit(np.ones((4, 2)), np.ones((4, 1)), verbose=0)
except RuntimeError as error:
    print(error)
try:
    tf.compat.v1.enable_eager_execution()
except ValueError as error:
    print(error)
"""


@in_tensorflow
def test_without_eager_execution_keras_cannot_fit_and_there_is_no_way_back():
    run = subprocess.run([sys.executable, "-c", OFF], capture_output=True, text=True, check=True)
    assert "only supports Python-style iteration in eager mode" in run.stdout
    assert "must be called at program startup" in run.stdout


# Graphs and sessions.


def linear():
    W, b, values = np.array([[1.0, -2.0], [0.5, 3.0]]), np.array([[0.25], [-1.0]]), np.array([[3.0, 0.0, 1.0], [4.0, -1.0, 0.5]])
    X, Z, initialize = tensorflow.linear_graph(W, b)
    return X, Z, initialize, values, W @ values + b


def gives_the_product_and_closes(name):
    import tensorflow as tf

    X, Z, initialize, values, expected = linear()
    opened, v1 = [], tf.compat.v1

    class Session(v1.Session):
        def __init__(self, *arguments, **options):
            super().__init__(*arguments, **options)
            opened.append(self)

    with patch.object(v1, "Session", Session):
        np.testing.assert_allclose(getattr(tensorflow, name)(Z, {X: values}, initialize), expected)
        with pytest.raises(tf.errors.InvalidArgumentError, match="feed a value for placeholder"):
            getattr(tensorflow, name)(Z, {}, initialize)
    assert len(opened) == 2
    for session in opened:
        with pytest.raises(RuntimeError, match="closed Session"):
            session.run(Z, {X: values})


@in_tensorflow
def test_method_1_gives_the_product_and_leaves_no_session_open():
    gives_the_product_and_closes("run_and_close")


@in_tensorflow
def test_method_2_gives_the_product_and_leaves_no_session_open():
    gives_the_product_and_closes("run_within")


@in_tensorflow
def test_a_graph_is_run_again_and_again_and_does_not_grow():
    X, Z, initialize, values, expected = linear()
    before = len(Z.graph.get_operations())
    for columns in (slice(0, 3), slice(1, 2)):  # as many examples as you like: the shape says None
        np.testing.assert_allclose(tensorflow.run_within(Z, {X: values[:, columns]}, initialize), expected[:, columns])
    assert len(Z.graph.get_operations()) == before, "running added to the graph"


@in_tensorflow
def test_a_graph_holds_operations_and_tensors():
    import tensorflow as tf

    X, Z, _, _, _ = linear()
    assert {type(operation) for operation in Z.graph.get_operations()} == {tf.Operation}
    assert not hasattr(tf, "Operator")
    assert not hasattr(tf.compat.v1, "Operator")
    assert (X.op.type, Z.op.type) == ("Placeholder", "AddV2")
    assert isinstance(Z, tf.Tensor)
    assert not hasattr(Z, "numpy"), "there is a number in it"


@in_tensorflow
def test_variables_are_what_is_initialized_and_without_it_none_can_be_read():
    import tensorflow as tf

    X, Z, initialize, values, expected = linear()
    assert initialize.type == "NoOp"  # a name for the assignments that it depends on
    assert {operation.name.split("/")[0] for operation in initialize.control_inputs} == {"W", "b"}
    with tf.compat.v1.Session(graph=Z.graph) as session:
        with pytest.raises(tf.errors.FailedPreconditionError):
            session.run(Z, {X: values})
        session.run(initialize)
        np.testing.assert_allclose(session.run(Z, {X: values}), expected)


@in_tensorflow
def test_the_operation_is_run_not_the_optimizer():
    import tensorflow as tf

    v1 = tf.compat.v1
    with tf.Graph().as_default() as graph, v1.Session() as session:
        w = v1.get_variable("w", initializer=np.float64(2.0))
        before = {operation.name for operation in graph.get_operations()}
        optimizer = v1.train.GradientDescentOptimizer(0.25)
        step = optimizer.minimize(w * w)
        assert any(name.startswith("gradients/") for name in {operation.name for operation in graph.get_operations()} - before)
        session.run(v1.global_variables_initializer())
        with pytest.raises(TypeError, match="must be a string or Tensor"):
            session.run(optimizer)
        session.run(step)
        assert session.run(w) == 1.0  # 2 - 0.25 * 2 * 2


@in_tensorflow
def test_what_of_the_course_is_gone():
    import tensorflow as tf

    for name in ("placeholder", "get_variable", "Session", "contrib"):
        assert not hasattr(tf, name)
    for name in ("placeholder", "get_variable", "Session", "zeros_initializer"):
        assert hasattr(tf.compat.v1, name)
    assert not hasattr(tf.compat.v1, "contrib")
    with pytest.raises(RuntimeError, match="not compatible with eager execution"):
        tf.compat.v1.placeholder(tf.float32)


@in_tensorflow
def test_linear_graph_refuses_what_does_not_fit():
    for W, b in [(np.ones(3), np.ones((3, 1))), (np.ones((2, 3)), np.ones((3, 1))), (np.ones((2, 3)), np.ones(2))]:
        with pytest.raises(ValueError, match=r"W, b: must be \(n, n_x\) and \(n, 1\)"):
            tensorflow.linear_graph(W, b)


@in_tensorflow
def test_fit_runs_a_graph_and_no_python_for_each_step():
    import keras

    seen = []

    class Watched(keras.layers.Dense):
        def call(self, inputs):
            seen.append(1)
            return super().call(inputs)

    X, Y, _ = small()
    model = keras.Sequential([keras.Input([3]), Watched(1)])
    model.compile(loss="mse")
    model.fit(X.T, Y.T, batch_size=1, epochs=2, verbose=0)
    assert 1 <= len(seen) <= 4 < 2 * X.shape[1]


# First weights.


def is_glorot_uniform(name):
    W = getattr(tensorflow, name)(400, 100, seed=1)
    bound = np.sqrt(6 / 500)
    assert W.shape == (400, 100)
    assert W.dtype == np.float32
    assert stats.kstest(W.ravel(), stats.uniform(-bound, 2 * bound).cdf).pvalue > 1e-3
    np.testing.assert_array_equal(W, getattr(tensorflow, name)(400, 100, seed=1))
    for sizes in ((0, 3), (3, 0)):
        with pytest.raises(ValueError, match="n_out, n_in: must be 1 or more"):
            getattr(tensorflow, name)(*sizes, seed=1)


@in_tensorflow
def test_a_graph_draws_glorots_uniform_weights():
    is_glorot_uniform("glorot_then")


@in_tensorflow
def test_keras_draws_glorots_uniform_weights():
    is_glorot_uniform("glorot_now")


@in_tensorflow
def test_the_same_seed_gives_other_weights_then_and_now():
    then, now = tensorflow.glorot_then(20, 30, seed=1), tensorflow.glorot_now(20, 30, seed=1)
    assert abs(np.corrcoef(then.ravel(), now.ravel())[0, 1]) < 0.2


# What is kept, and what the page claims of it.


@pytest.mark.long(45)
@pytest.mark.no_cover  # it takes twice as long with it, and what it calls is covered by the tests above
@in_tensorflow
def test_what_is_kept_is_made_again():
    """To nine digits: other processors add in another order. Keras keeps costs in float32."""
    kept, made = json.loads(_tensorflow.KEPT.read_text(encoding="utf-8")), _tensorflow.make()
    assert kept.keys() - {"made", "versions"} == made.keys()
    for way in experiments.WAYS:
        np.testing.assert_allclose(kept[way]["costs"], made[way]["costs"], rtol=1e-6 if way == "keras" else 1e-9)
        for which in ("params", "rounded"):
            assert kept[way][which].keys() == made[way][which].keys() == {"W2", "b2"}
            for name, values in kept[way][which].items():
                np.testing.assert_allclose(values, made[way][which][name], rtol=1e-9, atol=1e-12)
    for when in ("then", "now"):
        np.testing.assert_allclose(kept["seed"][when], made["seed"][when], rtol=1e-6)


def test_what_is_kept_was_made_with_the_versions_that_are_pinned():
    """With other versions the test above says whether it still holds."""
    kept = json.loads(_tensorflow.KEPT.read_text(encoding="utf-8"))["versions"]
    pinned = dict(re.findall(r"^([\w-]+)==(\S+)", (ROOT / "requirements.txt").read_text(encoding="utf-8"), re.M))
    for library, package in (("TensorFlow", "tensorflow-cpu"), ("Keras", "keras")):
        assert kept[library] == pinned[package], "`make kept` makes it anew; then look at the page"


def test_claim_four_trainings_are_one():
    result = experiments.overlay()
    assert result["params"] < 1e-12
    assert max(result["session_cost"], result["tape_cost"]) < 1e-12
    assert 1e-10 < result["keras_cost"] < 1e-7
    assert result["last"] < 0.3 * result["first"]
    assert result["epochs"] == len(result["keras"]) == 200


def test_claim_a_rate_that_float32_does_not_hold_is_rounded_but_for_the_tape():
    result = experiments.rounded_rate()
    assert result["tape"] < 1e-12
    assert 1e-9 < min(result["session"], result["keras"])
    assert max(result["session"], result["keras"]) < 1e-6
    assert result["as_float32"] != result["rate"] == 0.3


def test_claim_the_same_seed_draws_other_weights():
    result = experiments.same_seed()
    assert result["furthest"] > result["bound"]
    assert 0.9 * result["bound"] < result["largest"] <= result["bound"]
    assert abs(result["then"] - result["now"]) > 0.5


def test_versions_are_named():
    assert set(experiments.versions()) == {"made", "python", "tensorflow", "keras", "numpy"}


# The docstrings, and whether all of the snippet is run.


@in_tensorflow
def test_doctests():
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        found = doctest.testmod(tensorflow)
    assert found.attempted >= 3 * 7
    assert not found.failed, said.getvalue()


@needs_tensorflow
def test_every_line_and_branch_is_run(apart):
    """In the process in which TensorFlow's tests run. Alone there, this test has nothing to look at."""
    if apart is not None:
        total = next(line for line in apart["printed"].splitlines() if line.startswith("TOTAL"))
        assert total.endswith(" 100%"), apart["printed"]
