"""The steps of snippets/frameworks/pytorch are this note's, after the mapping that each of them is."""

import doctest
import importlib

import numpy as np
import pytest

from snippets import adam, batch_norm, gradient_checking, initialization, momentum, regularization, rmsprop
from tests.frameworks import _note
from tests.frameworks._probe import (
    ADAM,
    AGREE,
    ALL,
    ALPHA0,
    BASE,
    BN_MEMORY,
    BN_SMALL,
    BY_HAND,
    COUNTED,
    FACTOR,
    FALL,
    GAMMA,
    HELD,
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
    WARM,
    M,
    X,
    Y,
    Z,
    descend,
    long_gradients,
    squares,
)
from tests.oracles import needs_torch, torch

pytestmark = needs_torch


def theirs(topic):
    return importlib.import_module(f"snippets.frameworks.pytorch.{topic}")


@pytest.mark.parametrize(
    "topic",
    ["adam", "batch_norm", "gradient_checking", "initialization", "learning_rate_decay", "momentum", "regularization", "rmsprop"],
)
def test_doctests(topic):
    assert not doctest.testmod(theirs(topic)).failed


@pytest.mark.parametrize("dtype", AGREE)
@pytest.mark.parametrize(("step", "options"), [(momentum, MOMENTUM), (rmsprop, RMSPROP), (adam, ADAM)])
def test_a_hundred_steps_are_this_notes(step, options, dtype):
    from tests.frameworks import _pytorch

    found = _pytorch.through(lambda w: theirs(step.__name__.rpartition(".")[2]).optimizer(w, **options), dtype)
    np.testing.assert_allclose(found, _note.through(step, dtype, **options), **AGREE[dtype])


def test_a_hundred_steps_of_adam_with_decay_are_this_notes_and_leave_biases_alone():
    W, b = (torch.tensor(START, requires_grad=True) for _ in range(2))
    optimizer, found = theirs("regularization").adam_with_decay([W], [b], STEP, SHRINK), []
    for group in optimizer.param_groups:
        group["betas"], group["eps"] = (ADAM["beta1"], ADAM["beta2"]), ADAM["epsilon"]
    for gradient in long_gradients():
        W.grad = b.grad = torch.tensor(gradient)
        optimizer.step()
        found.append([W.detach().numpy().copy(), b.detach().numpy().copy()])
    np.testing.assert_allclose(found, _note.decayed(), **AGREE["float64"])


def test_a_hundred_steps_with_l2_are_this_notes_and_leave_biases_alone():
    W, b = (torch.tensor(START, requires_grad=True) for _ in range(2))
    optimizer, ours, bias = theirs("regularization").gradient_descent_with_l2([W], [b], 0.01, LAMBD, M), START, START
    for gradient in long_gradients():
        W.grad = b.grad = torch.tensor(gradient)
        optimizer.step()
        ours, bias = ours - 0.01 * (gradient + regularization.l2_gradient(ours, LAMBD, M)), bias - 0.01 * gradient
        np.testing.assert_allclose(W.detach(), ours, **AGREE["float64"])
    np.testing.assert_allclose(b.detach(), bias, **AGREE["float64"])


@pytest.mark.parametrize("dtype", AGREE)
def test_a_hundred_batches_through_batch_norm_are_this_notes_but_for_the_running_variance(dtype):
    kind = getattr(torch, dtype)
    layer, found = theirs("batch_norm").layer(3, BN_MEMORY, BN_SMALL).to(kind), []
    layer.weight.data, layer.bias.data = torch.tensor(GAMMA, dtype=kind), torch.tensor(SHIFT, dtype=kind)
    for k in range(100):
        out = layer(torch.tensor((Z + k % 7).T, dtype=kind))
        found.append(out.detach().numpy())
    ours, mean, var, unbiased = _note.normalized()
    close = AGREE[dtype] | dict(atol=AGREE[dtype]["atol"] * np.abs(ours).max())  # a mean of 7 is rounded, and taken away
    np.testing.assert_allclose(found, ours, **close)
    np.testing.assert_allclose(layer.running_mean, mean, **AGREE[dtype])
    np.testing.assert_allclose(layer.running_var, unbiased, **AGREE[dtype])
    assert not np.allclose(layer.running_var, var)


