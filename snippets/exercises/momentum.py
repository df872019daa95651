"""Write a step of momentum, and port a learning rate: checkers with a hint for each misconception."""

import numpy as np

from snippets.exercises._check import attempt, checker, compare, parts

W = np.array([[1.0, -2.0, 3.0], [0.5, -0.25, 2.0]])
dW = np.array([[4.0, -1.0, 0.5], [-3.0, 2.5, 6.0]])
v = np.array([[2.0, 1.0, -3.0], [0.75, -1.5, 0.25]])
ALPHA, BETA = 0.4, 0.7


def momentum_step(W, dW, v, learning_rate, beta):
    """One step of momentum for one array: the new W and the new v."""
    ...  # your two lines, for v and for W
    return W, v


def momentum_step_solved(W, dW, v, learning_rate, beta):
    """The velocity is a moving average of the gradients, and the weight moves against it."""
    v = beta * v + (1 - beta) * dW
    W = W - learning_rate * v
    return W, v


@checker
def check_momentum_step(momentum_step):
    """Try one `momentum_step(W, dW, v, learning_rate, beta)`: the velocity first, then the weight."""
    found = parts(attempt(momentum_step, W, dW, v, ALPHA, BETA), "W", "v")
    new_W, new = momentum_step_solved(W, dW, v, ALPHA, BETA)
    compare(
        "v",
        found[1],
        new,
        {
            "it is what you were given; your lines are still to come": v,
            "the factor 1 - beta is missing: a sum of gradients, not their average": BETA * v + dW,
            "beta and 1 - beta are swapped: beta is the share of the old velocity": (1 - BETA) * v + BETA * dW,
            "the gradient's sign is turned; the minus belongs into the step of W": BETA * v - (1 - BETA) * dW,
            "the learning rate stands in it, with the minus: other libraries do so and add v; here v knows no alpha": BETA * v - ALPHA * dW,
            "the learning rate stands in it; it belongs into the step of W": BETA * v + ALPHA * dW,
            "it has the learning rate in it, beside 1 - beta; that belongs into the step of W": BETA * v + (1 - BETA) * ALPHA * dW,
            "it averages the weight W; what is averaged is the gradient dW": BETA * v + (1 - BETA) * W,
            "it goes on from the weight W; what goes on is the old v": BETA * W + (1 - BETA) * dW,
            "beta is taken off; beta of the old velocity is kept, and 1 - beta is the friction": v - BETA * v + (1 - BETA) * dW,
            "it is 1 + beta where 1 - beta belongs": BETA * v + (1 + BETA) * dW,
            "it is corrected for its start, as in Adam; momentum is not": new / (1 - BETA),
            "it is the new W; return W, then v": new_W,
        },
    )
    compare(
        "W",
        found[0],
        new_W,
        {
            "v is right, but W has not moved": W,
            "it climbs; the step goes against v, with a minus": W + ALPHA * new,
            "it moves by the old v; make the new one first": W - ALPHA * v,
            "it moves by dW alone, which is gradient descent; move by v": W - ALPHA * dW,
            "the learning rate is missing before v": W - new,
            "1 - beta is in v already, and here it is a second time": W - ALPHA * (1 - BETA) * new,
            "the step is corrected for the start of v, as in Adam; momentum's is not": W - ALPHA * new / (1 - BETA),
        },
    )
    return "v averages the gradients, and W moves against v."


def from_pytorch(lr, momentum):
    """Our learning_rate and beta for the steps of PyTorch's SGD(lr, momentum)."""
    return lr, momentum


def from_pytorch_solved(lr, momentum):
    """A sum of gradients is 1 / (1 - beta) times their average."""
    return lr / (1 - momentum), momentum


@checker
def check_from_pytorch(from_pytorch):
    """Try `from_pytorch(lr, momentum)` on a configuration."""
    lr, momentum = 0.03, 0.95
    learning_rate, beta = parts(attempt(from_pytorch, lr, momentum), "learning_rate", "beta")
    compare("beta", beta, momentum, {"it is what is lost; both sides call what is kept by this name": 1 - momentum})
    compare(
        "The learning rate",
        learning_rate,
        lr / (1 - momentum),
        {
            "it is PyTorch's, but our v is 1 - beta times as large": lr,
            "1 - beta belongs below the bar: our smaller v needs a larger rate": lr * (1 - momentum),
            "it is divided by beta; divide by what our average multiplies each gradient with": lr / momentum,
            "it is multiplied by beta; what differs between the two is 1 - beta": lr * momentum,
        },
    )
    return "the two take the same steps, as long as neither constant changes on the way."
