"""Every known misconception about Adam gets its own hint."""

import numpy as np

from snippets import adam
from snippets.exercises.adam import adam_step_solved, check_adam_step, check_walk, walk_solved
from tests.exercises._hints import each_gets_its_own


def adam_with(t=lambda t: t + 1, v=None, s=None, W=None, keep=None):
    """Adam's step with a part of it made otherwise; `keep` gives the v and the s that are returned."""

    def step(w, dw, v0, s0, t0, a, b1, b2, e):
        n = t0 + 1
        v1 = b1 * v0 + (1 - b1) * dw if v is None else v(v0, dw, b1, b2)
        s1 = b2 * s0 + (1 - b2) * dw**2 if s is None else s(s0, dw, b1, b2, v1)
        moved = (W or ratio())(w, v1, s1, n, a, b1, b2, e)
        kept = (v1, s1) if keep is None else keep(v1, s1, n, b1, b2)
        return moved, *kept, t(t0)

    return step


def ratio(power=lambda b, n: 1 - b**n, power2=None):
    """The step with the corrections' divisors made by `power`, that of s by `power2` where it is another."""

    def move(w, v1, s1, n, a, b1, b2, e):
        return w - a * (v1 / np.float64(power(b1, n))) / (np.sqrt(s1 / np.float64((power2 or power)(b2, n))) + e)

    return move


def hats(then):
    return lambda w, v1, s1, n, a, b1, b2, e: then(w, v1 / (1 - b1**n), s1 / (1 - b2**n), a, e)


def epsilon_hat(w, v1, s1, n, a, b1, b2, e):
    return w - a * np.sqrt(1 - b2**n) / (1 - b1**n) * v1 / (np.sqrt(s1) + e)


def by_the_gradient(w, dw, v0, s0, t0, a, b1, b2, e):
    _, v1, s1, n = adam_step_solved(w, dw, v0, s0, t0, a, b1, b2, e)
    return w - a * dw / (np.sqrt(s1 / (1 - b2**n)) + e), v1, s1, n


def by_the_old_averages(w, dw, v0, s0, t0, a, b1, b2, e):
    _, v1, s1, n = adam_step_solved(w, dw, v0, s0, t0, a, b1, b2, e)
    return w - a * (v0 / (1 - b1**n)) / (np.sqrt(s0 / (1 - b2**n)) + e), v1, s1, n


def right_at_the_third_step(w, dw, v0, s0, t0, *constants):
    return adam_step_solved(w, dw, v0, s0, max(t0, 2), *constants)


STEPS = {
    "returned None": lambda *given: None,
    "Return 4 things": lambda *given: adam_step_solved(*given)[:3],
    "every step is a first one": adam_with(t=lambda t: t),
    "counted up twice": adam_with(t=lambda t: t + 2),
    "after step 1 of a run": right_at_the_third_step,
    "average the gradients in it": adam_with(v=lambda v0, dw, b1, b2: v0),
    "1 - beta1 is missing": adam_with(v=lambda v0, dw, b1, b2: b1 * v0 + dw),
    "share of the old v": adam_with(v=lambda v0, dw, b1, b2: (1 - b1) * v0 + b1 * dw),
    "beta2 is for the squares": adam_with(v=lambda v0, dw, b1, b2: b2 * v0 + (1 - b2) * dw),
    "corrected average is kept": adam_with(keep=lambda v1, s1, n, b1, b2: (v1 / (1 - b1**n), s1 / (1 - b2**n))),
    "average the squares in it": adam_with(s=lambda s0, dw, b1, b2, v1: s0),
    "is not squared": adam_with(s=lambda s0, dw, b1, b2, v1: b2 * s0 + (1 - b2) * dw),
    "1 - beta2 is missing": adam_with(s=lambda s0, dw, b1, b2, v1: b2 * s0 + dw**2),
    "share of the old s": adam_with(s=lambda s0, dw, b1, b2, v1: (1 - b2) * s0 + b2 * dw**2),
    "beta1 is for the gradient": adam_with(s=lambda s0, dw, b1, b2, v1: b1 * s0 + (1 - b1) * dw**2),
    "square of v;": adam_with(s=lambda s0, dw, b1, b2, v1: b2 * s0 + (1 - b2) * v1**2),
    "corrected mean square is kept": adam_with(keep=lambda v1, s1, n, b1, b2: (v1, s1 / (1 - b2**n))),
    "W has not moved": adam_with(W=lambda w, *rest: w),
    "it climbs": adam_with(W=hats(lambda w, v, s, a, e: w + a * v / (np.sqrt(s) + e))),
    "neither average is corrected": adam_with(W=ratio(lambda b, n: 1)),
    "v is corrected, s is not": adam_with(W=ratio(power2=lambda b, n: 1)),
    "s is corrected, v is not": adam_with(W=ratio(lambda b, n: 1, lambda b, n: 1 - b**n)),
    "corrected twice": adam_with(W=ratio(lambda b, n: (1 - b**n) ** 2)),
    "counted up too late": adam_with(W=ratio(lambda b, n: 1 - b ** (n - 1))),
    "one too large": adam_with(W=ratio(lambda b, n: 1 - b ** (n + 1))),
    "beta^t is a power": adam_with(W=ratio(lambda b, n: 1 - b)),
    "a power is meant": adam_with(W=ratio(lambda b, n: 1 - b * n)),
    "multiplies by the corrections": adam_with(W=ratio(lambda b, n: 1 / (1 - b**n))),
    "inside the root": adam_with(W=hats(lambda w, v, s, a, e: w - a * v / np.sqrt(s + e))),
    "epsilon is missing": adam_with(W=hats(lambda w, v, s, a, e: w - a * v / np.sqrt(s))),
    "added to the weight": adam_with(W=hats(lambda w, v, s, a, e: w - a * v / np.sqrt(s) + e)),
    "added to the quotient": adam_with(W=hats(lambda w, v, s, a, e: w - a * (v / np.sqrt(s) + e))),
    "before its correction": adam_with(W=epsilon_hat),
    "the root is missing": adam_with(W=hats(lambda w, v, s, a, e: w - a * v / (s + e))),
    "it moves by dW": by_the_gradient,
    "the old averages": by_the_old_averages,
    "learning rate is missing": adam_with(W=hats(lambda w, v, s, a, e: w - v / (np.sqrt(s) + e))),
}


