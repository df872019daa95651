"""Mini-batches, wrong."""

import numpy as np

from tests.wrong._registry import wrong

ONCE = "test_every_example_comes_exactly_once_with_its_own_label"
FULL = "test_all_batches_are_full_but_the_last"
SLICES = "test_one_permutation_a_call_and_batch_t_is_its_slice_t"
WEIGHTS = "test_the_cost_of_an_epoch_counts_every_example_the_same"
HAND = "test_an_epoch_by_hand"


def _slices(order, batch_size):
    return [order[t : t + batch_size] for t in range(0, len(order), batch_size)]


def _batches(X, Y, slices):
    return [(X[:, s], Y[:, s]) for s in slices]


@wrong(of="mini_batches", killed_by=ONCE)
def shuffled_apart(X, Y, batch_size, rng):
    """A permutation for X and another for Y: examples lose their labels."""
    one, other = rng.permutation(X.shape[1]), rng.permutation(X.shape[1])
    return [(X[:, a], Y[:, b]) for a, b in zip(_slices(one, batch_size), _slices(other, batch_size), strict=True)]


@wrong(of="mini_batches", killed_by=ONCE)
def only_x_shuffled(X, Y, batch_size, rng):
    """The labels left in their old order."""
    slices = _slices(rng.permutation(X.shape[1]), batch_size)
    return [(X[:, s], Y[:, t * batch_size : (t + 1) * batch_size]) for t, s in enumerate(slices)]


@wrong(of="mini_batches", killed_by=ONCE)
def last_batch_dropped(X, Y, batch_size, rng):
    """Only the m // batch_size full batches: up to batch_size - 1 examples are not seen in an epoch."""
    slices = _slices(rng.permutation(X.shape[1]), batch_size)
    return _batches(X, Y, [s for s in slices if len(s) == batch_size] or slices[:1])


