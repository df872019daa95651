"""The steps of snippets/frameworks/keras are this note's, after the mapping that each of them is, or as near as is said."""

import numpy as np
import pytest

from snippets import adam, gradient_checking, initialization, momentum, regularization, rmsprop
from tests.frameworks import _note
from tests.frameworks._probe import (
    ADAM,
    AGREE,
    BETA,
    BY_STEP,
    GRADIENTS,
    KEEP,
    LAMBD,
    MOMENTUM,
    N_IN,
    N_OUT,
    PARAMS,
    PER_EPOCH,
    RATE,
    RMSPROP,
    START,
    M,
    X,
    Y,
    Z,
    descend,
    squares,
)
from tests.oracles import needs_tensorflow

pytestmark = needs_tensorflow


@pytest.fixture
def theirs(tensorflow):
    return tensorflow["mapped"]


@pytest.mark.parametrize(
    "topic",
    ["adam", "batch_norm", "gradient_checking", "initialization", "learning_rate_decay", "momentum", "regularization", "rmsprop"],
)
def test_doctests(topic, theirs):
    assert theirs["doctests"][f"snippets.frameworks.keras.{topic}"] == 0


@pytest.mark.parametrize("dtype", AGREE)
def test_a_hundred_steps_of_momentum_are_this_notes(dtype, theirs):
    np.testing.assert_allclose(theirs[f"momentum {dtype}"], _note.through(momentum, dtype, **MOMENTUM), **AGREE[dtype])


@pytest.mark.parametrize("dtype", AGREE)
def test_a_hundred_steps_of_adam_are_this_notes_with_epsilon_times_the_root_of_the_correction(dtype, theirs):
    np.testing.assert_allclose(theirs[f"adam {dtype}"], _note.through(adam, dtype, **ADAM), **AGREE[dtype])


def test_steps_of_rmsprop_with_epsilon_squared_are_at_most_root_two_times_as_long(theirs):
    found, ours = (np.diff(path, axis=0) for path in (theirs["rmsprop float64"], _note.through(rmsprop, "float64", **RMSPROP)))
    moved = ours != 0
    ratio = found[moved] / ours[moved]
    assert ratio.min() > 1 - 1e-9 and 1.3 < ratio.max() < np.sqrt(2)  # a row of the gradients is as small as epsilon
    assert np.median(ratio) < 1 + 1e-4


def test_a_hundred_steps_of_adam_with_decay_are_this_notes_and_leave_biases_alone(theirs):
    np.testing.assert_allclose(theirs["decay"], _note.decayed(), **AGREE["float64"])


@pytest.mark.long(10)
def test_float64_weights_get_rounded_constants(tensorflow):
    """Keras and TensorFlow 1: 0.8 becomes float32's nearest, 1.2e-8 more, and the path shows it."""
    first, second, beta = -RATE * GRADIENTS[0], GRADIENTS[1], float(np.float32(BETA))
    assert beta != BETA
    for library in ("Keras", "TensorFlow 1"):
        seen = tensorflow[library]["momentum path"][1]
        assert seen == pytest.approx(first + beta * first - RATE * second, rel=1e-14)
        assert abs(seen - (first + BETA * first - RATE * second)) > 1e-9


def test_the_penalty_and_its_gradient_are_this_notes(theirs):
    cost, gradient = theirs["l2"]
    assert cost == pytest.approx(regularization.l2_cost({"W1": START}, LAMBD, M), rel=1e-6)
    np.testing.assert_allclose(gradient, regularization.l2_gradient(START, LAMBD, M), rtol=1e-6)


@pytest.mark.parametrize("dtype", AGREE)
def test_a_hundred_batches_through_batch_norm_are_this_notes(dtype, theirs):
    ours, mean, var, _ = _note.normalized()
    close = AGREE[dtype] | dict(atol=AGREE[dtype]["atol"] * np.abs(ours).max())  # a mean of 7 is rounded, and taken away
    np.testing.assert_allclose(theirs[f"batch norm {dtype}"]["forward"], ours, **close)
    np.testing.assert_allclose(theirs[f"batch norm {dtype}"]["mean"], mean, **AGREE[dtype])
    np.testing.assert_allclose(theirs[f"batch norm {dtype}"]["var"], var, **AGREE[dtype])


def test_dropout_is_this_notes_with_the_mask_that_it_drew(theirs):
    A, out = np.tile(Z, 1000), np.array(theirs["dropout"])
    np.testing.assert_allclose(out, A * (out != 0) / KEEP, rtol=1e-12)
    assert abs((out != 0).mean() - KEEP) < 0.015


@pytest.mark.parametrize("start", ["he", "xavier", "lecun"])
def test_first_weights_have_this_notes_variance(start, theirs):
    ours = getattr(initialization, start)([N_IN, N_OUT], np.random.default_rng(0))["W1"]
    assert theirs["initialization"][start]["variance"] == pytest.approx(ours.var(), rel=0.03)


@pytest.mark.parametrize("dtype", AGREE)
def test_a_hundred_steps_by_the_tape_are_those_by_the_chain_rule(dtype, theirs):
    np.testing.assert_allclose(theirs[f"tape {dtype}"], descend(_note.backward, dtype), **AGREE[dtype])


def test_the_gradient_by_the_tape_passes_the_check(theirs):
    found = {name: np.array(gradient) for name, gradient in theirs["tape"].items()}
    reports = gradient_checking.check_parameters(lambda p: squares(p, X, Y), lambda p: found, PARAMS)
    assert {report.verdict for report in reports.values()} == {"right"}


@pytest.mark.parametrize("schedule", BY_STEP)
def test_learning_rates_are_this_notes_at_the_step_divided_by_the_steps_of_an_epoch(schedule, theirs):
    np.testing.assert_allclose(theirs["rates"][schedule], _note.rates(PER_EPOCH)[schedule], **AGREE["float32"])


def test_a_hundred_and_twenty_steps_at_falling_rates_are_this_notes(theirs):
    """To float32's precision: Keras has its schedules compute in it, whatever the weights are."""
    found, ours = (np.diff(path, axis=0) for path in (theirs["falling"], _note.falling(_note.rates(PER_EPOCH)["exponential"])))
    np.testing.assert_allclose(found, ours, rtol=1e-6, atol=1e-12)
