"""Every known misconception about momentum gets its own hint."""

import numpy as np
import pytest

from snippets import momentum
from snippets.exercises.momentum import check_from_pytorch, check_momentum_step, from_pytorch_solved, momentum_step_solved
from tests.exercises._hints import each_gets_its_own


def velocity(make):
    def step(W, dW, v, learning_rate, beta):
        v = make(W, dW, v, learning_rate, beta)
        return W - learning_rate * v, v

    return step


def weight(make):
    def step(W, dW, v, learning_rate, beta):
        new = beta * v + (1 - beta) * dW
        return make(W, dW, v, new, learning_rate, beta), new

    return step


def in_place(W, dW, v, learning_rate, beta):
    v *= beta
    v += (1 - beta) * dW
    return W - learning_rate * v, v


STEPS = {
    "returned None": lambda W, dW, v, learning_rate, beta: None,
    "Return 2 things": lambda W, dW, v, learning_rate, beta: W,
    "It changed what it was given": in_place,
    "has shape (2, 1)": velocity(lambda W, dW, v, a, b: v.mean(axis=1, keepdims=True)),
    "and 2.6 is right": velocity(lambda W, dW, v, a, b: b * v + (1 - b) * dW + 0.1),
    "what you were given": velocity(lambda W, dW, v, a, b: v),
    "1 - beta is missing": velocity(lambda W, dW, v, a, b: b * v + dW),
    "are swapped": velocity(lambda W, dW, v, a, b: (1 - b) * v + b * dW),
    "gradient's sign": velocity(lambda W, dW, v, a, b: b * v - (1 - b) * dW),
    "other libraries do so": lambda W, dW, v, a, b: (W + (b * v - a * dW), b * v - a * dW),
    "learning rate stands in it; it belongs": lambda W, dW, v, a, b: (W - (b * v + a * dW), b * v + a * dW),
    "learning rate in it, beside": velocity(lambda W, dW, v, a, b: b * v + a * (1 - b) * dW),
    "averages the weight W": velocity(lambda W, dW, v, a, b: b * v + (1 - b) * W),
    "goes on from the weight W": velocity(lambda W, dW, v, a, b: b * W + (1 - b) * dW),
    "is the friction": velocity(lambda W, dW, v, a, b: (1 - b) * v + (1 - b) * dW),
    "1 + beta": velocity(lambda W, dW, v, a, b: b * v + (1 + b) * dW),
    "it is corrected for its start": velocity(lambda W, dW, v, a, b: (b * v + (1 - b) * dW) / (1 - b**1)),
    "return W, then v": lambda *given: momentum_step_solved(*given)[::-1],
    "W has not moved": weight(lambda W, dW, v, new, a, b: W),
    "it climbs": weight(lambda W, dW, v, new, a, b: W + a * new),
    "by the old v": weight(lambda W, dW, v, new, a, b: W - a * v),
    "gradient descent": weight(lambda W, dW, v, new, a, b: W - a * dW),
    "rate is missing": weight(lambda W, dW, v, new, a, b: W - new),
    "a second time": weight(lambda W, dW, v, new, a, b: W - a * (1 - b) * new),
    "step is corrected": weight(lambda W, dW, v, new, a, b: W - a * new / (1 - b**1)),
}
PORTS = {
    "Return 2 things": lambda lr, momentum: lr / (1 - momentum),
    "it is what is lost": lambda lr, momentum: (lr / (1 - momentum), 1 - momentum),
    "it is PyTorch's": lambda lr, momentum: (lr, momentum),
    "below the bar": lambda lr, momentum: (lr * (1 - momentum), momentum),
    "divided by beta": lambda lr, momentum: (lr / momentum, momentum),
    "multiplied by beta": lambda lr, momentum: (lr * momentum, momentum),
}


def test_each_misconception_gets_its_own_hint():
    each_gets_its_own(check_momentum_step, STEPS)
    each_gets_its_own(check_from_pytorch, PORTS)


def test_the_solution_is_the_snippet():
    rng = np.random.default_rng(0)
    W, dW, v = rng.normal(size=(3, 2, 4))
    params, state = momentum.update({"W": W}, {"dW": dW}, {"v": {"W": v}}, 0.2, beta=0.8)
    assert np.array_equal(momentum_step_solved(W, dW, v, 0.2, 0.8), (params["W"], state["v"]["W"]))


def test_the_ported_rate_takes_pytorchs_steps():
    """PyTorch's rule, written out: a sum without 1 - beta."""
    lr, decay, w, total = 0.02, 0.95, 1.0, 0.0
    params, state = {"w": np.ones(1)}, {"v": {"w": np.zeros(1)}}
    learning_rate, beta = from_pytorch_solved(lr, decay)
    assert learning_rate == pytest.approx(0.4)
    for gradient in np.random.default_rng(0).normal(size=20):
        total = decay * total + gradient
        w -= lr * total
        params, state = momentum.update(params, {"dw": np.array([gradient])}, state, learning_rate, beta)
    assert params["w"] == pytest.approx([w], rel=1e-12)
