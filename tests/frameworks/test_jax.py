"""The steps of snippets/frameworks/jax are this note's, after the mapping that each of them is."""

import doctest
import importlib

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

from snippets import adam, initialization, momentum, regularization, rmsprop
from tests.frameworks import _jax, _note
from tests.frameworks._probe import ADAM, AGREE, LAMBD, MOMENTUM, N_IN, N_OUT, RMSPROP, SHRINK, START, STEP, M, long_gradients


def theirs(topic):
    return importlib.import_module(f"snippets.frameworks.jax.{topic}")


@pytest.mark.parametrize("topic", ["adam", "initialization", "momentum", "regularization", "rmsprop"])
def test_doctests(topic):
    assert not doctest.testmod(theirs(topic)).failed


@pytest.mark.parametrize("dtype", AGREE)
@pytest.mark.parametrize(("step", "options"), [(momentum, MOMENTUM), (rmsprop, RMSPROP), (adam, ADAM)])
def test_a_hundred_steps_are_this_notes(step, options, dtype):
    found = _jax.through(theirs(step.__name__.rpartition(".")[2]).optimizer(**options), dtype)
    np.testing.assert_allclose(found, _note.through(step, dtype, **options), **AGREE[dtype])


def test_a_hundred_steps_of_sgd_are_momentum_with_the_learning_rate_times_one_minus_beta():
    rate, beta = MOMENTUM.values()
    found = _jax.through(optax.sgd((1 - beta) * rate, momentum=beta), "float64")
    np.testing.assert_allclose(found, _note.through(momentum, "float64", **MOMENTUM), **AGREE["float64"])


def test_a_hundred_steps_of_adam_with_decay_are_this_notes_and_leave_biases_alone():
    """The betas and epsilon of `adam_with_decay` are Optax's own, which are this note's."""
    ours, state = {"W1": START, "b1": START}, adam.init({"W1": START, "b1": START})
    with jax.enable_x64(True):
        params, transform = {"W1": jnp.array(START), "b1": jnp.array(START)}, theirs("regularization").adam_with_decay(STEP, SHRINK)
        kept = transform.init(params)
        for g in long_gradients():
            change, kept = transform.update({"W1": jnp.array(g), "b1": jnp.array(g)}, kept, params)
            params = optax.apply_updates(params, change)
            ours, state = adam.update(regularization.decay_weights(ours, STEP, SHRINK), {"dW1": g, "db1": g}, state, STEP)
            for name in ours:
                np.testing.assert_allclose(params[name], ours[name], **AGREE["float64"])


def test_a_hundred_steps_with_l2_are_this_notes_and_leave_biases_alone():
    W, b = START, START
    with jax.enable_x64(True):
        transform, params = theirs("regularization").gradient_descent_with_l2(0.01, LAMBD, M), {"W1": jnp.array(W), "b1": jnp.array(b)}
        kept = transform.init(params)
        for g in long_gradients():
            change, kept = transform.update({"W1": jnp.array(g), "b1": jnp.array(g)}, kept, params)
            params = optax.apply_updates(params, change)
            W, b = W - 0.01 * (g + regularization.l2_gradient(W, LAMBD, M)), b - 0.01 * g
            np.testing.assert_allclose(params["W1"], W, **AGREE["float64"])
            np.testing.assert_allclose(params["b1"], b, **AGREE["float64"])


@pytest.mark.parametrize("start", ["he", "xavier", "lecun"])
def test_first_weights_have_this_notes_variance_and_shape(start):
    found = np.asarray(getattr(theirs("initialization"), start)(jax.random.key(0), (N_OUT, N_IN)))
    ours = getattr(initialization, start)([N_IN, N_OUT], np.random.default_rng(0))["W1"]
    assert found.var() == pytest.approx(ours.var(), rel=0.03) and found.shape == ours.shape
