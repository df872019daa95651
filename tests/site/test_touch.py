"""Explorables in a browser: mouse, finger and keys move them, in light and dark, and what they then say is what the snippets compute.

One table holds what each has of its own: what its numbers should be, given what its controls say.
"""

import functools
import gzip
import json
import re
from dataclasses import dataclass

import numpy as np
import pytest

from snippets import batch_norm, hyperparameter_tuning, learning_rate_decay, local_optima, moving_averages, network
from snippets.experiments import adam as race
from snippets.experiments import batch_norm as norms
from snippets.experiments import hyperparameter_tuning as searches
from snippets.experiments import learning_rate_decay as decay
from snippets.experiments import moving_averages as averages
from snippets.experiments import regularization as regularized
from snippets.experiments._data import digits
from snippets.site import explorables, source
from snippets.site.extension import EXPLORABLE
from tests.site import browser as browsers
from tests.site.test_browser import AXE, listen
from tests.site.test_explorables import Given, javascript, layers, named

# What each shows: its table, row by row, and words that it says, from what its controls say.


def shown_averages(beta, day, view, correction):
    theta, day = averages.temperatures()["theta"], int(day)
    v, corrected = (moving_averages.exponentially_weighted_average(theta, beta, bias_correction=c) for c in (False, True))
    left = 100 * np.abs(np.diff(v[366:])).mean() / np.abs(np.diff(theta[366:])).mean()
    now = {"average, uncorrected": [v[day - 1]], "average, corrected": [corrected[day - 1]]} if correction else {"average": [v[day - 1]]}
    rows = {"measured": [theta[day - 1]], **now, "window": [moving_averages.window(beta)], "daily changes left": [left]}
    return rows, f"average {list(now.values())[-1][0]:.1f} °C"


NAMED = {"descent": "gradient descent", "momentum": "momentum", "rmsprop": "RMSprop", "adam": "Adam"}
GOAL = {"bowl": lambda first: 1e-3 * first, "ravine": lambda first: 1e-3 * first, "saddle": lambda _: -1.0, "plateau": lambda _: 1e-3}
SIDES = {"bowl": (-2.5, 2.5), "ravine": (-2.5, 2.5), "saddle": (-1.5, 1.5), "plateau": (-2.5, 9.5)}


def shown_race(surface, angle, w1, w2, beta1, beta, beta2, steps, most=1000, **rates):
    kinds = {"bowl": race._bowl, "ravine": race._ravine(np.radians(angle)), "saddle": local_optima.saddle, "plateau": local_optima.plateau}
    constants = {"descent": [], "momentum": [beta1], "rmsprop": [beta], "adam": [beta1, beta2]}
    rows, least = {}, most + 1
    for name, optimizer in race.OPTIMIZERS.items():
        w, values = np.array([w1, w2]), []
        state = optimizer.init({"w": w})
        with np.errstate(over="ignore", invalid="ignore"):  # what runs away may overflow
            for _ in range(most + 1):
                value, slope = kinds[surface](w)
                values.append(float(value))
                params, state = optimizer.update({"w": w}, {"dw": slope}, state, rates[name], *constants[name])
                w = params["w"]
        needed = int(race._steps(np.array(values), GOAL[surface](values[0])))
        rows[NAMED[name]] = [needed if needed <= most else f"over {most}", values[int(steps)]]
        least = min(least, needed)
    return rows, f"in {least} step" if least <= most else "None comes to"


def shown_schedules(alpha0, total, rate, base, drop, interval, warmup, epoch):
    rates = {
        "inverse root": learning_rate_decay.inverse_sqrt(alpha0, epoch + 1),
        "inverse time": learning_rate_decay.inverse_time(alpha0, epoch, rate),
        "exponential": learning_rate_decay.exponential(alpha0, epoch, base),
        "staircase": learning_rate_decay.staircase(alpha0, epoch, drop, interval),
        "warmup and cosine": float(learning_rate_decay.warmup_cosine(alpha0, epoch, warmup, total)),
    }
    return {name: [rate, 100 * rate / alpha0] for name, rate in rates.items()}, f"is that of {min(rates, key=rates.get)}"


