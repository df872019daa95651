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
# # Practice: optimization methods
#
# You write four functions of a few lines each: one that deals out [mini-batches](../mini_batches.md), and a step of
# [momentum](../momentum.md), of [RMSprop](../rmsprop.md) and of [Adam](../adam.md). A checker tells you what is wrong with
# each. At the end the four methods race on real digits. About half an hour.
#
# You need this repository, matplotlib and scikit-learn: `pip install -e '.[notebooks]'` in a clone of it. Run a cell with Shift
# and Enter, change it, and run it again. Where a later cell needs a function of yours that is not right yet, it takes ours, so
# that you can go on.

# %%
import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_digits

from snippets import network
from snippets.exercises.adam import adam_step_solved, check_adam_step
from snippets.exercises.mini_batches import batches_solved, check_batches
from snippets.exercises.momentum import check_momentum_step, momentum_step_solved
from snippets.exercises.rmsprop import check_rmsprop_step, rmsprop_step_solved


def if_right(check, yours, ours):
    return yours if check(yours).startswith("Right") else ours


# %% [markdown]
# ## 1. Deal out the examples
#
# An epoch visits every example once, in a new order, a few at a time. Columns are examples, in `X` and in `Y`. Draw one order
# from `rng`, and cut it into slices of `batch_size`. The last slice may be smaller.


# %%
def batches(X, Y, batch_size, rng):
    order = ...  # from rng
    return ...  # a list of pairs


print(check_batches(batches))

# %% [markdown]
# Here is a version that runs without complaint, and from which nothing can be learned. What does the checker see?


# %%
def shuffled_apart(X, Y, batch_size, rng):
    m = X.shape[1]
    X, Y = X[:, rng.permutation(m)], Y[:, rng.permutation(m)]
    cuts = [slice(t, t + batch_size) for t in range(0, m, batch_size)]
    return [(X[:, cut], Y[:, cut]) for cut in cuts]


print(check_batches(shuffled_apart))

# %% [markdown]
# <details><summary>Solution</summary>
#
# ```python
# def batches(X, Y, batch_size, rng):
#     order = rng.permutation(X.shape[1])
#     slices = [order[t : t + batch_size] for t in range(0, len(order), batch_size)]
#     return [(X[:, columns], Y[:, columns]) for columns in slices]
# ```
#
# </details>

# %% [markdown]
# ## 2. Momentum
#
# Follow the average of the recent gradients, not the last one:
#
# $$
# v := \beta v + (1 - \beta)\, dW
# $$
#
# $$
# W := W - \alpha v
# $$
#
# Write it for one array. Make new arrays, and leave those that you are given as they are.


# %%
def momentum_step(W, dW, v, learning_rate, beta):
    ...  # your two lines, for v and for W
    return W, v


print(check_momentum_step(momentum_step))

# %% [markdown]
# <details><summary>Solution</summary>
#
# ```python
# def momentum_step(W, dW, v, learning_rate, beta):
#     v = beta * v + (1 - beta) * dW
#     W = W - learning_rate * v
#     return W, v
# ```
#
# </details>
#
# Now roll down a ravine whose walls are 25 times as steep as its floor. Both walkers have the same learning rate, one that
# throws gradient descent from wall to wall.

# %% alt="Two paths to the minimum of a ravine: gradient descent jumps from wall to wall at each step, momentum swings in a wide wave and is on the floor after a few"
use_momentum = if_right(check_momentum_step, momentum_step, momentum_step_solved)
curvature, alpha = np.array([1.0, 25.0]), 0.078
W = U = np.array([-10.0, 1.0])
v = np.zeros(2)
plain, rolling = [W], [U]
for _ in range(40):
    W = W - alpha * curvature * W
    U, v = use_momentum(U, curvature * U, v, alpha, 0.7)
    plain.append(W)
    rolling.append(U)

figure, axes = plt.subplots()
axes.plot(*np.transpose(plain), label="gradient descent")
axes.plot(*np.transpose(rolling), label="momentum")
axes.set(xlabel="$w_1$, along the floor", ylabel="$w_2$, across")
axes.legend();

# %% [markdown]
# Change 0.7 to 0.95. Then go back, and change `alpha` to 0.082. What becomes of each path?
#
# <details><summary>What you see</summary>
#
# With 0.95 the waves are longer and die down slowly, and momentum runs past the minimum. With the larger `alpha` gradient
# descent is thrown higher up the walls at each step, while momentum still arrives. The page has
# [the map](../momentum.md#the-map).
#
# </details>

# %% [markdown]
# ## 3. RMSprop
#
# Give each weight a step of its own: divide its gradient by the recent size of it.
#
# $$
# s := \beta s + (1 - \beta)\, dW^2
# $$
#
# $$
# W := W - \alpha \frac{dW}{\sqrt{s} + \epsilon}
# $$
#
# All of it goes element by element. And `epsilon` is added always, outside the root.


# %%
def rmsprop_step(W, dW, s, learning_rate, beta, epsilon):
    ...  # your two lines, for s and for W
    return W, s


print(check_rmsprop_step(rmsprop_step))

# %% [markdown]
# <details><summary>Solution</summary>
#
# ```python
# def rmsprop_step(W, dW, s, learning_rate, beta, epsilon):
#     s = beta * s + (1 - beta) * dW**2
#     W = W - learning_rate * dW / (np.sqrt(s) + epsilon)
#     return W, s
# ```
#
# </details>
#
# Three weights, whose gradients are 8, −0.02 and 0. Before you run the cell: how far does each move in the first step?

