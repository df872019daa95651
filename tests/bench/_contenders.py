"""Who trains: for each way a function that takes a network and gives one without arguments, which trains it for `epochs` epochs.

All have one thread, Adam at its usual rates and the same examples, which they shuffle every epoch and cut into batches. PyTorch, like
JAX, gets what its documentation recommends, and our own trick besides: examples in rows, gathered once an epoch.
"""

import os
import warnings
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import numpy as np

from tests.bench import seconds

RATE = 0.001


@dataclass(frozen=True)
class Network:
    """Layers, examples (whole batches of them), precision, runs at once; epochs that take a while, and those that take one where slow."""

    layers: tuple[int, ...]
    m: int
    batch: int
    dtype: str
    epochs: int
    slow_epochs: int
    runs: int = 1

    def __str__(self):
        return str(list(self.layers))

    @property
    def examples(self):
        rng = np.random.default_rng(0)
        X = rng.standard_normal((self.m, self.layers[0])).astype(self.dtype).T
        return X, (rng.random((1, self.m)) < 0.5).astype(self.dtype)

    @property
    def start(self):
        from snippets import initialization, network

        many = [initialization.he(self.layers, np.random.default_rng(seed)) for seed in range(self.runs)]
        params = network.stack(many) if self.runs > 1 else many[0]
        return {name: W.astype(self.dtype) for name, W in params.items()}


def numpy(net, optimizer=None):
    from snippets import adam, network

    X, Y = net.examples
    start, options = net.start, dict(learning_rate=RATE, optimizer=optimizer or adam, batch_size=net.batch)
    return lambda: network.train(X, Y, start, epochs=net.epochs, rng=np.random.default_rng(0), **options)


def numpy_dict(net):
    """Readable NumPy without tricks: a dict of arrays, each batch picked out by its columns, the cost of each batch."""
    from snippets import adam, network

    X, Y = (np.ascontiguousarray(part) for part in net.examples)
    rng = np.random.default_rng(0)

    def train():
        params = net.start
        state = adam.init(params)
        for _ in range(net.epochs):
            order, total = rng.permutation(net.m), 0.0
            for t in range(0, net.m, net.batch):
                X_t, Y_t = X[..., order[t : t + net.batch]], Y[..., order[t : t + net.batch]]
                A, caches = network.forward(X_t, params, check=False)
                total += network.cost(A, Y_t, check=False)
                params, state = adam.update(params, network.backward(A, Y_t, caches, check=False), state, RATE)

    return train


def numpy_pure(net):
    """The loop as it is, with `adam.update` as its page has it, which makes new arrays."""
    from snippets import adam

    return numpy(net, SimpleNamespace(init=adam.init, update=adam.update))


def numpy_one_block(net):
    """The loop as it is, with the vector of all parameters never cut into blocks."""
    from snippets import network

    train, block = numpy(net), network.BLOCK

    def whole():
        network.BLOCK = 10**9
        train()
        network.BLOCK = block

    return whole


def pick_columns(net):
    """Nothing but picking the examples of every batch, out of an array whose rows are contiguous."""
    X, rng = np.ascontiguousarray(net.examples[0]), np.random.default_rng(0)

    def pick():
        for _ in range(net.epochs):
            order = rng.permutation(net.m)
            for t in range(0, net.m, net.batch):
                X[..., order[t : t + net.batch]]

    return pick


def pick_rows(net):
    """The same out of an array in which the numbers of an example stand side by side."""
    rows, rng = np.ascontiguousarray(net.examples[0].T), np.random.default_rng(0)

    def pick():
        for _ in range(net.epochs):
            order = rng.permutation(net.m)
            for t in range(0, net.m, net.batch):
                rows.take(order[t : t + net.batch], axis=-2)

    return pick


