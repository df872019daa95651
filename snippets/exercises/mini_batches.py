"""Deal out mini-batches, and find what is wrong with a loop over epochs: checkers with a hint for each misconception."""

import numpy as np

from snippets import mini_batches
from snippets.exercises._check import Hint, attempt, checker, compare, parts

M, SIZE = 10, 4


def batches(X, Y, batch_size, rng):
    """One epoch, a list of (X_t, Y_t).
    The columns of X (n_x, m) and Y (1, m) in a new order, batch_size at a time.
    """
    order = ...  # from rng
    return ...  # a list of pairs


batches_solved = mini_batches.mini_batches


@checker
def check_batches(batches):
    """Try `batches(X, Y, batch_size, rng)` on ten numbered examples in batches of four."""
    X = np.arange(M) + np.array([[0], [100], [200]])
    Y = 10 * np.arange(M)[None]

    def two_epochs(X, Y, batch_size, rng):
        both = [batches(X, Y, batch_size, rng) for _ in range(2)]
        return None if None in both else [list(dealt) for dealt in both]

    def try_it():
        both = attempt(two_epochs, X, Y, SIZE, np.random.default_rng(1))
        if not all(both):
            raise Hint("There is no batch at all.")
        return [[[*map(np.asarray, parts(batch, "X_t", "Y_t"))] for batch in dealt] for dealt in both]

    dealt, again = try_it()
    for t, (X_t, Y_t) in enumerate(dealt):
        if X_t.ndim != 2 or Y_t.ndim != 2:
            raise Hint(f"Batch {t} has one axis: X[:, t] is one example. A batch is a slice of columns, X[:, t : t + batch_size].")
        if len(X_t) != 3 or len(Y_t) != 1 or X_t.shape[1] != Y_t.shape[1]:
            raise Hint(f"Batch {t} has shapes {X_t.shape} and {Y_t.shape}; right are (3, n) and (1, n): cut columns, not rows.")
    seen = np.concatenate([X_t for X_t, _ in dealt], axis=1)
    order, labels = seen[0] % 100, np.concatenate([Y_t[0] for _, Y_t in dealt])
    sizes = [X_t.shape[1] for X_t, _ in dealt]
    if not np.array_equal(seen // 100, np.arange(3)[:, None] + np.zeros_like(order)):
        raise Hint("The rows of X have changed places. Rows are features, which stay where they are; shuffle the columns.")
    if not np.array_equal(seen % 100, order + np.zeros((3, 1))):
        raise Hint("The features of one example come from different columns: one order serves for all rows.")
    if not np.array_equal(labels, 10 * order):
        raise Hint("X and Y are shuffled apart: an example no longer has its own label. Draw one order and use it for both.")
    if len(order) == M - M % SIZE and len(set(order)) == len(order):
        raise Hint(f"The last batch is dropped: of {M} examples {len(order)} are dealt out. It is smaller than the others, and counts.")
    if len(dealt) == M and sizes != [1] * M:
        raise Hint("The batches overlap: t goes on by 1, where it should go on by batch_size.")
    if len(set(order)) < M:
        raise Hint(f"Of {M} examples {len(set(order))} are dealt out, in {len(order)} places: an epoch has each of them once. Permute.")
    if len(order) > M:
        raise Hint(f"{len(order)} places for {M} examples: some come more than once.")
    if sizes != [4, 4, 2]:
        raise Hint(f"The batches hold {sizes} examples; batches of 4 out of 10 hold [4, 4, 2].")
    if np.array_equal(order, np.arange(M)):
        raise Hint("The examples come in the order in which they lie. Sorted data would then teach one class at a time: shuffle.")
    if np.array_equal(order, np.concatenate([X_t[0] for X_t, _ in again])):
        raise Hint("Two epochs have the same order. Draw from the rng that is given: a generator made anew begins anew.")
    if not np.array_equal(order, np.concatenate([X_t[0] for X_t, _ in try_it()[0]])):
        raise Hint("The same rng gives another order when it starts again from the same seed. Draw from rng, and from nothing else.")
    even = [np.shape(Y_t)[-1] for _, Y_t in attempt(two_epochs, X[:, :8], Y[:, :8], SIZE, np.random.default_rng(1))[0]]
    if even != [4, 4]:
        raise Hint(f"Of 8 examples the batches hold {even}, and should hold [4, 4]: nothing is left over where batch_size divides m.")
    return "each example comes once, with its label, in an order that is new in each epoch."


def epochs(X, Y, params, step, batch_size, count, rng):
    """Train for `count` epochs: the parameters, and each epoch's mean cost.
    step: (params, X_t, Y_t) -> (params, J_t), J_t the mean cost of that batch.
    """
    m = X.shape[1]
    order = rng.permutation(m)
    costs = []
    for _ in range(count):
        batch_costs = []
        for t in range(0, m, batch_size):
            columns = order[t : t + batch_size]
            params, J_t = step(params, X[:, columns], Y[:, columns])
            batch_costs.append(J_t)
        costs.append(np.mean(batch_costs))
    return params, costs


def epochs_solved(X, Y, params, step, batch_size, count, rng):
    """A new order in each epoch, and each batch weighted by its size."""
    costs = []
    for _ in range(count):
        params, J = mini_batches.epoch(X, Y, params, step, batch_size, rng)
        costs.append(J)
    return params, costs


@checker
def check_epochs(epochs):
    """Try `epochs(...)` with a step that notes what it is given, and whose costs add up in whole numbers."""
    orders, by_batch, apart = [], [], []

    def step(params, X_t, Y_t):
        orders.append(tuple(X_t[0].tolist()))
        apart.append(not np.array_equal(X_t**2, Y_t))
        by_batch.append((X_t.shape[1], np.mean(Y_t)))
        return params + 1, np.mean(Y_t)

    X, Y, count = np.arange(M)[None], np.arange(M)[None] ** 2, 3
    params, costs = parts(attempt(epochs, X, Y, 0, step, SIZE, count, np.random.default_rng(2)), "params", "costs")
    steps = count * -(-M // SIZE)
    if len(orders) != steps:
        raise Hint(f"It took {len(orders)} steps; {count} epochs of {M} examples in batches of {SIZE} are {steps}.")
    passes = [sum(orders[t : t + steps // count], ()) for t in range(0, steps, steps // count)]
    if any(sorted(order) != list(range(M)) for order in passes):
        raise Hint("In one epoch an example comes twice, and another one not at all.")
    if any(apart):
        raise Hint("X and Y are shuffled apart: an example no longer has its own label. Use one order for both.")
    if passes[0] == tuple(range(M)):
        raise Hint("Nothing is shuffled: the examples come in the order in which they lie.")
    if len(set(passes)) < count:
        raise Hint(
            "Every epoch has the same order, so the same examples share a batch for ever: draw the order inside the loop over epochs."
        )
    compare("params", params, steps, {"each step goes on from what the step before returned": 1})
    right = np.full(count, np.mean(Y))
    sizes, means = np.array(by_batch).T.reshape(2, count, -1)
    hints = {
        "this is the plain mean of the batches: the small last batch counts as much as a whole one": means.mean(axis=1),
        "this is the sum over the batches: weight each by its share of the examples": means.sum(axis=1),
        "this is the sum over the examples: divide by m": right * M,
        "the batches are weighted by batch_size, but the last one is smaller": means.sum(axis=1) * SIZE / M,
        "it goes on from epoch to epoch: start each at zero": np.cumsum(right),
        "it is the cost of the last batch": means[:, -1],
    }
    compare("costs", costs, right, hints)
    return "each epoch has its own order, and every example counts the same in its cost."
