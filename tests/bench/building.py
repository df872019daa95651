"""How long a build takes beside stock Material for MkDocs, Zensical and Sphinx with MyST, all given the same pages.

Each page has seven formulas, some 800 words, a table, two blocks of code and links; there is nothing to run or to draw. Ours
renders its formulas while it builds, and checks all it checks. Theirs leave them to a script in the reader's browser; Material
and Zensical are also measured with an extension that has the same KaTeX render them (katex.py). Sphinx and MyST are no part of
this project: they are installed, as pinned in sphinx.txt, into an environment of their own.
"""

import contextlib
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import time
import venv
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

from snippets.experiments._cache import CACHE, ROOT
from tests.bench import interleaved, ratio, row

SPHINX = Path(__file__).with_name("sphinx.txt")
HERE = CACHE / "bench"
PAGES, MANY, ROUNDS, LONG_ROUNDS, EDITS = 25, 400, 5, 2, 5  # a build of many pages takes as long as ten of few
PINNED = dict(line.split("==") for line in SPHINX.read_text(encoding="utf-8").split())
PACKAGES = {name: metadata.version(name) for name in ("mkdocs", "mkdocs-material", "zensical")}
PACKAGES |= {name: PINNED[name] for name in ("Sphinx", "myst-parser")}

PAGE = r"""---
description: Page {n} of a note made to be built.
---
# Page {n}

A weighted average of what came before, $v_t = \beta v_{{t-1}} + (1 - \beta) \theta_t$, forgets with the weight $\beta^{letters}$. See
[the first page](index.md) and [the one before](page_{before}.md).

{prose}

$$
\hat{{v}}_t = \frac{{v_t}}{{1 - \beta^t}} \qquad t = 1, \ldots, {letters}
$$
<!-- notation -->

## How far it looks back

About $\frac{{1}}{{1 - \beta}}$ steps, for $\beta^{{1 / (1 - \beta)}} \approx \frac{{1}}{{e}}$. So it is *short* where $\beta$ is small.

{prose}

| What | How | Where |
|---|---|---|
| a sum | by hand | on [the first page](index.md) |
| a mean | **twice** | in `average` |
| nothing | not at all | nowhere |

```python
import numpy as np


def average(values, beta=0.9):
    # each with less weight the longer ago it was
    weights = beta ** np.arange(len(values))[::-1]
    if not len(values):
        raise ValueError("values: there are none")
    return weights @ values / weights.sum()
```

## What it costs

{prose}

!!! note "In short"
    It costs a number for each weight, and *nothing else*. {prose}

- One step of {letters}, and `another`.
- A second one, with [a link](page_{before}.md#what-it-costs).
- The last one.

$$
J = \frac{{1}}{{m}} \sum_{{i=1}}^{{m}} \mathcal{{L}}(\hat{{y}}^{{(i)}}, y^{{(i)}}) + \frac{{\lambda}}{{2m}} \lVert W \rVert_F^2
$$
<!-- notation -->

## When it fails

{prose}

1. Where the values change faster than it forgets.
2. Where there are **few** of them, as `average` says.

```python
import numpy as np

values = np.array([0.5, 1.5, 2.5])
steps = np.diff(values)
assert (steps == 1).all(), "each is one more than the one before"
```

## Sources of error

{prose}
"""
PROSE = """Whoever measures the same thing every day gets a curve that jumps. The jumps are not what he wants to know, and so he
takes the mean of the last days, which is **smoother** and comes late. How late is decided by a single number, and no choice of it is
right for all curves: a long memory is calm and slow, a short one is quick and nervous. One looks at both, and then at what the
curve is *for*. Code such as `average` does the rest, and a reader who doubts it can run it."""
STOCK = """site_name: Stock
theme: {name: material, font: false}
markdown_extensions:
  - admonition
  - attr_list
  - tables
  - md_in_html
  - toc: {permalink: true}
  - pymdownx.arithmatex: {generic: true}
  - pymdownx.highlight
  - pymdownx.superfences
"""
CONF = "project = 'Stock'\nextensions = ['myst_parser', 'sphinx.ext.mathjax']\nmyst_enable_extensions = ['dollarmath']\n"


