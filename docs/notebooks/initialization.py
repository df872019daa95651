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
# # Practice: initialization
#
# You write He's initialization yourself, and a checker tells you what is wrong with it. The page
# [Initialization](../initialization.md) explains why it works. Ten minutes.
#
# You need this repository and matplotlib: `pip install -e '.[notebooks]'` in a clone of it. Run a cell with Shift and Enter,
# change it, and run it again.

# %%
import matplotlib.pyplot as plt
import numpy as np

from snippets import initialization, network
from snippets.exercises.initialization import check_he, check_unequal

# %% [markdown]
# ## 1. Draw the weights
#
# A layer with $n^{[l-1]}$ inputs adds up that many products. So that its sum is neither larger nor smaller
# than what came in, each weight has variance
#
# $$
# \operatorname{Var}\bigl(W^{[l]}_{ij}\bigr) = \frac{2}{n^{[l-1]}}
# $$
#
# The 2 makes good for ReLU, which drops the negative half. Fill in the loop. `params` maps `"W1"` to an array of
# shape $(n^{[1]}, n^{[0]})$, `"b1"` to one of shape $(n^{[1]}, 1)$, and so on up to $L$.


# %%
def he(layer_dims, rng):
    params = {}
    for l in range(1, len(layer_dims)):
        ...  # params[f"W{l}"], of shape (n_l, n_(l-1))
        ...  # params[f"b{l}"], of shape (n_l, 1)
    return params


print(check_he(he))

# %% [markdown]
# The checker compares the keys, the shapes and the spread of each layer. It has a hint for each of the usual
# mistakes. Here is one of them.


# %%
def without_the_root(layer_dims, rng):
    params = {}
    for l in range(1, len(layer_dims)):
        params[f"W{l}"] = rng.standard_normal((layer_dims[l], layer_dims[l - 1])) * 2 / layer_dims[l - 1]
        params[f"b{l}"] = np.zeros((layer_dims[l], 1))
    return params


print(check_he(without_the_root))

# %% [markdown]
# <details><summary>Solution</summary>
#
# ```python
# def he(layer_dims, rng):
#     params = {}
#     for l in range(1, len(layer_dims)):
#         params[f"W{l}"] = rng.standard_normal((layer_dims[l], layer_dims[l - 1])) * np.sqrt(2 / layer_dims[l - 1])
#         params[f"b{l}"] = np.zeros((layer_dims[l], 1))
#     return params
# ```
#
# </details>
#
# The note's own function passes, too:

# %%
print(check_he(initialization.he))

# %% [markdown]
# What is the root worth? Send a hundred examples through twenty layers of 200 ReLU units, and look at how large they are
# on the way:

# %% alt="Spread of the activations against layer: with He it stays near its start over twenty layers, without the root each layer divides it by about ten"
rng = np.random.default_rng(0)
layer_dims = [200] * 21

figure, axes = plt.subplots()
for label, start in {"He": initialization.he, "without the root": without_the_root}.items():
    params, A = start(layer_dims, rng), rng.standard_normal((200, 100))
    spread = [A.std()]
    for l in range(1, len(layer_dims)):
        A = np.maximum(0, params[f"W{l}"] @ A + params[f"b{l}"])
        spread.append(A.std())
    axes.semilogy(spread, label=label)
axes.set(xlabel="layer", ylabel="spread (log scale)", xticks=range(0, 21, 5))
axes.legend();

# %% [markdown]
# ## 2. Break the symmetry
#
# Two hidden units that begin equal get equal gradients, and stay equal for ever. Zeros are only the best known case.
# Change one number below, so that the two units can come to differ.


# %%
def unequal():
    W1 = np.array([[0.5, 0.5], [0.5, 0.5]])
    W2 = np.array([[1.0, 1.0]])
    return {"W1": W1, "b1": np.zeros((2, 1)), "W2": W2, "b2": np.zeros((1, 1))}


print(check_unequal(unequal))

# %% [markdown]
# Train it for a hundred steps and look at the two rows of $W^{[1]}$: they have moved, and, as long as you have changed
# nothing, they are still the same.

# %%
X = np.array([[0.0, 0.0, 1.0, 1.0], [0.0, 1.0, 0.0, 1.0]])
Y = np.array([[0.0, 1.0, 1.0, 0.0]])
trained, costs = network.train(X, Y, unequal(), epochs=100, learning_rate=0.5)
print(np.round(trained["W1"], 3))

# %% [markdown]
# <details><summary>Solution</summary>
#
# Any change that tells the two units apart will do. It may be in the weights that come in, in those that go out, or in
# the biases.
#
# ```python
# def unequal():
#     W1 = np.array([[0.6, 0.5], [0.5, 0.5]])
#     W2 = np.array([[1.0, 1.0]])
#     return {"W1": W1, "b1": np.zeros((2, 1)), "W2": W2, "b2": np.zeros((1, 1))}
# ```
#
# </details>
#
# With it, the same hundred steps leave two units that differ:

# %%
changed = {"W1": np.array([[0.6, 0.5], [0.5, 0.5]]), "b1": np.zeros((2, 1)), "W2": np.ones((1, 2)), "b2": np.zeros((1, 1))}
trained, costs = network.train(X, Y, changed, epochs=100, learning_rate=0.5)
print(np.round(trained["W1"], 3))
