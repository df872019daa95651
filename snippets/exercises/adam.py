"""Write a step of Adam, and mend a well-known wrong one: checkers with a hint for each misconception."""

import numpy as np

from snippets.exercises._check import attempt, checker, compare, parts

W = np.array([[1.0, -2.0, 3.0], [0.5, -0.25, 2.0]])
dW = np.array([[4.0, -1.0, 0.5], [-3.0, 2.5, 0.0]])
v = np.array([[2.0, 1.0, -3.0], [0.75, -1.5, 0.0]])
s = np.array([[9.0, 2.0, 0.25], [1.5, 6.0, 0.0]])
ALPHA, BETA1, BETA2, EPSILON = 0.4, 0.7, 0.85, 0.45  # so large an epsilon shows where it stands


def adam_step(W, dW, v, s, t, learning_rate, beta1, beta2, epsilon):
    """One step of Adam for one array: the new W, v, s and t.
    The t given counts the steps taken before, from 0 on."""
    ...  # your lines: t, both averages, both corrected, and W
    return W, v, s, t


def adam_step_solved(W, dW, v, s, t, learning_rate, beta1, beta2, epsilon):
    """Count, average, correct, divide; what is kept is not corrected."""
    t = t + 1
    v = beta1 * v + (1 - beta1) * dW
    s = beta2 * s + (1 - beta2) * dW**2
    v_hat = v / (1 - beta1**t)
    s_hat = s / (1 - beta2**t)
    W = W - learning_rate * v_hat / (np.sqrt(s_hat) + epsilon)
    return W, v, s, t


@checker
def check_adam_step(adam_step):
    """Try one `adam_step(W, dW, v, s, t, ...)` as the third step, then the first steps of a run."""
    with np.errstate(all="ignore"):
        found = parts(attempt(adam_step, W, dW, v, s, 2, ALPHA, BETA1, BETA2, EPSILON), "W", "v", "s", "t")
        _check_third(*found)
        constants = 0.001, 0.9, 0.999, 1e-8
        ours = theirs = (np.zeros(3), np.zeros(3), np.zeros(3), 0)
        for gradient in np.array([[2.0, -1e-4, 0.0], [-1.0, 3e-4, 0.0], [0.5, 0.0, 0.0]]):
            ours = adam_step_solved(ours[0], gradient, *ours[1:], *constants)
            theirs = parts(attempt(adam_step, theirs[0], gradient, *theirs[1:], *constants), "W", "v", "s", "t")
            for name, value, expected in zip(("W", "v", "s", "t"), theirs, ours, strict=True):
                compare(f"{name} after step {ours[3]} of a run from zero", value, expected)
    return "both averages are corrected, neither is kept so, and epsilon stands beside the root."


def _check_third(found_W, found_v, found_s, found_t):
    t = 3
    new_W, new_v, new_s, _ = adam_step_solved(W, dW, v, s, 2, ALPHA, BETA1, BETA2, EPSILON)
    v_hat, s_hat, root = new_v / (1 - BETA1**t), new_s / (1 - BETA2**t), np.sqrt(new_s / (1 - BETA2**t))
    compare(
        "t",
        found_t,
        t,
        {"it is what you were given; count the step, or every step is a first one": 2, "it is counted up twice": 4},
    )
    compare(
        "v",
        found_v,
        new_v,
        {
            "it is what you were given; average the gradients in it": v,
            "the factor 1 - beta1 is missing": BETA1 * v + dW,
            "beta1 and 1 - beta1 are swapped: beta1 is the share of the old v": (1 - BETA1) * v + BETA1 * dW,
            "it is beta2 that averages it; beta2 is for the squares": BETA2 * v + (1 - BETA2) * dW,
            "the corrected average is kept, and will be corrected again; keep the plain one": v_hat,
        },
    )
    compare(
        "s",
        found_s,
        new_s,
        {
            "it is what you were given; average the squares in it": s,
            "the gradient is not squared": BETA2 * s + (1 - BETA2) * dW,
            "the factor 1 - beta2 is missing": BETA2 * s + dW**2,
            "beta2 and 1 - beta2 are swapped: beta2 is the share of the old s": (1 - BETA2) * s + BETA2 * dW**2,
            "it is beta1 that averages it; beta1 is for the gradient": BETA1 * s + (1 - BETA1) * dW**2,
            "it averages the square of v; take the square of the gradient": BETA2 * s + (1 - BETA2) * new_v**2,
            "the corrected mean square is kept, and will be corrected again; keep the plain one": s_hat,
        },
    )

    def moved(v_t, s_t, epsilon=EPSILON):
        return W - ALPHA * v_t / (np.sqrt(s_t) + epsilon)

    def corrected(power1, power2):
        return moved(new_v / np.float64(1 - power1), new_s / np.float64(1 - power2))

    compare(
        "W",
        found_W,
        new_W,
        {
            "the averages are right, but W has not moved": W,
            "it climbs; the step has a minus": W + ALPHA * v_hat / (root + EPSILON),
            "neither average is corrected, so the first steps are too long": moved(new_v, new_s),
            "v is corrected, s is not": moved(v_hat, new_s),
            "s is corrected, v is not": moved(new_v, s_hat),
            "both are corrected twice": moved(v_hat / (1 - BETA1**t), s_hat / (1 - BETA2**t)),
            "t is counted up too late: the correction has the number of the step before, which is 0 at the first": corrected(
                BETA1**2, BETA2**2
            ),
            "t is one too large in the correction; the first step is number 1": corrected(BETA1**4, BETA2**4),
            "it is corrected by 1 - beta; beta^t is a power": corrected(BETA1, BETA2),
            "it is corrected by 1 - beta t; a power is meant": corrected(BETA1 * t, BETA2 * t),
            "it multiplies by the corrections; divide by them": moved(new_v * (1 - BETA1**t), new_s * (1 - BETA2**t)),
            "epsilon stands inside the root; here it is added to the root": W - ALPHA * v_hat / np.sqrt(s_hat + EPSILON),
            "epsilon is missing, so that a gradient of zero gives 0 / 0": W - ALPHA * v_hat / root,
            "a bracket is lost, so epsilon is added to the weight": W - ALPHA * v_hat / root + EPSILON,
            "epsilon is added to the quotient; it belongs below the bar": W - ALPHA * (v_hat / root + EPSILON),
            "epsilon stands beside the root before its correction, as in TensorFlow and Keras": W
            - ALPHA * np.sqrt(1 - BETA2**t) / (1 - BETA1**t) * new_v / (np.sqrt(new_s) + EPSILON),
            "the root is missing: the larger the gradient, the shorter the step": W - ALPHA * v_hat / (s_hat + EPSILON),
            "it moves by dW; move by the corrected v": W - ALPHA * dW / (root + EPSILON),
            "it divides the old averages; make the new ones first": moved(v / (1 - BETA1**t), s / (1 - BETA2**t)),
            "the learning rate is missing": W - v_hat / (root + EPSILON),
        },
    )


