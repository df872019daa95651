"""Every known misconception about batch norm gets its own hint."""

import numpy as np
import pytest

from snippets import batch_norm
from snippets.exercises import batch_norm as exercises
from snippets.exercises.batch_norm import BETA, EPSILON, GAMMA, Z, backward, backward_solved, check_backward, check_layer, layer_solved
from tests.exercises._hints import each_gets_its_own


def right_norm(Z, mean, var, epsilon):
    return (Z - mean) / np.sqrt(var + epsilon)


def layer_with(
    norm=right_norm, test_norm=right_norm, axis=1, ddof=0, out=lambda gamma, N, beta: gamma * N + beta, move=None, kept=lambda v, e: v,
    by="batch", test_by="running", test_moves=False, keepdims=True,
):  # fmt: skip
    move = move or (lambda keep, old, new: keep * old + (1 - keep) * new)

    def layer(Z, gamma, beta, mean, var, training, momentum=0.9, epsilon=1e-5):
        mu, sigma2 = Z.mean(axis=axis, keepdims=True), Z.var(axis=axis, ddof=ddof, keepdims=True)
        new = move(momentum, mean, mu), move(momentum, var, kept(sigma2, epsilon))
        use = {"batch": (mu, sigma2), "running": (mean, var), "moved": new}[by if training else test_by]
        N = (norm if training else test_norm)(Z, *use, epsilon)
        after = new if training or test_moves else (mean, var)
        return out(gamma, N, beta), *(after if keepdims else (a[:, 0] for a in after))

    return layer


def own(change):
    """Right at test time, and in training but for one thing."""

    def layer(Z, gamma, beta, mean, var, training, momentum=0.9, epsilon=1e-5):
        result = layer_solved(Z, gamma, beta, mean, var, training, momentum, epsilon)
        return change(*result) if training else result

    return layer


LAYER = {
    "Z_tilde in training is not right yet: epsilon": layer_with(norm=lambda Z, mu, v, e: (Z - mu) / (np.sqrt(v) + e)),
    "Z_tilde at test time is not right yet: epsilon": layer_with(test_norm=lambda Z, mu, v, e: (Z - mu) / (np.sqrt(v) + e)),
    "over the units of an example": layer_with(axis=0, move=lambda keep, old, new: old),
    "serve for all units": layer_with(axis=(0, 1)),
    "Z_tilde in training is not right yet: this is the variance with m - 1": layer_with(ddof=1),
    "Z_tilde in training is not right yet: it is divided by the variance": layer_with(norm=lambda Z, mu, v, e: (Z - mu) / (v + e)),
    "Z_tilde at test time is not right yet: it is divided by the variance": layer_with(test_norm=lambda Z, mu, v, e: (Z - mu) / (v + e)),
    "gamma and beta are missing": layer_with(out=lambda gamma, N, beta: N),
    "yet: gamma is missing": layer_with(out=lambda gamma, N, beta: N + beta),
    "yet: beta is missing": layer_with(out=lambda gamma, N, beta: gamma * N),
    "gamma and beta are swapped": layer_with(out=lambda gamma, N, beta: beta * N + gamma),
    "not by the running ones": layer_with(by="running"),
    "moved before they are used": layer_with(by="moved"),
    "mean in training is not right yet: the weights are swapped": layer_with(move=lambda keep, old, new: (1 - keep) * old + keep * new),
    "mean in training is not right yet: it is that of this batch alone": layer_with(move=lambda keep, old, new: new),
    "mean in training is not right yet: it has not moved": layer_with(move=lambda keep, old, new: old),
    "do not add up to 1": layer_with(move=lambda keep, old, new: keep * old + new),
    "keep the variance": layer_with(kept=lambda v, e: np.sqrt(v)),
    "var in training is not right yet: this is the variance with m - 1": layer_with(kept=lambda v, e: v * 4 / 3),
    "epsilon is in it": layer_with(kept=lambda v, e: v + e),
    "may not depend on its neighbours": layer_with(test_by="batch"),
    "it is squared": layer_with(test_norm=lambda Z, mu, v, e: (Z - mu) / np.sqrt(v**2 + e)),
    "moves on although nothing is trained": layer_with(test_moves=True),
    "mean has shape (3,), not (3, 1)": layer_with(keepdims=False),
    "mean has shape (1, 4), not (3, 1)": own(lambda Z_tilde, mean, var: (Z_tilde, Z_tilde.mean(axis=0, keepdims=True), var)),
    "loses this axis": lambda Z, gamma, beta, mean, var, training, **more: (Z - Z.mean(axis=1), mean, var),
    "Return 3 things": own(lambda Z_tilde, mean, var: Z_tilde),
    "mean in training is still dots": own(lambda Z_tilde, mean, var: (Z_tilde, ..., var)),
    "Dots are left": exercises.layer,
}
OF_VAR_ALONE = {
    "the weights are swapped": lambda old, new: 0.2 * old + 0.8 * new,
    "of this batch alone": lambda old, new: new,
    "it has not moved": lambda old, new: old,
}


