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
# # Practice: TensorFlow
#
# You run a graph yourself, then let TensorFlow do it. You hand a network over to Keras and let a tape find its gradient. The
# page [TensorFlow, then and now](../tensorflow.md) explains what happens. Twenty minutes.
#
# You need this repository and TensorFlow: `pip install -e '.[notebooks]' tensorflow` in a clone of it. Run a cell with Shift and
# Enter, change it, and run it again. Never call a file of your own `tensorflow.py`: Python would import it in the library's
# place.

# %%
import keras
import numpy as np
import tensorflow as tf

from snippets import initialization, network
from snippets.exercises.tensorflow import B, FED, OUTPUT, W
from snippets.exercises.tensorflow import check_run_node, check_to_dense, run_node_solved, to_dense_solved

v1 = tf.compat.v1

# %% [markdown]
# ## 1. Be the session
#
# A graph says what is to be computed, and from what. Here it is made of tuples, and the next two cells need no TensorFlow.
# This one is ReLU of $W X + b$, with $X$ left open:

# %%
print(OUTPUT)


# %% [markdown]
# Fill in the lines. Two kinds of nodes have their value at hand. All others have to ask.


# %%
def run_node(node, feed):
    """What a session does: the value of one node of a graph.
    A node is ("placeholder", name) or ("constant", array), or it is made of nodes:
    ("matmul", a, b), ("add", a, b) or ("relu", a). feed is {name: array}."""
    kind = node[0]
    ...  # your lines


print(check_run_node(run_node))

# %% [markdown]
# <details><summary>Solution</summary>
#
# ```python
# def run_node(node, feed):
#     kind = node[0]
#     if kind == "placeholder":
#         return feed[node[1]]
#     if kind == "constant":
#         return node[1]
#     values = [run_node(part, feed) for part in node[1:]]
#     if kind == "matmul":
#         return values[0] @ values[1]
#     return values[0] + values[1] if kind == "add" else np.maximum(values[0], 0)
# ```
#
# </details>
#
# Now the same graph in TensorFlow. Building it prints a name and a shape, and no number. The session gives the numbers:

# %%
with tf.Graph().as_default() as graph:
    X = v1.placeholder(tf.float64, [2, None], name="X")
    weights = v1.get_variable("W", initializer=W)
    A = tf.nn.relu(tf.matmul(weights, X) + B, name="A")
    initialize = v1.global_variables_initializer()
print(A)

with v1.Session(graph=graph) as session:
    session.run(initialize)
    computed = session.run(A, feed_dict={X: FED})
print(computed)
print("the same as by hand:", np.allclose(computed, run_node_solved(OUTPUT, {"X": FED})))

# %% [markdown]
# Take `session.run(initialize)` out and run the cell again. Put it back, and take `feed_dict` out. Both times TensorFlow says
# what is missing: look for the last line of a long message. What did you expect your own `run_node` to do without a feed?
#
# What of it is left in the session? A variable keeps its value from run to run, until the session is closed:

# %%
with graph.as_default():
    double = weights.assign(2 * weights)
for number in (1, 2):
    with v1.Session(graph=graph) as session:
        session.run(initialize)
        session.run(double)
        session.run(double)
        print(f"session {number}: W was doubled twice, and its first entry is {session.run(weights)[0, 0]}")

# %% [markdown]
# ## 2. Hand the weights over
#
# A `Dense` layer of Keras has its examples in rows and computes rows times kernel plus bias. Transpose
#
# $$
# Z = W X + b
# $$
#
# and you see what kernel and bias are. The function below has two bugs. Find them.


# %%
def to_dense(params):
    """What the Dense layers of Keras are to be given, [kernel, bias] for each. Such a layer
    computes rows @ kernel + bias. From W of shape (n_l, n_(l-1)) and b of shape (n_l, 1)."""
    layers = []
    for l in range(1, len(params) // 2 + 1):
        W, b = params[f"W{l}"], params[f"b{l}"]
        layers.append([W.reshape(W.shape[1], W.shape[0]), b])
    return layers


print(check_to_dense(to_dense))

# %% [markdown]
# <details><summary>Solution</summary>
#
# ```python
# def to_dense(params):
#     layers = []
#     for l in range(1, len(params) // 2 + 1):
#         W, b = params[f"W{l}"], params[f"b{l}"]
#         layers.append([W.T, b[:, 0]])
#     return layers
# ```
#
# </details>
#
# So handed over, Keras computes what this note's `network.forward` does:

# %%
rng = np.random.default_rng(0)
params = initialization.he([4, 5, 1], rng)
examples, labels = rng.integers(-8, 9, (4, 30)) / 8, rng.integers(0, 2, (1, 30)).astype(float)

hidden = keras.layers.Dense(5, "relu", dtype="float64")
output = keras.layers.Dense(1, "sigmoid", dtype="float64")
model = keras.Sequential([keras.Input([4], dtype="float64"), hidden, output])
for layer, pair in zip(model.layers, to_dense_solved(params)):
    layer.set_weights(pair)

ours, caches = network.forward(examples, params)
theirs = model(examples.T).numpy().T
print("the same outputs:", np.allclose(theirs, ours, rtol=1e-12))

# %% [markdown]
# Put your own wrong version in the place of `to_dense_solved`, with the bias mended. Do the outputs still agree? Does anything
# complain?
#
# ## 3. The way back
#
# You have written `backward` by hand in this course. A tape needs the forward pass only. Before you run the cell: what are the
# shapes of the gradients, and which of them have to be turned over before they can be compared?

# %%
with tf.GradientTape() as tape:
    cost = tf.reduce_mean(keras.losses.binary_crossentropy(labels.T, model(examples.T)))
found = tape.gradient(cost, [hidden.kernel, hidden.bias])

grads = network.backward(ours, labels, caches)
print("the same dW1:", np.allclose(found[0].numpy().T, grads["dW1"], rtol=1e-9))
print("the same db1:", np.allclose(found[1].numpy(), grads["db1"][:, 0], rtol=1e-9))

# %% [markdown]
# Move the line of `cost` out of the `with`, and look at what `found` holds then. Ask `tape.gradient` twice. Give it a constant to
# differentiate by. Each of these is a mistake that everybody makes once.
