"""What the schedules promise."""

import numpy as np
import optax
import pytest
from hypothesis import given
from hypothesis import strategies as st

from snippets import learning_rate_decay
from snippets.experiments import learning_rate_decay as experiments
from tests.oracles import needs_torch, torch

rates = st.floats(1e-6, 10)
epochs = st.floats(0, 1000)
EPOCHS = np.array([0, 0.5, 1, 2, 7.25, 100])


@given(rates, epochs, st.floats(0, 10))
def test_inverse_time_undoes_by_multiplication(alpha0, epoch, decay_rate):
    alpha = learning_rate_decay.inverse_time(alpha0, epoch, decay_rate)
    assert alpha * (1 + decay_rate * epoch) == pytest.approx(alpha0)


def test_inverse_time_by_hand():
    """The course's own example: 0.2 and a decay rate of 1 give 0.1, 0.067, 0.05, 0.04."""
    alphas = learning_rate_decay.inverse_time(0.2, np.arange(5), 1.0)
    assert np.allclose(alphas, [0.2, 0.1, 0.2 / 3, 0.05, 0.04], rtol=1e-12)
    assert learning_rate_decay.inverse_time(0.2, 0.5, 1.0) == pytest.approx(0.4 / 3)


@given(rates, epochs, st.floats(0.5, 1))
def test_exponential_loses_the_same_share_in_each_epoch(alpha0, epoch, base):
    first = learning_rate_decay.exponential(alpha0, epoch, base)
    assert learning_rate_decay.exponential(alpha0, epoch + 1, base) == pytest.approx(base * first, rel=1e-9)
    assert learning_rate_decay.exponential(alpha0, 0, base) == alpha0


def test_exponential_by_hand():
    assert learning_rate_decay.exponential(0.2, 2) == pytest.approx(0.2 * 0.95 * 0.95)
    assert np.allclose(learning_rate_decay.exponential(0.2, np.array([0, 0.5, 1]), 0.25), [0.2, 0.1, 0.05])
    assert learning_rate_decay.exponential(0.2, 7, base=1) == 0.2  # no decay


@given(rates, st.floats(1, 1e6), st.floats(0, 10))
def test_four_times_as_many_steps_halve_the_inverse_root(alpha0, t, k):
    alpha = learning_rate_decay.inverse_sqrt(alpha0, t, k)
    assert learning_rate_decay.inverse_sqrt(alpha0, 4 * t, k) == pytest.approx(alpha / 2)
    assert learning_rate_decay.inverse_sqrt(alpha0, 1, k) == pytest.approx(k * alpha0)


def test_inverse_root_by_hand():
    assert np.allclose(learning_rate_decay.inverse_sqrt(0.6, np.array([1, 2, 4, 100]), 2.0), [1.2, 1.2 / np.sqrt(2), 0.6, 0.12])


@given(rates, st.floats(0, 10), st.integers(0, 20), st.floats(0.5, 50), st.floats(0, 0.99))
def test_a_stair_is_level_and_begins_on_the_curve(alpha0, decay_rate, stair, interval, inside):
    begin = stair * interval
    alpha = learning_rate_decay.staircase(alpha0, begin * (1 + 1e-12), decay_rate, interval)
    assert learning_rate_decay.staircase(alpha0, begin + inside * interval * 0.999 + 1e-9, decay_rate, interval) == pytest.approx(alpha)
    assert alpha == pytest.approx(learning_rate_decay.inverse_time(alpha0, stair, decay_rate))


def test_stairs_by_hand():
    alphas = learning_rate_decay.staircase(1.0, np.array([0, 9.99, 10, 25, 30]), 0.5, 10)
    assert np.allclose(alphas, [1, 1, 1 / 1.5, 1 / 2, 1 / 2.5])


def test_manual_changes_at_the_epoch_named():
    plan = {60: 0.05, 0: 0.1, 30: 0.01}
    assert [float(learning_rate_decay.manual(e, plan)) for e in (0, 29, 29.99, 30, 59, 60, 1000)] == [0.1, 0.1, 0.1, 0.01, 0.01, 0.05, 0.05]
    assert np.array_equal(learning_rate_decay.manual(np.array([60, 0]), plan), [0.05, 0.1])