def test_each_misconception_about_a_layer_gets_its_own_hint():
    each_gets_its_own(check_layer, LAYER)
    sigma2 = Z.var(axis=1, keepdims=True)
    for hint, var in OF_VAR_ALONE.items():
        said = check_layer(own(lambda Z_tilde, mean, old, var=var: (Z_tilde, mean, var(exercises.VAR, sigma2))))
        assert said.startswith("var in training")
        assert hint in said


@pytest.mark.parametrize("training", [True, False])
def test_the_starter_is_dots_in_training_and_at_test_time(training):
    with pytest.raises(TypeError, match="ellipsis"):
        exercises.layer(Z, GAMMA, BETA, exercises.MEAN, exercises.VAR, training)


def test_the_solutions_are_the_pages_functions():
    new = np.array([[1.0, 2.0], [0.0, 4.0]])
    ones, zeros = np.ones((2, 1)), np.zeros((2, 1))
    found = layer_solved(new, ones, zeros, zeros, ones, True, epsilon=1.0)
    np.testing.assert_allclose(found[0], [[-0.5 / 1.25**0.5, 0.5 / 1.25**0.5], [-2 / 5**0.5, 2 / 5**0.5]])
    np.testing.assert_allclose(found[1:], [[[0.15], [0.2]], [[0.925], [1.3]]])
    np.testing.assert_allclose(layer_solved(new, ones, zeros, *found[1:], False)[0][0], (new[0] - 0.15) / 0.925001**0.5, rtol=1e-5)
    Z_tilde, cache = batch_norm.forward(Z, GAMMA, BETA, EPSILON)
    for a, b in zip(backward_solved(Z_tilde, Z, GAMMA, EPSILON), batch_norm.backward(Z_tilde, cache), strict=True):
        np.testing.assert_array_equal(a, b)


def backward_with(mean=1.0, var=1.0, gamma=None, dgamma=lambda d, N, Z: d * N, dbeta=lambda d, N, Z: d, over=1):
    def backward(dZ_tilde, Z, g, epsilon=1e-5):
        s = np.sqrt(Z.var(axis=1, keepdims=True) + epsilon)
        N = (Z - Z.mean(axis=1, keepdims=True)) / s
        paths = mean * dZ_tilde.mean(axis=1, keepdims=True) + var * N * (dZ_tilde * N).mean(axis=1, keepdims=True)
        sums = [np.sum(part(dZ_tilde, N, Z), axis=1, keepdims=True) / over for part in (dgamma, dbeta)]
        return (gamma or g) / s * (dZ_tilde - paths), *sums

    return backward


BACKWARD = {
    "two paths are missing": backward,
    "path through the variance is missing": backward_with(var=0),
    "path through the mean is missing": backward_with(mean=0),
    "are added": backward_with(mean=-1, var=-1),
    "path through the mean has the wrong sign": backward_with(mean=-1),
    "path through the variance has the wrong sign": backward_with(var=-1),
    "1/m is missing in the two paths": backward_with(mean=4, var=4),
    "the variance has lost its 1/m": backward_with(var=4),
    "the mean has lost its 1/m": backward_with(mean=4),
    "cancels the 2 of the square": backward_with(var=2),
    "dZ is not right yet: gamma is missing": backward_with(gamma=1),
    "not Z itself": backward_with(dgamma=lambda d, N, Z: d * Z),
    "dgamma is not right yet: the mean over the batch": backward_with(over=4),
    "this is dbeta": backward_with(dgamma=lambda d, N, Z: d),
    "this is dgamma": backward_with(dbeta=lambda d, N, Z: d * N),
    "dbeta is not right yet: the mean over the batch": backward_with(dbeta=lambda d, N, Z: d / 4),
    "Return 3 things: dZ, dgamma, dbeta": lambda *given: backward_solved(*given)[0],
}


def test_each_misconception_about_the_way_back_gets_its_own_hint():
    each_gets_its_own(check_backward, BACKWARD)
    assert check_backward(backward_with()).startswith("Right")