@wrong(of="mini_batches", killed_by=FULL)
def last_batch_filled_up(X, Y, batch_size, rng):
    """The last batch filled up with examples from the front, which so come twice."""
    order = rng.permutation(X.shape[1])
    return _batches(X, Y, _slices(np.resize(order, -(-len(order) // batch_size) * batch_size), batch_size))


@wrong(of="mini_batches", killed_by=FULL)
def one_batch_too_many(X, Y, batch_size, rng):
    """m // batch_size + 1 batches: where the size divides m, the last one is empty, and its mean is 0 / 0."""
    order = rng.permutation(X.shape[1])
    return _batches(X, Y, [order[t * batch_size : (t + 1) * batch_size] for t in range(len(order) // batch_size + 1)])


@wrong(of="mini_batches", killed_by=FULL)
def column_number_t(X, Y, batch_size, rng):
    """`X[:, t]` for batch t, as in the course note's loop, lines 72 and 74: one example, and an array of one axis."""
    return [(X[:, t], Y[:, t]) for t in range(-(-X.shape[1] // batch_size))]


@wrong(of="mini_batches", killed_by=SLICES)
def indices_for_batches(X, Y, batch_size, rng):
    """X^{t} as an index, as the course note's line 64 says: it is the batch, the columns themselves."""
    return [(s[np.newaxis], s[np.newaxis]) for s in _slices(rng.permutation(X.shape[1]), batch_size)]


@wrong(of="mini_batches", killed_by="test_bad_batch_sizes_are_refused_before_the_first_batch")
def only_when_asked(X, Y, batch_size, rng):
    """A generator function: nothing is checked or drawn at the call, so a bad argument fails somewhere else, later."""
    if batch_size < 1:
        raise ValueError("batch_size: must be 1 or more")
    yield from _batches(X, Y, _slices(rng.permutation(X.shape[1]), batch_size))


@wrong(of="mini_batches", killed_by=FULL)
def number_of_batches_for_their_size(X, Y, batch_size, rng):
    """`array_split` into batch_size parts: the number of batches and their size change places."""
    return _batches(X, Y, np.array_split(rng.permutation(X.shape[1]), batch_size))


@wrong(of="mini_batches", killed_by=SLICES)
def never_shuffled(X, Y, batch_size, rng):
    """The batches cut from the examples as they come, as in the course note's loop, lines 69 to 78."""
    return _batches(X, Y, _slices(np.arange(X.shape[1]), batch_size))


@wrong(of="mini_batches", killed_by=SLICES)
def the_same_order_every_epoch(X, Y, batch_size, rng):
    """A seed of its own: every epoch has the same batches."""
    return _batches(X, Y, _slices(np.random.default_rng(0).permutation(X.shape[1]), batch_size))


@wrong(of="mini_batches", killed_by=ONCE)
def with_replacement(X, Y, batch_size, rng):
    """Examples drawn one by one: about a third of them do not come in an epoch, others come twice."""
    return _batches(X, Y, _slices(rng.integers(0, X.shape[1], X.shape[1]), batch_size))


@wrong(of="mini_batches", killed_by="test_arguments_stay_as_they_were_and_batches_are_copies")
def in_place(X, Y, batch_size, rng):
    """The caller's own arrays shuffled, and batches that are views of them."""
    order = rng.permutation(X.shape[1])
    X[...], Y[...] = X[:, order], Y[:, order]
    return _batches(X, Y, [slice(t, t + batch_size) for t in range(0, len(order), batch_size)])


@wrong(of="mini_batches", killed_by=ONCE)
def rows_shuffled(X, Y, batch_size, rng):
    """`rng.permutation(X)` as it stands: the first axis, so the features change places and not the examples."""
    return _batches(rng.permutation(X, axis=0)[::-1], Y, _slices(np.arange(X.shape[1]), batch_size))


def _pass(X, Y, params, step, batch_size, rng):
    """(params, the cost of each batch, the size of each batch)"""
    costs, sizes, order = [], [], rng.permutation(X.shape[1])
    for X_t, Y_t in _batches(X, Y, _slices(order, batch_size)):
        params, J_t = step(params, X_t, Y_t)
        costs.append(J_t)
        sizes.append(X_t.shape[1])
    return params, np.array(costs), np.array(sizes)


@wrong(of="epoch", killed_by=WEIGHTS)
def cost_added_up(X, Y, params, step, batch_size, rng):
    """`cost += ...` and no more, as in the course note's loop, line 74: as many times too large as there are batches."""
    params, costs, _ = _pass(X, Y, params, step, batch_size, rng)
    return params, costs.sum()


@wrong(of="epoch", killed_by=WEIGHTS)
def plain_mean_of_batches(X, Y, params, step, batch_size, rng):
    """Divided by the number of batches: the small last batch counts like a full one."""
    params, costs, _ = _pass(X, Y, params, step, batch_size, rng)
    return params, costs.mean()


@wrong(of="epoch", killed_by=WEIGHTS)
def full_size_for_every_batch(X, Y, params, step, batch_size, rng):
    """Weighted with batch_size, the last batch too: the weights no longer add up to one."""
    params, costs, _ = _pass(X, Y, params, step, batch_size, rng)
    return params, np.sum(costs * batch_size) / X.shape[1]


@wrong(of="epoch", killed_by=WEIGHTS)
def cost_of_the_last_batch(X, Y, params, step, batch_size, rng):
    """The last batch's cost taken for the epoch's."""
    params, costs, _ = _pass(X, Y, params, step, batch_size, rng)
    return params, costs[-1]


_never_reset = [0.0]


@wrong(of="epoch", killed_by="test_each_pass_begins_its_cost_at_zero")
def cost_never_reset(X, Y, params, step, batch_size, rng):
    """The cost begins before the loop over the epochs, if at all, and is not set back (lines 69 to 78): it rises epoch by epoch."""
    params, costs, sizes = _pass(X, Y, params, step, batch_size, rng)
    _never_reset[0] += np.sum(costs * sizes) / X.shape[1]
    return params, _never_reset[0]


@wrong(of="epoch", killed_by=HAND)
def each_batch_from_the_start(X, Y, params, step, batch_size, rng):
    """Every batch begins at the parameters the epoch began with: only the last step counts."""
    J, m = 0.0, X.shape[1]
    for X_t, Y_t in _batches(X, Y, _slices(rng.permutation(m), batch_size)):
        new, J_t = step(params, X_t, Y_t)
        J += J_t * X_t.shape[1] / m
    return new, J


@wrong(of="epoch", killed_by=HAND)
def one_batch_is_an_epoch(X, Y, params, step, batch_size, rng):
    """One step called an epoch, as where the note's line 69 counts epochs under the name of iterations."""
    first = _slices(rng.permutation(X.shape[1]), batch_size)[0]
    return step(params, X[:, first], Y[:, first])


@wrong(of="epoch", killed_by=HAND)
def cost_after_the_step(X, Y, params, step, batch_size, rng):
    """The cost of a batch taken after the step it led to: on the batch just fitted, so too low."""
    J, m = 0.0, X.shape[1]
    for X_t, Y_t in _batches(X, Y, _slices(rng.permutation(m), batch_size)):
        params, _ = step(params, X_t, Y_t)
        J += step(params, X_t, Y_t)[1] * X_t.shape[1] / m
    return params, J