def test_warmup_and_cosine_by_hand():
    alphas = learning_rate_decay.warmup_cosine(0.2, np.array([0, 1, 4, 8, 10, 12, 13]), warmup=4, total=12)
    expected = [0, 0.05, 0.2, 0.1, 0.1 * (1 + np.cos(0.75 * np.pi)), 0, 0]
    assert np.allclose(alphas, expected, atol=1e-15)
    assert learning_rate_decay.warmup_cosine(0.2, 0, warmup=0, total=5) == 0.2
    assert learning_rate_decay.warmup_cosine(0.2, 0.25, warmup=0, total=0.5) == pytest.approx(0.1)  # half an epoch in all


# Oracles


def test_optax_gives_the_same():
    steps = np.arange(0, 41)
    pairs = {
        "exponential": (optax.exponential_decay(0.3, 1, 0.95), learning_rate_decay.exponential(0.3, steps)),
        "warmup_cosine": (
            optax.warmup_cosine_decay_schedule(0.0, 0.3, 10, 35),
            learning_rate_decay.warmup_cosine(0.3, steps, warmup=10, total=35),
        ),
        "manual": (
            optax.piecewise_constant_schedule(0.3, {10: 0.1, 30: 0.5}),
            learning_rate_decay.manual(steps, {0: 0.3, 10: 0.03, 30: 0.015}),
        ),
    }
    for name, (schedule, ours) in pairs.items():
        assert np.allclose([float(schedule(step)) for step in steps], ours, rtol=1e-5, atol=1e-7), name


@needs_torch
def test_torch_gives_the_same():
    def torchs(make, n=20):
        optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.3)
        scheduler = make(optimizer)
        seen = []
        for _ in range(n):
            seen.append(scheduler.get_last_lr()[0])
            optimizer.step()
            scheduler.step()
        return seen

    schedulers = torch.optim.lr_scheduler
    n = np.arange(20)
    assert np.allclose(torchs(lambda o: schedulers.ExponentialLR(o, 0.95)), learning_rate_decay.exponential(0.3, n), rtol=1e-12)
    plan = {0: 0.3, 5: 0.03, 12: 0.003}
    assert np.allclose(torchs(lambda o: schedulers.MultiStepLR(o, [5, 12], 0.1)), learning_rate_decay.manual(n, plan), rtol=1e-12)
    assert np.allclose(
        torchs(lambda o: schedulers.CosineAnnealingLR(o, T_max=19)), learning_rate_decay.warmup_cosine(0.3, n, 0, 19), atol=1e-12
    )


# Edges

CALLS = {
    "inverse_time": dict(alpha0=0.1, epoch=3, decay_rate=1.0),
    "exponential": dict(alpha0=0.1, epoch=3, base=0.9),
    "inverse_sqrt": dict(alpha0=0.1, t=3, k=1.0),
    "staircase": dict(alpha0=0.1, epoch=3, decay_rate=1.0, interval=2),
    "warmup_cosine": dict(alpha0=0.1, t=3, warmup=1, total=5),
    "manual": dict(epoch=3, rates={0: 0.1}),
}
BAD = {"interval": [0, np.array([2, 0])], "base": [0, 1.1, np.array([0.5, 0.0]), np.array([0.5, 1.1])], "total": [1, 0.5]}


def bad_calls():
    for name, arguments in CALLS.items():
        for argument in arguments.keys() - {"rates"}:
            below = 0.99 if (name, argument) == ("inverse_sqrt", "t") else -0.1
            for value in [below, np.nan, np.inf, *BAD.get(argument, [])]:
                yield name, argument, value


@pytest.mark.parametrize(("name", "argument", "value"), sorted(bad_calls(), key=str))
def test_bad_arguments_are_refused_by_name(name, argument, value):
    with pytest.raises(ValueError, match=f"^{argument}: "):
        getattr(learning_rate_decay, name)(**{**CALLS[name], argument: value})


@pytest.mark.parametrize("plan", [{}, {1: 0.1}, {0: -0.1}, {0: np.nan}, {0: 0.1, np.inf: 0.1}, {0: 0.1, -1: 0.1}])
def test_a_plan_that_does_not_say_all_is_refused(plan):
    with pytest.raises(ValueError, match="^rates: "):
        learning_rate_decay.manual(3, plan)


