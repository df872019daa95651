"""Wrong L2, weight decay and dropout, from the course note and from elsewhere."""

import numpy as np

from tests.wrong._registry import wrong

VALUE = "test_l2_cost_is_half_of_lambda_over_m_times_the_squared_weights_without_biases"
GRADIENT = "test_l2_gradient_is_lambda_over_m_times_the_weights"
DERIVATIVE = "test_l2_gradient_is_the_derivative_of_l2_cost"
DECAY = "test_decay_shrinks_weights_by_rate_times_decay_and_leaves_biases"
MASK = "test_the_mask_is_one_draw_of_uniform_numbers_below_keep_prob"
SHARE = "test_dropout_keeps_the_share_it_is_told_to"
EXPECTATION = "test_dropout_preserves_the_expectation"
INDEPENDENT = "test_units_are_dropped_independently_of_one_another_along_both_axes"
BACKWARD = "test_dropout_backward_is_the_derivative_of_the_forward_pass_with_its_mask"
PURE = "test_no_argument_is_changed"


@wrong(of="l2_cost", killed_by=VALUE)
def biases_too(params, lambd, m):
    """Biases are penalized as well, as weight decay does in PyTorch unless it is told otherwise."""
    return lambd / (2 * m) * sum(np.sum(value**2) for value in params.values())


@wrong(of="l2_cost", killed_by=VALUE)
def last_layer_only(params, lambd, m):
    """The sum is overwritten in the loop, so that only the last layer counts (course note, line 29, with = for +=)."""
    for name, W in params.items():
        if name.startswith("W"):
            cost = lambd / (2 * m) * np.sum(W**2)
    return cost


@wrong(of="l2_cost", killed_by=VALUE)
def no_mean(params, lambd, m):
    """Without 1/m, as CS231n defines the strength: another lambda, not the course's."""
    return lambd / 2 * sum(np.sum(W**2) for name, W in params.items() if name.startswith("W"))


@wrong(of="l2_cost", killed_by=DERIVATIVE)
def no_half(params, lambd, m):
    """Without the 1/2, while the gradient stays: cost and gradient no longer belong together."""
    return lambd / m * sum(np.sum(W**2) for name, W in params.items() if name.startswith("W"))


@wrong(of="l2_cost", killed_by=VALUE)
def norm_not_squared(params, lambd, m):
    """The norm of each matrix instead of its square."""
    return lambd / (2 * m) * sum(np.sqrt(np.sum(W**2)) for name, W in params.items() if name.startswith("W"))


@wrong(of="l2_gradient", killed_by=DERIVATIVE)
def no_gradient(W, lambd, m):
    """The cost is regularized, the gradient is not: the course note (lines 24 to 32) never adds lambda/m W to dW."""
    return np.zeros_like(W)


@wrong(of="l2_gradient", killed_by=GRADIENT)
def factor_missing(W, lambd, m):
    """lambda W without 1/m, so that the penalty grows with the number of examples."""
    return lambd * W


@wrong(of="l2_gradient", killed_by=DERIVATIVE)
def factor_two(W, lambd, m):
    """2 lambda/m W: the 1/2 of the cost forgotten when differentiating."""
    return 2 * lambd / m * W


@wrong(of="decay_weights", killed_by=DECAY)
def decays_biases(params, learning_rate, decay):
    """Biases decay too, as in PyTorch's AdamW without parameter groups."""
    return {name: value - learning_rate * decay * value for name, value in params.items()}


@wrong(of="decay_weights", killed_by=DECAY)
def decays_without_rate(params, learning_rate, decay):
    """The decay is not multiplied by the learning rate: the scaling of the paper's text taken for PyTorch's."""
    return {name: value - decay * value if name[0] == "W" else value.copy() for name, value in params.items()}


@wrong(of="decay_weights", killed_by=DECAY)
def grows(params, learning_rate, decay):
    """The sign is flipped: weights grow."""
    return {name: value + learning_rate * decay * value if name[0] == "W" else value.copy() for name, value in params.items()}


@wrong(of="dropout_forward", killed_by=MASK)
def shape_called(A, keep_prob, rng):
    """`A3.shape(0)`: a tuple is indexed, not called (course note, line 35); raises TypeError."""
    mask = rng.random((A.shape(0), A.shape(1))) < keep_prob
    return A * mask / keep_prob, mask


@wrong(of="dropout_forward", killed_by=MASK)
def keep_drop(A, keep_drop, rng):
    """`keep_drop`, half keep_prob and half drop rate (course note, lines 35 and 37): there is no argument keep_prob."""
    mask = rng.random(A.shape) < keep_drop
    return A * mask / keep_drop, mask


@wrong(of="dropout_forward", killed_by=PURE)
def in_place(A, keep_prob, rng):
    """`A3 *= D3` overwrites the activation that the caller has cached (course note, line 36)."""
    mask = rng.random(A.shape) < keep_prob
    A *= mask
    A /= keep_prob
    return A, mask


@wrong(of="dropout_forward", killed_by=EXPECTATION)
def not_inverted(A, keep_prob, rng):
    """Not divided by keep_prob: activations shrink, unless the weights are scaled at test time."""
    mask = rng.random(A.shape) < keep_prob
    return A * mask, mask


@wrong(of="dropout_forward", killed_by=SHARE)
def keeps_what_it_should_drop(A, keep_prob, rng):
    """keep_prob taken for the probability of dropping, which is what PyTorch's `p` and Keras's `rate` mean."""
    mask = rng.random(A.shape) >= keep_prob
    return A * mask / keep_prob, mask


@wrong(of="dropout_forward", killed_by=SHARE)
def normal_numbers(A, keep_prob, rng):
    """`randn` for `rand`: normal numbers, of which 79% lie below 0.8."""
    mask = rng.standard_normal(A.shape) < keep_prob
    return A * mask / keep_prob, mask


@wrong(of="dropout_forward", killed_by=INDEPENDENT)
def one_mask_for_all_examples(A, keep_prob, rng):
    """The mask has shape (n, 1): the whole batch loses the same units."""
    mask = np.broadcast_to(rng.random((A.shape[0], 1)) < keep_prob, A.shape)
    return A * mask / keep_prob, mask


@wrong(of="dropout_forward", killed_by=MASK)
def same_mask_every_time(A, keep_prob, rng):
    """Seeded inside the function, as course exercises do for their graders: every iteration drops the same units."""
    mask = np.random.default_rng(3).random(A.shape) < keep_prob
    return A * mask / keep_prob, mask


@wrong(of="dropout_backward", killed_by=BACKWARD)
def backward_not_divided(dA, mask, keep_prob):
    """The gradient is masked but not divided by keep_prob."""
    return dA * mask


@wrong(of="dropout_backward", killed_by=BACKWARD)
def backward_draws_anew(dA, mask, keep_prob):
    """A new mask is drawn in the backward pass."""
    return dA * (np.random.default_rng(8).random(dA.shape) < keep_prob) / keep_prob


@wrong(of="dropout_backward", killed_by=BACKWARD)
def backward_forgets_the_mask(dA, mask, keep_prob):
    """Gradients flow through dropped units."""
    return dA / keep_prob


@wrong(of="dropout_backward", killed_by=PURE)
def backward_in_place(dA, mask, keep_prob):
    """`dA3 *= D3` overwrites the caller's gradient (course note, line 39)."""
    dA *= mask
    dA /= keep_prob
    return dA
