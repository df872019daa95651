"""Explorables: what their JavaScript computes is what the snippets compute; and readers can move them, read them, link to them."""

import ast
import functools
import gzip
import inspect
import json
import re
import shutil
import subprocess
import types

import numpy as np
import pytest
from scipy.stats import kstest

from snippets import adam, gradient_descent, learning_rate_decay, local_optima, momentum, moving_averages, network, rmsprop
from snippets.experiments import adam as race
from snippets.experiments import initialization as spread
from snippets.experiments import learning_rate_decay as decay
from snippets.experiments import moving_averages as averages
from snippets.experiments._data import digits
from snippets.figures import _style
from snippets.site import explorables, source
from snippets.site.extension import EXPLORABLE
from snippets.site.formulas import node
from tests.site import browser as browsers
from tests.site.test_browser import AXE, listen

# The twins: for each function in JavaScript the one in Python, and how random arguments are drawn.

SCRIPTS = source.DOCS / explorables.FOLDER
CASES = 1000
CALL = """
import { readFileSync } from "node:fs";
const { folder, calls } = JSON.parse(readFileSync(0));
const answers = [];
for (const [module, name, cases] of calls) {
  const called = name.split(".").reduce((part, key) => part[key], await import(`${folder}/${module}.js`));
  answers.push(cases.map(given => called(...given)));
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
        except (ValueError, ZeroDivisionError, IndexError, TypeError, OverflowError):
            same = False
        assert not same, f"sign {number} of {functions[0]}: nobody notices"
        number += 1
    assert number


# What they start from.


def test_data_is_what_the_experiment_gave(site):
    kept = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in (site / "assets/explorables/data").glob("*.json")}
    assert kept["averages"] == {"theta": averages.temperatures()["theta"].tolist()}
    assert np.array_equal(np.array(kept["layers"]["pixels"]) / 16, digits()[0][:, :20].T)
    searched = race.surfaces()
    for surface, rates in kept["race"].items():
        assert rates == dict(zip(race.OPTIMIZERS, searched[f"{surface}_rate"].tolist(), strict=True))
    assert set(kept) <= set(explorables.names())


def test_the_draws_are_standard_normal_and_each_seed_has_its_own():
    one, again, other = np.array(javascript(("draws", "normals", [[1, 100_000], [1, 100_000], [2, 100_000]]))[0])
    assert (one == again).all()
    assert kstest(one, "norm").pvalue > 0.01
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


# On the page.

SHOWN = {  # each explorable, and the page that shows it
    match["name"]: path.stem
    for path in sorted(source.DOCS.glob("*.md"))
    for match in EXPLORABLE.finditer(path.read_text(encoding="utf-8"))
    if path.stem != "contributing"
}
VIOLATIONS = """async () => (await axe.run("figure[data-explorable]", {resultTypes: ["violations"]}))
  .violations.map(v => v.id + ": " + v.help + " " + v.nodes.slice(0, 3).map(n => n.html.slice(0, 160)))"""
READINGS = """root => Object.fromEntries([...root.querySelectorAll("tbody tr")].map(row =>
  [row.querySelector("th").innerText.trim(),
   [...row.querySelectorAll("td")].map(cell => cell.querySelector("data")?.value ?? cell.innerText)]))"""


def test_every_explorable_is_on_a_page():
    assert sorted(SHOWN) == explorables.names()


@pytest.mark.parametrize("name", SHOWN)
def test_an_explorable_is_light(site, name):
    """What comes over the wire when it is seen: its module, and all that this imports and fetches."""
    folder = site / "assets" / "explorables"
    needed, found = [f"{name}.js"], set()
    while needed:
        file = needed.pop()
        found.add(file)
        text = (folder / file).read_text(encoding="utf-8")
        needed += set(re.findall(r'(?:from "\./|new URL\(")([\w./]+)"', text)) - found
    assert "interface.js" in found
    weights = {file: len(gzip.compress((folder / file).read_bytes())) for file in found}
    assert sum(weights.values()) < 12_000, weights


def opened(page, address, name, query=""):
    """The page with an explorable, and it, begun."""
    wrong = listen(page, address)
    page.goto(f"{address}/{SHOWN[name]}/{query}", wait_until="load")
    figure = page.locator(f"figure[data-explorable={name}]")
    figure.scroll_into_view_if_needed()
    figure.locator("tbody tr").first.wait_for(timeout=10_000)
    return figure, wrong


def readings(figure):
    return {what: [float(value) if re.match(r"-?\d", value) else value for value in row] for what, row in figure.evaluate(READINGS).items()}


def slider(figure, key):
    return figure.locator(f"input[id$='-{key}']")


def position(figure, key, value) -> float:
    """Move a slider as a finger would, to where it says a value; what it says then."""
    box = slider(figure, key)
    said = box.evaluate(
        """(box, value) => {
        for (let at = Number(box.min); at <= Number(box.max) + 1e-9; at += Number(box.step)) {
          box.value = at;
          box.dispatchEvent(new Event("input", {bubbles: true}));
          if (Math.abs(Number(box.getAttribute("aria-valuetext").replace("−", "-")) - value) < 1e-9) return value;
        }
        return NaN;
      }""",
        value,
    )
    assert said == value, f"{key} is never {value}"
    return said


def place(figure, across, up):
    """Where on the screen a point of the plot is, by its share of the axes; see Plot in interface.js for the margins."""
    drawing = figure.locator("svg[role=img]")
    drawing.evaluate("drawing => drawing.scrollIntoView({block: 'center'})")
    box = drawing.bounding_box()
    return box["x"] + 44 + across * (box["width"] - 54), box["y"] + 10 + (1 - up) * (box["height"] - 52)


@pytest.mark.parametrize("name", SHOWN)
def test_nothing_of_it_is_loaded_before_it_is_seen(browser, address, name):
    def look(page):
        asked = []
        page.set_viewport_size({"width": 1280, "height": 120})
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{address}/{SHOWN[name]}/", wait_until="networkidle")
        assert any(url.endswith("assets/explorables.js") for url in asked)
        assert not [url for url in asked if "/explorables/" in url]
        page.locator(f"figure[data-explorable={name}]").scroll_into_view_if_needed()
        page.locator(f"figure[data-explorable={name}] tbody tr").first.wait_for(timeout=10_000)
        assert [url for url in asked if url.endswith(f"/explorables/{name}.js")]

    browser.visit(look, f"{name}, before it is seen", scheme="light", width=1280)


@pytest.mark.parametrize("name", SHOWN)
@pytest.mark.parametrize(("scheme", "width"), browsers.SETTINGS)
def test_it_is_readable_for_all(browser, address, name, scheme, width):
    """No violation at all, before and after it was moved; nothing wider than the page; the drawn picture is out of sight."""

    def look(page):
        page.add_init_script(path=AXE)
        figure, wrong = opened(page, address, name)
        found = page.evaluate(VIOLATIONS)
        before = figure.locator("svg[role=img]").get_attribute("aria-label")
        for box in figure.locator("input[type=checkbox]").all():
            box.check()
        for box in figure.locator("input[type=range]").all():
            box.focus()
            page.keyboard.press("ArrowRight")
        assert figure.locator("svg[role=img]").get_attribute("aria-label") != before, "its words follow what it shows"
        assert figure.locator("img:visible").count() == 0
        small = figure.locator(":is(input, select, button):visible").evaluate_all(
            "all => all.filter(e => e.type != 'checkbox' && e.getBoundingClientRect().height < 24).map(e => e.outerHTML)"
        )
        assert not small, "a finger hits what is 24 pixels high"
        sizes = figure.locator("svg text").evaluate_all("all => all.map(e => parseFloat(getComputedStyle(e).fontSize))")
        assert min(sizes) >= 9
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        return wrong + found + page.evaluate(VIOLATIONS)

    assert browser.visit(look, f"{name}, for all", scheme=scheme, width=width) == []


RECORD = """() => {
  const replace = history.replaceState.bind(history);
  window.links = [];
  history.replaceState = (state, title, address) => { links.push(String(address)); replace(state, title, address); };
}"""


@pytest.mark.parametrize("name", SHOWN)
def test_a_link_brings_the_state_back(browser, address, name):
    def share(page):
        figure, wrong = opened(page, address, name)
        fresh = readings(figure)
        for box in figure.locator("input[type=range]:visible").all():
            box.focus()
            page.keyboard.press("ArrowLeft")
            page.keyboard.press("ArrowLeft")
        left, label = readings(figure), figure.locator("svg[role=img]").get_attribute("aria-label")
        assert left != fresh
        page.evaluate(RECORD)  # for the theme soon puts another heading's name behind the #
        figure.get_by_role("button", name="Link to this").click()
        page.wait_for_function("name => links.some(link => link.includes(name + '.'))", arg=name)
        assert "link is" in figure.locator("output").inner_text()
        link = page.evaluate("name => links.find(link => link.includes(name + '.'))", name)
        assert link.endswith("#" + figure.get_attribute("id"))
        again, _ = opened(page, address, name, link.split("/")[-1])
        assert readings(again) == left
        assert again.locator("svg[role=img]").get_attribute("aria-label") == label
        again.get_by_role("button", name="Start over").click()
        assert readings(again) == fresh
        spoilt, _ = opened(page, address, name, re.sub(r"=[^&#]*", "=nothing%3Cb%3E", link.split("/")[-1]))
        assert readings(spoilt) == fresh, "what a link cannot mean is not taken from it"
        return wrong

    assert browser.visit(share, f"{name}, its link", scheme="light", width=1280) == []


@pytest.mark.parametrize("name", SHOWN)
def test_without_scripts_and_on_paper_the_drawn_figure_is_there(browser, address, name):
    def read(page):
        page.goto(f"{address}/{SHOWN[name]}/", wait_until="load")
        figure = page.locator(f"figure[data-explorable={name}]")
        assert figure.locator("img.only-light").is_visible()
        assert figure.locator(".explorable").count() == 0

    def print_it(page):
        figure, _ = opened(page, address, name)
        page.emulate_media(media="print")
        assert figure.locator("img.only-light").is_visible()
        assert figure.locator("img.only-dark").is_hidden()
        assert figure.locator(".explorable").is_hidden()
        page.emulate_media(media="screen")

    browser.visit(read, f"{name}, no scripts", scheme="light", width=360, java_script_enabled=False)
    browser.visit(print_it, f"{name}, on paper", scheme="dark", width=1280)


# Each by itself: its numbers are the snippet's, whether mouse, finger or keys moved it.


def expected_averages(theta, beta, day):
    v, corrected = (moving_averages.exponentially_weighted_average(theta, beta, bias_correction=c) for c in (False, True))
    return {
        "measured": [theta[day - 1]],
        "average, uncorrected": [v[day - 1]],
        "average, corrected": [corrected[day - 1]],
        "window": [moving_averages.window(beta)],
        "daily changes left": [100 * np.abs(np.diff(v[366:])).mean() / np.abs(np.diff(theta[366:])).mean()],
    }


def same(read, expected):
    assert list(read) == list(expected)
    for what, row in expected.items():
        for seen, meant in zip(read[what], row, strict=True):
            assert seen == (meant if isinstance(meant, str) else pytest.approx(meant, rel=1e-9)), what


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("by", ["mouse", "finger", "keys"])
def test_averages_are_the_snippets(browser, address, scheme, by):
    theta = averages.temperatures()["theta"]

    def move(page):
        figure, wrong = opened(page, address, "averages")
        at = place(figure, 99 / 730, 0.5)
        if by == "keys":
            slider(figure, "day").focus()
            for _ in range(70):
                page.keyboard.press("ArrowRight")
            slider(figure, "beta").focus()
            for _ in range(14):
                page.keyboard.press("ArrowRight")
            figure.locator("input[type=checkbox]").focus()
            page.keyboard.press("Space")
        elif by == "mouse":
            page.mouse.move(at[0] - 20, at[1])
            page.mouse.down()
            page.mouse.move(*at, steps=3)
            page.mouse.up()
            figure.get_by_text("correct the start").click()
        else:
            page.touchscreen.tap(*at)
            figure.get_by_text("correct the start").tap()
        beta = 0.98 if by == "keys" else position(figure, "beta", 0.98)
        assert slider(figure, "beta").get_attribute("aria-valuetext") == "0.98"
        day = int(slider(figure, "day").get_attribute("aria-valuetext"))
        assert abs(day - 100) <= (0 if by == "keys" else 3), "a pixel is nearly three days wide"
        same(readings(figure), expected_averages(theta, beta, day))
        assert f"average {expected_averages(theta, beta, day)['average, corrected'][0]:.1f} °C" in figure.locator("output").inner_text()
        return wrong

    assert browser.visit(move, f"averages, by {by}", scheme=scheme, width=360, has_touch=by == "finger") == []


NAMED = {"descent": "gradient descent", "momentum": "momentum", "rmsprop": "RMSprop", "adam": "Adam"}
GOAL = {"bowl": lambda first: 1e-3 * first, "ravine": lambda first: 1e-3 * first, "saddle": lambda _: -1.0, "plateau": lambda _: 1e-3}


def expected_race(said, most=1000):
    """The table of the race as the snippets have it, from what its controls say."""
    surface = {
        "bowl": race._bowl,
        "ravine": race._ravine(np.radians(said["angle"])),
        "saddle": local_optima.saddle,
        "plateau": local_optima.plateau,
    }[said["surface"]]
    constants = {"descent": [], "momentum": [said["beta1"]], "rmsprop": [said["beta"]], "adam": [said["beta1"], said["beta2"]]}
    rows = {}
    for name, optimizer in race.OPTIMIZERS.items():
        params = {"w": np.array([said["w1"], said["w2"]])}
        state, values = optimizer.init(params), [float(surface(params["w"])[0])]
        with np.errstate(over="ignore", invalid="ignore"):  # what runs away may overflow
            for _ in range(most):
                params, state = optimizer.update(params, {"dw": surface(params["w"])[1]}, state, said[name], *constants[name])
                values.append(float(surface(params["w"])[0]))
        needed = int(race._steps(np.array(values), GOAL[said["surface"]](values[0])))
        rows[NAMED[name]] = [needed if needed <= most else f"over {most}", values[int(said["steps"])]]
    return rows


def said_by(figure):
    """What every control of the race says."""
    names = ["angle", "w1", "w2", "steps", "beta", "beta1", "beta2", *race.OPTIMIZERS]
    values = {name: float(slider(figure, name).get_attribute("aria-valuetext").replace("−", "-")) for name in names}
    return values | {"surface": figure.locator("select").input_value()}


def test_the_race_begins_as_its_drawn_figure(browser, address):
    def read(page):
        figure, wrong = opened(page, address, "race")
        paths, said = race.paths(), said_by(figure)
        assert [said["w1"], said["w2"]] == paths["start"].tolist()
        assert [said[name] for name in race.OPTIMIZERS] == paths["rate"].tolist()
        assert (said["angle"], said["steps"]) == (paths["angle"], paths["steps"])
        rows = readings(figure)
        assert [row[0] for row in rows.values()] == paths["needed"].tolist()
        surface = race._ravine(np.radians(30))
        assert [row[1] for row in rows.values()] == pytest.approx([surface(paths[name][-1])[0] for name in race.OPTIMIZERS], rel=1e-9)
        return wrong

    assert browser.visit(read, "race, at first", scheme="light", width=1280) == []


@pytest.mark.parametrize("surface", GOAL)
@pytest.mark.parametrize(("scheme", "by"), [("light", "mouse"), ("dark", "finger"), ("dark", "keys")])
def test_the_race_is_the_snippets(browser, address, surface, scheme, by):
    def move(page):
        figure, wrong = opened(page, address, "race")
        figure.locator("select").select_option(surface)
        rates = json.loads(page.request.get(f"{address}/assets/explorables/data/race.json").text())[surface]
        first = said_by(figure)
        assert [first[name] for name in rates] == [float(f"{rate:.2g}") for rate in rates.values()]
        same_race(readings(figure), expected_race(first))
        if by == "keys":
            for key, times in {"w1": 30, "w2": 40, "descent": 2, "adam": 3, "rmsprop": 4, "beta1": 1, "beta": 2, "steps": 7}.items():
                slider(figure, key).focus()
                for _ in range(times):
                    page.keyboard.press("ArrowLeft")
        else:
            at = place(figure, 0.7, 0.75)
            page.mouse.click(*at) if by == "mouse" else page.touchscreen.tap(*at)
        said = said_by(figure)
        assert said != first
        if by != "keys":
            left, right = {"bowl": (-2.5, 2.5), "ravine": (-2.5, 2.5), "saddle": (-1.5, 1.5), "plateau": (-2.5, 9.5)}[surface]
            assert said["w1"] == pytest.approx(left + 0.7 * (right - left), abs=0.05), "it starts where it was pointed"
        same_race(readings(figure), expected_race(said))
        return wrong

    assert browser.visit(move, f"race on {surface}, by {by}", scheme=scheme, width=360, has_touch=by == "finger") == []


def same_race(read, expected):
    assert list(read) == list(expected)
    for what, (needed, value) in expected.items():
        assert read[what][0] == needed, what
        if abs(value) < 1e6:  # what runs away says so
            assert read[what][1] == pytest.approx(value, rel=1e-6, abs=1e-12), what


def test_the_race_moves_unless_its_reader_wants_rest(browser, address):
    def watch(page):
        page.emulate_media(reduced_motion="no-preference")
        figure, wrong = opened(page, address, "race")
        steps = slider(figure, "steps")
        figure.get_by_role("button", name="Race").click()
        page.wait_for_function("() => { const at = document.querySelector('#race-steps').valueAsNumber; return at > 1 && at < 100; }")
        middle = readings(figure)
        page.wait_for_function("() => document.querySelector('#race-steps').valueAsNumber === 100")
        assert readings(figure) != middle
        figure.get_by_role("button", name="Race").click()
        page.wait_for_function("() => document.querySelector('#race-steps').valueAsNumber < 100")
        position(figure, "steps", 500)
        page.wait_for_timeout(300)
        assert steps.get_attribute("aria-valuetext") == "500", "whoever takes the steps has them"
        page.emulate_media(reduced_motion="reduce")
        resting, _ = opened(page, address, "race")
        assert resting.get_by_role("button", name="Race").count() == 0
        return wrong

    assert browser.visit(watch, "race, moving", scheme="light", width=1280) == []


def expected_schedules(alpha0, total, rate, base, drop, interval, warmup, epoch):
    rates = {
        "inverse root": learning_rate_decay.inverse_sqrt(alpha0, epoch + 1),
        "inverse time": learning_rate_decay.inverse_time(alpha0, epoch, rate),
        "exponential": learning_rate_decay.exponential(alpha0, epoch, base),
        "staircase": learning_rate_decay.staircase(alpha0, epoch, drop, interval),
        "warmup and cosine": float(learning_rate_decay.warmup_cosine(alpha0, epoch, warmup, total)),
    }
    return {name: [rate, 100 * rate / alpha0] for name, rate in rates.items()}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("by", ["mouse", "finger", "keys"])
def test_schedules_are_the_snippets(browser, address, scheme, by):
    def move(page):
        figure, wrong = opened(page, address, "schedules")
        names = inspect.signature(expected_schedules).parameters

        def said():
            return {name: float(slider(figure, name).get_attribute("aria-valuetext")) for name in names}

        drawn_once, first = decay.schedules(), said()
        at = drawn_once["epoch"].tolist().index(first["epoch"])
        shown = ("inverse_sqrt", "inverse_time", "exponential", "staircase", "warmup")
        assert [row[0] for row in readings(figure).values()] == pytest.approx([drawn_once[name][at] for name in shown], rel=1e-9)
        if by == "keys":
            for i, name in enumerate(names):
                slider(figure, name).focus()
                for _ in range(i + 2):
                    page.keyboard.press("ArrowLeft" if i % 2 else "ArrowRight")
            assert all(value != first[name] for name, value in said().items() if name != "total")
        else:
            at = place(figure, 0.05, 0.5)
            page.mouse.click(*at) if by == "mouse" else page.touchscreen.tap(*at)
            assert said()["epoch"] == pytest.approx(0.05 * 60, abs=0.5)
            position(figure, "warmup", 12)
            position(figure, "base", 0.8)
            position(figure, "interval", 3)
        same(readings(figure), expected_schedules(**said()))
        if by == "keys":
            slider(figure, "epoch").focus()
            page.keyboard.press("End")
            assert said()["epoch"] == said()["total"], "no epoch after the last"
            same(readings(figure), expected_schedules(**said()))
        return wrong

    assert browser.visit(move, f"schedules, by {by}", scheme=scheme, width=360, has_touch=by == "finger") == []


def expected_layers(gain, hidden, seed):
    """The table as network.forward has it, from the page's own draws."""
    X = digits()[0][:, :20]
    (W,) = javascript(("layers", "drawn", [[seed, 64]]))[0]

    def activations(gain):
        scaled = [np.array(rows) * np.sqrt(gain / len(rows[0])) for rows in W]
        return layers(network, X.T.tolist(), scaled, [np.zeros(len(rows)) for rows in W], hidden)

    def size(A):
        return np.sqrt(np.mean(np.square(A)))

    rows = {}
    for what, own in (("yours", gain), ("He's: 2", 2), ("LeCun's: 1", 1)):
        found = activations(own)
        rows[what] = [size(found[1]), size(found[10])]
    tenth = np.array(activations(gain)[10])
    share = np.mean(tenth == 0) if hidden == "relu" else np.mean(np.abs(tenth) > 0.99)
    return rows | {"yours: zeros" if hidden == "relu" else "yours: beyond 0.99": ["", 100 * share]}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("by", ["mouse", "finger", "keys"])
def test_layers_are_the_snippets(browser, address, scheme, by):
    def move(page):
        figure, wrong = opened(page, address, "layers")
        same(readings(figure), expected_layers(4, "relu", 1))
        assert "The signal grows" in figure.locator("output").inner_text()
        if by == "keys":
            for key, times in {"gain": 7, "seed": 2}.items():
                slider(figure, key).focus()
                for _ in range(times):
                    page.keyboard.press("ArrowRight")
            figure.locator("select").focus()
            page.keyboard.press("ArrowDown")
        else:
            button = figure.get_by_role("button", name="He", exact=True)
            button.click() if by == "mouse" else button.tap()
            assert slider(figure, "gain").get_attribute("aria-valuetext") == "2"
            assert "The signal stays" in figure.locator("output").inner_text()
            position(figure, "seed", 5)
        gain, seed = (float(slider(figure, key).get_attribute("aria-valuetext")) for key in ("gain", "seed"))
        same(readings(figure), expected_layers(gain, figure.locator("select").input_value(), int(seed)))
        return wrong

    assert browser.visit(move, f"layers, by {by}", scheme=scheme, width=360, has_touch=by == "finger") == []
