"""Momentum, wrong."""

from tests.wrong._registry import wrong


def _moved(params, v, learning_rate):
    return {name: W - learning_rate * v[name] for name, W in params.items()}


@wrong(of="update", killed_by="test_one_step_by_hand")
def uphill(params, grads, state, learning_rate=0.01, beta=0.9):
    """A plus for the minus in the step: climbs."""
    v = {name: beta * state["v"][name] + (1 - beta) * grads["d" + name] for name in params}
    return _moved(params, v, -learning_rate), {"v": v}


@wrong(of="update", killed_by="test_equals_optax_ema_for_1000_steps")
def without_one_minus_beta(params, grads, state, learning_rate=0.01, beta=0.9):
    """The course note, line 128: (1 - beta) left out as optional, the learning rate as it was. Ten times the step."""
    v = {name: beta * state["v"][name] + grads["d" + name] for name in params}
    return _moved(params, v, learning_rate), {"v": v}


@wrong(of="update", killed_by="test_one_step_by_hand")
def lost_minus(params, grads, state, learning_rate=0.01, beta=0.9):
    """The course note as it came, its minus signs lost: (1 + beta) for (1 - beta)."""
    v = {name: beta * state["v"][name] + (1 + beta) * grads["d" + name] for name in params}
    return _moved(params, v, learning_rate), {"v": v}


@wrong(of="update", killed_by="test_equals_optax_ema_for_1000_steps")
def beta_on_the_new_gradient(params, grads, state, learning_rate=0.01, beta=0.9):
    """beta weighs the new gradient and 1 - beta the old velocity: hardly any memory."""
    v = {name: (1 - beta) * state["v"][name] + beta * grads["d" + name] for name in params}
    return _moved(params, v, learning_rate), {"v": v}


@wrong(of="update", killed_by="test_a_constant_gradient_is_reached_from_below_since_the_start_is_not_corrected")
def corrected(params, grads, state, learning_rate=0.01, beta=0.9):
    """Divided by 1 - beta^t, as in Adam: the course's momentum is not."""
    t = state.get("t", 0) + 1
    v = {name: beta * state["v"][name] + (1 - beta) * grads["d" + name] for name in params}
    return _moved(params, {name: v[name] / (1 - beta**t) for name in v}, learning_rate), {"v": v, "t": t}


@wrong(of="update", killed_by="test_with_beta_zero_it_is_gradient_descent")
def steps_by_the_old_velocity(params, grads, state, learning_rate=0.01, beta=0.9):
    """The step is taken before the velocity is updated: one step late."""
    v = {name: beta * state["v"][name] + (1 - beta) * grads["d" + name] for name in params}
    return _moved(params, state["v"], learning_rate), {"v": v}


@wrong(of="update", killed_by="test_the_velocity_is_the_sum_that_the_recursion_unrolls_to")
def forgets(params, grads, state, learning_rate=0.01, beta=0.9):
    """Gives back the state it was given: every step is a first step."""
    v = {name: beta * state["v"][name] + (1 - beta) * grads["d" + name] for name in params}
    return _moved(params, v, learning_rate), state


@wrong(of="update", killed_by="test_one_step_by_hand")
def weights_only(params, grads, state, learning_rate=0.01, beta=0.9):
    """Biases stay where they are."""
    v = {name: (beta * state["v"][name] + (1 - beta) * grads["d" + name]) * (name[0] != "b") for name in params}
    return _moved(params, v, learning_rate), {"v": v}


@wrong(of="update", killed_by="test_one_step_by_hand")
def bias_by_the_weights_velocity(params, grads, state, learning_rate=0.01, beta=0.9):
    """db's step taken with dW's velocity, the kind of slip of the course note's line 137."""
    v = {name: beta * state["v"][name] + (1 - beta) * grads["d" + name] for name in params}
    return {name: W - learning_rate * v["W1" if name == "b1" else name] for name, W in params.items()}, {"v": v}


@wrong(of="update", killed_by="test_without_a_gradient_it_coasts_and_a_share_beta_of_the_velocity_is_kept")
def friction(params, grads, state, learning_rate=0.01, beta=0.9):
    """beta read as friction, as the course note's line 117 calls it: what is lost in a step, not what is kept."""
    v = {name: state["v"][name] - beta * state["v"][name] + (1 - beta) * grads["d" + name] for name in params}
    return _moved(params, v, learning_rate), {"v": v}


@wrong(of="update", killed_by="test_nothing_passed_in_changes_and_float32_stays_float32")
def in_place(params, grads, state, learning_rate=0.01, beta=0.9):
    """`v *= beta` on the caller's state: what was kept for later has changed too."""
    for name in params:
        state["v"][name] *= beta
        state["v"][name] += (1 - beta) * grads["d" + name]
    return _moved(params, state["v"], learning_rate), state


@wrong(of="init", killed_by="test_a_constant_gradient_is_reached_from_below_since_the_start_is_not_corrected")
def begins_at_the_parameters(params):
    """The velocity begins at the parameters, as by a copied line: the first steps shrink the weights."""
    return {"v": {name: W + 1.0 for name, W in params.items()}}