def test_the_gradient_through_batch_norm_is_this_notes():
    layer = theirs("batch_norm").layer(3, BN_MEMORY, BN_SMALL).double()
    layer.weight.data, layer.bias.data = torch.tensor(GAMMA), torch.tensor(SHIFT)
    z = torch.tensor(Z.T, requires_grad=True)
    layer(z).backward(torch.tensor(np.cos(Z).T))
    cache = batch_norm.forward(Z, GAMMA[:, None], SHIFT[:, None], BN_SMALL)[1]
    np.testing.assert_allclose(z.grad.T, batch_norm.backward(np.cos(Z), cache)[0], rtol=1e-12, atol=1e-12)


def test_dropout_is_this_notes_with_the_mask_that_it_drew():
    torch.manual_seed(0)
    A = torch.tensor(np.tile(Z, 1000), requires_grad=True)
    out = theirs("regularization").dropout(KEEP)(A)
    found, mask = out.detach().numpy(), out.detach().numpy() != 0
    out.backward(torch.ones_like(A))
    np.testing.assert_allclose(found, np.tile(Z, 1000) * mask / KEEP, rtol=1e-12)
    np.testing.assert_allclose(A.grad, regularization.dropout_backward(np.ones(A.shape), mask, KEEP), rtol=1e-12)
    assert abs(mask.mean() - KEEP) < 0.015


@pytest.mark.parametrize("start", ["he", "xavier", "lecun"])
def test_first_weights_have_this_notes_variance(start):
    torch.manual_seed(0)
    layer = getattr(theirs("initialization"), start)(torch.nn.Linear(N_IN, N_OUT))
    ours = getattr(initialization, start)([N_IN, N_OUT], np.random.default_rng(0))
    assert layer.weight.detach().numpy().var() == pytest.approx(ours["W1"].var(), rel=0.03)
    assert layer.weight.shape == ours["W1"].shape and not layer.bias.any()


def gradients(params):
    inputs, targets = (torch.tensor(values.astype(params["W1"].dtype)) for values in (X, Y))
    return theirs("gradient_checking").gradients(lambda p: squares(p, inputs, targets, torch.tanh, torch.mean), params)


@pytest.mark.parametrize("dtype", AGREE)
def test_a_hundred_steps_by_autograd_are_those_by_the_chain_rule(dtype):
    np.testing.assert_allclose(descend(gradients, dtype), descend(_note.backward, dtype), **AGREE[dtype])


def test_the_gradient_by_autograd_passes_the_check():
    reports = gradient_checking.check_parameters(lambda p: squares(p, X, Y), gradients, PARAMS)
    assert {report.verdict for report in reports.values()} == {"right"}


def scheduled(make):
    return make(torch.optim.SGD([torch.tensor(START, requires_grad=True)], lr=ALPHA0))


@pytest.mark.parametrize("schedule", _note.rates(1))
def test_learning_rates_are_this_notes_where_step_is_called_once_an_epoch(schedule):
    given = {
        "inverse_time": dict(decay_rate=FALL),
        "exponential": dict(base=BASE),
        "inverse_sqrt": dict(k=FACTOR),
        "staircase": dict(decay_rate=FALL, interval=HELD),
        "manual": dict(rates={epoch: rate / ALPHA0 for epoch, rate in BY_HAND.items()}),
        "warmup_cosine": dict(warmup=WARM, total=ALL),
    }
    decay = theirs("learning_rate_decay")
    found = decay.rates(scheduled(lambda optimizer: getattr(decay, schedule)(optimizer, **given[schedule])), COUNTED)
    np.testing.assert_allclose(found, _note.rates(1)[schedule], rtol=1e-12, atol=1e-15)


def test_a_hundred_and_twenty_steps_at_falling_rates_are_this_notes():
    schedule = scheduled(lambda optimizer: theirs("learning_rate_decay").exponential(optimizer, BASE))
    w, found = schedule.optimizer.param_groups[0]["params"][0], []
    for step, gradient in enumerate(long_gradients(COUNTED), 1):
        w.grad = torch.tensor(gradient)
        schedule.optimizer.step()
        if step % PER_EPOCH == 0:
            schedule.step()
        found.append(w.detach().numpy().copy())
    ours = _note.rates(1)["exponential"].repeat(PER_EPOCH)[:COUNTED]
    np.testing.assert_allclose(found, _note.falling(ours), **AGREE["float64"])
