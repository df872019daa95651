"""Every known misconception about batches and epochs gets its own hint."""

import numpy as np

from snippets import mini_batches
from snippets.exercises.mini_batches import check_batches, check_epochs, epochs, epochs_solved
from tests.exercises._hints import each_gets_its_own


def dealt(order=lambda rng, m: rng.permutation(m), starts=None, size=None, stop=None):
    """The right one, but for what is given."""

    def batches(X, Y, batch_size, rng):
        m = X.shape[1]
        columns = order(rng, m)
        at = starts(m, batch_size) if starts else range(0, m, batch_size)
        return [(X[:, columns[t : t + (size or batch_size)]], Y[:, columns[t : t + (size or batch_size)]]) for t in at]

    return batches


def padded(rng, m):
    return np.resize(rng.permutation(m), 12)


def by_number(X, Y, batch_size, rng):
    order = rng.permutation(X.shape[1])
    return [(X[:, order][:, t], Y[:, order][:, t]) for t in range(len(order) // batch_size)]


def apart(X, Y, batch_size, rng):
    return [(a, b) for (a, _), (_, b) in zip(dealt()(X, Y, batch_size, rng), dealt()(X, Y, batch_size, rng), strict=True)]


def rows_too(X, Y, batch_size, rng):
    return dealt()(X[[1, 2, 0]], Y, batch_size, rng)


def each_row_apart(X, Y, batch_size, rng):
    return dealt(lambda rng, m: np.arange(m))(rng.permuted(X, axis=1), Y, batch_size, rng)


def rows_cut(X, Y, batch_size, rng):
    return [(X[t : t + batch_size], Y[t : t + batch_size]) for t in range(0, X.shape[1], batch_size)]


MINI_BATCHES = {
    "X[:, t] is one example": by_number,
    "cut columns, not rows": rows_cut,
    "The rows of X have changed places": rows_too,
    "come from different columns": each_row_apart,
    "shuffled apart": apart,
    "The last batch is dropped": dealt(starts=lambda m, size: range(0, m - size + 1, size)),
    "The batches overlap": dealt(starts=lambda m, size: range(m)),
    "an epoch has each of them once": dealt(lambda rng, m: rng.integers(0, m, m)),
    "some come more than once": dealt(padded, starts=lambda m, size: range(0, 12, size)),
    "The batches hold [5, 5] examples": dealt(starts=lambda m, size: [0, 5], size=5),
    "nothing is left over": dealt(starts=lambda m, size: range(0, m // size * size + 1, size)),
    "in the order in which they lie": dealt(lambda rng, m: np.arange(m)),
    "Two epochs have the same order": dealt(lambda rng, m: np.random.default_rng(0).permutation(m)),
    "Draw from rng, and from nothing else": dealt(lambda rng, m: np.random.default_rng().permutation(m)),
    "no batch at all": lambda X, Y, batch_size, rng: [],
    "It returned None": lambda X, Y, batch_size, rng: None,
    "Return 2 things: X_t, Y_t": lambda X, Y, batch_size, rng: [X],
    "It changed what it was given": lambda X, Y, batch_size, rng: rng.shuffle(X, axis=1) or [(X, Y)],
}


def test_each_misconception_about_batches_gets_its_own_hint():
    each_gets_its_own(check_batches, MINI_BATCHES)


def test_a_list_is_as_good_as_an_iterator():
    assert check_batches(dealt()).startswith("Right")


def looped(new_order=lambda rng, m, epoch: rng.permutation(m), cost=None, carry=True, drop=0):
    def epochs(X, Y, params, step, batch_size, count, rng):
        m, costs, start = X.shape[1], [], params
        for epoch in range(count):
            order, J = new_order(rng, m, epoch), []
            for t in range(0, m - drop, batch_size):
                columns = order[t : t + batch_size]
                params, J_t = step(params if carry else start, X[:, columns], Y[:, columns])
                J.append((len(columns), J_t))
            costs.append(cost(np.array(J).T, costs))
        return params, costs

    return epochs


def right(J, costs):
    return np.sum(J[0] * J[1]) / np.sum(J[0])


EPOCHS = {
    "Every epoch has the same order": epochs,
    "the small last batch counts as much": looped(cost=lambda J, costs: np.mean(J[1])),
    "sum over the batches": looped(cost=lambda J, costs: np.sum(J[1])),
    "sum over the examples": looped(cost=lambda J, costs: np.sum(J[0] * J[1])),
    "weighted by batch_size": looped(cost=lambda J, costs: np.sum(4 * J[1]) / 10),
    "start each at zero": looped(cost=lambda J, costs: right(J, costs) + (costs[-1] if costs else 0)),
    "the cost of the last batch": looped(cost=lambda J, costs: J[1][-1]),
    "goes on from what the step before returned": looped(cost=right, carry=False),
    "It took 6 steps": looped(cost=right, drop=2),
    "an example comes twice": looped(lambda rng, m, epoch: rng.integers(0, m, m), cost=right),
    "Nothing is shuffled": looped(lambda rng, m, epoch: np.arange(m), cost=right),
    "X and Y are shuffled apart": lambda X, Y, *more: epochs_solved(X[:, ::-1], Y, *more),
    "It returned list of 3": lambda *given: epochs_solved(*given)[1],
}


def test_each_misconception_about_epochs_gets_its_own_hint():
    each_gets_its_own(check_epochs, EPOCHS)


def test_the_starter_with_its_order_mended_is_left_with_its_cost():
    assert check_epochs(looped(cost=right)).startswith("Right")
    assert "plain mean" in check_epochs(looped(cost=lambda J, costs: np.mean(J[1])))


def test_the_solution_is_one_epoch_after_another():
    X, Y, rng = np.arange(7.0)[None], np.ones((1, 7)), np.random.default_rng(0)

    def step(w, X_t, Y_t):
        return w + np.sum(X_t) * w, np.mean(X_t)

    w, costs = epochs_solved(X, Y, 1.0, step, 3, 2, np.random.default_rng(0))
    first, J1 = mini_batches.epoch(X, Y, 1.0, step, 3, rng)
    second, J2 = mini_batches.epoch(X, Y, first, step, 3, rng)
    assert (w, costs) == (second, [J1, J2])
