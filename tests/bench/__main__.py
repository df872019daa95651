"""`python -m tests.bench [part ...]`: measure these parts or all, print one table, keep it for pages; exit 1 where a limit is missed."""

import datetime
import os
import platform
import sys
import time
import traceback
from importlib import import_module, metadata
from pathlib import Path

from tests.bench import PARTS

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"  # before NumPy, here and in every process that a part starts


def machine() -> str:
    """What the figures hold for, in words that tell nobody which machine it was."""
    try:
        cpu = next(line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")).split(": ")[1]
    except (OSError, StopIteration):
        cpu = platform.machine()
    import numpy  # noqa: F401 - brings OpenBLAS, which has products of its own for each kind of processor
    from threadpoolctl import threadpool_info

    products = {one["architecture"] for one in threadpool_info() if one["internal_api"] == "openblas"}
    return f"{platform.system()}, {os.cpu_count()} cores, {cpu}" + "".join(f", products by OpenBLAS for {name}" for name in products)


def main(wanted: list[str]) -> int:
    from rich.console import Console
    from rich.table import Table

    from snippets.experiments import _bench

    unknown = [part for part in wanted if part not in PARTS]
    if unknown:
        print(f"no such part: {', '.join(unknown)}; there are {', '.join(PARTS)}", file=sys.stderr)
        return 2
    measured, failed = {}, []
    for part in wanted or PARTS:
        begin = time.perf_counter()
        try:
            module = import_module(f"tests.bench.{part}")
            rows = list(module.rows())
        except Exception:
            traceback.print_exc()
            failed.append(part)
            continue
        print(f"{part}: {len(rows)} rows in {time.perf_counter() - begin:.0f} s", flush=True)
        packages = module.PACKAGES if isinstance(module.PACKAGES, dict) else {name: metadata.version(name) for name in module.PACKAGES}
        versions = {"Python": platform.python_version()} | packages
        about = {"made": datetime.date.today().isoformat(), "machine": machine(), "versions": versions}
        measured[part] = about | {"rows": rows}
    _bench.keep(measured)
    table = Table("Part", *_bench.HEADINGS)
    for part, about in measured.items():
        for row in about["rows"]:
            table.add_row(part, *(cell.replace("[", r"\[") for cell in row.cells()), style=None if row.met else "bold red")
    Console(width=None if sys.stdout.isatty() else 160).print(table)
    missed = [f"{part}: {row.name}" for part, about in measured.items() for row in about["rows"] if not row.met]
    for what, names in (("missed", missed), ("failed, their old rows stay", failed)):
        if names:
            print(f"{what}: {', '.join(names)}", file=sys.stderr)
    return bool(missed or failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