def adam_alone(net):
    """Nothing but Adam in place, in blocks, as often as there are steps; its gradient is what the step before left there."""
    from snippets import adam, network

    theta, gradient = np.random.default_rng(0).standard_normal((2, sum(W.size for W in net.start.values()))).astype(net.dtype)
    cuts = {f"theta{t}": slice(t, t + network.BLOCK) for t in range(0, theta.size, network.BLOCK)}
    params, grads = {name: theta[cut] for name, cut in cuts.items()}, {"d" + name: gradient[cut] for name, cut in cuts.items()}
    state = adam.init(params)

    def move():
        for _ in range(net.epochs * net.m // net.batch):
            adam.update_in_place(params, grads, state, RATE)

    return move


def matrix_products(net):
    """The products of one step and nothing else, as many times as there are steps."""
    params, rng = net.start, np.random.default_rng(0)
    A = [np.asfortranarray(rng.standard_normal((n, net.batch)).astype(net.dtype)) for n in net.layers]
    A = [A[0], *map(np.ascontiguousarray, A[1:])]
    L = len(net.layers) - 1

    def train():
        for _ in range(net.epochs * net.m // net.batch):
            for l in range(1, L + 1):
                params[f"W{l}"] @ A[l - 1]
            for l in range(L, 0, -1):
                A[l] @ A[l - 1].mT
                if l > 1:
                    params[f"W{l}"].mT @ A[l]

    return train


def _torch(net, compiled=False, **options):
    import torch

    torch.set_num_threads(1)
    torch.manual_seed(0)
    dtype = getattr(torch, net.dtype)
    layers = []
    for n_in, n_out in zip(net.layers, net.layers[1:], strict=False):
        layers += [torch.nn.Linear(n_in, n_out, dtype=dtype), torch.nn.ReLU()]
    model = torch.nn.Sequential(*layers[:-1])
    X, Y = (torch.from_numpy(np.ascontiguousarray(part.T)) for part in net.examples)
    optimizer = torch.optim.Adam(model.parameters(), lr=RATE, **options)

    def loss(X_t, Y_t):
        return torch.nn.functional.binary_cross_entropy_with_logits(model(X_t), Y_t)

    def train():
        for _ in range(net.epochs):
            order = torch.randperm(net.m)
            X_e, Y_e = X[order], Y[order]
            for t in range(0, net.m, net.batch):
                optimizer.zero_grad()
                measure(X_e[t : t + net.batch], Y_e[t : t + net.batch]).backward()
                step()

    measure, step = (torch.compile(loss), torch.compile(optimizer.step)) if compiled else (loss, optimizer.step)
    return train


def pytorch_eager(net):
    return _torch(net)


def pytorch_eager_with_fused_adam(net):
    return _torch(net, fused=True)


def pytorch_compiled(net):
    return _torch(net, compiled=True)


def _jax(net):
    import jax
    import jax.numpy as jnp
    import optax

    jax.config.update("jax_enable_x64", True)
    optimizer, L = optax.adam(RATE), len(net.layers) - 1
    X, Y = (jnp.asarray(part.T) for part in net.examples)

    def loss(params, X_t, Y_t):
        A = X_t
        for l in range(1, L + 1):
            Z = A @ params[f"W{l}"].T + params[f"b{l}"].T
            A = jax.nn.relu(Z)
        return optax.sigmoid_binary_cross_entropy(Z, Y_t).mean()

    def step(carry, batch):
        params, state = carry
        J, grads = jax.value_and_grad(loss)(params, *batch)
        updates, state = optimizer.update(grads, state, params)
        return (optax.apply_updates(params, updates), state), J

    params = {name: jnp.asarray(W) for name, W in net.start.items()}
    return jax, step, X, Y, params, optimizer


def jax_jit_of_a_step(net):
    jax, step, X, Y, params, optimizer = _jax(net)
    step = jax.jit(step)
    rng = np.random.default_rng(0)

    def train():
        carry = params, optimizer.init(params)
        for _ in range(net.epochs):
            order = rng.permutation(net.m)
            X_e, Y_e = X[order], Y[order]
            for t in range(0, net.m, net.batch):
                carry, _ = step(carry, (X_e[t : t + net.batch], Y_e[t : t + net.batch]))
        jax.block_until_ready(carry)

    return train


def jax_scan(net):
    """All epochs in one compiled call; with runs, vmapped over them."""
    jax, step, X, Y, params, optimizer = _jax(net)

    def epoch(carry, order):
        batches = tuple(part[order].reshape(net.m // net.batch, net.batch, -1) for part in (X, Y))
        carry, costs = jax.lax.scan(step, carry, batches)
        return carry, costs.mean()

    def all_epochs(params, orders):
        return jax.lax.scan(epoch, (params, optimizer.init(params)), orders)

    whole = jax.jit(jax.vmap(all_epochs, (0, None)) if net.runs > 1 else all_epochs)
    rng = np.random.default_rng(0)
    return lambda: jax.block_until_ready(whole(params, np.stack([rng.permutation(net.m) for _ in range(net.epochs)])))


def keras_fit(net):
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    import keras
    import tensorflow

    if not keras_fit.__dict__.get("pinned"):
        tensorflow.config.threading.set_intra_op_parallelism_threads(1)
        tensorflow.config.threading.set_inter_op_parallelism_threads(1)
        keras_fit.pinned = True
    layers = [keras.layers.Dense(n, "relu", dtype=net.dtype) for n in net.layers[1:-1]]
    model = keras.Sequential([keras.Input((net.layers[0],), dtype=net.dtype), *layers, keras.layers.Dense(1, "sigmoid", dtype=net.dtype)])
    model.compile(keras.optimizers.Adam(RATE), "binary_crossentropy")
    X, Y = (np.ascontiguousarray(part.T) for part in net.examples)
    return lambda: model.fit(X, Y, batch_size=net.batch, epochs=net.slow_epochs, verbose=0)


def scikit_learn(net):
    from sklearn.neural_network import MLPClassifier

    warnings.simplefilter("ignore")  # that it has not converged
    X, Y = net.examples
    X, y = np.ascontiguousarray(X.T), Y[0].astype(int)
    options = dict(solver="adam", learning_rate_init=RATE, alpha=0.0, batch_size=net.batch, max_iter=net.epochs, n_iter_no_change=10**6)
    return lambda: MLPClassifier(net.layers[1:-1], **options).fit(X, y)


SLOW = {"keras_fit"}
_ready = {}


def microseconds(contender: str, net: Network) -> float:
    """Microseconds of one step of one run; the first call is a rehearsal whose time nobody uses."""
    key = contender, net
    if key not in _ready:
        _ready[key] = globals()[contender](net)
        _ready[key]()
    steps = (net.slow_epochs if contender in SLOW else net.epochs) * (net.m // net.batch)
    return seconds(_ready[key]) / steps / net.runs * 1e6


def peak_memory() -> float:
    """The most memory that this process ever had, in MB. Of the whole life of the process alone: ru_maxrss remembers its parent."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1e3
