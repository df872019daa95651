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
# # Practice: regularization
#
# You write L2 and dropout yourself, and a checker tells you what is wrong with them. The page
# [Regularization](../regularization.md) explains why they work. Twenty minutes.
#
# You need this repository, matplotlib and scikit-learn: `pip install -e '.[notebooks]'` in a clone of it. Run a cell with
# Shift and Enter, change it, and run it again.

# %%
import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import make_moons

from snippets import adam, initialization, network, regularization
from snippets.exercises.regularization import (
    check_dropout_backward,
    check_dropout_forward,
    check_dropout_layer,
    check_l2,
)

# %% [markdown]
# ## 1. A network that learns by heart
#
# Sixty points in two classes, so noisy that no smooth line parts them, and a network with far more weights than points. A
# thousand other points tell what it has understood.


# %%
def moons(m, seed):
    points, labels = make_moons(m, noise=0.35, random_state=seed)
    return points.T, labels.reshape(1, m).astype(float)


def train(**regularizer):
    rng = np.random.default_rng(0)
    start = initialization.he([2, 40, 20, 1], rng)
    steps = dict(epochs=1500, learning_rate=0.01, optimizer=adam, rng=rng)
    params, costs = network.train(X, Y, start, **steps, **regularizer)
    return params


def show(label, params):
    training = np.mean(network.predict(X, params) == Y)
    dev = np.mean(network.predict(X_dev, params) == Y_dev)
    print(f"{label}: training {training:.1%}, dev {dev:.1%}")


X, Y = moons(60, seed=0)
X_dev, Y_dev = moons(1000, seed=1)
by_heart = train()
show("by heart", by_heart)

# %% [markdown]
# ## 2. L2
#
# Large weights are to cost something. So the cost gets a new term, over the weights of all layers:
#
# $$
# \frac{\lambda}{2m} \sum_l \lVert W^{[l]} \rVert_F^2
# $$
#
# A cost with a new term has a gradient with a new term. Work it out on paper, then fill in the two lines.


# %%
def l2(params, grads, lambd, m):
    """What L2 adds to the cost, and the gradients with L2 in them.
    params has W1, b1, W2, b2; grads has dW1, db1, dW2, db2."""
    cost = ...  # one number
    grads = ...  # a new dict with the keys of the old one
    return cost, grads


print(check_l2(l2))

# %% [markdown]
# <details><summary>Solution</summary>
#
# ```python
# def l2(params, grads, lambd, m):
#     W1, W2 = params["W1"], params["W2"]
#     cost = lambd / (2 * m) * (np.sum(W1**2) + np.sum(W2**2))
#     grads = grads | {
#         "dW1": grads["dW1"] + lambd / m * W1,
#         "dW2": grads["dW2"] + lambd / m * W2,
#     }
#     return cost, grads
# ```
#
# </details>
#
# What does it do to the network above? The line is where it says "as likely the one as the other".

# %% alt="Sixty points of two classes, and where the network parts them: without L2 a line that twists round single points, with L2 one of fewer bends"
smooth = train(lambd=0.3)
show("with L2", smooth)

figure, axes = plt.subplots()
for label, marker in enumerate("o^"):
    members = X[:, Y[0] == label]
    axes.plot(*members, marker, color=f"C{label + 2}", label=f"class {label}")
across, up = np.meshgrid(np.linspace(-2, 3, 200), np.linspace(-1.5, 2, 200))
grid = np.array([across.ravel(), up.ravel()])
parts = {"without L2": (by_heart, "C0", "-"), "with L2": (smooth, "C1", "--")}
for label, (params, color, style) in parts.items():
    likely = network.forward(grid, params)[0].reshape(across.shape)
    axes.contour(across, up, likely, [0.5], colors=color, linestyles=style)
    axes.plot([], [], color=color, linestyle=style, label=label)
axes.legend(loc="center left", bbox_to_anchor=(1, 0.5));

# %% [markdown]
# Try other strengths: `train(lambd=3)`, `train(lambd=30)`. When is it too much, and which of the two accuracies tells?
#
# <details><summary>What you see</summary>
#
# The accuracy in training falls all the way, and would always choose no L2 at all. That on new points rises, then falls: at 3 it is back
# where it began. At 30 the weights are gone, and the network says one half of every point.
#
# </details>
#
# ## 3. Dropout, the way there
#
# In each step some hidden units are dropped, others in each example. What is left is divided by the probability of being kept,
# $p$ (`keep_prob`), so that the next layer gets on average what it is used to. Draw the mask first.


# %%
def dropout_forward(A, keep_prob, rng):
    """The new activations, and the mask D, true where a unit is kept."""
    D = ...  # one draw of rng.random
    A = ...  # a new array
    return A, D


print(check_dropout_forward(dropout_forward))

# %% [markdown]
# <details><summary>Solution</summary>
#
# ```python
# def dropout_forward(A, keep_prob, rng):
#     D = rng.random(A.shape) < keep_prob
#     A = A * D / keep_prob
#     return A, D
# ```
#
# </details>
#
# What is the division worth? Send one layer's activations through ten layers that only drop:

# %% alt="Mean activation against the number of layers that drop: with the division it stays near 1, without it falls by a fifth each time"
rng, keep_prob = np.random.default_rng(0), 0.8
divided = plain = np.ones((200, 100))
with_division, without = [1.0], [1.0]
for layer in range(10):
    divided, D = regularization.dropout_forward(divided, keep_prob, rng)
    plain = plain * D
    with_division.append(divided.mean())
    without.append(plain.mean())

figure, axes = plt.subplots()
axes.plot(with_division, label="divided by keep_prob")
axes.plot(without, label="not divided")
axes.set(xlabel="layers", ylabel="mean activation", ylim=(0, 1.2))
axes.legend();

# %% [markdown]
# ## 4. Dropout, the way back
#
# The gradient takes the same way back. A unit that was dropped had no part in the cost. One that was kept had a part that was
# divided. One line:


# %%
def dropout_backward(dA, D, keep_prob):
    """The gradient on its way back; D is the mask of the way there."""
    ...  # your line


print(check_dropout_backward(dropout_backward))

# %% [markdown]
# <details><summary>Solution</summary>
#
# ```python
# def dropout_backward(dA, D, keep_prob):
#     return dA * D / keep_prob
# ```
#
# </details>
#
# ## 5. Find the bug
#
# Here is both at once, as it is found in many a notebook. It runs, and its shapes are right. It is wrong three times. Mend one
# mistake after the other; the checker names the next.


# %%
def dropout_layer(A, dA, keep_prob, rng):
    """Dropout there and back: the new A, and the gradient by the old one.
    dA is the gradient by the new one."""
    D = rng.random(A.shape) < keep_prob
    A *= D
    A /= keep_prob
    D = rng.random(dA.shape) < keep_prob
    dA = dA * D
    return A, dA


print(check_dropout_layer(dropout_layer))

# %% [markdown]
# <details><summary>Solution</summary>
#
# ```python
# def dropout_layer(A, dA, keep_prob, rng):
#     D = rng.random(A.shape) < keep_prob
#     A = A * D / keep_prob
#     dA = dA * D / keep_prob
#     return A, dA
# ```
#
# </details>
#
# Last, all of it on the moons, beside L2:

# %%
dropped = train(keep_prob=0.8)
for label, params in {"by heart": by_heart, "with L2": smooth, "with dropout": dropped}.items():
    show(label, params)

# %% [markdown]
# One data set and one seed say little, and what helps here may do harm there. The page has
# [twenty seeds](../regularization.md#dropout), on real digits.
