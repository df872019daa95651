"""What dealing out the examples promises."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from snippets import gradient_descent, initialization, mini_batches, network
from snippets.experiments import _data
from snippets.experiments import mini_batches as experiments
from tests.oracles import needs_torch, torch

QUICK = settings(deadline=None, max_examples=40)
whole = st.integers(1, 40)


def numbered(m, rows=2):
    """Examples that carry their number in every row, and labels that do too."""
    X = np.arange(m) + 1000.0 * np.arange(1, rows + 1)[:, np.newaxis]
    return X, 7.0 * np.arange(m)[np.newaxis]


def deal(X, Y, batch_size, seed=0):
    return list(mini_batches.mini_batches(X, Y, batch_size, np.random.default_rng(seed)))


@QUICK
@given(whole, whole, st.integers(0, 10**6))
def test_every_example_comes_exactly_once_with_its_own_label(m, batch_size, seed):
    X, Y = numbered(m)
    batches = deal(X, Y, batch_size, seed)
    X_all, Y_all = (np.concatenate(part, axis=1) for part in zip(*batches, strict=True))
    order = X_all[0] - 1000
    np.testing.assert_array_equal(np.sort(order), np.arange(m))
    np.testing.assert_array_equal(X_all, X[:, order.astype(int)])
    np.testing.assert_array_equal(Y_all, Y[:, order.astype(int)])


@QUICK
@given(whole, whole)
def test_all_batches_are_full_but_the_last(m, batch_size):
    batches = deal(*numbered(m), batch_size)
    assert len(batches) == -(-m // batch_size)
    for X_t, Y_t in batches[:-1]:
        assert X_t.shape == (2, min(batch_size, m)) and Y_t.shape == (1, min(batch_size, m))
    last = m - batch_size * (len(batches) - 1)
    assert batches[-1][0].shape == (2, last) and batches[-1][1].shape == (1, last)
    assert 1 <= last <= batch_size


@QUICK
@given(whole, whole, st.integers(0, 10**6))
def test_one_permutation_a_call_and_batch_t_is_its_slice_t(m, batch_size, seed):
    X, Y = numbered(m)
    rng, ours = np.random.default_rng(seed), np.random.default_rng(seed)
    for _ in range(3):  # a generator goes on: every epoch has an order of its own
        order = rng.permutation(m)
        for t, (X_t, Y_t) in enumerate(mini_batches.mini_batches(X, Y, batch_size, ours)):
            np.testing.assert_array_equal(X_t, X[:, order[t * batch_size : (t + 1) * batch_size]])
            np.testing.assert_array_equal(Y_t, Y[:, order[t * batch_size : (t + 1) * batch_size]])
    assert rng.random() == ours.random()


def test_epochs_differ_and_every_order_is_as_likely():
    """Chi-square over the 24 orders of four examples: 2,400 draws, 23 degrees of freedom, 49.7 is the 0.999 quantile."""
    X, Y, rng, counts = np.arange(4.0)[np.newaxis], np.arange(4.0)[np.newaxis], np.random.default_rng(5), {}
    for _ in range(2400):
        order = tuple(np.concatenate([X_t[0] for X_t, _ in mini_batches.mini_batches(X, Y, 2, rng)]))
        counts[order] = counts.get(order, 0) + 1
    assert len(counts) == 24
    assert sum((count - 100) ** 2 / 100 for count in counts.values()) < 49.7


@needs_torch
def test_batches_are_those_of_torchs_loader():
    X, Y = numbered(23, rows=3)
    order = np.random.default_rng(4).permutation(23)
    data = torch.utils.data.TensorDataset(torch.tensor(X.T), torch.tensor(Y.T))
    loader = torch.utils.data.DataLoader(data, batch_size=5, sampler=order.tolist(), drop_last=False)
    for (X_t, Y_t), (X_torch, Y_torch) in zip(deal(X, Y, 5, seed=4), loader, strict=True):
        np.testing.assert_array_equal(X_t, X_torch.numpy().T)
        np.testing.assert_array_equal(Y_t, Y_torch.numpy().T)


def test_one_example_a_full_batch_and_more_than_all():
    X, Y = numbered(1)
    ((X_t, Y_t),) = deal(X, Y, 64)
    assert X_t.shape == (2, 1) and Y_t.shape == (1, 1)
    X, Y = numbered(6)
    for batch_size in (6, 7, 100, np.int64(6)):
        ((X_t, _),) = deal(X, Y, batch_size)
        assert X_t.shape == (2, 6)
    assert [X_t.shape for X_t, _ in deal(X, Y, 1)] == [(2, 1)] * 6


def test_arguments_stay_as_they_were_and_batches_are_copies():
    X, Y = numbered(9)
    before = X.copy(), Y.copy()
    for X_t, Y_t in deal(X, Y, 4):
        X_t[...], Y_t[...] = -1, -1
    np.testing.assert_array_equal(X, before[0])
    np.testing.assert_array_equal(Y, before[1])


def test_types_runs_and_nan_pass_through():
    X, Y = numbered(5)
    X[:, 3] = np.nan
    for X_t, Y_t in deal(X.astype(np.float32), Y.astype(int), 2):
        assert X_t.dtype == np.float32 and Y_t.dtype == int
        np.testing.assert_array_equal(np.isnan(X_t[0]), Y_t[0] == 7 * 3)
    runs = np.stack([X, X + 1])  # a leading axis of runs: one order for all
    for X_t, Y_t in deal(runs, Y, 2):
        np.testing.assert_array_equal(X_t[1], X_t[0] + 1)
        assert X_t.shape[:-1] == (2, 2) and Y_t.shape[-1] == X_t.shape[-1]
    for (X_t, Y_t), (lists_X, lists_Y) in zip(deal(X, Y, 2), deal(X.tolist(), Y.tolist(), 2), strict=True):
        np.testing.assert_array_equal(lists_X, X_t)
        np.testing.assert_array_equal(lists_Y, Y_t)
    for X_t, Y_t in deal(runs, np.stack([Y, Y + 1]), 2):  # and labels with one, too
        np.testing.assert_array_equal(Y_t[1], Y_t[0] + 1)
        assert X_t.shape[-1] == Y_t.shape[-1]


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("X", {"X": np.zeros((2, 0)), "Y": np.zeros((1, 0))}),
        ("X", {"X": np.zeros((0, 5))}),
        ("X", {"X": np.zeros(5)}),
        ("X", {"X": np.array(5.0)}),
        ("Y", {"Y": np.array(5.0)}),
        ("Y", {"Y": np.zeros((1, 4))}),
        ("Y", {"Y": np.zeros(5)}),
        ("Y", {"Y": np.zeros((5, 1))}),
        *(("batch_size", {"batch_size": size}) for size in (0, -1, 2.0, np.nan, "2", None, True)),
        *(("rng", {"rng": rng}) for rng in (None, 0, np.random)),
    ],
)
def test_bad_arguments_are_refused_by_name_at_the_call(name, change):
    arguments = {"X": np.zeros((2, 5)), "Y": np.zeros((1, 5)), "batch_size": 2, "rng": np.random.default_rng(0)} | change
    with pytest.raises(ValueError, match=f"^{name}: "):
        mini_batches.mini_batches(**arguments)  # nothing is taken from the iterator
    with pytest.raises(ValueError, match=f"^{name}: "):
        mini_batches.epoch(**arguments, params=None, step=stay)


def test_bad_batch_sizes_are_refused_before_the_first_batch():
    with pytest.raises(ValueError, match="^batch_size: "):
        mini_batches.mini_batches(np.zeros((2, 5)), np.zeros((1, 5)), 0, np.random.default_rng(0))


# One pass


def stay(params, X_t, Y_t):
    """A step that moves nothing; its cost is the batch's mean of Y."""
    return params, Y_t.mean()