# %%
use_rmsprop = if_right(check_rmsprop_step, rmsprop_step, rmsprop_step_solved)
dW = np.array([8.0, -0.02, 0.0])
moved, s = use_rmsprop(np.zeros(3), dW, np.zeros(3), 0.1, 0.75, 1e-8)
print(moved.round(6))

# %% [markdown]
# The first two move equally far, and the third stays where it is. What would it do without `epsilon`? Pass 0 for it and see.

# %% [markdown]
# ## 4. Adam
#
# Average both, the gradient in `v` as for momentum and its square in `s` as for RMSprop. Both averages start at zero and are
# too small at first, so each is divided by the sum of its weights so far:
#
# $$
# W := W - \alpha\, \frac{v / (1 - \beta_1^t)}{\sqrt{s / (1 - \beta_2^t)} + \epsilon}
# $$
#
# At the first step `t` is 1 in there. The one that you are given counts the steps before, so it is 0 then. Return it counted up.


# %%
def adam_step(W, dW, v, s, t, learning_rate, beta1, beta2, epsilon):
    ...  # your lines: t, both averages, both corrected, and W
    return W, v, s, t


print(check_adam_step(adam_step))

# %% [markdown]
# There are many ways to be wrong here. This one has been printed; the [corrections](../corrections.md#adam) say where.


# %%
def a_bracket_lost(W, dW, v, s, t, learning_rate, beta1, beta2, epsilon):
    t = t + 1
    v = beta1 * v + (1 - beta1) * dW
    s = beta2 * s + (1 - beta2) * dW**2
    v_hat, s_hat = v / (1 - beta1**t), s / (1 - beta2**t)
    W = W - learning_rate * v_hat / np.sqrt(s_hat) + epsilon
    return W, v, s, t


print(check_adam_step(a_bracket_lost))

# %% [markdown]
# <details><summary>Solution</summary>
#
# ```python
# def adam_step(W, dW, v, s, t, learning_rate, beta1, beta2, epsilon):
#     t = t + 1
#     v = beta1 * v + (1 - beta1) * dW
#     s = beta2 * s + (1 - beta2) * dW**2
#     v_hat = v / (1 - beta1**t)
#     s_hat = s / (1 - beta2**t)
#     W = W - learning_rate * v_hat / (np.sqrt(s_hat) + epsilon)
#     return W, v, s, t
# ```
#
# </details>

# %% [markdown]
# ## 5. The race
#
# Is the digit odd or even? One layer with a sigmoid, 64 pixels and a row of ones for the bias, so a single array `W` to learn.
# Your batches and your steps train it. A method is a step, what it remembers, and its constants.

# %%
images, labels = load_digits(return_X_y=True)
X = np.vstack([images.T / 16, np.ones(len(labels))])
Y = (labels % 2)[np.newaxis].astype(float)
use_batches = if_right(check_batches, batches, batches_solved)
use_adam = if_right(check_adam_step, adam_step, adam_step_solved)


def cost(W):
    return network.cost(network.sigmoid(W @ X), Y)


def train(step, memory, learning_rate, constants, epochs=10):
    rng, W = np.random.default_rng(0), np.zeros((1, 65))
    costs = [cost(W)]
    for _ in range(epochs):
        for X_t, Y_t in use_batches(X, Y, 64, rng):
            dW = (network.sigmoid(W @ X_t) - Y_t) @ X_t.T / X_t.shape[1]
            W, *memory = step(W, dW, *memory, learning_rate, *constants)
        costs.append(cost(W))
    return costs


def descent(W, dW, learning_rate):
    return [W - learning_rate * dW]


zero = np.zeros((1, 65))
methods = {
    "gradient descent": (descent, [], []),
    "momentum": (use_momentum, [zero], [0.9]),
    "RMSprop": (use_rmsprop, [zero], [0.9, 1e-8]),
    "Adam": (use_adam, [zero, zero, 0], [0.9, 0.999, 1e-8]),
}

# %% [markdown]
# A race is fair only if each runs at its own best learning rate. So try nine of them for each method, and keep the one with the
# lowest cost at the end.

# %%
best = {}
for name, (step, memory, constants) in methods.items():
    rates = np.logspace(-3, 1, 9)
    tried = {a: train(step, memory, a, constants) for a in rates}
    alpha = min(tried, key=lambda a: tried[a][-1])
    best[name] = tried[alpha]
    print(f"{name:16}  alpha {alpha:5.3f}  cost {best[name][-1]:.3f}")

# %% alt="Cost against epoch for four methods, each at its own best learning rate: momentum and Adam fall fastest and end lowest, gradient descent and RMSprop end together above them"
figure, axes = plt.subplots()
for name, costs in best.items():
    axes.plot(costs, label=name)
axes.set(xlabel="epoch", ylabel="cost")
axes.legend();

# %% [markdown]
# Two of the four are ahead, and close together. So is the best method found? It is one small problem and one order of the
# examples, and nine learning rates stand apart by a factor of three. The [race](../adam.md#the-race) on the page of Adam trains
# a network over many seeds, and says how far they spread. Try it here: another seed in `train`, batches of 1, twice as many
# learning rates.
