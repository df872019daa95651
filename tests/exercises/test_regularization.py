"""Every known misconception about L2 and dropout gets its own hint."""

import numpy as np
import pytest
from sklearn.datasets import make_moons

from snippets import adam, initialization, network, regularization
from snippets.exercises.regularization import (
    GRADS,
    PARAMS,
    check_dropout_backward,
    check_dropout_forward,
    check_dropout_layer,
    check_l2,
    dropout_layer,
    dropout_layer_solved,
    l2_solved,
)
from tests.exercises._hints import each_gets_its_own


def cost(make):
    """L2 with another cost, made of the sum of squared weights and the factor lambda / (2m)."""
    return lambda params, grads, lambd, m: (make(params, lambd / (2 * m)), l2_solved(params, grads, lambd, m)[1])


def squares(params, names="W1 W2"):
    return sum(np.sum(params[name] ** 2) for name in names.split())


def gradient(make):
    """L2 with another gradient of each weight, made of the weight, its gradient and lambda / m."""

    def l2(params, grads, lambd, m):
        changed = {f"d{name}": make(params[name], grads[f"d{name}"], lambd / m) for name in ("W1", "W2")}
        return l2_solved(params, grads, lambd, m)[0], grads | changed

    return l2


def in_place(params, grads, lambd, m):
    grads["dW1"] += lambd / m * params["W1"]
    return l2_solved(params, grads, lambd, m)


def biases(make):
    def l2(params, grads, lambd, m):
        found = l2_solved(params, grads, lambd, m)
        return found[0], found[1] | {f"d{name}": make(params[name], grads[f"d{name}"], lambd / m) for name in ("b1", "b2")}

    return l2


L2 = {
    "returned None": lambda *given: None,
    "Return 2 things": lambda *given: l2_solved(*given)[0],
    "It should have dW2, dW1, db2, db1": lambda *given: (l2_solved(*given)[0], {}),
    "changed what it was given": in_place,
    "biases are in it": cost(lambda params, half: half * squares(params, "W1 W2 b1 b2")),
    "1/m is missing: the cost": cost(lambda params, half: half * 5 * squares(params)),
    "the 1/2 is missing": cost(lambda params, half: half * 2 * squares(params)),
    "only the last layer": cost(lambda params, half: half * squares(params, "W2")),
    "only the first layer": cost(lambda params, half: half * squares(params, "W1")),
    "norms are not squared": cost(lambda params, half: half * (np.linalg.norm(params["W1"]) + np.linalg.norm(params["W2"]))),
    "they cancel": cost(lambda params, half: half * (params["W1"].sum() + params["W2"].sum())),
    "which is L1": cost(lambda params, half: half * sum(np.abs(params[name]).sum() for name in ("W1", "W2"))),
    "lambda is not in it": cost(lambda params, half: squares(params) / 10),
    "the mean of the squares": cost(lambda params, half: half * sum(np.mean(params[name] ** 2) for name in ("W1", "W2"))),
    "reward for large weights": cost(lambda params, half: -half * squares(params)),
    "is right.": cost(lambda params, half: 1.0),
    "so the gradient has one": gradient(lambda W, dW, factor: dW),
    "takes the 1/2 away": gradient(lambda W, dW, factor: dW + factor / 2 * W),
    "2 lambda / m": gradient(lambda W, dW, factor: dW + 2 * factor * W),
    "missing from its new term": gradient(lambda W, dW, factor: dW + 5 * factor * W),
    "gradient of the data is lost": gradient(lambda W, dW, factor: factor * W),
    "the step subtracts it": gradient(lambda W, dW, factor: dW - factor * W),
    "derivative of a square": gradient(lambda W, dW, factor: dW + factor / 2 * W**2),
    "biases are left out": biases(lambda b, db, factor: db + factor * b),
    "still has its gradient": biases(lambda b, db, factor: 0 * db),
}


def forward(draw, make=lambda A, D, keep_prob: A * D / keep_prob):
    def dropout_forward(A, keep_prob, rng):
        D = draw(rng, A.shape, keep_prob)
        return make(A, D, keep_prob), D

    return dropout_forward


def right(rng, shape, keep_prob):
    return rng.random(shape) < keep_prob


def forward_in_place(A, keep_prob, rng):
    A *= (D := right(rng, A.shape, keep_prob))
    A /= keep_prob
    return A, D