def follow(w, X_t, Y_t):
    """A step of gradient descent on the line Y = w X, and the mean of its squared gap before the step, halved."""
    gap = w * X_t - Y_t
    return w - 0.1 * np.mean(gap * X_t), np.mean(gap**2) / 2


@QUICK
@given(whole, whole, st.integers(0, 10**6))
def test_the_cost_of_an_epoch_counts_every_example_the_same(m, batch_size, seed):
    Y = np.random.default_rng(seed).standard_normal((1, m))
    params, J = mini_batches.epoch(Y, Y, "stays", stay, batch_size, np.random.default_rng(seed))
    assert params == "stays"
    assert J == pytest.approx(Y.mean(), abs=1e-12)


def test_an_epoch_by_hand():
    """Three alike examples in batches of 2 and 1: w from 0 to 0.4 to 0.76; costs 8 (twice) and 6.48."""
    X = np.ones((1, 3))
    w, J = mini_batches.epoch(X, 4 * X, 0.0, follow, 2, np.random.default_rng(0))
    assert w == pytest.approx(0.76)
    assert J == pytest.approx((2 * 8 + 6.48) / 3)


def test_the_cost_of_an_epoch_of_runs_is_that_of_each_run():
    Y = np.random.default_rng(0).standard_normal((2, 1, 5))

    def step(params, X_t, Y_t):
        return params, Y_t.mean(axis=(-2, -1))

    X = np.concatenate([Y, Y, Y], axis=-2)
    _, J = mini_batches.epoch(X, Y, None, step, 2, np.random.default_rng(0))
    assert J == pytest.approx(Y.mean(axis=(-2, -1)))