def walking(quotient, first=1, counts=True):
    """Weights along gradients; `quotient` is what is taken off them, of the corrected averages, the rate and epsilon."""

    def walk(gradients, a=0.1, b1=0.9, b2=0.999, e=1e-8):
        w, v, s, t = 0.0, 0.0, 0.0, first
        for dw in gradients:
            v, s = b1 * v + (1 - b1) * dw, b2 * s + (1 - b2) * dw**2
            w = w - quotient(v / (1 - b1**t), s / (1 - b2**t), a, e)
            t += counts
        return w

    return walk


def right(v, s, a, e):
    return a * v / (np.sqrt(s) + e)


def outside(v, s, a, e):
    return a * v / np.sqrt(s) - e


WALKS = {
    "w is 0.1 at": lambda gradients, *constants: walk_solved(gradients, *constants) * 0 + 0.1,
    "has shape ()": lambda gradients, *constants: walk_solved(gradients, *constants).sum(),
    "nothing is mended": walking(outside, counts=False),
    "as if it were the first": walking(right, counts=False),
    "t is counted now": walking(outside),
    "comes before it": walking(lambda v, s, a, e: a * (v / np.sqrt(s) + e)),
    "epsilon is gone": walking(lambda v, s, a, e: a * v / np.sqrt(s)),
    "inside the root": walking(lambda v, s, a, e: a * v / np.sqrt(s + e)),
    "has number 2": walking(right, first=2),
    "has number 0": walking(right, first=0),
}


def test_each_misconception_gets_its_own_hint():
    each_gets_its_own(check_adam_step, STEPS)
    each_gets_its_own(check_walk, WALKS)
    assert check_adam_step(adam_with()).startswith("Right: ")
    assert check_walk(walking(right)).startswith("Right: ")


def test_the_solutions_are_the_snippet():
    rng = np.random.default_rng(0)
    gradients, constants = rng.normal(size=(5, 3)), (0.2, 0.8, 0.9, 0.3)
    params, state = {"w": np.zeros(3)}, adam.init({"w": np.zeros(3)})
    w, v, s, t = np.zeros(3), np.zeros(3), np.zeros(3), 0
    for gradient in gradients:
        params, state = adam.update(params, {"dw": gradient}, state, *constants)
        w, v, s, t = adam_step_solved(w, gradient, v, s, t, *constants)
    assert np.array_equal((w, v, s), (params["w"], state["v"]["w"], state["s"]["w"]))
    assert t == state["t"] == 5
    assert np.array_equal(walk_solved(gradients, *constants), params["w"])
