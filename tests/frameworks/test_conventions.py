"""Each cell of the conventions page is what its library does when asked.

The tables are read from docs/conventions.md. For each row `READ` says what an observation means, in the very words of the
page: what a library did is compared with what each possible convention would have given. So a library that changes fails
the test of its cell, which says what it does now.
"""

import re

import numpy as np
import pytest

from snippets.site.source import ROOT
from tests.frameworks import _jax, _note, _pandas
from tests.frameworks._probe import (
    BATCH,
    BETA,
    BN_EPSILON,
    BN_MOMENTUM,
    DECAY,
    DROPOUT,
    EPSILON,
    GRADIENTS,
    LAMBD,
    N_IN,
    N_OUT,
    RATE,
    RATES,
    SERIES,
    WEIGHT,
    M,
)
from tests.oracles import needs_tensorflow, needs_torch, torch

PAGE = ROOT / "docs" / "conventions.md"
NEEDS = {"PyTorch": needs_torch, "Keras": needs_tensorflow, "TensorFlow 1": needs_tensorflow}


# The page's tables.


def plain(cell: str) -> str:
    """A cell without the name of what was called, which may stand first: `he`: and the like."""
    return re.sub(r"^`[^`]+`: ", "", cell.strip())


def cells() -> list[tuple[str, str, str, str]]:
    """(section, row, library, what the page says) of each cell in a section of READ."""
    found, section = [], ""
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            section, heads = line[3:], []
        elif line.startswith("|") and section in {section for section, _ in READ}:
            row, *rest = [cell.strip() for cell in line.strip("|").split("|")]
            if not heads:
                heads = [re.sub(r" `.*", "", head) for head in rest]
            elif not set(row) <= set("-: "):
                found += [(section, row, library, plain(cell)) for library, cell in zip(heads, rest, strict=True)]
    return found


# What an observation means.


def which(seen, candidates: dict, rtol=1e-4) -> str:
    """The one candidate that is what was seen, or what was seen."""
    seen = np.asarray(seen, float)
    fits = [text for text, value in candidates.items() if np.allclose(seen, value, rtol=rtol, atol=1e-9)]
    return fits[0] if len(fits) == 1 else f"something else: {seen.tolist()}"


def velocity(seen) -> str:
    paths = {}
    for text in ("average", "sum", "inside"):
        w = v = 0.0
        path = []
        for rate, g in zip(RATES, GRADIENTS, strict=True):
            v = BETA * v + {"average": 1 - BETA, "sum": 1.0, "inside": -rate}[text] * g
            w = w + v if text == "inside" else w - rate * v
            path.append(w)
        paths[text] = path
    names = {"average": r"$v := \beta v + (1 - \beta)\, dW$", "sum": r"$v := \beta v + dW$", "inside": r"$v := \beta v - \alpha\, dW$"}
    return which(seen, {names[text]: path for text, path in paths.items()})


def first_step(seen) -> str:
    return which(seen[0], {r"$(1 - \beta)\,\alpha$": -(1 - BETA) * RATE, r"$\alpha$": -RATE})


def factor(seen) -> str:
    if seen is None:
        return "none"
    paths = {}
    for text in ("first", "second"):
        w = v = 0.0
        path = []
        for t, g in enumerate(GRADIENTS):
            v = BETA * v + (1 if text == "second" and not t else 1 - BETA) * g
            w -= v
            path.append(w)
        paths[rf"$1 - \beta$, from the {text} step on"] = path
    return which(seen, paths)


def constant(*index):
    def read(seen) -> str:
        for i in index:
            seen = seen[i]
        if isinstance(seen, str):
            return seen
        text = f"{seen:g}"
        return re.sub(r"^1e-0*(\d+)$", r"$10^{-\1}$", text)

    return read


def squares(place, start):
    """RMSprop's path where epsilon stands in this place and s starts at this."""
    w, s, path = 0.0, start, []
    for rate, g in zip(RATES, GRADIENTS, strict=True):
        s = BETA * s + (1 - BETA) * g**2
        w -= rate * g / (np.sqrt(s) + EPSILON if place == "outside" else np.sqrt(s + EPSILON))
        path.append(w)
    return path


ROOT_OF = {r"$\sqrt{s} + \epsilon$": "outside", r"$\sqrt{s + \epsilon}$": "inside"}


def rmsprop_divides(seen) -> str:
    fits = {which(seen, {text: squares(place, start) for text, place in ROOT_OF.items()}) for start in (0.0, 1.0)}
    return min(fits, key=lambda text: text.startswith("something"))


def rmsprop_starts(seen) -> str:
    fits = {which(seen, {f"{start:g}": squares(place, start) for start in (0.0, 1.0)}) for place in ROOT_OF.values()}
    return min(fits, key=lambda text: text.startswith("something"))


