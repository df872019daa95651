"""How fast `network.train` is beside the frameworks: the time of one step of one run, Adam, one thread."""

import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import replace

from tests.bench import _contenders, interleaved, ratio, row

PACKAGES = ["numpy", "torch", "jax", "optax", "keras", "tensorflow-cpu", "scikit-learn"]
ROUNDS = 5
SMALL = _contenders.Network((2, 5, 2, 1), 1024, 64, "float64", epochs=50, slow_epochs=2)
MEDIUM = replace(SMALL, layers=(2, 10, 5, 1))
DIGITS = _contenders.Network((64, 32, 16, 1), 1408, 64, "float32", epochs=25, slow_epochs=2)
LARGE = _contenders.Network((784, 256, 64, 1), 8192, 256, "float32", epochs=5, slow_epochs=1)
DOUBLE = replace(LARGE, dtype="float64", epochs=2)
MANY, MANY_DIGITS = replace(SMALL, epochs=5, runs=64), replace(DIGITS, epochs=5, runs=16)
NETWORKS = [SMALL, MEDIUM, DIGITS, LARGE]

OTHERS = {  # each in a process of its own, and what the table calls it
    "pytorch_eager": "PyTorch eager",
    "pytorch_eager_with_fused_adam": "PyTorch eager, fused Adam",
    "pytorch_compiled": "torch.compile",
    "jax_jit_of_a_step": "JAX, jit of a step",
    "jax_scan": "JAX, scan of all steps",
    "keras_fit": "Keras fit",
    "scikit_learn": "scikit-learn MLPClassifier",
}
OURSELVES = {  # what each trick is worth; none of them needs a process of its own
    "numpy_dict": [SMALL, LARGE],
    "numpy_pure": [SMALL, LARGE],
    "numpy_one_block": [LARGE],
    "pick_columns": [LARGE],
    "pick_rows": [LARGE],
    "matrix_products": [SMALL, LARGE],
    "adam_alone": [SMALL, LARGE],
}


def rows():
    os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
    tasks = [("numpy", "numpy", net) for net in (*NETWORKS, DOUBLE, MANY, MANY_DIGITS)]
    tasks += [(other, other, net) for other in OTHERS for net in NETWORKS]
    tasks += [("jax_scan", "jax_scan", net) for net in (MANY, MANY_DIGITS)]
    tasks += [("ourselves", ours, net) for ours, networks in OURSELVES.items() for net in networks]
    spawn = multiprocessing.get_context("spawn")
    with ExitStack() as stack:
        processes = {name: stack.enter_context(ProcessPoolExecutor(1, spawn)) for name in dict.fromkeys(task[0] for task in tasks)}

        def timed(process, contender, net):
            return lambda: processes[process].submit(_contenders.microseconds, contender, net).result()

        for process, contender, net in tasks:
            timed(process, contender, net)()
        took = interleaved({(contender, net): timed(process, contender, net) for process, contender, net in tasks}, ROUNDS)
        memory = {name: processes[name].submit(_contenders.peak_memory).result() for name in ("numpy", *OTHERS)}

    ours = {net: took["numpy", net] for net in (*NETWORKS, DOUBLE, MANY, MANY_DIGITS)}
    for net, least in ((SMALL, 8), (MEDIUM, 8), (DIGITS, 6), (LARGE, 1.4)):
        yield row(f"step of {net}", ours[net], "µs", note=f"batch {net.batch}, {net.dtype}")
        for other, name in OTHERS.items():
            yield ratio(f"against {name}, {net}", took[other, net], ours[net], at_least=least if other == "pytorch_eager" else None)
    for net, least in ((SMALL, None), (LARGE, 75)):
        share = [100 * products / step for products, step in zip(took["matrix_products", net], ours[net], strict=True)]
        yield row(f"share of its matrix products, {net}", share, "%", at_least=least)
        for ours_alone, what in (("matrix_products", "its matrix products"), ("adam_alone", "Adam")):
            yield row(f"of a step of {net}, {what} alone", took[ours_alone, net], "µs")
    yield row(f"of a step of {LARGE}, picking the batch alone", took["pick_rows", LARGE], "µs")
    for net, one, least, most in ((MANY, SMALL, 80, 1.3), (MANY_DIGITS, DIGITS, None, None)):
        what = f"stack of {net.runs} {net}"
        yield row(f"{what}, step of a run", ours[net], "µs")
        yield ratio(f"{what} against PyTorch eager", took["pytorch_eager", one], ours[net], at_least=least)
        yield ratio(f"{what}, time against JAX vmap and scan", ours[net], took["jax_scan", net], at_most=most)
        yield ratio(f"{what} against one run", ours[one], ours[net])
    for net in (SMALL, LARGE):
        yield ratio(f"against a dict of arrays, {net}", took["numpy_dict", net], ours[net])
        yield ratio(f"Adam in place against the pure update, {net}", took["numpy_pure", net], ours[net])
    yield ratio(f"in blocks against one long vector, {LARGE}", took["numpy_one_block", LARGE], ours[LARGE])
    yield ratio(f"float32 against float64, {LARGE}", ours[DOUBLE], ours[LARGE])
    yield ratio(f"rows picked against columns picked, {LARGE}", took["pick_columns", LARGE], took["pick_rows", LARGE])
    for name, peak in memory.items():
        yield row(f"memory at peak, {OTHERS.get(name, 'NumPy')}", [peak], "MB", note="of the whole process, for all four networks")
