"""`make bench`: how fast `network.train` is, as ratios taken in one run on a machine that may be noisy.

No test asserts a wall-clock time; these figures are for reading.
"""

import json
import statistics
import time

import numpy as np

from snippets import initialization, network
from snippets.experiments import _mini_batches

LAYER_DIMS, EXAMPLES, BATCH, EPOCHS, RUNS = [2, 5, 2, 1], 256, 64, 100, 64


def seconds(function, times: int = 5) -> float:
    """The median time of a call, after one that is not counted."""
    function()
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        function()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def numpy_steps(runs: int | None) -> float:
    """Steps per second and run of our loop, for one network or for a stack of them."""
    from snippets import adam

    rng = np.random.default_rng(0)
    X, Y = rng.standard_normal((2, EXAMPLES)), (rng.random((1, EXAMPLES)) < 0.5).astype(float)
    many = [initialization.he(LAYER_DIMS, np.random.default_rng(seed)) for seed in range(runs or 1)]
    params = network.stack(many) if runs else many[0]

    def train():
        network.train(X, Y, params, epochs=EPOCHS, learning_rate=0.001, optimizer=adam, batch_size=BATCH, rng=np.random.default_rng(1))

    return EPOCHS * (EXAMPLES // BATCH) * (runs or 1) / seconds(train)


def torch_steps() -> float:
    """Steps per second of the same network in PyTorch eager, float64, one thread."""
    import torch

    torch.set_num_threads(1)
    torch.manual_seed(0)
    layers = []
    for n_in, n_out in zip(LAYER_DIMS, LAYER_DIMS[1:], strict=False):
        layers += [torch.nn.Linear(n_in, n_out, dtype=torch.float64), torch.nn.ReLU()]
    model = torch.nn.Sequential(*layers[:-1])
    X, Y = torch.randn(EXAMPLES, 2, dtype=torch.float64), (torch.rand(EXAMPLES, 1) < 0.5).double()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.001)

    def train():
        for _ in range(EPOCHS):
            order = torch.randperm(EXAMPLES)
            for start in range(0, EXAMPLES, BATCH):
                columns = order[start : start + BATCH]
                optimizer.zero_grad()
                torch.nn.functional.binary_cross_entropy_with_logits(model(X[columns]), Y[columns]).backward()
                optimizer.step()

    return EPOCHS * (EXAMPLES // BATCH) / seconds(train)


if __name__ == "__main__":
    one, stacked = numpy_steps(None), numpy_steps(RUNS)
    print(f"one network {LAYER_DIMS}, batch {BATCH}, Adam: {one:,.0f} steps a second")
    print(f"{RUNS} networks in one call: {stacked / one:.1f} times as many steps a second, all told")
    try:
        eager = torch_steps()
        print(f"against PyTorch eager: {one / eager:.1f} times for one network, {stacked / eager:.0f} times for {RUNS}")
    except ImportError:
        print("PyTorch is not installed: pip install torch==2.13.0 to compare with it")
    now, kept = _mini_batches.measure(), json.loads(_mini_batches.KEPT.read_text(encoding="utf-8"))
    for size in ("1", "64"):
        ratios = [seconds[size] / seconds["1400"] for seconds in (now, kept["seconds"])]
        print("an epoch in batches of {}: {:.1f} times the full batch's; {:.1f} is kept, of {}".format(size, *ratios, kept["made"]))