@functools.cache
def _drawn_layers(seed):
    return [np.array(rows) for rows in javascript(("layers", "drawn", [[seed, 64]]))[0][0]]


def shown_layers(gain, hidden, seed):
    X, W = digits()[0][:, :20], _drawn_layers(seed)

    def activations(gain):
        scaled = [(rows * np.sqrt(gain / rows.shape[1])).tolist() for rows in W]
        return layers(network, X.T.tolist(), scaled, [np.zeros(len(rows)) for rows in W], hidden)

    rows = {}
    for what, own in (("yours", gain), ("He's: 2", 2), ("LeCun's: 1", 1)):
        rows[what] = [np.sqrt(np.mean(np.square(activations(own)[layer]))) for layer in (1, 10)]
    tenth, kept = np.array(activations(gain)[10]), rows["yours"][1] / rows["yours"][0]
    share = np.mean(tenth == 0) if hidden == "relu" else np.mean(np.abs(tenth) > 0.99)
    rows["yours: share of zeros" if hidden == "relu" else "yours: share beyond 0.99"] = ["", 100 * share]
    return rows, f"The signal {'grows' if kept > 2 else 'fades' if kept < 0.5 else 'stays'}"


def uniforms(seed, count):
    """The draws of draws.js."""
    state = (np.arange(1, count + 1, dtype=np.uint64) * 0x6D2B79F5 + np.uint64(seed)).astype(np.uint32)
    t = (state ^ state >> 15) * (state | 1)
    t ^= t + (t ^ t >> 7) * (t | 61)
    return (t ^ t >> 14) / 2.0**32


def test_the_draws_here_are_those_of_the_page():
    assert np.array_equal(javascript(("draws", "uniforms", [[7, 100_000]]))[0][0], uniforms(7, 100_000))


def shown_search(matters, trials, scale, seed):
    trials = int(trials)
    space, widths = {"alpha": (1e-4, 1.0, scale), "epsilon": (0.0, 1.0, "linear")}, [0.1, 0.1 / matters if matters else np.inf]
    best, rows = [], {}
    for u in (uniforms(draw, 130) for draw in range(1, 201)):
        ways = [
            hyperparameter_tuning.grid(space, round(trials**0.5)),
            hyperparameter_tuning.random_search(space, trials, Given(u[2:])),
        ]
        places = [[[np.log10(1e4 * trial["alpha"]) / 4, trial["epsilon"]] for trial in way] for way in ways]
        best.append([searches._bump(np.array(place), u[:2], widths).min() for place in places])
    best = np.array(best)
    for k, (name, values) in enumerate({"grid": round(trials**0.5), "random": trials}.items()):
        rows[name] = [values, best[int(seed) - 1, k], best[:, k].mean()]
    ahead = 100 * np.mean(best[:, 1] < best[:, 0])
    return rows | {"random ahead": ["", "", ahead]}, f"random is ahead in {ahead:.0f}%"


def shown_statistics(size, momentum, view, batch, seed):
    z, size, t = norms.statistics()["z"], int(size), int(batch) - 1
    batches = z[np.floor(uniforms(seed, 100 * size) * len(z)).astype(int)].reshape(100, 1, size)
    one, zero = np.ones((1, 1)), np.zeros((1, 1))
    normed, cache = batch_norm.forward(batches, one, zero)
    means, variances, average = cache["mean"][: t + 1], cache["var"][: t + 1], (zero, one)
    for mean, var in zip(means, variances, strict=True):
        average = batch_norm.running(*average, mean, var, momentum)

    def row(mean, var):
        return [mean.item(), var.item(), batch_norm.infer(batches[t, :, :1], one, zero, mean.reshape(1, 1), var.reshape(1, 1)).item()]

    rows = {
        "all values": row(z.mean(), z.var()),
        "this batch": [means[t].item(), variances[t].item(), normed[t, 0, 0]],
        "running": row(*average),
        "batches: mean": [means.mean(), variances.mean(), ""],
        "batches: spread": [means.std(), variances.std(), ""],
    }
    return rows, f"at test time {rows['running'][2]:.2f}"


