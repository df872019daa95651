"""Every known misconception about the first weights gets its own hint."""

import numpy as np

from snippets import initialization, network
from snippets.exercises.initialization import LAYER_DIMS, check_he, check_unequal, unequal
from tests.exercises._hints import each_gets_its_own


def with_spread(spread, draw=lambda rng, shape: rng.standard_normal(shape)):
    def he(layer_dims, rng):
        params = {}
        for l in range(1, len(layer_dims)):
            n_in, n_out = layer_dims[l - 1], layer_dims[l]
            params[f"W{l}"] = draw(rng, (n_out, n_in)) * spread(n_in, n_out)
            params[f"b{l}"] = np.zeros((n_out, 1))
        return params

    return he


def right_spread(n_in, n_out):
    return np.sqrt(2 / n_in)


def flat_biases(layer_dims, rng):
    return {name: value[:, 0] if name[0] == "b" else value for name, value in initialization.he(layer_dims, rng).items()}


MISCONCEPTIONS = {
    "returned None": lambda layer_dims, rng: None,
    "raised TypeError": lambda layer_dims: {},
    "nothing in it": lambda layer_dims, rng: {},
    "W1 has shape": lambda layer_dims, rng: {k: v.T for k, v in initialization.he(layer_dims, rng).items()},
    "biases are not zero": lambda layer_dims, rng: {k: v + 0.1 for k, v in initialization.he(layer_dims, rng).items()},
    "Every weight is zero": lambda layer_dims, rng: initialization.zeros(layer_dims),
    "square root is missing": with_spread(lambda n_in, n_out: 2 / n_in),
    "LeCun": with_spread(lambda n_in, n_out: np.sqrt(1 / n_in)),
    "units that go out": with_spread(lambda n_in, n_out: np.sqrt(2 / n_out)),
    "Glorot": with_spread(lambda n_in, n_out: np.sqrt(2 / (n_in + n_out))),
    "not scaled": with_spread(lambda n_in, n_out: 1.0),
    "uniformly from 0 to 1": with_spread(right_spread, lambda rng, shape: rng.random(shape)),
    "mean is not zero": with_spread(right_spread, lambda rng, shape: rng.standard_normal(shape) + 0.5),
    "b1 has shape (300,), not (300, 1). W of layer l is (n_l, n_(l-1)), and b is": flat_biases,
    "uniform numbers from -1 to 1": with_spread(right_spread, lambda rng, shape: rng.uniform(-1, 1, shape)),
    "root is that of the 2 alone": with_spread(lambda n_in, n_out: np.sqrt(2) / n_in),
    "root is that of n_in alone": with_spread(lambda n_in, n_out: 2 / np.sqrt(n_in)),
    "a number for each weight": with_spread(right_spread, lambda rng, shape: np.tile(rng.standard_normal(shape[1]), (shape[0], 1))),
    "from nothing else": lambda layer_dims, rng: initialization.he(layer_dims, np.random.default_rng()),
    "Another rng gives the same": lambda layer_dims, rng: initialization.he(layer_dims, np.random.default_rng(0)),
    "multiply by sqrt": with_spread(lambda n_in, n_out: 0.01),
}


def test_each_misconception_gets_its_own_hint():
    each_gets_its_own(check_he, MISCONCEPTIONS)


UNEQUAL = {
    "only the output's bias moves": lambda: initialization.zeros([2, 2, 1]),
    "stay one unit": unequal,
    "W1, b1": lambda: {},
    "W1 has shape (3, 2), not (2, 2)": lambda: unequal() | {"W1": np.zeros((3, 2))},
}


def test_each_way_to_stay_equal_gets_its_own_hint():
    each_gets_its_own(check_unequal, UNEQUAL)


def test_different_units_that_nothing_reaches_do_not_move():
    still = unequal() | {"W1": np.zeros((2, 2)), "W2": np.array([[1.0, 2.0]])}
    assert "only the output's bias moves" in check_unequal(lambda: still)
    assert check_unequal(lambda: still | {"b1": np.ones((2, 1))}).startswith("Right")
    X, Y = np.eye(2), np.array([[0.0, 0.0]])
    trained, _ = network.train(X, Y, still, epochs=3, learning_rate=0.5)
    assert [name for name in still if not np.array_equal(trained[name], still[name])] == ["b2"]


def test_normals_without_their_signs_are_seen():
    assert "without their signs" in check_he(with_spread(right_spread, lambda rng, shape: np.abs(rng.standard_normal(shape))))


def test_symmetry_is_seen_wherever_it_is_broken():
    for name, value in {"W1": [[0.6, 0.5], [0.5, 0.5]], "b1": [[0.0], [1.0]], "W2": [[1.0, 2.0]]}.items():
        assert check_unequal(lambda name=name, value=value: unequal() | {name: np.array(value)}).startswith("Right")
    assert LAYER_DIMS[0] != LAYER_DIMS[1], "or n_in and n_out could not be told apart"
