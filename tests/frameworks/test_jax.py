"""The steps of snippets/frameworks/jax are this note's, after the mapping that each of them is."""

import doctest
import importlib

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

from snippets import adam, batch_norm, gradient_checking, initialization, momentum, regularization, rmsprop
from tests.frameworks import _jax, _note
from tests.frameworks._probe import (
    ADAM,
    AGREE,
    BN_MEMORY,
    BN_SMALL,
    BY_STEP,
    COUNTED,
    GAMMA,
    KEEP,
    LAMBD,
    MOMENTUM,
    N_IN,
    N_OUT,
    PARAMS,
    PER_EPOCH,
    RMSPROP,
    SHIFT,
    SHRINK,
    START,
    STEP,
    M,
    X,
    Y,
    Z,
    descend,
    long_gradients,
    squares,
)


def theirs(topic):
    return importlib.import_module(f"snippets.frameworks.jax.{topic}")


@pytest.mark.parametrize(
    "topic",
    ["adam", "batch_norm", "gradient_checking", "initialization", "learning_rate_decay", "momentum", "regularization", "rmsprop"],
)
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


@pytest.mark.parametrize("dtype", AGREE)
def test_a_hundred_batches_through_batch_norm_are_this_notes(dtype):
    norm, found = theirs("batch_norm"), []
    with jax.enable_x64(dtype == "float64"):
        gamma, beta, mean, var = (jnp.array(values[:, None], dtype) for values in (GAMMA, SHIFT, np.zeros(3), np.ones(3)))
        for k in range(100):
            out, batch_mean, batch_var = norm.forward(jnp.array(Z + k % 7, dtype), gamma, beta, BN_SMALL)
            mean, var = norm.running(mean, var, batch_mean, batch_var, BN_MEMORY)
            found.append(out.T)
        ours, our_mean, our_var, _ = _note.normalized()
        close = AGREE[dtype] | dict(atol=AGREE[dtype]["atol"] * np.abs(ours).max())  # a mean of 7 is rounded, and taken away
        np.testing.assert_allclose(found, ours, **close)
        np.testing.assert_allclose(mean[:, 0], our_mean, **AGREE[dtype])
        np.testing.assert_allclose(var[:, 0], our_var, **AGREE[dtype])
        test_time = batch_norm.infer(Z, GAMMA[:, None], SHIFT[:, None], our_mean[:, None], our_var[:, None], BN_SMALL)
        np.testing.assert_allclose(norm.infer(jnp.array(Z, dtype), gamma, beta, mean, var, BN_SMALL), test_time, **AGREE[dtype])


def test_the_gradient_through_batch_norm_is_this_notes():
    gamma, beta = GAMMA[:, None], SHIFT[:, None]
    ours = batch_norm.backward(np.cos(Z), batch_norm.forward(Z, gamma, beta, BN_SMALL)[1])
    with jax.enable_x64(True):
        back = jax.vjp(lambda *inputs: theirs("batch_norm").forward(*inputs, BN_SMALL)[0], Z, gamma, beta)[1]
        for found, expected in zip(back(jnp.cos(Z)), ours, strict=True):
            np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12)


def test_dropout_is_this_notes_with_the_mask_that_it_drew():
    A = np.tile(Z, 1000)
    with jax.enable_x64(True):
        out, back = jax.vjp(lambda A: theirs("regularization").dropout(jax.random.key(0), A, KEEP), A)
        out, gradient = np.asarray(out), np.asarray(back(jnp.ones(A.shape))[0])
    np.testing.assert_allclose(out, A * (out != 0) / KEEP, rtol=1e-12)
    np.testing.assert_allclose(gradient, regularization.dropout_backward(np.ones(A.shape), out != 0, KEEP), rtol=1e-12)
    assert abs((out != 0).mean() - KEEP) < 0.015


def gradients(params):
    inputs, targets = (values.astype(params["W1"].dtype) for values in (X, Y))
    return theirs("gradient_checking").gradients(lambda p: squares(p, inputs, targets, jnp.tanh, jnp.mean), params)


@pytest.mark.parametrize("dtype", AGREE)
def test_a_hundred_steps_by_jax_grad_are_those_by_the_chain_rule(dtype):
    np.testing.assert_allclose(descend(gradients, dtype), descend(_note.backward, dtype), **AGREE[dtype])


def test_the_gradient_by_jax_grad_passes_the_check():
    reports = gradient_checking.check_parameters(lambda p: squares(p, X, Y), gradients, PARAMS)
    assert {report.verdict for report in reports.values()} == {"right"}


@pytest.mark.parametrize("dtype", AGREE)
@pytest.mark.parametrize("schedule", BY_STEP)
def test_learning_rates_are_this_notes_at_the_step_divided_by_the_steps_of_an_epoch(schedule, dtype):
    with jax.enable_x64(dtype == "float64"):
        rate = getattr(theirs("learning_rate_decay"), schedule)(**BY_STEP[schedule])
        found = [float(rate(jnp.array(step))) for step in range(COUNTED)]
    np.testing.assert_allclose(found, _note.rates(PER_EPOCH)[schedule], **AGREE[dtype])


def test_a_hundred_and_twenty_steps_at_falling_rates_are_this_notes():
    """To float32's precision: Optax counts in int32, and rounds the rate that it makes of the count."""
    with jax.enable_x64(True):
        transform = optax.sgd(theirs("learning_rate_decay").exponential(**BY_STEP["exponential"]))
        found = np.diff(_jax.walk(transform, long_gradients(COUNTED), START), axis=0)
    ours = np.diff(_note.falling(_note.rates(PER_EPOCH)["exponential"]), axis=0)
    np.testing.assert_allclose(found, ours, rtol=1e-6, atol=1e-12)
