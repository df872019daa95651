"""What `run_trials` costs on top of the trials: on Dask's two worker processes, and on a pool of two."""

import os
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context

import numpy as np
import psutil

from snippets import adam, hyperparameter_tuning, initialization, network
from tests.bench import ratio, row

PACKAGES = ["distributed", "numpy"]
ROUNDS, EMPTY, SHORT, REAL = 3, 300, 10_000, 16


def nothing(trial):
    """A trial that is over at once."""


def millisecond(trial):
    """A trial that keeps its worker busy for a millisecond."""
    end = time.perf_counter() + 0.001
    while time.perf_counter() < end:
        pass
    return trial["seed"]


def real(trial):
    """A trial as they are: a small network trained from its seed, for about a second."""
    rng = np.random.default_rng(trial["seed"])
    X, Y = rng.standard_normal((2, 1024)), (rng.random((1, 1024)) < 0.5).astype(float)
    options = dict(epochs=1500, learning_rate=0.001, optimizer=adam, batch_size=64)
    return network.train(X, Y, initialization.he([2, 5, 2, 1], rng), rng=rng, **options)[1][-1]


@contextmanager
def dask():
    import distributed

    quiet = dict(dashboard_address=None, silence_logs=50)
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=True, **quiet) as cluster,
        distributed.Client(cluster) as client,
    ):
        client.wait_for_workers(2)
        yield client


def took(objective, count, executor):
    """Seconds by the clock: the work is done in other processes."""
    trials, begin = [{"seed": seed} for seed in range(count)], time.perf_counter()
    hyperparameter_tuning.run_trials(objective, trials, executor)
    return time.perf_counter() - begin


def overheads(name, executor):
    """Rows of how long an empty trial takes, and of how much of two workers' time is work where a trial takes a millisecond."""
    took(nothing, 10, executor)
    yield row(f"{name}, a trial that does nothing", [took(nothing, EMPTY, executor) / EMPTY * 1e3 for _ in range(ROUNDS)], "ms")
    groups, hyperparameter_tuning.TASKS = hyperparameter_tuning.TASKS, SHORT
    single = [100 * 0.001 * 1000 / (2 * took(millisecond, 1000, executor)) for _ in range(ROUNDS)]
    hyperparameter_tuning.TASKS = groups
    yield row(f"{name}, trials of a millisecond handed out one by one, share of work", single, "%")
    grouped = [100 * 0.001 * SHORT / (2 * took(millisecond, SHORT, executor)) for _ in range(ROUNDS)]
    yield row(f"{name}, {SHORT:,} trials of a millisecond in groups, share of work", grouped, "%", at_least=50)


def rows():
    with ProcessPoolExecutor(2, get_context("spawn")) as executor:
        yield from overheads("process pool", executor)
    with dask() as client:
        with client.get_executor() as executor:
            yield from overheads("Dask", executor)
            process = psutil.Process(os.getpid())
            before = process.memory_info().rss
            took(nothing, SHORT, executor)
            grown = (process.memory_info().rss - before) / 1e6
            yield row(f"Dask, memory grown by {SHORT:,} trials more", [grown], "MB", at_most=20, note="scheduler and client, one process")
        workers = list(client.scheduler_info()["workers"])
        both, one = [], []
        for _ in range(ROUNDS):
            with client.get_executor(workers=workers[:1]) as executor:
                one.append(took(real, REAL, executor))
            with client.get_executor(workers=workers) as executor:
                both.append(took(real, REAL, executor))
        yield ratio("Dask, real trials on two workers against one", one, both, note="2 would be perfect")