def write_pages(folder: Path, count: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for n in range(1, count + 1):
        letters = "".join("abcdefghkm"[int(digit)] for digit in str(n))  # no two pages have the same formulas; a number is a result
        (folder / f"page_{n}.md").write_text(PAGE.format(n=n, before=max(n - 1, 1), letters=letters, prose=PROSE), encoding="utf-8")
    index = "---\ndescription: All pages.\n---\n# All pages\n\n" + "".join(f"- [Page {n}](page_{n}.md)\n" for n in range(1, count + 1))
    (folder / "index.md").write_text(index, encoding="utf-8")


def ours(folder: Path, count: int) -> None:
    """What makes our pages, and no topic."""
    for made in ("snippets/site", "docs/assets"):
        shutil.copytree(ROOT / made, folder / made, ignore=shutil.ignore_patterns("__pycache__"))
    for file in ("__init__", "experiments/__init__", "experiments/_cache", "experiments/_bench", "figures/__init__", "figures/_draw"):
        (folder / "snippets" / file).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / "snippets" / f"{file}.py", folder / "snippets" / f"{file}.py")
    (folder / "tests").mkdir()
    (folder / "node_modules").symlink_to(ROOT / "node_modules")
    config = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    (folder / "mkdocs.yml").write_text(re.sub(r"^nav:\n(?:[ ].*\n)+", "", config, flags=re.M), encoding="utf-8")
    write_pages(folder / "docs", count)


def stock(folder: Path, count: int) -> None:
    write_pages(folder / "docs", count)
    (folder / "mkdocs.yml").write_text(STOCK, encoding="utf-8")


def drawn(folder: Path, count: int) -> None:
    stock(folder, count)
    config = STOCK.replace("pymdownx.arithmatex: {generic: true}", "tests.bench.katex")
    (folder / "mkdocs.yml").write_text(config, encoding="utf-8")


def sphinx(folder: Path, count: int) -> None:
    write_pages(folder / "docs", count)
    (folder / "docs/conf.py").write_text(CONF, encoding="utf-8")
    with (folder / "docs/index.md").open("a", encoding="utf-8") as index:
        index.write("\n```{toctree}\n" + "".join(f"page_{n}\n" for n in range(1, count + 1)) + "```\n")


def sphinx_python() -> str:
    """The Python of an environment with what sphinx.txt pins."""
    folder = HERE / "sphinx"
    python, done = folder / "bin" / "python", folder / "sphinx.txt"
    if not done.exists() or done.read_text(encoding="utf-8") != SPHINX.read_text(encoding="utf-8"):
        venv.create(folder, clear=True, with_pip=True)
        install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--requirement", SPHINX]
        subprocess.run(install, check=True)
        shutil.copy(SPHINX, done)
    return str(python)


def builders() -> dict[str, tuple[Callable, list[str], list[str]]]:
    """For each builder how its folder is laid out, its command, and what it keeps from one build to the next."""
    mkdocs = [sys.executable, "-m", "mkdocs", "build"]
    return {
        "ours": (ours, [*mkdocs, "--strict"], [".cache", "site"]),
        "Material": (stock, [*mkdocs, "--strict"], ["site"]),
        "Zensical": (stock, [sys.executable, "-m", "zensical", "build"], [".cache", "site"]),
        "Material with KaTeX": (drawn, [*mkdocs, "--strict"], [".cache", "site"]),
        "Zensical with KaTeX": (drawn, [sys.executable, "-m", "zensical", "build"], [".cache", "site"]),
        "Sphinx": (sphinx, [sphinx_python(), "-m", "sphinx", "-q", "docs", "site"], ["site"]),
    }


def environment(folder: Path) -> dict[str, str]:
    code = folder if (folder / "snippets").exists() else ROOT
    own = {"PYTHONPATH": str(code), "NOTE_CACHE": str(folder / ".cache"), "SITE_URL": ""}
    usual = {"PYTHONWARNINGS": "", "PYTHONDONTWRITEBYTECODE": ""}  # whatever is set here; what pip installs is compiled, and so may ours be
    return os.environ | own | usual | {"NO_MKDOCS_2_WARNING": "1"}


def build(folder: Path, command: list[str]) -> tuple[float, float]:
    """Seconds by the clock, and seconds of the processor, children and all."""
    before, begin = os.times(), time.perf_counter()
    run = subprocess.run(command, cwd=folder, env=environment(folder), capture_output=True, text=True)
    taken, after = time.perf_counter() - begin, os.times()
    if run.returncode:
        raise RuntimeError(f"{' '.join(command)} in {folder}:\n{run.stdout}{run.stderr}")
    return taken, after.children_user + after.children_system - before.children_user - before.children_system


