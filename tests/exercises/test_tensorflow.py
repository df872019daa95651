"""Every known misconception about sessions and Keras's weights gets its own hint."""

import numpy as np

from snippets.exercises import tensorflow
from snippets.exercises.tensorflow import B, check_run_node, check_to_dense, run_node_solved, to_dense
from tests.exercises._hints import each_gets_its_own


def session(feeds=lambda node, feed: feed[node[1]], **operations):
    """A run with a part of it made otherwise."""

    def run_node(node, feed):
        if node[0] == "placeholder":
            return feeds(node, feed)
        if node[0] == "constant":
            return node[1]
        values = [run_node(part, feed) for part in node[1:]]
        return ({"matmul": np.matmul, "add": np.add, "relu": lambda a: np.maximum(a, 0)} | operations)[node[0]](*values)

    return run_node


def remembers():
    kept = {}

    def run_node(node, feed):
        return kept.setdefault(str(node), run_node_solved(node, feed)) if node[0] == "relu" else run_node_solved(node, feed)

    return run_node


RUNS = {
    "returned None": tensorflow.run_node,
    "raised NameError": lambda node, feed: undefined,  # noqa: F821
    "A constant is": lambda node, feed: 2 * run_node_solved(node, feed),
    "open until it is fed": session(lambda node, feed: np.zeros((2, 2))),
    "you have b @ a": session(matmul=lambda a, b: b @ a),
    "multiplies entry by entry": session(matmul=np.multiply),
    "relu is missing": session(relu=lambda a: a),
    "you keep the rest": session(relu=lambda a: np.minimum(a, 0)),
    "turns the sign": session(relu=abs),
    "value of the first run": remembers(),
    "Nothing was fed": session(lambda node, feed: feed.get(node[1], B)),
}


def test_a_session_s_misconceptions_get_their_hints():
    each_gets_its_own(check_run_node, RUNS)


def layers(kernel=lambda W: W.T, bias=lambda b: b[:, 0], pair=lambda kernel, bias: [kernel, bias], last=3):
    return lambda params: [pair(kernel(params[f"W{l}"]), bias(params[f"b{l}"])) for l in range(1, last + 1)]


DENSE = {
    "reshape only counts": to_dense,
    "Keras has examples in rows": layers(kernel=lambda W: W),
    "as it stands": layers(kernel=lambda W: W if W.shape[0] == W.shape[1] else W.T),
    "is a column": layers(bias=lambda b: b),
    "has lost both axes": layers(bias=np.squeeze),
    "the other way round": layers(pair=lambda kernel, bias: [bias, kernel]),
    "Return 2 things: kernel 1": layers(pair=lambda kernel, bias: [kernel]),
    "Return 3 things: layer 1": layers(last=1),
    "Bias 1 is 0": layers(bias=lambda b: 0 * b[:, 0]),
}


def test_what_goes_wrong_on_the_way_to_keras_gets_its_hint():
    each_gets_its_own(check_to_dense, DENSE)