@functools.cache
def shown_boundary(lambd, keep, seed):
    data = {name: regularized.boundary()[name] for name in ("X", "Y", "X_dev", "Y_dev")}
    start = named(javascript(("boundary", "start", [[seed]]))[0][0])
    options = {"epochs": 1200, "learning_rate": 0.3, "lambd": lambd, "keep_prob": keep}
    draws = Given(uniforms(1000 + seed, 1200 * 45 * 60)) if keep < 1 else None
    params, _ = network.train(data["X"], data["Y"], start, rng=draws, **options)
    x, y = np.linspace(-2.2, 3.2, 57), np.linspace(-1.8, 2.3, 57)
    sides = network.predict(np.stack(np.meshgrid(x, y)).reshape(2, -1), params).reshape(57, 57)
    rows = {}
    for what, X, Y in (("training", data["X"], data["Y"]), ("dev", data["X_dev"], data["Y_dev"])):
        A, _ = network.forward(X, params)
        rows[what] = [network.cost(A, Y), 100 * np.mean((A > 0.5) == Y)]
    rows |= {"boundary's length": ["", regularized._length(sides, x, y)], "epochs": ["", 1200]}
    return rows, f"{rows['training'][1]:.0f}% of the training examples right"


# How each begins: as its drawn figure.


def race_begins(said, rows):
    paths, surface = race.paths(), race._ravine(np.radians(30))
    assert [said["w1"], said["w2"]] == paths["start"].tolist()
    assert [said[name] for name in race.OPTIMIZERS] == paths["rate"].tolist()
    assert (said["angle"], said["steps"]) == (paths["angle"], paths["steps"])
    assert [row[0] for row in rows.values()] == paths["needed"].tolist()
    assert [row[1] for row in rows.values()] == pytest.approx([surface(paths[name][-1])[0] for name in race.OPTIMIZERS], rel=1e-9)


def schedules_begin(said, rows):
    drawn = decay.schedules()
    at = drawn["epoch"].tolist().index(said["epoch"])
    names = ("inverse_sqrt", "inverse_time", "exponential", "staircase", "warmup")
    assert [row[0] for row in rows.values()] == pytest.approx([drawn[name][at] for name in names], rel=1e-9)


@dataclass
class Own:
    """What an explorable has of its own."""

    shown: callable  # what its controls say -> the rows of its table, and words that it says
    begins: callable = lambda said, rows: None  # how it begins, as its drawn figure does
    pointed: callable = None  # a share of the plot's width and height, and what the controls said -> what they say, pointed there
    close: float = 1e-9  # how close its numbers are to the snippets': rounding grows over many steps


EXPLORABLES = {
    "averages": Own(shown_averages, pointed=lambda x, y, said: {"day": 1 + 730 * x} if said["view"] == "years" else {}),
    "race": Own(
        shown_race, race_begins, lambda x, y, said: {"w1": np.interp(x, [0, 1], SIDES[said["surface"]])}, close=1e-6,
    ),
    "schedules": Own(shown_schedules, schedules_begin, lambda x, y, said: {"epoch": x * said["total"]}),
    "layers": Own(shown_layers),
    "search": Own(shown_search),
    "boundary": Own(shown_boundary, close=1e-6),
    "statistics": Own(shown_statistics, pointed=lambda x, y, said: {"batch": 100 * x}),
}  # fmt: skip
SHOWN = {  # each explorable, and the page that shows it
    match["name"]: path.stem
    for path in sorted(source.DOCS.glob("*.md"))
    for match in EXPLORABLE.finditer(path.read_text(encoding="utf-8"))
    if path.stem != "contributing"
}


