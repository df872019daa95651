"""Gradient descent, wrong."""

from tests.wrong._registry import wrong


@wrong(of="update", killed_by="test_a_step_goes_against_the_gradient_by_the_learning_rate")
def uphill(params, grads, state, learning_rate):
    """A plus for the minus, as where a note loses its minus signs: climbs instead of descending."""
    return {name: W + learning_rate * grads["d" + name] for name, W in params.items()}, state


@wrong(of="update", killed_by="test_every_parameter_moves_biases_too")
def weights_only(params, grads, state, learning_rate):
    """Biases forgotten."""
    return {name: W - learning_rate * grads["d" + name] if name[0] == "W" else W for name, W in params.items()}, state


@wrong(of="update", killed_by="test_a_step_goes_against_the_gradient_by_the_learning_rate")
def sign_only(params, grads, state, learning_rate):
    """The gradient's sign for the gradient: a step of one length everywhere."""
    return {name: W - learning_rate * (grads["d" + name] > 0) for name, W in params.items()}, state


@wrong(of="update", killed_by="test_arguments_stay_as_they_were_and_float32_stays_float32")
def in_place(params, grads, state, learning_rate):
    """`W -= ...` on the caller's array: the parameters kept for later have changed too."""
    for name, W in params.items():
        W -= learning_rate * grads["d" + name]
    return params, state
