"""Explorables: what their JavaScript computes is what the snippets compute, to 1e-12, and a flipped sign in either is noticed."""

import ast
import functools
import inspect
import json
import re
import shutil
import subprocess
import types

import numpy as np
import pytest
from scipy.stats import kstest

from snippets import (
    adam,
    batch_norm,
    gradient_descent,
    hyperparameter_tuning,
    learning_rate_decay,
    local_optima,
    momentum,
    moving_averages,
    network,
    regularization,
    rmsprop,
)
from snippets.experiments import adam as race
from snippets.experiments import batch_norm as norms
from snippets.experiments import hyperparameter_tuning as searches
from snippets.experiments import initialization as spread
from snippets.experiments import moving_averages as averages
from snippets.experiments import regularization as moons
from snippets.experiments._data import digits
from snippets.figures import _style
from snippets.site import explorables, source
from snippets.site.formulas import node

# The twins: for each function in JavaScript the one in Python, and how random arguments are drawn.

SCRIPTS = source.DOCS / explorables.FOLDER
CASES = 1000
CALL = """
import { readFileSync } from "node:fs";
const { folder, calls } = JSON.parse(readFileSync(0));
const answers = [];
for (const [module, name, cases] of calls) {
  const called = name.split(".").reduce((part, key) => part[key], await import(`${folder}/${module}.js`));
  answers.push(cases.map(given => {
    try {
      return called(...given);
    } catch (error) {
      console.error(error);
      return null;
    }
  }));
}
console.log(JSON.stringify(answers));
"""


