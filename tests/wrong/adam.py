"""Adam, wrong."""

import numpy as np

from tests.wrong._registry import wrong


def _averages(params, grads, state, beta1, beta2):
    v = {name: beta1 * state["v"][name] + (1 - beta1) * grads["d" + name] for name in params}
    s = {name: beta2 * state["s"][name] + (1 - beta2) * grads["d" + name] ** 2 for name in params}
    return v, s


def _adam(params, grads, state, step, beta1, beta2, t=None):
    """Adam with `step(v, s, v_hat, s_hat, t)` for its step, per learning rate."""
    t = state["t"] + 1 if t is None else t
    v, s = _averages(params, grads, state, beta1, beta2)
    new = {}
    with np.errstate(all="ignore"):
        for name, W in params.items():
            new[name] = W - step(v[name], s[name], v[name] / (1 - beta1**t), s[name] / (1 - beta2**t), t)
    return new, {"v": v, "s": s, "t": state["t"] + 1}


@wrong(of="update", killed_by="test_two_steps_by_hand")
def uphill(params, grads, state, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    """A plus for the minus in the step: climbs."""
    return _adam(params, grads, state, lambda v, s, vh, sh, t: -learning_rate * vh / (np.sqrt(sh) + epsilon), beta1, beta2)


@wrong(of="update", killed_by="test_under_a_constant_gradient_every_step_is_the_learning_rate")
def uncorrected(params, grads, state, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    """The course note, line 108: nobody bothers with bias correction. 3.16 times too long at first, 6.57 times at step 12."""
    return _adam(params, grads, state, lambda v, s, vh, sh, t: learning_rate * v / (np.sqrt(s) + epsilon), beta1, beta2)


@wrong(of="update", killed_by="test_under_a_constant_gradient_every_step_is_the_learning_rate")
def corrected_v_only(params, grads, state, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    """Only v is corrected: the first step is 31.6 times too long."""
    return _adam(params, grads, state, lambda v, s, vh, sh, t: learning_rate * vh / (np.sqrt(s) + epsilon), beta1, beta2)


@wrong(of="update", killed_by="test_under_a_constant_gradient_every_step_is_the_learning_rate")
def corrected_s_only(params, grads, state, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    """Only s is corrected: the first step is ten times too short."""
    return _adam(params, grads, state, lambda v, s, vh, sh, t: learning_rate * v / (np.sqrt(sh) + epsilon), beta1, beta2)


@wrong(of="update", killed_by="test_under_a_constant_gradient_every_step_is_the_learning_rate")
def corrected_twice(params, grads, state, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    """The corrected averages are kept as the state, and corrected again at the next step."""
    t = state["t"] + 1
    v, s = _averages(params, grads, state, beta1, beta2)
    v = {name: v[name] / (1 - beta1**t) for name in v}
    s = {name: s[name] / (1 - beta2**t) for name in s}
    return {name: W - learning_rate * v[name] / (np.sqrt(s[name]) + epsilon) for name, W in params.items()}, {"v": v, "s": s, "t": t}


@wrong(of="update", killed_by="test_two_steps_by_hand")
def corrected_by_beta_without_its_power(params, grads, state, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    """The course note, lines 105 and 106: beta_t for beta^t, here read as beta itself. Right at step 1 alone."""
    return _adam(params, grads, state, lambda v, s, vh, sh, t: learning_rate * vh / (np.sqrt(sh) + epsilon), beta1, beta2, t=1)


@wrong(of="update", killed_by="test_two_steps_by_hand")
def counts_from_zero(params, grads, state, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    """t counts from 0 where the formula's is 1: a division by zero in the first step."""
    return _adam(params, grads, state, lambda v, s, vh, sh, t: learning_rate * vh / (np.sqrt(sh) + epsilon), beta1, beta2, t=state["t"])


@wrong(of="update", killed_by="test_under_a_constant_gradient_every_step_is_the_learning_rate")
def counts_from_two(params, grads, state, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    """t is counted up before and after the step: it begins at 2."""
    return _adam(params, grads, state, lambda v, s, vh, sh, t: learning_rate * vh / (np.sqrt(sh) + epsilon), beta1, beta2, t=state["t"] + 2)


@wrong(of="update", killed_by="test_a_gradient_of_zero_gives_a_step_of_zero_and_with_epsilon_zero_a_nan")
def dive_into_deep_learning_in_tensorflow(params, grads, state, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    """Dive into Deep Learning, adam.md, TensorFlow tab: v_hat / sqrt(s_hat) + epsilon, and t stays 1. 0 / 0 at a gradient of zero."""
    with np.errstate(invalid="ignore"):
        v, s = _averages(params, grads, state, beta1, beta2)
        new = {n: W - learning_rate * (v[n] / (1 - beta1)) / np.sqrt(s[n] / (1 - beta2)) + epsilon for n, W in params.items()}
    return new, {"v": v, "s": s, "t": state["t"]}


@wrong(of="update", killed_by="test_epsilon_counts_where_the_gradient_is_as_small_and_stands_outside_the_root")
def epsilon_inside_the_root(params, grads, state, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    """The table of Coursera's exercise of 2017: sqrt(s_hat + epsilon)."""
    return _adam(params, grads, state, lambda v, s, vh, sh, t: learning_rate * vh / np.sqrt(sh + epsilon), beta1, beta2)


@wrong(of="update", killed_by="test_courseras_table_of_2017_has_epsilon_inside_the_root_in_one_entry")
def courseras_table(params, grads, state, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    """The same, found by the one entry of the exercise's table that shows it: a gradient of -0.0127."""
    return _adam(params, grads, state, lambda v, s, vh, sh, t: learning_rate * vh / np.sqrt(sh + epsilon), beta1, beta2)


@wrong(of="update", killed_by="test_a_gradient_of_zero_gives_a_step_of_zero_and_with_epsilon_zero_a_nan")
def epsilon_missing(params, grads, state, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    """No epsilon: a gradient of zero is 0 / 0, not a number from then on."""
    return _adam(params, grads, state, lambda v, s, vh, sh, t: learning_rate * vh / np.sqrt(sh), beta1, beta2)


@wrong(of="update", killed_by="test_epsilon_counts_where_the_gradient_is_as_small_and_stands_outside_the_root")
def epsilon_hat(params, grads, state, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    """TensorFlow 1's and Keras's epsilon passed off as the paper's: beside the root before its correction."""
    return _adam(
        params,
        grads,
        state,
        lambda v, s, vh, sh, t: learning_rate * np.sqrt(1 - beta2**t) / (1 - beta1**t) * v / (np.sqrt(s) + epsilon),
        beta1,
        beta2,
    )


@wrong(of="update", killed_by="test_epsilon_counts_where_the_gradient_is_as_small_and_stands_outside_the_root")
def labmls_epsilon_hat(params, grads, state, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    """labml's Adam page: epsilon_hat = (1 - beta2^t) epsilon, where it takes the root of that factor."""
    return _adam(
        params,
        grads,
        state,
        lambda v, s, vh, sh, t: learning_rate * np.sqrt(1 - beta2**t) / (1 - beta1**t) * v / (np.sqrt(s) + (1 - beta2**t) * epsilon),
        beta1,
        beta2,
    )


@wrong(of="update", killed_by="test_two_steps_by_hand")
def betas_swapped(params, grads, state, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    """beta1 for the square and beta2 for the gradient."""
    return _adam(params, grads, state, lambda v, s, vh, sh, t: learning_rate * vh / (np.sqrt(sh) + epsilon), beta2, beta1)


@wrong(of="update", killed_by="test_equals_optax_for_1000_steps")
def without_one_minus_beta(params, grads, state, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    """(1 - beta) left out, as the course note's line 128 allows: sums in place of averages. Steps of 0.316 times the learning rate."""
    t = state["t"] + 1
    v = {name: beta1 * state["v"][name] + grads["d" + name] for name in params}
    s = {name: beta2 * state["s"][name] + grads["d" + name] ** 2 for name in params}
    new = {n: W - learning_rate * v[n] / (1 - beta1**t) / (np.sqrt(s[n] / (1 - beta2**t)) + epsilon) for n, W in params.items()}
    return new, {"v": v, "s": s, "t": t}


@wrong(of="update", killed_by="test_a_coordinate_measured_in_another_unit_is_walked_in_the_same_steps")
def root_missing(params, grads, state, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    """v_hat / (s_hat + epsilon): the smaller the gradient, the longer the step."""
    return _adam(params, grads, state, lambda v, s, vh, sh, t: learning_rate * vh / (sh + epsilon), beta1, beta2)


@wrong(of="update", killed_by="test_two_steps_by_hand")
def square_of_the_average(params, grads, state, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    """s averages the square of v, not that of the gradient."""
    t = state["t"] + 1
    v, _ = _averages(params, grads, state, beta1, beta2)
    s = {name: beta2 * state["s"][name] + (1 - beta2) * v[name] ** 2 for name in params}
    new = {n: W - learning_rate * v[n] / (1 - beta1**t) / (np.sqrt(s[n] / (1 - beta2**t)) + epsilon) for n, W in params.items()}
    return new, {"v": v, "s": s, "t": t}


@wrong(of="update", killed_by="test_two_steps_by_hand")
def square_missing(params, grads, state, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    """s averages the gradient, not its square, as in a solution to the course's exercise: the root of a negative number."""
    t = state["t"] + 1
    v, _ = _averages(params, grads, state, beta1, beta2)
    s = {name: beta2 * state["s"][name] + (1 - beta2) * grads["d" + name] for name in params}
    with np.errstate(invalid="ignore"):
        new = {n: W - learning_rate * v[n] / (1 - beta1**t) / (np.sqrt(s[n] / (1 - beta2**t)) + epsilon) for n, W in params.items()}
    return new, {"v": v, "s": s, "t": t}


@wrong(of="update", killed_by="test_two_steps_by_hand")
def bias_by_the_weights_square(params, grads, state, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    """db's step over the root of SdW, as in the course note's line 137."""
    t = state["t"] + 1
    v, s = _averages(params, grads, state, beta1, beta2)
    new = {}
    for name, W in params.items():
        s_hat = s["W" + name[1:] if name[0] == "b" else name] / (1 - beta2**t)
        new[name] = W - learning_rate * v[name] / (1 - beta1**t) / (np.sqrt(s_hat) + epsilon)
    return new, {"v": v, "s": s, "t": t}


@wrong(of="update", killed_by="test_two_steps_by_hand")
def first_layer_only(params, grads, state, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    """`return` within the loop, as in a solution to the course's exercise: one parameter moves."""
    first = dict(list(params.items())[:1])
    new, after = _adam(first, grads, state, lambda v, s, vh, sh, t: learning_rate * vh / (np.sqrt(sh) + epsilon), beta1, beta2)
    return params | new, {"v": state["v"] | after["v"], "s": state["s"] | after["s"], "t": after["t"]}


@wrong(of="update", killed_by="test_two_steps_by_hand")
def never_counts(params, grads, state, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    """t is used but never kept."""
    new, after = _adam(params, grads, state, lambda v, s, vh, sh, t: learning_rate * vh / (np.sqrt(sh) + epsilon), beta1, beta2)
    return new, after | {"t": state["t"]}


@wrong(of="update", killed_by="test_nothing_passed_in_changes_and_float32_stays_float32")
def in_place(params, grads, state, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    """The averages are written into the caller's state: what was kept for later has changed too."""
    new, after = _adam(params, grads, state, lambda v, s, vh, sh, t: learning_rate * vh / (np.sqrt(sh) + epsilon), beta1, beta2)
    for average in ("v", "s"):
        for name in params:
            state[average][name][...] = after[average][name]
    return new, after


@wrong(of="init", killed_by="test_two_steps_by_hand")
def counter_begins_at_one(params):
    """t begins at 1 and is counted up before its first use."""
    return {"v": {n: np.zeros_like(W) for n, W in params.items()}, "s": {n: np.zeros_like(W) for n, W in params.items()}, "t": 1}