def walk(gradients, alpha=0.1, beta1=0.9, beta2=0.999, epsilon=1e-8):
    """Where Adam takes weights from zero along these gradients, a row a step.
    Two things are wrong with it."""
    w, v, s, t = 0.0, 0.0, 0.0, 1
    for dw in gradients:
        v = beta1 * v + (1 - beta1) * dw
        s = beta2 * s + (1 - beta2) * dw**2
        v_hat = v / (1 - beta1**t)
        s_hat = s / (1 - beta2**t)
        w = w - alpha * v_hat / np.sqrt(s_hat) + epsilon
    return w


def walk_solved(gradients, alpha=0.1, beta1=0.9, beta2=0.999, epsilon=1e-8):
    """The step's number is counted, and epsilon stands in the denominator."""
    w, v, s = 0.0, 0.0, 0.0
    for t, dw in enumerate(gradients, 1):
        w, v, s, _ = adam_step_solved(w, dw, v, s, t - 1, alpha, beta1, beta2, epsilon)
    return w


@checker
def check_walk(walk):
    """Try `walk` on gradients one of which is always zero, with an epsilon that shows."""
    gradients = np.array([[4.0, -0.2, 0.0], [-1.0, 0.3, 0.0], [2.0, 0.05, 0.0], [1.5, -0.1, 0.0]])

    def wrong(divide, number):
        w, v, s = 0.0, 0.0, 0.0
        for t, dw in enumerate(gradients, 1):
            v, s = BETA1 * v + (1 - BETA1) * dw, BETA2 * s + (1 - BETA2) * dw**2
            t = number(t)
            w = w - divide(v / np.float64(1 - BETA1**t), s / np.float64(1 - BETA2**t))
        return w

    def right(v, s):
        return ALPHA * v / (np.sqrt(s) + EPSILON)

    with np.errstate(all="ignore"):
        found = attempt(walk, gradients, ALPHA, BETA1, BETA2, EPSILON)
        compare(
            "w",
            found,
            walk_solved(gradients, ALPHA, BETA1, BETA2, EPSILON),
            {
                "nothing is mended; try a gradient of zero, and print t at each step": wrong(
                    lambda v, s: ALPHA * v / np.sqrt(s) - EPSILON, lambda t: 1
                ),
                "a gradient of zero is well now, but every step is corrected as if it were the first": wrong(right, lambda t: 1),
                "t is counted now, but a gradient of zero still gives 0 / 0": wrong(
                    lambda v, s: ALPHA * v / np.sqrt(s) - EPSILON, lambda t: t
                ),
                "epsilon is in brackets with the quotient, and 0 / 0 comes before it": wrong(
                    lambda v, s: ALPHA * (v / np.sqrt(s) + EPSILON), lambda t: t
                ),
                "epsilon is gone, and with it what keeps 0 / 0 away": wrong(lambda v, s: ALPHA * v / np.sqrt(s), lambda t: t),
                "epsilon stands inside the root; it belongs beside it": wrong(lambda v, s: ALPHA * v / np.sqrt(s + EPSILON), lambda t: t),
                "the first step has number 2: t begins at 1 and is counted before it is used": wrong(right, lambda t: t + 1),
                "the first step has number 0, and 1 - beta^0 is 0": wrong(right, lambda t: t - 1),
            },
        )
    return "the steps are counted, and a gradient of zero gives a step of zero."
