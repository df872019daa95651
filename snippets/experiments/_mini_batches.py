"""How long an epoch takes with batches of each size, kept beside this file: a clock says something else on every machine.

    python -m snippets.experiments._mini_batches

writes mini_batches.json anew. Two builds of the site then agree; `make bench` prints what the clock says now beside what is kept.
"""

import datetime
import json
import platform
import time
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from snippets import initialization, network
from snippets.experiments._data import digits
from snippets.experiments.mini_batches import LAYERS, SIZES

KEPT = Path(__file__).with_name("mini_batches.json")
NEIGHBOURS = [60, 63, 65, 68]  # of the power of two that stands in SIZES
TURNS = 20


def measure() -> dict[str, float]:
    """Seconds of an epoch for each size, of the processor's: the best of several turns, in each of which every size has its turn."""
    X, Y, _, _ = digits()
    start = initialization.he(LAYERS, np.random.default_rng(0))
    best = dict.fromkeys([*SIZES, *NEIGHBOURS], np.inf)
    with threadpool_limits(1):
        for _ in range(TURNS):
            for size in best:
                begin = time.process_time()
                network.train(X, Y, start, epochs=1, learning_rate=0.1, batch_size=size, rng=np.random.default_rng(0))
                best[size] = min(best[size], time.process_time() - begin)
    return {str(size): seconds for size, seconds in best.items()}


if __name__ == "__main__":
    machine = f"{platform.system()} on {platform.machine()}, one thread"
    made = {"made": datetime.date.today().isoformat(), "machine": machine, "numpy": np.__version__, "turns": TURNS, "seconds": measure()}
    KEPT.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