def adam_divides(seen) -> str:
    paths = {r"$\sqrt{\hat s} + \epsilon$": [], r"$\sqrt{\hat s + \epsilon}$": [], r"$\sqrt{s} + \epsilon$, corrected afterwards": []}
    for text, path in paths.items():
        w = v = s = 0.0
        for t, (rate, g) in enumerate(zip(RATES, GRADIENTS, strict=True), 1):
            v, s, corrected = 0.7 * v + 0.3 * g, BETA * s + (1 - BETA) * g**2, 1 - BETA**t
            afterwards = (np.sqrt(s) + EPSILON) / np.sqrt(corrected)
            divisor = {"+": np.sqrt(s / corrected) + EPSILON, "i": np.sqrt(s / corrected + EPSILON), "a": afterwards}
            w -= rate * v / (1 - 0.7**t) / divisor["a" if "afterwards" in text else "i" if r"s + \epsilon" in text else "+"]
            path.append(w)
    return which(seen, paths)


def decay_in_sgd(seen) -> str:
    paths = {"joins the gradient": [], r"shrinks $W$ by $\alpha \delta$ times itself": []}
    for text, path in paths.items():
        w, v, inside = WEIGHT, 0.0, "gradient" in text
        for rate, g in zip(RATES, GRADIENTS, strict=True):
            if inside:
                v = BETA * v + g + DECAY * w
                w -= rate * v
            else:  # Keras: the learning rate stands in the velocity
                v = BETA * v - rate * g
                w = w - rate * DECAY * w + v
            path.append(w)
    return which(seen, paths)


def decay_in_adam(seen) -> str:
    """One step, in which Adam makes a step of the learning rate of any gradient."""
    shrinking = {
        "joins the gradient": WEIGHT - RATE,
        r"shrinks $W$ by $\alpha \delta$ times itself": WEIGHT - RATE - RATE * DECAY * WEIGHT,
        r"shrinks $W$ by $\delta$ times itself": WEIGHT - RATE - DECAY * WEIGHT,
    }
    return which(seen, shrinking)


def biases(seen) -> str:
    return which(seen, {"left alone": WEIGHT, "shrunk too": WEIGHT - RATE * DECAY * WEIGHT})


def penalty(seen) -> str:
    return which(
        seen,
        {
            r"$\frac{\lambda}{2m} \sum W^2$": LAMBD / M * WEIGHT,
            r"$\frac{\lambda}{2} \sum W^2$": LAMBD * WEIGHT,
            r"$\lambda \sum W^2$": 2 * LAMBD * WEIGHT,
        },
    )


SQUARED = sum((x - 4) ** 2 for x in BATCH)


def forward(seen) -> str:
    z, n = np.array(BATCH) - 4, len(BATCH)
    return which(
        seen,
        {
            r"$\sqrt{\sigma^2 + \epsilon}$, by $m$": z / np.sqrt(SQUARED / n + BN_EPSILON),
            r"$\sqrt{\sigma^2 + \epsilon}$, by $m - 1$": z / np.sqrt(SQUARED / (n - 1) + BN_EPSILON),
            r"$\sigma + \epsilon$, by $m$": z / (np.sqrt(SQUARED / n) + BN_EPSILON),
        },
    )


def running(part):
    """The pair of (what momentum weighs, what the variance divides by) that gives the running averages, and of it one part."""

    def read(seen) -> str:
        found = {}
        for weighs, old in (("the old value", BN_MOMENTUM), ("the new value", 1 - BN_MOMENTUM)):
            for by, divisor in (("$m$", len(BATCH)), ("$m - 1$", len(BATCH) - 1)):
                found[f"{weighs}|{by}"] = [(1 - old) * 4, old + (1 - old) * SQUARED / divisor]
        text = which(seen, found)
        return text.split("|")[part] if "|" in text else text

    return read


def starts(seen) -> str:
    return f"{seen[0]:g} and {seen[1]:g}"


def alone(seen) -> str:
    return seen if isinstance(seen, str) else which(seen, {r"comes out as $\beta$": 3.0})


def share(seen) -> str:
    return which(seen["zeros"], {"the share that is dropped": DROPOUT, "the share that is kept": 1 - DROPOUT}, rtol=0.06)


def scaling(seen) -> str:
    return which(seen["kept"], {"divided by the share kept": 1 / round(1 - seen["zeros"], 1), "as they were": 1.0})


def unchanged(seen) -> str:
    return "as it was" if seen else "changed"


VARIANCES = {
    "$2 / n_{in}$": 2 / N_IN,
    "$1 / n_{in}$": 1 / N_IN,
    "$2 / (n_{in} + n_{out})$": 2 / (N_IN + N_OUT),
    "$2 / n_{out}$": 2 / N_OUT,
    r"$\frac13 / n_{in}$": 1 / (3 * N_IN),
    "0": 0.0,
}


