"""Every known misconception about RMSprop gets its own hint."""

import numpy as np

from snippets import rmsprop
from snippets.exercises.rmsprop import check_layer, check_rmsprop_step, layer_solved, rmsprop_step_solved
from tests.exercises._hints import each_gets_its_own


def square(make):
    def step(W, dW, s, learning_rate, beta, epsilon):
        s = make(W, dW, s, beta)
        return W - learning_rate * dW / (np.sqrt(s) + epsilon), s

    return step


def weight(make):
    def step(W, dW, s, learning_rate, beta, epsilon):
        new = beta * s + (1 - beta) * dW**2
        return make(W, dW, s, new, learning_rate, epsilon), new

    return step


def only_where_small(W, dW, s, new, a, e):
    return W - a * dW / (np.sqrt(new) + np.where(np.sqrt(new) < 1e-8, e, 0))


STEPS = {
    "returned None": lambda W, dW, s, learning_rate, beta, epsilon: None,
    "Return 2 things": lambda W, dW, s, learning_rate, beta, epsilon: W,
    "and 1.7 is right": square(lambda W, dW, s, b: b * s + (1 - b) * dW**2 * (s != 2)),
    "what you were given": square(lambda W, dW, s, b: s),
    "is not squared": square(lambda W, dW, s, b: b * s + (1 - b) * dW),
    "the gradient's size": square(lambda W, dW, s, b: b * s + (1 - b) * abs(dW)),
    "square of a mean": square(lambda W, dW, s, b: np.square(b * s + (1 - b) * dW)),
    "squared along with": square(lambda W, dW, s, b: b * s + ((1 - b) * dW) ** 2),
    "1 - beta is missing": square(lambda W, dW, s, b: b * s + dW * dW),
    "are swapped": square(lambda W, dW, s, b: (1 - b) * s + b * dW**2),
    "share one mean": square(lambda W, dW, s, b: b * s + (1 - b) * (dW**2).mean()),
    "square of the weight": square(lambda W, dW, s, b: b * s + (1 - b) * W**2),
    "corrected for its start": square(lambda W, dW, s, b: (b * s + (1 - b) * dW**2) / (1 - b**1)),
    "return W, then s": lambda *given: rmsprop_step_solved(*given)[::-1],
    "W has not moved": weight(lambda W, dW, s, new, a, e: W),
    "it climbs": weight(lambda W, dW, s, new, a, e: W + a * dW / (np.sqrt(new) + e)),
    "inside the root": weight(lambda W, dW, s, new, a, e: W - a * dW / (new + e) ** 0.5),
    "epsilon is missing": weight(lambda W, dW, s, new, a, e: W - a * dW / np.sqrt(new)),
    "only where the root is zero": weight(only_where_small),
    "added to the weight": weight(lambda W, dW, s, new, a, e: W - a * dW / np.sqrt(new) + e),
    "added to the quotient": weight(lambda W, dW, s, new, a, e: W - a * (dW / np.sqrt(new) + e)),
    "the root is missing": weight(lambda W, dW, s, new, a, e: W - a * dW / (new + e)),
    "multiplied by the root": weight(lambda W, dW, s, new, a, e: W - a * dW * (np.sqrt(new) + e)),
    "the old s; make": weight(lambda W, dW, s, new, a, e: W - a * dW / (np.sqrt(s) + e)),
    "numerator is squared": weight(lambda W, dW, s, new, a, e: W - a * dW**2 / (np.sqrt(new) + e)),
    "learning rate is missing": weight(lambda W, dW, s, new, a, e: W - dW / (np.sqrt(new) + e)),
}


def mended(W=None, b=None, s_dW=None, s_db=None):
    """The layer's step with some of what it returns made otherwise, of (what was given, what is right)."""

    def layer(*given):
        made = zip((W, b, s_dW, s_db), layer_solved(*given), strict=True)
        return [value if other is None else other(given, layer_solved(*given)) for other, value in made]

    return layer


LAYERS = {
    "Return 4 things": lambda *given: given[:2],
    "mean square of another gradient": mended(b=lambda given, new: given[1] - given[6] * given[3] / (np.sqrt(new[2]) + given[8])),
    "b has not moved": mended(b=lambda given, new: given[1]),
    "by the gradient of W": mended(b=lambda given, new: given[1] - given[6] * given[2] / (np.sqrt(new[3]) + given[8])),
    "now dW is divided": mended(W=lambda given, new: given[0] - given[6] * given[2] / (np.sqrt(new[3]) + given[8])),
    "a bias has its own": mended(s_db=lambda given, new: new[2]),
    "made of s_db or db": mended(s_dW=lambda given, new: new[3]),
}


def test_each_misconception_gets_its_own_hint():
    each_gets_its_own(check_rmsprop_step, STEPS)
    each_gets_its_own(check_layer, LAYERS)
    assert check_layer(mended()).startswith("Right: ")


def test_the_solutions_are_the_snippet():
    rng = np.random.default_rng(0)
    W, dW, b, db = rng.normal(size=(4, 3, 1))
    s_dW, s_db = rng.uniform(size=(2, 3, 1))
    constants = 0.2, 0.8, 0.3
    params, state = rmsprop.update({"W": W, "b": b}, {"dW": dW, "db": db}, {"s": {"W": s_dW, "b": s_db}}, *constants)
    assert np.array_equal(rmsprop_step_solved(W, dW, s_dW, *constants), (params["W"], state["s"]["W"]))
    found = layer_solved(W, b, dW, db, s_dW, s_db, *constants)
    assert np.array_equal(found, (params["W"], params["b"], state["s"]["W"], state["s"]["b"]))
