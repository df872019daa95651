"""RMSprop, wrong."""

import numpy as np

from tests.wrong._registry import wrong


def _s(params, grads, state, beta):
    return {name: beta * state["s"][name] + (1 - beta) * grads["d" + name] ** 2 for name in params}


def _moved(params, grads, s, learning_rate, epsilon):
    return {name: W - learning_rate * grads["d" + name] / (np.sqrt(s[name]) + epsilon) for name, W in params.items()}


@wrong(of="update", killed_by="test_one_step_by_hand")
def uphill(params, grads, state, learning_rate=0.001, beta=0.9, epsilon=1e-8):
    """A plus for the minus in the step: climbs."""
    s = _s(params, grads, state, beta)
    return _moved(params, grads, s, -learning_rate, epsilon), {"s": s}


@wrong(of="update", killed_by="test_one_step_by_hand")
def bias_by_the_weights_square(params, grads, state, learning_rate=0.001, beta=0.9, epsilon=1e-8):
    """The course note, line 137: db over the root of SdW."""
    s = _s(params, grads, state, beta)
    used = {name: s["W" + name[1:]] if name[0] == "b" else s[name] for name in s}
    return _moved(params, grads, used, learning_rate, epsilon), {"s": s}


@wrong(of="update", killed_by="test_epsilon_counts_where_the_gradient_is_as_small_and_stands_outside_the_root")
def epsilon_only_if_small(params, grads, state, learning_rate=0.001, beta=0.9, epsilon=1e-8):
    """The course note, line 138: epsilon only where the root is too small, otherwise 0 (here: only where it is 0)."""
    s = _s(params, grads, state, beta)
    new = {}
    for name, W in params.items():
        added = np.where(s[name] > 0, 0.0, epsilon)
        new[name] = W - learning_rate * grads["d" + name] / (np.sqrt(s[name]) + added)
    return new, {"s": s}


@wrong(of="update", killed_by="test_a_gradient_of_zero_gives_a_step_of_zero_and_with_epsilon_zero_a_nan")
def epsilon_missing(params, grads, state, learning_rate=0.001, beta=0.9, epsilon=1e-8):
    """No epsilon: a gradient of zero is 0 / 0, not a number from then on."""
    s = _s(params, grads, state, beta)
    with np.errstate(invalid="ignore"):
        return _moved(params, grads, s, learning_rate, 0.0), {"s": s}


@wrong(of="update", killed_by="test_epsilon_counts_where_the_gradient_is_as_small_and_stands_outside_the_root")
def epsilon_inside_the_root(params, grads, state, learning_rate=0.001, beta=0.9, epsilon=1e-8):
    """Keras's, TensorFlow 1's and D2L's convention passed off as the course's: sqrt(s + epsilon)."""
    s = _s(params, grads, state, beta)
    return {name: W - learning_rate * grads["d" + name] / np.sqrt(s[name] + epsilon) for name, W in params.items()}, {"s": s}


@wrong(of="update", killed_by="test_one_step_by_hand")
def epsilon_outside_the_division(params, grads, state, learning_rate=0.001, beta=0.9, epsilon=1e-8):
    """A parenthesis lost: dW / sqrt(s) + epsilon adds epsilon to the step."""
    s = _s(params, grads, state, beta)
    return {name: W - learning_rate * (grads["d" + name] / np.sqrt(s[name]) + epsilon) for name, W in params.items()}, {"s": s}


@wrong(of="update", killed_by="test_a_coordinate_measured_in_another_unit_is_walked_in_the_same_steps")
def root_missing(params, grads, state, learning_rate=0.001, beta=0.9, epsilon=1e-8):
    """dW / (s + epsilon): the smaller the gradient, the longer the step."""
    s = _s(params, grads, state, beta)
    return {name: W - learning_rate * grads["d" + name] / (s[name] + epsilon) for name, W in params.items()}, {"s": s}


@wrong(of="update", killed_by="test_one_step_by_hand")
def square_missing(params, grads, state, learning_rate=0.001, beta=0.9, epsilon=1e-8):
    """s averages the gradient, not its square, as in solutions to the course's exercises."""
    s = {name: beta * state["s"][name] + (1 - beta) * np.abs(grads["d" + name]) for name in params}
    return _moved(params, grads, s, learning_rate, epsilon), {"s": s}


@wrong(of="update", killed_by="test_equals_optax_for_1000_steps")
def without_one_minus_beta(params, grads, state, learning_rate=0.001, beta=0.9, epsilon=1e-8):
    """(1 - beta) left out of s: steps shorter by the root of 1 - beta."""
    s = {name: beta * state["s"][name] + grads["d" + name] ** 2 for name in params}
    return _moved(params, grads, s, learning_rate, epsilon), {"s": s}


@wrong(of="update", killed_by="test_equals_optax_for_1000_steps")
def beta_on_the_new_square(params, grads, state, learning_rate=0.001, beta=0.9, epsilon=1e-8):
    """beta weighs the new square and 1 - beta the old: hardly any memory."""
    s = _s(params, grads, state, 1 - beta)
    return _moved(params, grads, s, learning_rate, epsilon), {"s": s}


@wrong(of="update", killed_by="test_under_a_constant_gradient_the_step_falls_to_the_learning_rate")
def corrected(params, grads, state, learning_rate=0.001, beta=0.9, epsilon=1e-8):
    """s divided by 1 - beta^t, as in Adam: the course's RMSprop is not."""
    s, t = _s(params, grads, state, beta), state.get("t", 0) + 1
    return _moved(params, grads, {name: s[name] / (1 - beta**t) for name in s}, learning_rate, epsilon), {"s": s, "t": t}


@wrong(of="update", killed_by="test_elements_do_not_meet")
def one_mean_for_all_elements(params, grads, state, learning_rate=0.001, beta=0.9, epsilon=1e-8):
    """The square's mean over the whole array: one learning rate for all, which is what RMSprop was to end."""
    s = {name: beta * state["s"][name] + (1 - beta) * np.mean(grads["d" + name] ** 2) for name in params}
    return _moved(params, grads, s, learning_rate, epsilon), {"s": s}


@wrong(of="update", killed_by="test_one_step_by_hand")
def half_life(params, grads, state, learning_rate=0.001, beta=0.9, epsilon=1e-8):
    """A memory built on Dive into Deep Learning's half-life of 1 / beta steps: half is lost every 1 / beta steps."""
    s = _s(params, grads, state, 0.5**beta)
    return _moved(params, grads, s, learning_rate, epsilon), {"s": s}


@wrong(of="update", killed_by="test_nothing_passed_in_changes_and_float32_stays_float32")
def in_place(params, grads, state, learning_rate=0.001, beta=0.9, epsilon=1e-8):
    """`s *= beta` on the caller's state: what was kept for later has changed too."""
    for name in params:
        state["s"][name] *= beta
        state["s"][name] += (1 - beta) * grads["d" + name] ** 2
    return _moved(params, grads, state["s"], learning_rate, epsilon), state


@wrong(of="init", killed_by="test_the_first_step_is_one_over_the_root_of_one_minus_beta")
def begins_at_one(params):
    """TensorFlow 1's start, s = 1: the first steps are short where the gradients are small."""
    return {"s": {name: np.ones_like(W) for name, W in params.items()}}
