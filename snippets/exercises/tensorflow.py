"""Be a session, and hand weights over to Keras: checkers with a hint for each misconception. NumPy is enough for both."""

import numpy as np

from snippets.exercises._check import Hint, attempt, checker, compare, parts

X = ("placeholder", "X")
W, B = np.array([[1.0, -2.0], [0.5, 3.0]]), np.array([[0.25], [-1.0]])
FED, OTHER = np.array([[3.0, 0.5], [1.0, -2.0]]), np.array([[-1.0, 2.0], [0.5, 4.0]])
PRODUCT = ("matmul", ("constant", W), X)
OUTPUT = ("relu", ("add", PRODUCT, ("constant", B)))


def run_node(node, feed):
    """What a session does: the value of one node of a graph.
    A node is ("placeholder", name) or ("constant", array), or it is made of nodes:
    ("matmul", a, b), ("add", a, b) or ("relu", a). feed is {name: array}."""
    kind = node[0]
    ...  # your lines


def run_node_solved(node, feed):
    """Ask for the values of what a node is made of, which ask for theirs."""
    kind = node[0]
    if kind == "placeholder":
        return feed[node[1]]
    if kind == "constant":
        return node[1]
    values = [run_node_solved(part, feed) for part in node[1:]]
    return {"matmul": np.matmul, "add": np.add, "relu": lambda a: np.maximum(a, 0)}[kind](*values)


@checker
def check_run_node(run_node):
    """Run small graphs, then one a second time, and one with nothing fed."""
    compare("A constant", attempt(run_node, ("constant", B), {}), B)
    compare("A placeholder", attempt(run_node, X, {"X": FED}), FED, {"it is open until it is fed: look its name up in feed": FED * 0})
    mistakes = {
        "matmul(a, b) is a @ b, and you have b @ a": FED @ W,
        "matmul is a product of matrices, a @ b; * multiplies entry by entry": W * FED,
    }
    compare("The product", attempt(run_node, PRODUCT, {"X": FED}), W @ FED, mistakes)
    Z = W @ FED + B
    mistakes = {
        "relu is missing": Z,
        "relu keeps what is positive; you keep the rest": np.minimum(Z, 0),
        "relu's size is right, but it turns the sign of what is negative": abs(Z),
    }
    compare("relu(W X + b)", attempt(run_node, OUTPUT, {"X": FED}), np.maximum(Z, 0), mistakes)
    remembered = {"it is the value of the first run: a graph keeps none, each run computes anew": np.maximum(Z, 0)}
    compare("The second run, with another X fed,", attempt(run_node, OUTPUT, {"X": OTHER}), np.maximum(W @ OTHER + B, 0), remembered)
    try:
        run_node(OUTPUT, {})
    except Exception:  # any will do; TensorFlow raises an error of its own
        return "each node asks for what it is made of, and a placeholder for what is fed."
    raise Hint("Nothing was fed for X, and there is a value all the same. It should raise an error.")


def to_dense(params):
    """What the Dense layers of Keras are to be given, [kernel, bias] for each. Such a layer
    computes rows @ kernel + bias. From W of shape (n_l, n_(l-1)) and b of shape (n_l, 1)."""
    layers = []
    for l in range(1, len(params) // 2 + 1):
        W, b = params[f"W{l}"], params[f"b{l}"]
        layers.append([W.reshape(W.shape[1], W.shape[0]), b])
    return layers


def to_dense_solved(params):
    """Rows of examples turn W X + b into X^T W^T + b^T: the kernel is W transposed, and b is flat."""
    layers = []
    for l in range(1, len(params) // 2 + 1):
        W, b = params[f"W{l}"], params[f"b{l}"]
        layers.append([W.T, b[:, 0]])
    return layers


@checker
def check_to_dense(to_dense):
    """Try `to_dense(params)` on a network with a layer that is not square, one that is, and one of a single unit."""
    rng = np.random.default_rng(0)
    params = {"W1": rng.standard_normal((2, 3)), "b1": rng.standard_normal((2, 1))}
    params |= {"W2": rng.standard_normal((2, 2)), "b2": rng.standard_normal((2, 1))}
    params |= {"W3": rng.standard_normal((1, 2)), "b3": rng.standard_normal((1, 1))}
    for l, pair in enumerate(parts(attempt(to_dense, params), "layer 1", "layer 2", "layer 3"), 1):
        W, b = params[f"W{l}"], params[f"b{l}"]
        kernel, bias = parts(pair, f"kernel {l}", f"bias {l}")
        if np.shape(kernel) in (b.shape, b[:, 0].shape):
            raise Hint(f"Layer {l}: first the kernel, then the bias. You have them the other way round.")
        if np.shape(kernel) == W.shape != W.T.shape:
            raise Hint(f"Kernel {l} has shape {W.shape}. Keras has examples in rows, and wants {W.T.shape}.")
        mistakes = {
            "the shape is right, but reshape only counts the same numbers out anew; turn it over with .T": W.reshape(W.T.shape),
            "it is W as it stands. It is square, so no shape complains, and each unit gets the weights of others": W,
        }
        compare(f"Kernel {l}", kernel, W.T, dict(list(mistakes.items())[l - 1 :]))
        if np.shape(bias) == b.shape:
            raise Hint(f"Bias {l} is a column, {b.shape}. It is added to rows of {len(b)}, and Keras wants it flat: b[:, 0].")
        if np.shape(bias) == () and bias is not ...:
            raise Hint(f"Bias {l} has lost both axes, for its layer has one unit: b[:, 0] takes one axis away, whatever the other is.")
        compare(f"Bias {l}", bias, b[:, 0])
    return "the kernel is W transposed, the bias is flat, and Keras will compute what NumPy does."