def test_every_explorable_is_on_a_page_and_in_the_table():
    assert sorted(SHOWN) == sorted([*EXPLORABLES, "moving_race"]) == explorables.names()
    assert SHOWN["moving_race"] == "index"


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


# On its page.

SAID = """figure => Object.fromEntries([...figure.querySelectorAll("input, select")].map(e => [e.id.split("-").pop(),
  e.type === "checkbox" ? e.checked : e.type === "range" ? Number(e.getAttribute("aria-valuetext").replace("−", "-")) : e.value]))"""
READINGS = """figure => Object.fromEntries([...figure.querySelectorAll("tbody tr")].map(row =>
  [row.querySelector("th").innerText.trim(),
   [...row.querySelectorAll("td")].map(cell => cell.querySelector("data")?.value ?? cell.innerText)]))"""
VIOLATIONS = """async () => (await axe.run("figure[data-explorable]", {resultTypes: ["violations"]}))
  .violations.map(v => v.id + ": " + v.help + " " + v.nodes.slice(0, 3).map(n => n.html.slice(0, 160)))"""
SMALL = """figure => [...figure.querySelectorAll("input:not([type=checkbox]), select, button")]
  .filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 24).map(e => "hard to hit: " + e.outerHTML)"""
CUT = """figure => [...figure.querySelectorAll("select")].filter(e => e.checkVisibility()).filter(e => {
    const whole = e.cloneNode(true);
    whole.style.cssText = "position: absolute; max-width: none";
    e.before(whole);
    const cut = whole.getBoundingClientRect().width > e.getBoundingClientRect().width + 1;
    whole.remove();
    return cut;
  }).map(e => "its longest choice is cut: " + e.id)
  .concat([...figure.querySelectorAll("svg[role=img] text")]
    .filter(e => { const own = e.getBoundingClientRect(); return own.left < 0 || own.right > innerWidth; })
    .map(e => "goes off the page: " + e.textContent))"""


class Seen:
    """An explorable on its page, begun."""

    def __init__(self, page, address, name, query=""):
        self.page, self.name = page, name
        self.wrong = listen(page, address)
        page.goto("about:blank")  # for the address of a link that was just made is that of the page already
        page.goto(f"{address}/{SHOWN[name]}/{query}", wait_until="load")
        self.figure = page.locator(f"figure[data-explorable={name}]")
        self.figure.scroll_into_view_if_needed()
        self.rest()

    def rest(self):
        """Wait until it has begun, and until what it trains is trained."""
        self.figure.locator(".explorable:not([aria-busy=true]) tbody tr").first.wait_for(timeout=20_000)

    def said(self):
        return self.figure.evaluate(SAID)

    def rows(self):
        found = self.figure.evaluate(READINGS).items()
        return {what: [float(value) if re.match(r"-?\d", value) else value for value in row] for what, row in found}

    def words(self):
        return self.figure.locator("output").inner_text()

    def alt(self):
        return self.figure.locator("svg[role=img]").get_attribute("aria-label")

    def slider(self, key):
        return self.figure.locator(f"input[id$='-{key}']")

    def place(self, across, up):
        """Where on the screen a point of the plot is, by its share of the axes; see Plot in interface.js for the margins."""
        drawing = self.figure.locator("svg[role=img]")
        drawing.evaluate("drawing => drawing.scrollIntoView({block: 'center'})")
        box = drawing.bounding_box()
        return box["x"] + 44 + across * (box["width"] - 54), box["y"] + 24 + (1 - up) * (box["height"] - 66)

    def is_the_snippets(self):
        own = EXPLORABLES[self.name]
        self.rest()
        read, (expected, words) = self.rows(), own.shown(**self.said())
        assert list(read) == list(expected), self.said()
        for what, row in expected.items():
            for seen, meant in zip(read[what], row, strict=True):
                away = not isinstance(meant, str) and not abs(meant) < 1e6  # what runs away says so
                good = away or seen == (meant if isinstance(meant, str) else pytest.approx(meant, rel=own.close, abs=1e-12))
                assert good, (what, seen, meant, self.said())
        assert words in self.words(), self.said()