def variance(seen) -> str:
    return which(seen["variance"] if isinstance(seen, dict) else seen, VARIANCES, rtol=0.04)


def shape(seen) -> str:
    """By the mean fourth power: 3 for normals, 1.8 for uniform draws; and by where they end."""
    if abs(seen["fourth"] - 1.8) < 0.05:
        return "uniform"
    return "normal, cut" if seen["furthest"] < 2.3 else "normal" if abs(seen["fourth"] - 3) < 0.15 else f"something else: {seen}"


def dense(seen) -> str:
    return f"{shape(seen)}, {variance(seen)}"


def sides(seen) -> str:
    return {(N_OUT, N_IN): "$(n_{out}, n_{in})$", (N_IN, N_OUT): "$(n_{in}, n_{out})$"}[tuple(seen)]


def averaged(part):
    def read(seen) -> str:
        found = {}
        for weighs, beta in (("the old value", BETA), ("the new value", 1 - BETA)):
            v = np.cumsum([(1 - beta) * x * beta**-t for t, x in enumerate(SERIES, 1)]) * [beta**t for t in range(1, len(SERIES) + 1)]
            first, path = SERIES[0], []
            for x in SERIES:
                first = beta * first + (1 - beta) * x
                path.append(first)
            corrected = v / [1 - beta**t for t in range(1, len(SERIES) + 1)]
            paths = {"starts at 0": v, "starts at 0, corrected": corrected, "starts at the first value": path}
            found |= {f"{weighs}|{text}": values for text, values in paths.items()}
        text = which(seen, found)
        return text.split("|")[part] if "|" in text else text

    return read


def counts(seen) -> str:
    """By the rates at the start, after an update and, where there is such a call, after each of two calls of `step()`."""
    does = {(1.0, 0.5): "updates", (1.0, 1.0, 0.5, 0.25): "calls of `step()`"}
    return does.get(tuple(np.round(seen, 6).tolist()), f"something else: {seen}")


def boundary(seen) -> str:
    return which(seen, {"the new rate": [1.0, 0.5, 0.5], "the old rate": [1.0, 1.0, 0.5]})


def cosine(seen) -> str:
    paths = {}
    for text, total in (("the start", 6), ("the end of the warmup", 8)):
        done = (np.clip(np.arange(10), 2, total) - 2) / (total - 2)
        paths[text] = np.where(np.arange(10) < 2, np.arange(10) / 2, (1 + np.cos(np.pi * done)) / 2)
    return which(np.round(seen, 6), {text: np.round(path, 6) for text, path in paths.items()})


READ = {  # (section, row): the name of the observation, and what it means
    ("Momentum", "Velocity"): ("momentum path", velocity),
    ("Momentum", "First step, if $dW = 1$"): ("momentum path", first_step),
    ("Momentum", "A factor on the gradient, if asked for"): ("momentum factor", factor),
    ("Momentum", r"$\beta$, unless given"): ("momentum beta", constant()),
    ("RMSprop", "Divides by"): ("rmsprop path", rmsprop_divides),
    ("RMSprop", "$s$ starts at"): ("rmsprop path", rmsprop_starts),
    ("RMSprop", r"$\alpha$, unless given"): ("rmsprop defaults", constant(0)),
    ("RMSprop", r"$\beta$, unless given"): ("rmsprop defaults", constant(1)),
    ("RMSprop", r"$\epsilon$, unless given"): ("rmsprop defaults", constant(2)),
    ("Adam", "Divides by"): ("adam path", adam_divides),
    ("Adam", r"$\alpha$, unless given"): ("adam defaults", constant(0)),
    ("Adam", r"$\beta_1$, unless given"): ("adam defaults", constant(1)),
    ("Adam", r"$\beta_2$, unless given"): ("adam defaults", constant(2)),
    ("Adam", r"$\epsilon$, unless given"): ("adam defaults", constant(3)),
    ("L2 and weight decay", "Penalty of strength $\\lambda$"): ("l2", penalty),
    ("L2 and weight decay", "Decay passed to gradient descent with momentum"): ("decay in sgd", decay_in_sgd),
    ("L2 and weight decay", "Decay passed to Adam"): ("decay in adam", decay_in_adam),
    ("L2 and weight decay", "AdamW"): ("adamw", decay_in_adam),
    ("L2 and weight decay", "Its decay, unless given"): ("adamw default", constant()),
    ("L2 and weight decay", "Its biases, unless told"): ("bias", biases),
    ("Batch normalization", "Momentum weighs"): ("bn running", running(0)),
    ("Batch normalization", "Momentum, unless given"): ("bn defaults", constant(0)),
    ("Batch normalization", "Running variance divides by"): ("bn running", running(1)),
    ("Batch normalization", "Running mean and variance start at"): ("bn start", starts),
    ("Batch normalization", "Training divides by"): ("bn forward", forward),
    ("Batch normalization", r"$\epsilon$, unless given"): ("bn defaults", constant(1)),
    ("Batch normalization", "A batch of one"): ("bn one", alone),
    ("Dropout", "Its number is"): ("dropout", share),
    ("Dropout", "What is kept is"): ("dropout", scaling),
    ("Dropout", "Switched off, it leaves the input"): ("dropout off", unchanged),
    ("Initialization", "He"): ("he", variance),
    ("Initialization", "Xavier, or Glorot"): ("glorot", variance),
    ("Initialization", "LeCun"): ("lecun", variance),
    ("Initialization", "Drawn as, for Xavier"): ("glorot", shape),
    ("Initialization", "A dense layer's weights, unless asked"): ("dense", dense),
    ("Initialization", "The variance of its biases"): ("dense bias", variance),
    ("Initialization", "Shape of $W$"): ("weights", sides),
    ("Moving averages", "Unless asked"): ("average", averaged(1)),
    ("Moving averages", "If asked"): ("average, other", averaged(1)),
    ("Moving averages", "Its number weighs"): ("average", averaged(0)),
    ("Learning-rate decay", "Counts"): ("schedule counts", counts),
    ("Learning-rate decay", "At the boundary of a table comes"): ("schedule boundary", boundary),
    ("Learning-rate decay", "A cosine's length counts from"): ("schedule cosine", cosine),
    ("Learning-rate decay", "Exponential base, unless given"): ("schedule base", constant()),
}