def javascript(*calls, folder=SCRIPTS):
    """What functions give, each for a list of arguments: calls are (module, name, list of arguments)."""
    run = subprocess.run(
        [node(), "--input-type=module", "--eval", CALL],
        input=json.dumps({"folder": folder.as_uri(), "calls": calls}),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert not run.returncode, run.stderr
    return json.loads(run.stdout)


def updated(module, w, dw, state, *constants):
    """A step of an optimizer, as plain lists."""
    state = {name: value if name == "t" else {"w": np.array(value)} for name, value in state.items()}
    params, state = module.update({"w": np.array(w)}, {"dw": np.array(dw)}, state, *constants)
    return [params["w"].tolist(), {name: value if name == "t" else value["w"].tolist() for name, value in state.items()}]


def surface(value_and_gradient):
    value, gradient = value_and_gradient
    return [float(value), gradient.ravel().tolist()]


def step(rng, state, constants):
    w, dw = rng.normal(size=(2, 3)).tolist()
    return [w, dw, {name: rng.uniform(size=3).tolist() if name != "t" else int(rng.integers(100)) for name in state}, *constants(rng)]


def layers(module, X, W, b, hidden):
    """The activations of input and hidden layers, an example a row; the network's own output is left out."""
    units = [len(X[0]), *map(len, W)]
    params = {}
    for l, (rows, shifts) in enumerate(zip(W, b, strict=True), 1):
        params |= {f"W{l}": np.array(rows), f"b{l}": np.array(shifts)[:, np.newaxis]}
    params |= {f"W{len(W) + 1}": np.zeros((1, units[-1])), f"b{len(W) + 1}": np.zeros((1, 1))}
    caches = module.forward(np.array(X).T, params, module.relu if hidden == "relu" else spread._tanh)[1]
    return [A.T.tolist() for A, _, _ in caches]


def network_of(rng, hidden):
    units = [3, 4, 2]
    W = [rng.normal(size=(k, n)).tolist() for n, k in zip(units, units[1:], strict=False)]
    return [rng.normal(size=(2, 3)).tolist(), W, [rng.normal(size=k).tolist() for k in units[1:]], hidden]


def schedule(rng, *constants):
    return [rng.uniform(0, 0.5), rng.uniform(1, 60), *constants]


def normalized(module, z, gamma, beta, epsilon):
    Z, cache = module.forward(np.array([z]), np.array([[gamma]]), np.array([[beta]]), epsilon)
    return {"z": Z[0].tolist(), "mean": cache["mean"].item(), "variance": cache["var"].item()}


def start(rng, units=(2, 4, 3, 1)):
    """The parameters of a network, as the scripts have them."""
    layers = zip(units, units[1:], strict=False)
    return [{"W": rng.normal(size=(k, n)).tolist(), "b": rng.normal(size=k).tolist()} for n, k in layers]


def named(params):
    """Such parameters as the snippets have them."""
    pairs = enumerate(params, 1)
    return {name: value for l, p in pairs for name, value in ((f"W{l}", np.array(p["W"])), (f"b{l}", np.array(p["b"])[:, np.newaxis]))}


def trained(module, X, Y, params, options, u):
    """One step of `train`, its dropout by the uniform draws given."""
    after, costs = module.train(np.array(X), np.array(Y, float), named(params), epochs=1, rng=Given(u), **options)
    layers = range(1, len(params) + 1)
    return {"params": [{"W": after[f"W{l}"].tolist(), "b": after[f"b{l}"].ravel().tolist()} for l in layers], "cost": float(costs[0])}


class Given(np.random.Generator):
    """A generator whose uniform draws are given."""

    def __init__(self, values):
        super().__init__(np.random.PCG64())
        self.values = np.array(values, float)

    def random(self, size):
        drawn, self.values = np.split(self.values, [np.prod(size)])
        return drawn.reshape(size)


def limits(rng):
    """Bounds and a scale that fits them."""
    low, high = np.sort(rng.uniform(0.1, 0.9, 2)).tolist()
    scale = ["linear", "log", "one_minus_log", "int"][rng.integers(4)]
    return [3, int(rng.integers(8, 30)), scale] if scale == "int" else [low, high, scale]


def space_of(rng):
    return {"alpha": limits(rng), "epsilon": limits(rng)}


def betas(rng, count):
    return (1 - 10 ** rng.uniform(-3, 0, count)).tolist()


TWINS = {  # (JavaScript's module, its name): (Python's module, the functions it takes, how it is called, how arguments are drawn)
    ("moving_averages", "exponentially_weighted_average"): (
        moving_averages, ["exponentially_weighted_average"],
        lambda m, theta, *more: m.exponentially_weighted_average(np.array(theta), *more).tolist(),
        lambda rng: [rng.uniform(1, 30, 20).tolist(), *betas(rng, 1), bool(rng.integers(2))],
    ),
    ("moving_averages", "window"): (moving_averages, ["window"], lambda m, beta: m.window(beta), lambda rng: betas(rng, 1)),
    ("optimizers", "gradient_descent.update"): (
        gradient_descent, ["update"], updated, lambda rng: step(rng, "", lambda rng: [rng.uniform()])
    ),
    ("optimizers", "momentum.update"): (
        momentum, ["update"], updated, lambda rng: step(rng, "v", lambda rng: [rng.uniform(), *betas(rng, 1)])
    ),
    ("optimizers", "rmsprop.update"): (
        rmsprop, ["update"], updated, lambda rng: step(rng, "s", lambda rng: [rng.uniform(), *betas(rng, 1), rng.uniform()])
    ),
    ("optimizers", "adam.update"): (
        adam, ["update"], updated, lambda rng: step(rng, "vst", lambda rng: [rng.uniform(), *betas(rng, 2), rng.uniform()])
    ),
    ("optimizers", "steps_to"): (
        race, ["_steps"], lambda m, values, target: int(m._steps(np.array(values), target)),
        lambda rng: [rng.uniform(size=4).tolist() + (rng.uniform(size=4) / 4).tolist(), rng.uniform(0, 0.5)],
    ),
    ("surfaces", "bowl"): (race, ["_bowl"], lambda m, w: surface(m._bowl(np.array(w))), lambda rng: [rng.normal(size=2).tolist()]),
    ("surfaces", "ravine"): (
        race, ["_ravine"], lambda m, w, angle, kappa: surface(m._ravine(angle, kappa)(np.array(w))),
        lambda rng: [rng.normal(size=2).tolist(), *rng.uniform(size=2).tolist()],
    ),
    ("surfaces", "saddle"): (
        local_optima, ["saddle"], lambda m, w: surface(m.saddle(np.array(w))), lambda rng: [rng.normal(size=2).tolist()]
    ),
    ("surfaces", "plateau"): (
        local_optima, ["plateau"], lambda m, w: surface(m.plateau(np.array(w))), lambda rng: [rng.normal(size=2).tolist()]
    ),
    ("learning_rate_decay", "inverse_time"): (
        learning_rate_decay, ["inverse_time"], lambda m, *given: m.inverse_time(*given), lambda rng: schedule(rng, rng.uniform(0, 3))
    ),
    ("learning_rate_decay", "exponential"): (
        learning_rate_decay, ["exponential"], lambda m, *given: m.exponential(*given), lambda rng: schedule(rng, rng.uniform(0.5, 1))
    ),
    ("learning_rate_decay", "inverse_sqrt"): (
        learning_rate_decay, ["inverse_sqrt"], lambda m, alpha0, t, k: float(m.inverse_sqrt(alpha0, t, k)),
        lambda rng: schedule(rng, rng.uniform(0, 3)),
    ),
    ("learning_rate_decay", "staircase"): (
        learning_rate_decay, ["staircase"], lambda m, *given: float(m.staircase(*given)),
        lambda rng: schedule(rng, rng.uniform(0, 3), rng.uniform(1, 20)),
    ),
    ("learning_rate_decay", "warmup_cosine"): (
        learning_rate_decay, ["warmup_cosine"], lambda m, *given: float(m.warmup_cosine(*given)),
        lambda rng: schedule(rng, int(rng.integers(0, 20)), int(rng.integers(20, 60))),
    ),
    ("hyperparameter_tuning", "at"): (
        hyperparameter_tuning, ["at"], lambda m, *given: m.at(*given).tolist(), lambda rng: [rng.uniform(), *limits(rng)]
    ),
    ("hyperparameter_tuning", "fraction"): (
        hyperparameter_tuning, ["_fraction"], lambda m, *given: float(m._fraction(*given)),
        lambda rng: [rng.uniform(0.1, 0.9), *limits(rng)],
    ),
    ("hyperparameter_tuning", "grid"): (
        hyperparameter_tuning, ["at"], lambda m, space, points: m.grid(space, points), lambda rng: [space_of(rng), int(rng.integers(2, 5))]
    ),
    ("hyperparameter_tuning", "random_search"): (
        hyperparameter_tuning, ["at"], lambda m, space, n, u: m.random_search(space, n, Given(u)),
        lambda rng: [space_of(rng), 4, rng.uniform(size=8).tolist()],
    ),
    ("hyperparameter_tuning", "bump"): (
        searches, ["_bump"], lambda m, *given: float(m._bump(*map(np.array, given))),
        lambda rng: [rng.normal(size=2).tolist(), rng.normal(size=2).tolist(), rng.uniform(1, 3, 2).tolist()],
    ),
    ("batch_norm", "forward"): (
        batch_norm, ["forward"], normalized, lambda rng: [rng.normal(size=5).tolist(), *rng.normal(size=2), rng.uniform()]
    ),
    ("batch_norm", "running"): (
        batch_norm, ["running"], lambda m, *given: [float(new) for new in m.running(*map(np.array, given[:4]), given[4])],
        lambda rng: rng.uniform(size=5).tolist(),
    ),
    ("batch_norm", "infer"): (
        batch_norm, ["infer"], lambda m, z, *given: m.infer(np.array([[z]]), *(np.array([[x]]) for x in given[:4]), given[4]).item(),
        lambda rng: [*rng.normal(size=4), *rng.uniform(size=2)],
    ),
    ("regularization", "l2_cost"): (
        regularization, ["l2_cost"],
        lambda m, W, *given: float(m.l2_cost({f"W{l}": np.array(rows) for l, rows in enumerate(W)}, *given)),
        lambda rng: [[layer["W"] for layer in start(rng)], rng.uniform(), int(rng.integers(2, 9))],
    ),
    ("regularization", "l2_gradient"): (
        regularization, ["l2_gradient"], lambda m, W, *given: m.l2_gradient(np.array(W), *given).tolist(),
        lambda rng: [rng.normal(size=(2, 3)).tolist(), rng.uniform(), int(rng.integers(2, 9))],
    ),
    ("regularization", "dropout_forward"): (
        regularization, ["dropout_forward"],
        lambda m, A, keep_prob, u: [part.astype(float).tolist() for part in m.dropout_forward(np.array(A), keep_prob, Given(u))],
        lambda rng: [rng.normal(size=(3, 4)).tolist(), rng.uniform(0.2, 0.9), rng.uniform(size=12).tolist()],
    ),
    ("regularization", "dropout_backward"): (
        regularization, ["dropout_backward"],
        lambda m, dA, mask, keep_prob: m.dropout_backward(np.array(dA), np.array(mask), keep_prob).tolist(),
        lambda rng: [rng.normal(size=(3, 4)).tolist(), rng.integers(2, size=(3, 4)).tolist(), rng.uniform(0.2, 0.9)],
    ),
    ("regularization", "boundary_length"): (
        moons, ["_length"], lambda m, *given: float(m._length(*map(np.array, given))),
        lambda rng: [rng.integers(2, size=(5, 7)).tolist(), *np.sort(rng.normal(size=(2, 2))).tolist()],
    ),
    ("training", "cost"): (
        network, ["cost"], lambda m, *given: m.cost(*map(np.array, given)), lambda rng: rng.uniform(size=(2, 1, 6)).tolist()
    ),
    ("training", "step"): (
        network, ["forward", "sigmoid", "cost", "backward"], trained,
        lambda rng: [
            rng.normal(size=(2, 5)).tolist(), rng.integers(2, size=(1, 5)).tolist(), start(rng),
            {"learning_rate": rng.uniform(), "lambd": rng.uniform(), "keep_prob": [1, 0.7][rng.integers(2)]}, rng.uniform(size=35).tolist(),
        ],
    ),
    ("network", "forward"): (network, ["forward", "relu"], layers, lambda rng: network_of(rng, ["relu", "tanh"][rng.integers(2)])),
}  # fmt: skip


@functools.cache
def drawn(twin):
    """The arguments at which a twin is compared, the same in every run."""
    rng = np.random.default_rng([*map(ord, "".join(twin))])
    return [TWINS[twin][3](rng) for _ in range(CASES)]


def numbers(answer):
    """All numbers in an answer, in one order."""
    if isinstance(answer, dict):
        answer = [answer[name] for name in sorted(answer)]
    return [x for part in answer for x in numbers(part)] if isinstance(answer, list) else [answer]


def agree(one, other) -> bool:
    """To 1e-12 of the result, or of one where terms of that size cancel to less."""
    a, b = numbers(one), numbers(other)
    return len(a) == len(b) and None not in a and bool(np.allclose(a, b, rtol=1e-12, atol=1e-12))


def python(twin, module=None):
    own, _, call, _ = TWINS[twin]
    return [call(module or own, *given) for given in drawn(twin)]


@pytest.mark.parametrize("twin", TWINS, ids=".".join)
def test_what_an_explorable_computes_is_what_the_snippet_computes(twin):
    assert agree(javascript((*twin, drawn(twin)))[0], python(twin))


OTHER = {"+": "-", "-": "+", "*": "/", "/": "*", "**": "*"}


def changed_scripts():
    """Each script with one sign changed: (module, line, its text)."""
    for module in sorted({module for module, _ in TWINS}):
        text = (SCRIPTS / f"{module}.js").read_text(encoding="utf-8")
        for sign in re.finditer(r" (\*\*|[-+*/]) ", re.sub(r"//.*", lambda comment: "~" * len(comment[0]), text)):
            yield module, text[: sign.start()].count("\n") + 1, f"{text[: sign.start(1)]}{OTHER[sign[1]]}{text[sign.end(1) :]}"


def test_a_changed_sign_in_the_script_is_noticed(tmp_path):
    for path in SCRIPTS.glob("*.js"):
        shutil.copy(path, tmp_path)
    (tmp_path / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    right = {twin: python(twin) for twin in TWINS}
    changed = list(changed_scripts())
    assert len(changed) > 40
    by_name = {}
    for i, (module, _, text) in enumerate(changed):  # each under a name of its own, so that one Node runs them all
        (tmp_path / f"changed{i}.js").write_text(text, encoding="utf-8")
        by_name[i] = [twin for twin in TWINS if twin[0] == module]
    calls = [(f"changed{i}", twin[1], drawn(twin)[:50]) for i, twins in by_name.items() for twin in twins]
    answers = iter(javascript(*calls, folder=tmp_path))
    for i, twins in by_name.items():
        same = [agree(next(answers), right[twin][:50]) for twin in twins]
        assert not all(same), f"{changed[i][:2]}: nobody notices"


class Flip(ast.NodeTransformer):
    """Changes the sign with this number in the functions with these names."""

    signs = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.Pow: ast.Mult}

    def __init__(self, functions, number):
        self.functions, self.number, self.seen, self.inside = functions, number, 0, False

    def visit_FunctionDef(self, found):
        outer, self.inside = self.inside, self.inside or found.name in self.functions
        self.generic_visit(found)
        self.inside = outer
        return found

    def visit_BinOp(self, found):
        self.generic_visit(found)
        if self.inside and type(found.op) in self.signs:
            if self.seen == self.number:
                found.op = self.signs[type(found.op)]()
            self.seen += 1
        return found


@pytest.mark.parametrize("twin", TWINS, ids=".".join)
def test_a_changed_sign_in_the_snippet_is_noticed(twin):
    own, functions, call, _ = TWINS[twin]
    answers, number = javascript((*twin, drawn(twin)[:50]))[0], 0
    while True:
        flip = Flip(functions, number)
        tree = ast.fix_missing_locations(flip.visit(ast.parse(inspect.getsource(own))))
        if flip.seen <= number:
            break
        module = types.ModuleType(own.__name__)
        exec(compile(tree, own.__file__, "exec"), module.__dict__)
        try:
            with np.errstate(all="ignore"):
                same = agree(answers, [call(module, *given) for given in drawn(twin)[:50]])
        except (ValueError, ArithmeticError, LookupError, TypeError):
            same = False
        assert not same, f"sign {number} of {functions[0]}: nobody notices"
        number += 1
    assert number


# What they start from.


def test_data_is_what_the_experiment_gave(site):
    kept = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in (site / "assets/explorables/data").glob("*.json")}
    assert kept["averages"] == {"theta": averages.temperatures()["theta"].tolist()}
    assert np.array_equal(np.array(kept["layers"]["pixels"]) / 16, digits()[0][:, :20].T)
    assert kept["statistics"] == {"z": norms.statistics()["z"].tolist()}
    assert kept["boundary"] == {name: moons.boundary()[name].tolist() for name in ("X", "Y", "X_dev", "Y_dev")}
    searched = race.surfaces()
    for surface, rates in kept["race"].items():
        assert rates == dict(zip(race.OPTIMIZERS, searched[f"{surface}_rate"].tolist(), strict=True))
    assert set(kept) <= set(explorables.names())


@pytest.mark.parametrize(("name", "law"), [("normals", "norm"), ("uniforms", "uniform")])
def test_the_draws_are_what_they_are_called_and_each_seed_has_its_own(name, law):
    one, again, other = np.array(javascript(("draws", name, [[1, 100_000], [1, 100_000], [2, 100_000]]))[0])
    assert (one == again).all()
    assert kstest(one, law).pvalue > 0.01
    for a, b in ((one, other), (one[1:], one[:-1]), (one[1:] ** 2, one[:-1] ** 2)):
        assert abs(np.corrcoef(a, b)[0, 1]) < 4 / np.sqrt(100_000)


def test_daily_changes_left_are_those_of_the_experiment():
    result = averages.temperatures()
    calls = [[result["theta"].tolist(), result[f"v{name}"].tolist()] for name in averages.BETAS]
    assert np.allclose(javascript(("averages", "rough", calls))[0], [result[f"rough{name}"] for name in averages.BETAS], rtol=1e-12)


def test_series_have_the_figures_colours():
    styles = (source.DOCS / "assets" / "note.css").read_text(encoding="utf-8")
    found = re.findall(r"--series-\d: (#\w+);", styles)
    assert found == _style.SERIES["light"] + _style.SERIES["dark"]