FORWARD = {
    "Return 2 things": lambda A, keep_prob, rng: A * right(rng, A.shape, keep_prob) / keep_prob,
    "changed what it was given": forward_in_place,
    "D has one column": forward(lambda rng, shape, keep: rng.random((shape[0], 1)) < keep),
    "D has shape (5, 4)": lambda A, keep_prob, rng: (A, right(rng, A.T.shape, keep_prob)),
    "keeps what it should drop": forward(lambda rng, shape, keep: rng.random(shape) >= keep),
    "probability of dropping": forward(lambda rng, shape, keep: rng.random(shape) < 1 - keep),
    "random numbers themselves": forward(lambda rng, shape, keep: rng.random(shape)),
    "normal numbers": forward(lambda rng, shape, keep: rng.standard_normal(shape) < keep),
    "as many are kept": forward(lambda rng, shape, keep: rng.random(shape) > 1 - keep),
    "another one for the same generator": forward(lambda rng, shape, keep: np.random.default_rng().random(shape) < keep),
    "the way back would divide": forward(lambda rng, shape, keep: right(rng, shape, keep) / keep, lambda A, D, keep: A * D),
    "all examples lose": forward(lambda rng, shape, keep: np.broadcast_to(rng.random((shape[0], 1)) < keep, shape)),
    "return A, then D": lambda *given: regularization.dropout_forward(*given)[::-1],
    "same for another generator": forward(lambda rng, shape, keep: np.random.default_rng(3).random(shape) < keep),
    "not divided by keep_prob": forward(right, lambda A, D, keep: A * D),
    "multiplied by keep_prob": forward(right, lambda A, D, keep: A * D * keep),
    "divided by 1 - keep_prob": forward(right, lambda A, D, keep: A * D / (1 - keep)),
    "it is what you were given": forward(right, lambda A, D, keep: A),
    "but all is divided": forward(right, lambda A, D, keep: A / keep),
    "that should be kept": forward(right, lambda A, D, keep: A * ~D / keep),
}


def backward_in_place(dA, D, keep_prob):
    dA *= D
    dA /= keep_prob
    return dA


BACKWARD = {
    "returned None": lambda dA, D, keep_prob: None,
    "has shape (4, 1)": lambda dA, D, keep_prob: dA[:, :1],
    "changed what it was given": backward_in_place,
    "Other units are dropped": lambda dA, D, keep_prob: dA * (np.random.default_rng(8).random(dA.shape) < keep_prob) / keep_prob,
    "not divided": lambda dA, D, keep_prob: dA * D,
    "not masked": lambda dA, D, keep_prob: dA / keep_prob,
    "it is multiplied": lambda dA, D, keep_prob: dA * D * keep_prob,
    "has a way back as well": lambda dA, D, keep_prob: dA,
    "stops where it was kept": lambda dA, D, keep_prob: dA * ~D / keep_prob,
    "divided by 1 - keep_prob": lambda dA, D, keep_prob: dA * D / (1 - keep_prob),
    "divided twice": lambda dA, D, keep_prob: dA * D / keep_prob**2,
}


def drawn_twice(A, dA, keep_prob, rng):
    A, _ = regularization.dropout_forward(A, keep_prob, rng)
    return A, dA * (rng.random(dA.shape) < keep_prob) / keep_prob


LAYER = {
    "changed what it was given": dropout_layer,
    "Return 2 things": lambda A, dA, keep_prob, rng: A,
    "all examples lose": lambda A, dA, keep_prob, rng: (A * (rng.random((4, 1)) < keep_prob) / keep_prob, dA),
    "as many are kept, but others": lambda A, dA, keep_prob, rng: (A * (rng.random(A.shape) > 1 - keep_prob) / keep_prob, dA),
    "is used to": lambda A, dA, keep_prob, rng: (A * right(rng, A.shape, keep_prob), dA),
    "for the mask is drawn twice": drawn_twice,
    "nor is it divided": lambda A, dA, keep_prob, rng: dropout_layer(A.copy(), dA, keep_prob, rng),
    "not divided: A was": lambda A, dA, keep_prob, rng: (
        (new := regularization.dropout_forward(A, keep_prob, rng))[0],
        dA * new[1],
    ),
    "passes no gradient on": lambda A, dA, keep_prob, rng: (dropout_layer_solved(A, dA, keep_prob, rng)[0], dA / keep_prob),
}


@pytest.mark.parametrize(
    ("check", "misconceptions"),
    [(check_l2, L2), (check_dropout_forward, FORWARD), (check_dropout_backward, BACKWARD), (check_dropout_layer, LAYER)],
)
def test_each_misconception_gets_its_own_hint(check, misconceptions):
    each_gets_its_own(check, misconceptions)


def test_the_solution_of_l2_is_the_snippet():
    cost, grads = l2_solved(PARAMS, GRADS, 0.3, 7)
    assert cost == pytest.approx(regularization.l2_cost(PARAMS, 0.3, 7), rel=1e-12)
    for name in "W1", "W2":
        assert grads[f"d{name}"] == pytest.approx(GRADS[f"d{name}"] + regularization.l2_gradient(PARAMS[name], 0.3, 7), rel=1e-12)


def test_what_the_notebook_sees_of_stronger_penalties():
    def moons(m, seed):
        points, labels = make_moons(m, noise=0.35, random_state=seed)
        return points.T, labels.reshape(1, m).astype(float)

    def train(lambd):
        rng = np.random.default_rng(0)
        start = initialization.he([2, 40, 20, 1], rng)
        return network.train(X, Y, start, epochs=1500, learning_rate=0.01, optimizer=adam, rng=rng, lambd=lambd)[0]

    (X, Y), (X_dev, Y_dev) = moons(60, 0), moons(1000, 1)
    found = [train(lambd) for lambd in (0.0, 0.3, 3.0, 30.0)]
    training, dev = ([np.mean(network.predict(x, params) == y) for params in found] for x, y in ((X, Y), (X_dev, Y_dev)))
    assert training[0] == 1 and all(np.diff(training) < 0)
    assert dev[1] > dev[0] + 0.01 and abs(dev[2] - dev[0]) < 0.01 and dev[3] == 0.5
    np.testing.assert_allclose(network.forward(X_dev, found[3])[0], 0.5, atol=1e-6)
