"""Adam: a moving average of the gradient over the root of one of its square, both corrected for their start."""

import numpy as np


def init(params):
    """The state before the first step: both averages zero for every parameter, and no steps taken.

    params: {"W1": array, "b1": array, ...}. Returns {"v": {"W1": zeros of its shape, ...}, "s": likewise, "t": 0}.
    """
    v, s = ({name: np.zeros_like(W) for name, W in params.items()} for _ in "vs")
    return {"v": v, "s": s, "t": 0}


def update(params, grads, state, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    """One step of Adam: W := W - learning_rate v_hat / (sqrt(s_hat) + epsilon), element by element.

    v is the moving average of the gradient and s that of its square. Both start at zero, so their weights
    do not add up to 1: both are divided by that sum, 1 - beta1^t and 1 - beta2^t at step t = 1, 2, ...

    params: {"W1": array, "b1": array, ...}; grads: {"dW1": array, ...}, each of its parameter's shape.
    state: what `init` or the last call returned; state["t"] counts steps.
    learning_rate, beta1, beta2: numbers, or arrays that broadcast with every parameter, such as (runs, 1, 1)
    for a stack of runs; beta1 and beta2 from 0 to less than 1. epsilon: not negative; outside the root. A
    square that overflows gives a step of zero. A NaN in one gradient stays there.

    Returns (params, state), both new. Raises ValueError where a gradient or an average is missing or has
    another shape than its parameter, or where a number is out of its range.
    Source: Kingma and Ba (2015), algorithm 1, whose m is v here and whose v is s.

    >>> from snippets import adam
    >>> params, state = {"w": np.array([1.0, 1.0])}, adam.init({"w": np.zeros(2)})
    >>> for gradient in ([4.0, -0.25], [2.0, 0.5]):
    ...     grads = {"dw": np.array(gradient)}
    ...     params, state = adam.update(params, grads, state, learning_rate=0.1, beta1=0.5, beta2=0.75, epsilon=0.25)
    ...     print(params["w"].round(4))  # first step: 0.1 * 4 / (4 + 0.25) down, 0.1 * 0.25 / (0.25 + 0.25) up
    [0.9059 1.05  ]
    [0.8244 1.0122]
    >>> layer, grads = {"W1": np.array([[1.0]]), "b1": np.array([[1.0]])}, {"dW1": np.array([[4.0]]), "db1": np.array([[-0.5]])}
    >>> adam.update(layer, grads, adam.init(layer), learning_rate=0.25)[0]  # the first step is 0.25, whatever the gradient
    {'W1': array([[0.75]]), 'b1': array([[1.25]])}
    """
    _check(params, grads, state, learning_rate, beta1, beta2, epsilon)
    t, v, s, new = state["t"] + 1, {}, {}, {}
    for name, W in params.items():
        v[name] = beta1 * state["v"][name] + (1 - beta1) * grads["d" + name]
        s[name] = beta2 * state["s"][name] + (1 - beta2) * grads["d" + name] ** 2
        v_hat = v[name] / (1 - beta1**t)
        s_hat = s[name] / (1 - beta2**t)
        new[name] = W - learning_rate * v_hat / (np.sqrt(s_hat) + epsilon)
    return new, {"v": v, "s": s, "t": t}


def update_in_place(params, grads, state, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    """The same step, but all is done where it lies: fewer passes over memory, for a loop that owns its arrays.

    The arguments are those of `update`, checked at the first step. params and state are changed, and grads is
    used up: what it holds afterwards is no gradient. state holds v / (1 - beta1) and s / (1 - beta2), so it comes
    from `init` or from a step of this kind. The last bits may differ. Returns nothing.
    Source: Kingma and Ba (2015), section 2, before 2.1: both corrections go into the learning rate. Here epsilon takes
    its share, so that the steps are those of algorithm 1.

    >>> from snippets import adam
    >>> params, grads = {"w": np.array([1.0, 1.0])}, {"dw": np.array([4.0, -0.25])}
    >>> state = adam.init(params)
    >>> adam.update_in_place(params, grads, state, learning_rate=0.1, beta1=0.5, beta2=0.75, epsilon=0.25)
    >>> params["w"].round(4), state["t"]
    (array([0.9059, 1.05  ]), 1)
    """
    if state.get("t", 0) == 0:
        _check(params, grads, state, learning_rate, beta1, beta2, epsilon)
    state["t"] += 1
    correction = ((1 - beta2 ** state["t"]) / (1 - beta2)) ** 0.5
    learning_rate, epsilon = learning_rate * correction * (1 - beta1) / (1 - beta1 ** state["t"]), epsilon * correction
    for name, W in params.items():
        g, v, s = grads["d" + name], state["v"][name], state["s"][name]
        v *= beta1
        v += g
        s *= beta2
        s += np.square(g, out=g)
        step = np.sqrt(s, out=g)  # from here on the gradient's array holds the step
        step += epsilon
        np.divide(v, step, out=step)
        step *= learning_rate
        W -= step


def _check(params, grads, state, learning_rate, beta1, beta2, epsilon):
    for argument, value in (("learning_rate", learning_rate), ("epsilon", epsilon)):
        fine = (value >= 0) & (value < np.inf)
        if not (fine is True or np.all(fine)):
            raise ValueError(f"{argument}: must be finite and not negative, not {value}")
    for argument, value in (("beta1", beta1), ("beta2", beta2)):
        fine = (value >= 0) & (value < 1)
        if not (fine is True or np.all(fine)):
            raise ValueError(f"{argument}: must be at least 0 and less than 1, not {value}")
    if not state.get("t", np.nan) >= 0:
        raise ValueError("state: must hold t, the number of steps; begin with init(params)")
    for name, W in params.items():
        if "d" + name not in grads or np.shape(grads["d" + name]) != np.shape(W):
            raise ValueError(f"grads: must hold d{name} of shape {np.shape(W)}")
        for average in ("v", "s"):
            if name not in state.get(average, {}) or np.shape(state[average][name]) != np.shape(W):
                raise ValueError(f"state: must hold {average} of {name} of shape {np.shape(W)}; begin with init(params)")
