"""Every known misconception about the backward pass and the step gets its own hint."""

import numpy as np

from snippets import network
from snippets.exercises.network import _activations, _example, backward_solved, check_backward, check_step, step, step_solved
from tests.exercises._hints import each_gets_its_own


def backward_with(
    dZ2=lambda A2, Y, m: (A2 - Y) / m, slope=lambda dA1, A1: dA1 * (A1 > 0), sums=lambda dZ: dZ.sum(1, keepdims=True), over=1
):
    def backward(X, Y, params, A1, A2):
        d2 = dZ2(A2, Y, X.shape[1])
        d1 = slope(params["W2"].T @ d2, A1)
        return {"dW2": d2 @ A1.T / over, "db2": sums(d2) / over, "dW1": d1 @ X.T / over, "db1": sums(d1) / over}

    return backward


def other(change):
    return lambda *given: change(backward_solved(*given))


BACKWARD = {
    "1/m is missing": backward_with(dZ2=lambda A2, Y, m: A2 - Y),
    "1/m came twice": backward_with(over=5),
    "going up": backward_with(dZ2=lambda A2, Y, m: (Y - A2) / m),
    "slope of the sigmoid": backward_with(dZ2=lambda A2, Y, m: (A2 - Y) * A2 * (1 - A2) / m),
    "slope of ReLU is missing": backward_with(slope=lambda dA1, A1: dA1),
    "ReLU was taken of the gradient": backward_with(slope=lambda dA1, A1: dA1 * (dA1 > 0)),
    "multiplied by A1 itself": backward_with(slope=lambda dA1, A1: dA1 * A1),
    "db2 has lost an axis": backward_with(sums=lambda dZ: dZ.sum(axis=1)),
    "db2 has shape (1, 5), not (1, 1): sum over the examples": backward_with(sums=lambda dZ: dZ.sum(axis=0, keepdims=True)),
    "db2 has shape (), not (1, 1): sum over the examples": backward_with(sums=np.sum),
    "dW1 is transposed": other(lambda grads: grads | {"dW1": grads["dW1"].T}),
    "Two shapes do not fit": lambda X, Y, params, A1, A2: {"dW2": (A2 - Y) @ A1},
    "It raised KeyError": lambda X, Y, params, A1, A2: params["w2"],
    "It returned tuple": other(lambda grads: tuple(grads.values())),
    "dW2 is still dots": other(lambda grads: grads | {"dW2": ...}),
    "db2 is still dots": other(lambda grads: grads | {"db2": ...}),
}


def test_each_misconception_about_backward_gets_its_own_hint():
    each_gets_its_own(check_backward, BACKWARD)


def test_the_wrong_axis_is_seen_in_the_hidden_layer_too():
    said = check_backward(other(lambda grads: grads | {"db1": grads["db1"].sum(axis=0, keepdims=True)}))
    assert said == "db1 has shape (1, 1), not (3, 1)."


def test_the_solutions_are_the_networks_own():
    X, Y, params = _example()
    A, caches = network.forward(X, params)
    grads = network.backward(A, Y, caches)
    found = backward_solved(X, Y, params, *_activations(X, params))
    assert grads.keys() == found.keys()
    for name, grad in grads.items():
        np.testing.assert_allclose(found[name], grad, rtol=1e-14)
    new, J = step_solved(X, Y, params, 0.3)
    trained, costs = network.train(X, Y, params, epochs=1, learning_rate=0.3)
    np.testing.assert_allclose(J, costs[0], rtol=1e-14)
    for name, array in trained.items():
        np.testing.assert_allclose(new[name], array, rtol=1e-14)


def step_with(way=-1, back="old", cost=None, after=False, rate=None):
    def wrong(X, Y, params, learning_rate):
        A1, A2 = _activations(X, params)
        dZ2 = (A2 - Y) / X.shape[1]
        r = way * (learning_rate if rate is None else rate)
        new = {"W2": params["W2"] + r * dZ2 @ A1.T, "b2": params["b2"] + r * dZ2.sum(1, keepdims=True)}
        dZ1 = (new if back == "new" else params)["W2"].T @ dZ2 * (A1 > 0)
        new |= {"W1": params["W1"] + r * dZ1 @ X.T, "b1": params["b1"] + r * dZ1.sum(1, keepdims=True)}
        A = _activations(X, new)[1] if after else A2
        return new, (cost or network.cost)(A, Y)

    return wrong


def stopped_at(least):
    return lambda A, Y: -np.mean(Y * np.log(np.maximum(A, least)) + (1 - Y) * np.log(np.maximum(1 - A, least)))


def cut_one(A, Y):
    return -np.mean(Y * np.log(A) + (1 - Y) * np.log(np.maximum(1 - A, 1e-15)))


STEP = {
    "new already": step,
    "the step goes up": step_with(way=1),
    "learning_rate is not in it": step_with(rate=1),
    "its sign is lost": step_with(cost=lambda A, Y: -network.cost(A, Y)),
    "it is a sum": step_with(cost=lambda A, Y: network.cost(A, Y) * A.shape[1]),
    "taken after the step": step_with(after=True),
    "J is nan where the output is exactly 0": step_with(cost=cut_one),
    "J is nan where the output is exactly 1": step_with(cost=lambda A, Y: -np.mean(Y * np.log(A) + (1 - Y) * np.log(1 - A))),
    "J is inf where": step_with(cost=lambda A, Y: -np.mean(np.log(np.where(Y == 1, A, 1 - A)))),
    "J is 9.21 where": step_with(cost=stopped_at(1e-4)),
    "J is 0.01 where": step_with(cost=lambda A, Y: network.cost(A, Y) + 0.01 * (A.shape[1] == 1)),
    "It returned dict of 4": lambda *given: step_solved(*given)[0],
    "It should have W1, b1, W2, b2": lambda *given: ({}, 0.5),
}


def test_each_misconception_about_a_step_gets_its_own_hint():
    each_gets_its_own(check_step, STEP)


def test_the_starters_two_bugs_are_found_one_after_the_other():
    assert "new already" in check_step(step)
    assert "J is nan" in check_step(STEP["J is nan where the output is exactly 1"])
    for least in 1e-8, 1e-15:
        assert check_step(step_with(cost=stopped_at(least))).startswith("Right")


def test_a_cost_that_is_taken_from_the_sums_is_as_good_as_one_that_is_cut():
    def from_sums(X, Y, params, learning_rate):
        Z = params["W2"] @ np.maximum(0, params["W1"] @ X + params["b1"]) + params["b2"]
        return step_solved(X, Y, params, learning_rate)[0], np.mean(np.logaddexp(0, Z) - Y * Z)

    assert check_step(from_sums).startswith("Right")