def places(box, by):
    """Where a slider's knob is on the screen, and where it is a share of the whole further on, or back where there is no room."""
    box.scroll_into_view_if_needed()
    here = box.evaluate("e => (e.valueAsNumber - e.min) / (e.max - e.min)")
    there = here + by if 0 <= here + by <= 1 else here - by
    drawn = box.bounding_box()
    return [(drawn["x"] + 8 + share * (drawn["width"] - 16), drawn["y"] + drawn["height"] / 2) for share in (here, there)]


def by_mouse(seen, turn):
    for box in seen.figure.locator("input[type=range]:visible").all():
        here, there = places(box, 0.06)
        seen.page.mouse.move(*here)
        seen.page.mouse.down()
        seen.page.mouse.move(*there, steps=2)
        seen.page.mouse.up()
    for box in seen.figure.locator("input[type=checkbox]").all():
        box.click()
    return 0.7, 0.75


def by_finger(seen, turn):
    for box in seen.figure.locator("input[type=range]:visible").all():
        seen.page.touchscreen.tap(*places(box, -0.12)[1])
    for label in seen.figure.locator("label.check").all():
        label.tap()
    return 0.25, 0.4


def by_keys(seen, turn):
    for i, box in enumerate(seen.figure.locator("input[type=range]:visible").all()):
        box.focus()
        for _ in range(i % 3 + 1):
            seen.page.keyboard.press("ArrowLeft" if i % 2 else "ArrowRight")
    for box in seen.figure.locator("input[type=checkbox]").all():
        box.focus()
        seen.page.keyboard.press("Space")
    for box in seen.figure.locator("select").all():
        box.focus()
        seen.page.keyboard.press("ArrowUp" if turn % 2 else "ArrowDown")


@pytest.mark.parametrize(("scheme", "width"), browsers.SETTINGS)
@pytest.mark.parametrize("name", EXPLORABLES)
def test_hands_move_it_and_it_says_what_the_snippets_compute(browser, address, name, scheme, width):
    """Mouse, finger and keys; no violation before and after; nothing wider than the page, no picture besides."""
    turn, own = browsers.SETTINGS.index((scheme, width)), EXPLORABLES[name]

    def move(page):
        page.add_init_script(path=AXE)
        seen = Seen(page, address, name)
        own.begins(seen.said(), seen.rows())
        seen.is_the_snippets()
        found = page.evaluate(VIOLATIONS)
        for i, hand in enumerate((by_mouse, by_finger, by_keys)):
            alt = seen.alt()
            for box in seen.figure.locator("select").all() if hand is not by_keys else ():
                box.select_option(index=(turn + i) % box.locator("option").count())
                seen.is_the_snippets()
            sliders = seen.figure.locator("input[type=range]:visible").count()
            before = seen.said()
            share = hand(seen, turn)
            seen.is_the_snippets()
            moved = [key for key, value in seen.said().items() if value != before[key]]
            assert len(moved) >= sliders - 1, f"of {sliders} sliders only {moved} moved"
            assert seen.alt() != alt, "its words follow what it shows"
            if own.pointed and share:
                place = seen.place(*share)
                page.mouse.click(*place) if hand is by_mouse else page.touchscreen.tap(*place)
                now = seen.said()
                for key, meant in own.pointed(*share, now).items():
                    reach = seen.slider(key)
                    wide = float(reach.get_attribute("max")) - float(reach.get_attribute("min"))
                    assert now[key] == pytest.approx(meant, abs=0.01 * wide), f"{key} is where it was pointed"
                seen.is_the_snippets()
        assert seen.figure.locator("img:visible").count() == 0
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        sizes = seen.figure.locator("svg text").evaluate_all("all => all.map(e => parseFloat(getComputedStyle(e).fontSize))")
        assert min(sizes) >= 9
        return seen.wrong + found + page.evaluate(VIOLATIONS) + seen.figure.evaluate(SMALL) + seen.figure.evaluate(CUT)

    assert browser.visit(move, f"{name}, moved", scheme=scheme, width=width, has_touch=True) == []