def test_each_pass_begins_its_cost_at_zero():
    X = np.ones((1, 3))
    rng, costs = np.random.default_rng(0), []
    for _ in range(3):
        costs.append(mini_batches.epoch(X, X, 0.0, stay, 2, rng)[1])
    assert costs == pytest.approx([1, 1, 1])


def test_a_pass_takes_its_batches_from_mini_batches():
    X, Y = numbered(7)
    seen = []

    def look(params, X_t, Y_t):
        seen.append((X_t, Y_t))
        return params + [len(seen)], 0.0

    params, _ = mini_batches.epoch(X, Y, [], look, 3, np.random.default_rng(2))
    assert params == [1, 2, 3]
    for (X_t, Y_t), (X_seen, Y_seen) in zip(deal(X, Y, 3, seed=2), seen, strict=True):
        np.testing.assert_array_equal(X_t, X_seen)
        np.testing.assert_array_equal(Y_t, Y_seen)


def test_float32_stays_float32_through_a_pass():
    X = np.ones((1, 3), np.float32)
    w, J = mini_batches.epoch(X, X, np.float32(0), follow, 2, np.random.default_rng(0))
    assert w.dtype == J.dtype == np.float32


@pytest.mark.parametrize("batch_size", [1, 8, 30, 100])
def test_three_passes_are_three_epochs_of_the_networks_train(batch_size):
    rng = np.random.default_rng(1)
    X, Y = rng.standard_normal((3, 30)), (rng.random((1, 30)) < 0.5).astype(float)
    start = initialization.he([3, 4, 1], rng)

    def step(params, X_t, Y_t):
        A, caches = network.forward(X_t, params)
        grads = network.backward(A, Y_t, caches)
        return gradient_descent.update(params, grads, {}, 0.3)[0], network.cost(A, Y_t)

    params, rng, costs = start, np.random.default_rng(9), []
    for _ in range(3):
        params, J = mini_batches.epoch(X, Y, params, step, batch_size, rng)
        costs.append(J)
    other, theirs = network.train(X, Y, start, epochs=3, learning_rate=0.3, batch_size=batch_size, rng=np.random.default_rng(9))
    np.testing.assert_allclose(costs, theirs, rtol=1e-9)
    for name in params:
        np.testing.assert_allclose(params[name], other[name], rtol=1e-9, atol=1e-12)


@needs_torch
def test_a_pass_equals_torchs_on_the_same_batches():
    rng = np.random.default_rng(6)
    X, Y = rng.standard_normal((4, 22)), (rng.random((1, 22)) < 0.5).astype(float)
    start = initialization.lecun([4, 1], rng)

    def step(params, X_t, Y_t):
        A, caches = network.forward(X_t, params)
        grads = network.backward(A, Y_t, caches)
        return gradient_descent.update(params, grads, {}, 0.3)[0], network.cost(A, Y_t)

    params, J = mini_batches.epoch(X, Y, start, step, 8, np.random.default_rng(3))
    W, b = (torch.tensor(start[name], requires_grad=True) for name in ("W1", "b1"))
    optimizer, total = torch.optim.SGD([W, b], lr=0.3), 0.0
    for X_t, Y_t in deal(X, Y, 8, seed=3):
        loss = torch.nn.functional.binary_cross_entropy_with_logits(W @ torch.tensor(X_t) + b, torch.tensor(Y_t), reduction="sum")
        total += loss.item()
        optimizer.zero_grad()
        (loss / X_t.shape[1]).backward()
        optimizer.step()
    assert J == pytest.approx(total / 22, rel=1e-9)
    np.testing.assert_allclose(params["W1"], W.detach().numpy(), rtol=1e-9)
    np.testing.assert_allclose(params["b1"], b.detach().numpy(), rtol=1e-9)