@pytest.fixture(scope="session")
def observed(request):
    """`observed(library)`: what a library did."""
    kept = {}

    def get(library: str) -> dict:
        if library not in kept:
            if library in ("Keras", "TensorFlow 1"):
                kept[library] = request.getfixturevalue("tensorflow")[library]
            elif library == "PyTorch":
                from tests.frameworks import _pytorch

                kept[library] = _pytorch.observe()
            else:
                kept[library] = {"This note": _note, "Optax": _jax, "JAX": _jax, "pandas": _pandas}[library].observe()
        return kept[library]

    return get


@pytest.mark.parametrize(
    ("section", "row", "library", "says"),
    [pytest.param(*cell, id=", ".join(cell[:3]), marks=[NEEDS[cell[2]]] if cell[2] in NEEDS else []) for cell in cells()],
)
def test_each_cell_says_what_the_library_does(section, row, library, says, observed):
    name, read = READ[section, row]
    does = read(observed(library)[name]) if name in observed(library) else "—"
    assert says == does, f"docs/conventions.md, {section}, {row}, {library}: the page says {says}, the library does {does}"


def test_the_page_has_each_row_and_no_other():
    assert list(dict.fromkeys(cell[:2] for cell in cells())) == list(READ)
    assert sum(cell[3] != "—" for cell in cells()) > 130


def test_the_page_names_the_versions_that_are_pinned_for_ci():
    said = dict(re.findall(r"^\| (\w+) \| ([\d.]+) \|$", PAGE.read_text(encoding="utf-8"), re.M))
    pins = dict(re.findall(r"^([a-z-]+)==([\d.]+)(?: ; (?!.*>= '3\.12').*)?$", (ROOT / "requirements.txt").read_text(), re.M))
    torchs = re.search(r"torch==([\d.]+)", (ROOT / ".ci" / "run").read_text())[1]
    names = {"TensorFlow": "tensorflow-cpu", "Keras": "keras", "Optax": "optax", "JAX": "jax", "pandas": "pandas"}
    assert said == {"PyTorch": torchs} | {shown: pins[name] for shown, name in names.items()}


@needs_torch
def test_pytorch_is_the_version_that_is_named():
    assert re.search(rf"\| PyTorch \| {re.escape(torch.__version__.split('+')[0])} \|", PAGE.read_text(encoding="utf-8"))


def test_a_changed_convention_is_told_from_every_other():
    """What no library does now is read as what it is, or as something else."""
    assert velocity(np.zeros(6)).startswith("something else") and squares("inside", 0.0) != squares("outside", 0.0)
    assert rmsprop_divides(squares("inside", 1.0)) == r"$\sqrt{s + \epsilon}$" and rmsprop_starts(squares("inside", 1.0)) == "1"
    assert rmsprop_divides(np.zeros(6)).startswith("something else") and running(1)([0, 0]).startswith("something else")
    assert running(0)([4 * 0.7, 0.3 + 0.7 * SQUARED / 3]) == "the new value" and running(1)([4 * 0.7, 0.3 + 0.7 * SQUARED / 3]) == "$m - 1$"