SHIFTS = """() => {
  window.shifted = 0;
  const add = list => { for (const one of list.getEntries()) shifted += one.hadRecentInput ? 0 : one.value; };
  new PerformanceObserver(add).observe({type: "layout-shift", buffered: true});
}"""
RECORD = """() => {
  const replace = history.replaceState.bind(history);
  window.links = [];
  history.replaceState = (state, title, address) => { links.push(String(address)); replace(state, title, address); };
}"""


@pytest.mark.parametrize("name", EXPLORABLES)
def test_it_waits_to_be_seen_and_a_link_brings_its_state_back(browser, address, name):
    def share(page):
        asked = []
        page.add_init_script(f"({SHIFTS})()")
        page.on("request", lambda request: asked.append(request.url))
        page.set_viewport_size({"width": 1280, "height": 120})
        page.goto(f"{address}/{SHOWN[name]}/", wait_until="networkidle")
        assert any(re.search(r"assets/note\.\w+\.js$", url) for url in asked)
        assert not [url for url in asked if "/explorables/" in url], "nothing of it is loaded before it is seen"
        page.set_viewport_size({"width": 1280, "height": 900})
        seen = Seen(page, address, name)
        fresh = seen.rows()
        by_keys(seen, 0)
        seen.rest()
        left, alt = seen.rows(), seen.alt()
        assert left != fresh
        page.evaluate(RECORD)  # for the theme soon puts another heading's name behind the #
        seen.figure.get_by_role("button", name="Link to this").click()
        page.wait_for_function("name => links.some(link => link.includes(name + '.'))", arg=name)
        assert "link is" in seen.words()
        link = page.evaluate("name => links.find(link => link.includes(name + '.'))", name)
        assert link.endswith("#" + seen.figure.get_attribute("id"))
        again = Seen(page, address, name, link.split("/")[-1])
        assert (again.rows(), again.alt()) == (left, alt)
        assert page.evaluate("shifted") < 0.01, "its room is kept free, see note.css"
        again.figure.get_by_role("button", name="Start over").click()
        again.rest()
        assert again.rows() == fresh
        page.set_viewport_size({"width": 360, "height": 740})
        spoilt = Seen(page, address, name, re.sub(r"=[^&#]*", "=nothing%3Cb%3E", link.split("/")[-1]))
        assert spoilt.rows() == fresh, "what a link cannot mean is not taken from it"
        assert page.evaluate("shifted") < 0.01, "its room is kept free, see note.css"
        page.emulate_media(media="print", color_scheme="dark")
        assert spoilt.figure.locator("img.only-light").is_visible(), "on paper the drawn figure is there"
        assert spoilt.figure.locator("img.only-dark, .explorable").locator("visible=true").count() == 0
        return seen.wrong

    assert browser.visit(share, f"{name}, its link", scheme="light", width=1280) == []


def test_without_scripts_every_drawn_figure_is_there(browser, address):
    def read(page):
        for name, shown in SHOWN.items():
            page.goto(f"{address}/{shown}/".replace("/index/", "/"), wait_until="load")
            figure = page.locator(f"figure[data-explorable={name}]")
            assert figure.locator("img.only-light").is_visible()
            assert figure.locator(".explorable").count() == 0

    browser.visit(read, "no scripts", scheme="light", width=360, java_script_enabled=False)