def anew(folder: Path, command: list[str], keeps: list[str]) -> tuple[float, float]:
    """A build to which nothing was kept."""
    for name in keeps:
        shutil.rmtree(folder / name, ignore_errors=True)
    return build(folder, command)


def touched(folder: Path, command: list[str], page: Path) -> tuple[float, float]:
    with page.open("a", encoding="utf-8") as file:
        file.write("\nOne sentence more.\n")
    return build(folder, command)


def laid_out(name: str, count: int, lay_out: Callable) -> Path:
    folder = HERE / "building" / f"{name}-{count}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    lay_out(folder, count)
    return folder


def rows():
    makers = builders()
    folders = {name: laid_out(name, PAGES, lay_out) for name, (lay_out, *_) in makers.items()}
    cold = interleaved({n: lambda n=n: anew(folders[n], makers[n][1], makers[n][2]) for n in makers}, ROUNDS)
    touch = interleaved({n: lambda n=n: touched(folders[n], makers[n][1], folders[n] / "docs/page_7.md") for n in makers}, ROUNDS)
    limits = {"from nothing": {"Material with KaTeX": 1, "Zensical with KaTeX": 1}, "one touched": {"Sphinx": 1}}
    for what, taken in (("from nothing", cold), ("one touched", touch)):
        yield row(f"{PAGES} pages, {what}: ours", [clock for clock, _ in taken["ours"]], "s")
        for name in list(makers)[1:]:
            clock, processor = ([a[k] / b[k] for a, b in zip(taken[name], taken["ours"], strict=True)] for k in (0, 1))
            note = f"of the processor's time {statistics.median(processor):.2f} times"
            yield row(f"{PAGES} pages, {what}: {name} to ours", clock, "times", at_least=limits[what].get(name), note=note)
    yield from growth(folders["ours"], makers["ours"])
    yield from reload(folders["ours"])


def growth(few: Path, maker: tuple):
    lay_out, command, keeps = maker
    many = laid_out("ours", MANY, lay_out)
    pages = {PAGES: few, MANY: many}
    taken = interleaved({count: lambda folder=folder: anew(folder, command, keeps) for count, folder in pages.items()}, LONG_ROUNDS)
    each = {count: [clock / count for clock, _ in values] for count, values in taken.items()}
    yield row(f"{MANY} pages from nothing", [clock for clock, _ in taken[MANY]], "s")
    yield ratio(f"time for each page at {MANY} to that at {PAGES}", each[MANY], each[PAGES], at_most=1.2)
    again = [touched(many, command, many / "docs/page_7.md")[0] for _ in range(LONG_ROUNDS)]
    yield row(f"{MANY} pages after one was touched", again, "s")


SAYS = "words => document.querySelector('article')?.innerText.includes(words)"


def reload(folder: Path):
    """From an edit to the page that shows it, in a browser before `mkdocs serve`."""
    from tests.site import browser as browsers

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    command = [sys.executable, "-m", "mkdocs", "serve", "--no-strict", "--dev-addr", address]
    serving = subprocess.Popen(command, cwd=folder, env=environment(folder), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        with browsers.launched() as browser:
            taken = browser.visit(lambda page: edits(page, address, folder / "docs/page_7.md"), "reload", scheme="light", width=1280)
        yield row("from an edit to the reloaded page", taken, "s", at_most=1.5)
    finally:
        serving.terminate()
        serving.wait()


def edits(page, address: str, file: Path) -> list[float]:
    for _ in range(300):
        with contextlib.suppress(OSError), socket.create_connection(address.split(":"), 1):
            break
        time.sleep(0.1)
    page.goto(f"http://{address}/page_7/")
    taken = []
    for number in range(EDITS):
        time.sleep(2)  # a writer reads what he wrote; the server must have settled
        words = f"Edit {time.time_ns()} of {number}."
        begin = time.perf_counter()
        with file.open("a", encoding="utf-8") as text:
            text.write(f"\n{words}\n")
        page.wait_for_function(SAYS, arg=words, polling=20, timeout=30000)
        taken.append(time.perf_counter() - begin)
    return taken
