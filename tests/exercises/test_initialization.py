"""Every known misconception about the first weights gets its own hint."""

import numpy as np

from snippets import initialization
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


MISCONCEPTIONS = {
    "returned None": lambda layer_dims, rng: None,
    "raised TypeError": lambda layer_dims: {},
    "nothing in it": lambda layer_dims, rng: {},
    "has shape": lambda layer_dims, rng: {k: v.T for k, v in initialization.he(layer_dims, rng).items()},
    "biases are not zero": lambda layer_dims, rng: {k: v + 0.1 for k, v in initialization.he(layer_dims, rng).items()},
    "Every weight is zero": lambda layer_dims, rng: initialization.zeros(layer_dims),
    "square root is missing": with_spread(lambda n_in, n_out: 2 / n_in),
    "LeCun": with_spread(lambda n_in, n_out: np.sqrt(1 / n_in)),
    "units that go out": with_spread(lambda n_in, n_out: np.sqrt(2 / n_out)),
    "Glorot": with_spread(lambda n_in, n_out: np.sqrt(2 / (n_in + n_out))),
    "not scaled": with_spread(lambda n_in, n_out: 1.0),
    "uniformly from 0 to 1": with_spread(right_spread, lambda rng, shape: rng.random(shape)),
    "mean is not zero": with_spread(right_spread, lambda rng, shape: rng.standard_normal(shape) + 0.5),
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


def test_symmetry_is_seen_wherever_it_is_broken():
    for name, value in {"W1": [[0.6, 0.5], [0.5, 0.5]], "b1": [[0.0], [1.0]], "W2": [[1.0, 2.0]]}.items():
        assert check_unequal(lambda name=name, value=value: unequal() | {name: np.array(value)}).startswith("Right")
    assert LAYER_DIMS[0] != LAYER_DIMS[1], "or n_in and n_out could not be told apart"