def test_the_race_moves_unless_its_reader_wants_rest(browser, address):
    def watch(page):
        page.emulate_media(reduced_motion="no-preference")
        seen = Seen(page, address, "race")
        run, steps = seen.figure.get_by_role("button", name="Race"), "document.querySelector('#race-steps').valueAsNumber"
        run.click()
        page.wait_for_function(f"() => {steps} > 1 && {steps} < 100")
        middle = seen.rows()
        page.wait_for_function(f"() => {steps} === 100")
        assert seen.rows() != middle
        run.click()
        page.wait_for_function(f"() => {steps} < 100")
        seen.slider("steps").focus()
        page.keyboard.press("End")
        page.wait_for_timeout(300)
        assert seen.said()["steps"] == 1000, "whoever takes the steps has them"
        page.emulate_media(reduced_motion="reduce")
        assert Seen(page, address, "race").figure.get_by_role("button", name="Race").count() == 0
        return seen.wrong

    assert browser.visit(watch, "race, moving", scheme="light", width=1280) == []


def test_the_rates_of_each_surface_are_the_ones_found(browser, address):
    def choose(page):
        seen = Seen(page, address, "race")
        for surface, rates in json.loads(page.request.get(f"{address}/assets/explorables/data/race.json").text()).items():
            seen.figure.locator("select").select_option(surface)
            assert [seen.said()[name] for name in rates] == [float(f"{rate:.2g}") for rate in rates.values()]

    browser.visit(choose, "race, its rates", scheme="light", width=1280)


@pytest.mark.parametrize(
    ("scheme", "width", "height"), [("light", 1280, 720), ("dark", 1280, 720), ("light", 360, 740), ("dark", 360, 740)]
)
def test_the_front_page_says_on_its_first_screen_what_it_is_and_shows_it(browser, address, scheme, width, height):
    """It runs once when it is seen, by the snippets' numbers, can be paused, and rests for who wants rest. Nothing moves for it."""
    paths, surface = race.paths(), race._ravine(np.radians(30))

    def watch(page):
        page.set_viewport_size({"width": width, "height": height})
        page.clock.install()
        page.add_init_script(path=AXE)
        page.add_init_script(f"({SHIFTS})()")
        page.emulate_media(reduced_motion="no-preference", color_scheme=scheme)
        wrong = listen(page, address)

        def open_it():
            page.goto(address, wait_until="load")
            page.locator("figure.explored svg[role=img] text").first.wait_for()

        def step():
            return int(page.locator(".moving .counter").inner_text().split()[1])

        def press(button):
            page.get_by_role("button", name=button, exact=True).press("Enter")

        def is_the_snippets():
            at, *seen = page.evaluate(
                """() => [document.querySelector(".counter").textContent.split(" ")[1],
                  ...[...document.querySelectorAll(".runner data")].map(e => e.value)].map(Number)"""
            )
            assert seen == pytest.approx([surface(paths[name][at])[0] for name in race.OPTIMIZERS], rel=1e-9)

        open_it()
        page.clock.run_for(2500)
        middle = step()
        assert 1 < middle < 100
        is_the_snippets()
        for part in (
            "h1",
            ".lead",
            "a:has-text('Map of the course')",
            ".moving svg[role=img]",
            ".moving .runner >> nth=3",
            ".moving button",
        ):
            box = page.locator(part).first.bounding_box()
            assert box["y"] > 0 and box["y"] + box["height"] <= height and box["x"] + box["width"] <= width, part
        press("Pause")
        paused = step()
        page.clock.run_for(1000)
        assert step() == paused
        press("Go on")
        page.clock.run_for(4000)
        assert step() == 100
        is_the_snippets()
        page.clock.run_for(1000)
        assert page.get_by_role("button", name="Race again").is_visible(), "it runs once"
        assert page.evaluate("shifted") < 0.002
        found = page.evaluate(VIOLATIONS)
        page.get_by_role("link", name="Map of the course").click()
        assert page.locator("#what-the-course-teaches").bounding_box()["y"] < height / 2
        page.emulate_media(reduced_motion="reduce")
        open_it()
        page.clock.run_for(1000)
        assert step() == 100, "for who wants rest nothing moves"
        press("Race again")
        page.clock.run_for(1000)
        assert step() < 100, "unless he says so"
        return wrong + found

    assert browser.visit(watch, "the front page, moving", scheme=scheme, width=width) == []
