# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Practice: gradient checking
#
# You write a gradient check, and then use it on a backward pass that is wrong. The page
# [Gradient checking](../gradient_checking.md) explains how it works, and when it fails. Twenty minutes.
#
# You need this repository and matplotlib: `pip install -e '.[notebooks]'` in a clone of it. Run a cell with Shift and Enter,
# change it, and run it again.

# %%
import matplotlib.pyplot as plt
import numpy as np

from snippets import gradient_checking
from snippets.exercises.gradient_checking import (
    check_backward,
    check_numerical_gradient,
    check_relative_difference,
)

# %% [markdown]
# ## 1. The slope from two sides
#
# The cost $J$ is easy to write, its gradient is not. But the slope along one element can be had from two costs:
#
# $$
# \frac{J(\theta + \varepsilon e_i) - J(\theta - \varepsilon e_i)}{2 \varepsilon}
# $$
#
# $e_i$ is zero everywhere but for a 1 in place $i$. Fill in the loop. Mind that `plus = theta` makes no second array.


# %%
def numerical_gradient(J, theta, epsilon):
    """The slope of J along each element of theta, from two sides.
    J takes an array of theta's shape and returns one number.
    """
    gradient = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        ...  # your lines: two costs, and from them gradient[i]
    return gradient


print(check_numerical_gradient(numerical_gradient))

# %% [markdown]
# <details><summary>Solution</summary>
#
# ```python
# def numerical_gradient(J, theta, epsilon):
#     gradient = np.zeros(theta.shape)
#     for i in np.ndindex(theta.shape):
#         plus, minus = theta.copy(), theta.copy()
#         plus[i] += epsilon
#         minus[i] -= epsilon
#         gradient[i] = (J(plus) - J(minus)) / (2 * epsilon)
#     return gradient
# ```
#
# </details>
#
# Why two sides, and how small an epsilon? Try all of them on a cost whose gradient you know, and look at the error:

# %% alt="Error against epsilon, both logarithmic: two sides make a V with its lowest point near 1e-5; one side a wider V, higher, lowest near 1e-8"
theta = np.random.default_rng(0).standard_normal(5)
epsilons = np.logspace(-12, 0, 49)


def J(theta):
    return np.sum(np.exp(theta))


def one_side(J, theta, epsilon):
    return np.array([(J(theta + step) - J(theta)) / epsilon for step in epsilon * np.eye(5)])


figure, axes = plt.subplots()
methods = {"two sides": gradient_checking.numerical_gradient, "one side": one_side}
for label, method in methods.items():
    errors = [np.linalg.norm(method(J, theta, epsilon) - np.exp(theta)) for epsilon in epsilons]
    axes.loglog(epsilons, errors, label=label)
axes.set(xlabel="epsilon (log scale)", ylabel="error of the gradient (log scale)")
axes.legend();

# %% [markdown]
# On the right the error is curvature: with two sides it falls with the square of epsilon, with one side only with epsilon
# itself. On the left it is the rounding of $J$, divided by ever less.
#
# ## 2. How far apart are two gradients?
#
# The difference alone says nothing: 0.001 is much for a gradient of size 0.01, and little for one of size 100. So it is divided by
# the sizes of the two:
#
# $$
# \frac{\lVert a - b \rVert}{\lVert a \rVert + \lVert b \rVert}
# $$
#
# The norm is the root of the sum of all squares, whatever the shape. And two gradients of zeros are equal.


# %%
def relative_difference(a, b):
    """How far apart two gradients of one shape are for their size, from 0 to 1."""
    ...  # your lines


print(check_relative_difference(relative_difference))

# %% [markdown]
# <details><summary>Solution</summary>
#
# ```python
# def relative_difference(a, b):
#     sizes = np.linalg.norm(a) + np.linalg.norm(b)
#     return np.linalg.norm(a - b) / sizes if sizes else 0.0
# ```
#
# </details>
#
# Before you go on: what would it be for a gradient that is twice the right one? That lacks a $1/m$, with $m = 10$?
# That has the wrong sign? Of which one column of four, as long as the others, is too large by one percent? Work it out, then look.

