"""How fast `network.train` is: steps per second and run, against the frameworks."""

import numpy as np

from snippets import adam, initialization, network
from tests.bench import interleaved, ratio, seconds

PACKAGES = ["numpy", "torch"]
LAYER_DIMS, EXAMPLES, BATCH, EPOCHS, RUNS = [2, 5, 2, 1], 256, 64, 100, 64


def numpy_steps(runs: int):
    """A function that says how many steps a second our loop makes, all runs of its stack together."""
    rng = np.random.default_rng(0)
    X, Y = rng.standard_normal((2, EXAMPLES)), (rng.random((1, EXAMPLES)) < 0.5).astype(float)
    params = network.stack([initialization.he(LAYER_DIMS, np.random.default_rng(seed)) for seed in range(runs)])

    def train():
        network.train(X, Y, params, epochs=EPOCHS, learning_rate=0.001, optimizer=adam, batch_size=BATCH, rng=np.random.default_rng(1))

    return lambda: EPOCHS * (EXAMPLES // BATCH) * runs / seconds(train)


def torch_steps():
    """The same for one network in PyTorch eager, float64, one thread."""
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

    return lambda: EPOCHS * (EXAMPLES // BATCH) / seconds(train)


def rows():
    steps = interleaved({"one": numpy_steps(1), "stack": numpy_steps(RUNS), "eager": torch_steps()}, rounds=5)
    yield ratio(f"{LAYER_DIMS} against PyTorch eager", steps["one"], steps["eager"], at_least=8)
    yield ratio(f"{RUNS} networks {LAYER_DIMS} in one call against PyTorch eager", steps["stack"], steps["eager"], at_least=80)