def test_the_gradient_of_a_batch_is_right_on_average():
    """Over all batches of an epoch, weighted by size, the gradients add up to that of all examples; so no step is wrong on average."""
    X, Y, _, _ = _data.digits()
    X, Y = X[:, :100], Y[:, :100]
    params = initialization.he([64, 5, 1], np.random.default_rng(0))

    def gradient(X, Y):
        A, caches = network.forward(X, params)
        return network.backward(A, Y, caches)["dW1"]

    total = sum(X_t.shape[1] / 100 * gradient(X_t, Y_t) for X_t, Y_t in deal(X, Y, 32))
    np.testing.assert_allclose(total, gradient(X, Y), atol=1e-12)


# The page's claims


def test_claim_the_partition():
    result = experiments.partition()
    assert result["sizes"].tolist() == [4, 4, 3]
    assert sorted(result["order"]) == list(range(11))


def test_claim_smaller_batches_wander_more_and_the_full_batch_crawls():
    result = experiments.paths()
    assert result["seeds"] >= 20
    assert result["one_low"] > 2 * result["eight_high"]
    assert result["ratio"] > 3
    assert result["full_low"] > result["one_high"]  # 40 steps do not bring the full batch there


def test_claim_the_cost_of_batches_rises_nearly_every_other_step():
    result = experiments.oscillation()
    assert result["seeds"] >= 20
    assert result["mini_low"] > 0.4
    assert result["full_high"] < 0.15
    assert result["mini_means"][-1] < 0.5 * result["mini_means"][0]


def test_claim_epochs_and_steps_to_the_target():
    result = experiments.sizes()
    assert result["seeds"] >= 20
    assert result["full_over_64"] > 10 and result["full_over_64_low"] > 3
    assert np.all(result["high"] <= result["most"]), "all arrive"
    assert result["median"][5] > 5 * result["median"][4] > 5 * result["median"][3]
    steps = result["steps"]
    assert steps[0] > 10 * steps[2] and steps[2] > 2 * steps[3]  # small batches: more examples, fewer steps
    assert abs(steps[5] / steps[4] - 1) < 0.5  # 256 to 1,400: five times the examples buy next to nothing
    assert np.isin(result["rate"], [0.02, 2.0]).sum() == 0  # the best rate is inside the range that was searched


def test_claim_no_size_generalizes_apart():
    result = experiments.sizes()
    apart = np.abs(result["dev"][:, np.newaxis] - result["dev"])
    errors = np.hypot(result["dev_error"][:, np.newaxis], result["dev_error"])
    assert np.all(apart <= 3 * errors)


def test_claim_batches_of_64_reach_the_target_sooner_than_the_full_batch():
    """On the machine whose clock was read once; today's clock is asked by `make bench`, and asserted nowhere."""
    result = experiments.timing()
    assert result["sizes"].tolist() == experiments.sizes()["sizes"].tolist()
    assert result["ratio"][-1] == result["to_target"][-1] == 1
    assert result["ratio"][0] > 20 and np.all(np.diff(result["ratio"]) < 0)
    assert result["full_over_64"] > 2 and result["to_target"].argmin() in (2, 3, 4)
    assert 0.7 < result["power_of_two"] < 1.4


def test_claim_unweighted_the_small_last_batch_counts_too_much():
    result = experiments.weighting()
    assert result["seeds"] >= 20 and result["m"] == 16 * 64 + 1 and result["batches"] == 17
    assert result["error"] < 1e-12
    assert result["too_much"] == pytest.approx(1025 / 17)
    assert result["plain_error_mean"] > 0.005
    assert result["sum_low"] > 10


def test_claim_shuffled_apart_nothing_is_learned():
    result = experiments.shuffling()
    assert result["seeds"] >= 20
    assert result["together_low"] > 0.75 and result["together_mean"] > 0.9
    assert 0.4 < result["apart_mean"] < 0.6
    assert result["apart_high"] < result["together_low"]
    assert result["sorted_high"] < result["together_low"]