@pytest.mark.parametrize("name", sorted(CALLS))
def test_an_array_is_its_elements_one_by_one_and_float32_stays(name):
    arguments = dict(CALLS[name])
    counted = "t" if "t" in arguments else "epoch"
    values = EPOCHS + 1
    whole = getattr(learning_rate_decay, name)(**{**arguments, counted: values})
    one_by_one = [getattr(learning_rate_decay, name)(**{**arguments, counted: value}) for value in values.tolist()]
    assert np.allclose(whole, one_by_one, rtol=1e-15)
    assert all(isinstance(rate, float) for rate in one_by_one)
    if name != "manual":
        assert getattr(learning_rate_decay, name)(**{**arguments, counted: values.astype(np.float32)}).dtype == np.float32


def test_bases_and_intervals_may_be_arrays_too():
    assert np.allclose(learning_rate_decay.exponential(0.1, 2, base=np.array([0.5, 1.0])), [0.025, 0.1])
    assert np.allclose(learning_rate_decay.staircase(0.1, 4, decay_rate=1.0, interval=np.array([2, 8])), [0.1 / 3, 0.1])


@pytest.mark.parametrize("name", ["inverse_time", "exponential", "inverse_sqrt", "staircase"])
def test_a_rate_that_decays_never_rises_and_stays_above_zero(name):
    counted = "t" if name == "inverse_sqrt" else "epoch"
    alphas = getattr(learning_rate_decay, name)(**{**CALLS[name], counted: np.linspace(1, 500, 1000)})
    assert np.all(np.diff(alphas) <= 0) and np.all(alphas > 0)


# The page's claims


def test_claim_decay_ends_nearer_to_the_minimum():
    result = experiments.near_the_minimum()
    assert result["seeds"] >= 20
    assert result["decayed_high"] < result["constant_low"]
    assert result["constant_ratio_low"] > 3
    assert result["small"] > 5 * result["decayed"]  # small from the start is late
    assert result["inside"] and result["behind"] == result["seeds"]  # nor does any other constant rate come as near
    assert result["calmest_ratio"] > 2


def test_claim_the_schedules_drawn():
    result = experiments.schedules()
    assert result["cosine"][-1] == pytest.approx(0) and result["warmup"][0] == 0
    assert result["staircase"][[0, 31, 32]] == pytest.approx([0.2, 0.2, 0.1])


def test_claim_where_noise_stays_every_decay_helps():
    result = experiments.on_a_line()
    assert result["seeds"] >= 20
    names = result["names"].tolist()
    for name in ("inverse_time", "exponential", "inverse_sqrt", "staircase", "manual", "cosine", "warmup"):
        row = names.index(name)
        assert result["better"][row] >= 18 and result["median"][row] < result["median"][0]
        assert result["rate"][row] >= 4 * result["rate"][0]  # and each wants to begin higher
        assert result["fixed_better"][row] <= 6  # from the constant rate's best alpha0 it does not
    assert names[0] == "constant" and names[-1] == "by_step"
    assert result["least_better"] >= 18 and result["most_fixed_better"] <= 6
    assert result["low"][-1] > result["high"][0]  # counted by the step: worse in every run
    assert np.isin(result["rate"], result["rates"][[0, -1]]).sum() == 0  # the search had room on both sides


def test_claim_where_noise_fades_most_decay_does_not_help():
    result = experiments.on_a_network()
    assert result["seeds"] >= 20
    names = result["names"].tolist()
    for name in ("inverse_time", "exponential", "inverse_sqrt", "staircase"):
        assert result["median"][names.index(name)] > result["median"][0]
    warmup = names.index("warmup")
    assert result["median"][warmup] < result["median"][0] and result["better"][warmup] >= 12
    assert result["high"][warmup] < 0.2 * result["high"][0]
    assert (result["rate"][1 : warmup + 1] <= result["rate"][0]).all()  # here no decay wants to begin higher
    assert result["low"][-1] > result["high"][names.index("inverse_time")]
    assert np.isin(result["rate"], result["rates"][[0, -1]]).sum() == 0