# %%
right = np.random.default_rng(1).standard_normal((3, 4))
column = np.array([1, 1, 1, 1.01])
for what, factor in {"twice": 2, "no 1/m": 10, "minus": -1, "one column": column}.items():
    apart = gradient_checking.relative_difference(factor * right, right)
    print(f"{what}: {apart:.4f}")

# %% [markdown]
# <details><summary>How it comes out</summary>
#
# $c$ times the right one gives $|c - 1| / (|c| + 1)$: 1/3, 9/11 and, for $c = -1$, 1. A column of four equal ones has half of the length
# of all, so one percent of it gives about $0.005 / 2$. The last column here is longer than the others, and shows somewhat more.
#
# </details>
#
# ## 3. Find the bug
#
# A network with one tanh layer, the mean of the squared errors for its cost, and L2. The cost is right. The backward pass is wrong
# three times.


# %%
def backward(params, X, Y, lambd):
    """The gradients of J, which is half the mean of the squared errors, and L2.
    A1 = tanh(W1 @ X + b1) is the hidden layer, W2 @ A1 + b2 the prediction.
    """
    m = X.shape[1]
    A1 = np.tanh(params["W1"] @ X + params["b1"])
    dZ2 = params["W2"] @ A1 + params["b2"] - Y
    dW2 = dZ2 @ A1.T + lambd / m * params["W2"]
    db2 = np.mean(dZ2, axis=1, keepdims=True)
    dZ1 = params["W2"].T @ dZ2 * (1 - A1)
    dW1 = dZ1 @ X.T / m + lambd / (2 * m) * params["W1"]
    db1 = np.mean(dZ1, axis=1, keepdims=True)
    return {"dW1": dW1, "db1": db1, "dW2": dW2, "db2": db2}


# %% [markdown]
# The note's own check does what you have written above, for each parameter, and says what it sees. Mistakes travel backwards, so begin
# with `W2`, mend it in the cell above, and run both cells again.

# %%
rng = np.random.default_rng(0)
X, Y, lambd = rng.standard_normal((2, 8)), rng.standard_normal((1, 8)), 0.5
params = {"W1": rng.standard_normal((3, 2)), "b1": rng.standard_normal((3, 1))}
params |= {"W2": rng.standard_normal((1, 3)), "b2": rng.standard_normal((1, 1))}


def cost(params):
    W1, W2, m = params["W1"], params["W2"], X.shape[1]
    error = W2 @ np.tanh(W1 @ X + params["b1"]) + params["b2"] - Y
    penalty = lambd / (2 * m) * (np.sum(W1**2) + np.sum(W2**2))
    return np.mean(error**2) / 2 + penalty


def gradients(params):
    return backward(params, X, Y, lambd)


reports = gradient_checking.check_parameters(cost, gradients, params)
for name, report in reports.items():
    print(f"{name}, {report.difference:.1e}, {report.verdict}: {report.message}")

# %% [markdown]
# It sees that something is wrong, and where. What it is, you have to find. If you are stuck, this checker knows the usual mistakes:

# %%
print(check_backward(backward))

# %% [markdown]
# <details><summary>Solution</summary>
#
# ```python
# def backward(params, X, Y, lambd):
#     m = X.shape[1]
#     A1 = np.tanh(params["W1"] @ X + params["b1"])
#     dZ2 = params["W2"] @ A1 + params["b2"] - Y
#     dW2 = dZ2 @ A1.T / m + lambd / m * params["W2"]
#     db2 = np.mean(dZ2, axis=1, keepdims=True)
#     dZ1 = params["W2"].T @ dZ2 * (1 - A1**2)
#     dW1 = dZ1 @ X.T / m + lambd / m * params["W1"]
#     db1 = np.mean(dZ1, axis=1, keepdims=True)
#     return {"dW1": dW1, "db1": db1, "dW2": dW2, "db2": db2}
# ```
#
# </details>
#
# Which of the three would you not have seen at $\lambda = 0$? And which with a single example?
#
# <details><summary>Answer</summary>
#
# Without a penalty the half that L2 lacks in `dW1` is half of nothing. With one example $1/m$ is 1, and nobody misses it in `dW2`.
#
# </details>
#
# The page goes on with [what no check sees](../gradient_checking.md#evidence-not-proof).
