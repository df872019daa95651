"""Every page in a browser, light and dark, wide and as narrow as a phone: what a reader would stumble over."""

import re

import pytest

from snippets.site.source import ROOT
from tests.site import browser as browsers

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
CULPRITS = """() => [...document.querySelectorAll("body *")]
  .filter(e => e.checkVisibility() && e.getBoundingClientRect().right > innerWidth + 1)
  .slice(0, 3).map(e => e.outerHTML.slice(0, 120))"""
CUT = """() => [...document.querySelectorAll(".table")].filter(e => e.checkVisibility() && e.scrollWidth > e.clientWidth + 1)
  .map(e => e.innerText.slice(0, 60))"""
NOT_LOADED = "() => [...document.images].filter(i => i.checkVisibility() && !(i.complete && i.naturalWidth)).map(i => i.src)"
WRONG_SCHEME = """scheme => [...document.querySelectorAll("img.only-light, img.only-dark")]
  .filter(i => i.parentElement.checkVisibility() && i.checkVisibility() != i.classList.contains("only-" + scheme)).map(i => i.src)"""
PAPER = "() => getComputedStyle(document.body).backgroundColor"
WORDS = """() => {
  const words = [], walk = document.createTreeWalker(document.querySelector("article, main"), NodeFilter.SHOW_TEXT);
  while (walk.nextNode())
    if (!walk.currentNode.parentElement.closest("code, pre, script, style, .katex")) words.push(walk.currentNode.data);
  return words.join("");
}"""
UNFOLD = """() => {
  document.querySelectorAll("details").forEach(box => box.open = true);
  document.querySelectorAll(".tabbed-block").forEach(block => block.style.display = "block");
}"""
# Each page is loaded once for each width. When it has been looked at, its reader's system changes from light to dark or back: nothing
# but colours and pictures differs then, so these are looked at again, and nothing else.
LOADED, COLOURS = [("light", 1280), ("dark", 360)], ["color-contrast", "link-in-text-block"]
OTHER = {"light": "dark", "dark": "light"}
PICTURES = """async () => {
  const frame = () => Promise.race([new Promise(requestAnimationFrame), new Promise(done => setTimeout(done, 500))]);
  await frame(); await frame();
  const pictures = [...document.images].filter(i => i.checkVisibility());
  pictures.forEach(i => i.loading = "eager");
  const patience = new Promise(done => setTimeout(done, 20000));
  await Promise.race([Promise.all(pictures.map(i => i.decode().catch(() => 0))), patience]);
}"""
# axe goes through every element, also of what it is not to look at: the glyphs of a formula, more than all else on most pages. They are
# taken out, and their room is kept.
SHELLS = """() => {
  const drawn = [...document.querySelectorAll(".katex-html")].filter(e => e.getClientRects().length);
  const rooms = drawn.map(e => e.getBoundingClientRect());
  drawn.forEach((e, i) => {
    e.replaceChildren();
    Object.assign(e.style, {display: "inline-block", width: `${rooms[i].width}px`, height: `${rooms[i].height}px`});
  });
}"""
VIOLATIONS = """async only => (await Promise.race([
    axe.run({exclude: [".katex-html"]}, {resultTypes: ["violations"], preload: false, ...(only && {runOnly: only})}),
    new Promise((_, fail) => setTimeout(() => fail(new Error("axe took more than 60 seconds")), 60000)),
  ])).violations.map(v => ({impact: v.impact, what: v.id + ": " + v.help, where: v.nodes.slice(0, 3).map(n => n.html.slice(0, 160))}))"""


def listen(page, address: str) -> list[str]:
    """A list that fills with what goes wrong on a page: messages, errors, requests that fail or leave the site."""
    wrong: list[str] = []
    page.on("console", lambda m: wrong.append(f"console {m.type}: {m.text}") if m.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: wrong.append(f"error: {error}"))
    page.on("requestfailed", lambda r: wrong.append(f"failed: {r.url} {r.failure}") if "ABORTED" not in str(r.failure) else None)
    page.on("response", lambda response: wrong.append(f"{response.status}: {response.url}") if response.status >= 400 else None)
    page.on("request", lambda r: None if r.url.startswith((address, "data:", "blob:")) else wrong.append(f"leaves the site: {r.url}"))
    return wrong


def look(browser, folder, address: str, scheme: str, width: int) -> dict[str, list[str]]:
    """What is wrong with the pages of a site that lies in a folder and is served at an address: as loaded, and in the other scheme."""
    found = {scheme: [], OTHER[scheme]: []}
    for name in browsers.pages(folder):
        file = folder / name.strip("/") / "index.html" if name.endswith("/") else folder / name.strip("/")
        meant = file.read_text(encoding="utf-8").count("&#36;")  # which is how a $ that is meant is written
        wrong = browser.visit(lambda page: look_at(page, address, name, scheme, meant), name, scheme=scheme, width=width)
        for seen in found:
            found[seen] += [f"{name}, {seen}: {what}" for what in wrong[seen]]
    return found


def look_at(page, address: str, name: str, scheme: str, dollars: int) -> dict[str, list[str]]:
    page.add_init_script(path=AXE)
    wrong = listen(page, address)
    page.goto(address + name, wait_until="load")
    page.evaluate(browsers.SCROLL)
    if over := page.evaluate(WIDE):
        wrong.append(f"scrolls sideways by {over} pixels: {page.evaluate(CULPRITS)}")
    if page.viewport_size["width"] < 500:
        wrong += [f"a table scrolls sideways: {table!r}" for table in page.evaluate(CUT)]
    words = page.evaluate(WORDS)
    if words.count("$") > dollars:
        wrong.append(f"a $ is left: {words[max(words.index('$') - 30, 0) : words.index('$') + 50]!r}")
    if left := re.search(r"\\[A-Za-z]{2,}.{0,40}", words):
        wrong.append(f"LaTeX is left: {left[0]!r}")
    page.evaluate(SHELLS)
    look_at_colours(page, scheme, wrong, None)
    before, other = list(wrong), OTHER[scheme]
    wrong.clear()  # it goes on to fill
    page.emulate_media(color_scheme=other)
    page.evaluate(PICTURES)
    look_at_colours(page, other, wrong, COLOURS)
    return {scheme: before, other: wrong}


def look_at_colours(page, scheme: str, wrong: list[str], rules: list[str] | None) -> None:
    wrong += [f"not loaded: {src}" for src in page.evaluate(NOT_LOADED)]
    wrong += [f"not the picture for {scheme}: {src}" for src in page.evaluate(WRONG_SCHEME, scheme)]
    if (sum(map(int, re.findall(r"\d+", page.evaluate(PAPER))[:3])) < 300) != (scheme == "dark"):
        wrong.append(f"the paper is not {scheme}: {page.evaluate(PAPER)}")
    wrong += [f"{v['impact']} {v['what']} {v['where']}" for v in page.evaluate(VIOLATIONS, rules)]


@pytest.mark.long(55)
@pytest.mark.parametrize(("scheme", "width"), LOADED)
def test_every_page(browser, site, address, scheme, width):
    """No errors, no requests to others, no sideways scroll, every picture there, nothing left unrendered, readable for all."""
    found = look(browser, site, address, scheme, width)
    for seen, wrong in found.items():
        violations = len([what for what in wrong if re.search(r": (minor|moderate|serious|critical) \w+", what)])
        browsers.keep(f"axe-{seen}-{width}", pages=len(browsers.pages(site)), violations=violations)
    assert not any(found.values()), "\n".join(what for wrong in found.values() for what in wrong)


WATCH = """(() => {
  window.shifted = [];
  const add = list => {
    for (const { value, sources } of list)
      shifted.push([value, sources.map(({ node }) => node?.outerHTML?.slice(0, 120) ?? "")]);
  };
  window.shifts = new PerformanceObserver(list => add(list.getEntries()));
  shifts.observe({ type: "layout-shift", buffered: true });
  window.rest = async () => { // two frames, in which what is there is drawn; what moved by it is noted
    for (let frames = 0; frames < 2; frames++) await new Promise(requestAnimationFrame);
    add(shifts.takeRecords());
  };
})()"""
# First each figure to touch is jumped to, so that it comes in where what stands below it is seen to move; then all is passed.
DOWN = """async () => {
  const there = async come => { for (const patience = performance.now() + 5000; performance.now() < patience && !come();) await rest(); };
  for (const figure of document.querySelectorAll("figure[data-explorable]")) {
    const { top, bottom } = figure.getBoundingClientRect();
    scrollTo(0, scrollY + Math.max(top - 80, bottom - 0.8 * innerHeight));
    await there(() => figure.classList.contains("explored"));
    await rest();
  }
  const near = e => { const { top, bottom } = e.getBoundingClientRect(); return bottom > 0 && top < innerHeight && e.checkVisibility(); };
  for (let y = 0; y < document.documentElement.scrollHeight; y += innerHeight / 2) {
    scrollTo(0, y);
    await rest();
    await there(() => [...document.images].every(image => image.complete || !near(image)));
  }
  await new Promise(done => setTimeout(done, 300));
  await rest();
  return shifted;
}"""


@pytest.mark.long(15)
@pytest.mark.parametrize("width", [1280, 360])
def test_nothing_moves_while_a_page_is_scrolled(browser, site, address, width):
    """Figures to touch come in where there is room for them: a new one needs its line in docs/assets/note.css."""

    def scroll(page) -> list:
        page.add_init_script(WATCH)
        page.goto(address + name, wait_until="load")
        shifts = page.evaluate(DOWN)
        assert page.locator("figure[data-explorable]:not(.explored)").count() == 0
        return shifts

    explored = [
        f"/{path.parent.relative_to(site).as_posix()}/".replace("/./", "/")
        for path in site.rglob("index.html")
        if '<figure class="drawn" data-explorable' in path.read_text(encoding="utf-8")
    ]
    worst = {}
    for name in [*explored, "/museum/"]:
        shifts = browser.visit(scroll, f"{name}, scrolled", scheme="light", width=width)
        worst[name] = sum(value for value, _ in shifts), [where for value, where in shifts if value > 0.001]
    browsers.keep(f"shift-{width}", shift=max(shift for shift, _ in worst.values()))
    assert len(explored) > 5
    assert not {name: found for name, found in worst.items() if found[0] > 0.01}


FAULTY = """<!doctype html><html lang="en"><head><title>Faulty</title><meta name="viewport" content="width=device-width">
<script>console.error("oh no"); setTimeout(() => nowhere())</script>
<link rel="stylesheet" href="http://127.0.0.1:9/style.css"></head>
<body style="background: #222; color: #333"><main><article><h1>Faulty</h1><p>It is $x$ or \\frac{1}{2}. <code>\\alpha $</code></p>
<img src="missing.png" alt="Not there"><img src="dot.svg" width="9"><img class="only-dark" src="dot.svg?2" alt="A dot">
<img class="only-light" src="dot.svg?3" alt="A dot">
<div style="width: 2000px">wide</div></article></main></body></html>"""


def test_a_faulty_page_is_found_out(browser, tmp_path):
    """The checks above see what they are there to see."""
    (tmp_path / "index.html").write_text(FAULTY, encoding="utf-8")
    (tmp_path / "dot.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>', encoding="utf-8")
    with browsers.served(tmp_path) as address:
        found, again = map("\n".join, look(browser, tmp_path, address, "light", 1280).values())
    for said in (
        "console error: oh no",
        "nowhere is not defined",
        "leaves the site: http://127.0.0.1:9/style.css",
        "failed: http://127.0.0.1:9/style.css",
        "404: ",
        "not loaded: ",
        "scrolls sideways by ",
        "not the picture for light: ",
        "the paper is not light",
        "a $ is left: ",
        "LaTeX is left: '\\\\frac{1}{2}. ",
        "image-alt",
        "color-contrast",
    ):
        assert said in found, f"{said!r} is not in\n{found}"
    for said in "not loaded: ", "not the picture for dark: ", "serious color-contrast":
        assert said in again, f"{said!r} is not in\n{again}"


def test_what_comes_along_with_a_block_is_one_line_until_asked_for(browser, address):
    def look(page):
        page.goto(f"{address}/adam/", wait_until="load")
        height = "e => e.getBoundingClientRect().height / parseFloat(getComputedStyle(e).lineHeight)"
        helper = page.locator(".helper").first
        heights = [helper.evaluate(height)]
        helper.locator("input").press("Space")
        heights.append(helper.evaluate(height))
        helper.locator("label").click()
        heights.append(helper.evaluate(height))
        page.emulate_media(media="print")
        heights.append(helper.evaluate("e => getComputedStyle(e).overflow"))
        return heights, int(helper.locator("label").get_attribute("data-lines"))

    (folded, unfolded, again, printed), lines = browser.visit(look, "folded code", scheme="light", width=360)
    assert folded == again == pytest.approx(1, abs=0.1)
    assert unfolded > lines
    assert printed == "visible"


# What is copied for each block of code, which gets its button as soon as it is seen, and what it shows.
COPY = """async () => {
  const found = [], patience = 500;
  const until = async ask => {
    for (let turn = 0; turn < patience; turn++) {
      const answer = await ask();
      if (answer) return answer;
      await new Promise(done => setTimeout(done, 10));
    }
  };
  for (const block of document.querySelectorAll("article .highlight:has(pre > code)")) {
    block.scrollIntoView();
    const button = await until(() => block.querySelector("[data-clipboard-target], [data-md-type=copy], .md-clipboard"));
    await navigator.clipboard.writeText("");
    button?.click();
    found.push([await until(() => navigator.clipboard.readText()), block.querySelector("pre > code").textContent]);
  }
  return found;
}"""


def test_the_copy_button_copies_the_block(browser, site, address):
    """What it copies is the text of the block, which the tests run, and nothing else."""

    def copy(page) -> list[tuple[str | None, str]]:
        page.goto(address + name, wait_until="load")
        page.evaluate(UNFOLD)  # nobody clicks on a button that is folded away, and it would copy nothing
        return page.evaluate(COPY)

    window = dict(scheme="light", width=1280, permissions=["clipboard-read", "clipboard-write"])
    copied = 0
    for name in browsers.pages(site):
        for clipboard, text in browser.visit(copy, f"{name}, copying", **window):
            assert clipboard and clipboard.rstrip("\n") == text.rstrip("\n"), f"{name}: copies {clipboard!r}, shows {text!r}"
            copied += 1
    assert copied


# Each box is opened and each tab chosen as their reader would, by a click on its label; then no word and no picture is left unseen.
UNSEEN = """() => {
  const article = [...document.querySelectorAll("article, main")].at(-1), left = [];
  const seen = e => e.checkVisibility({checkVisibilityCSS: true, checkOpacity: true}) && e.getClientRects().length > 0;
  const tell = e => left.push(e.outerHTML.slice(0, 150));
  const cell = (row, th) => row.cells[th.cellIndex], told = th => th && // where rows are cards, each cell says its heading
    [...th.closest("table").tBodies[0].rows].every(row => cell(row, th).dataset.label === th.textContent.trim()
      && getComputedStyle(cell(row, th), "::before").content !== "none");
  article.querySelectorAll("details:not([open]) > summary").forEach(summary => summary.click());
  const words = document.createTreeWalker(article, NodeFilter.SHOW_TEXT), hidden = new Set();
  while (words.nextNode()) {
    const e = words.currentNode.parentElement;
    if (words.currentNode.data.trim() && !e.closest(".katex-mathml, .headerlink, .beside, script, style") && !seen(e))
      told(e.closest(".cards th")) || hidden.add(e);
  }
  article.querySelectorAll("img:not(.only-dark), .katex-html, data").forEach(e => seen(e) || hidden.add(e));
  for (const set of article.querySelectorAll(".tabbed-set"))
    set.querySelectorAll(":scope > .tabbed-labels > label").forEach((label, i) => {
      label.click();
      const blocks = set.querySelectorAll(":scope > .tabbed-content > .tabbed-block");
      if ([...blocks].some((block, k) => seen(block) != (i == k))) tell(label);
      hidden.forEach(e => blocks[i].contains(e) && seen(e) && hidden.delete(e));
    });
  hidden.forEach(tell);
  article.querySelectorAll("img.only-dark").forEach(e => seen(e) && tell(e));
  document.querySelectorAll(".md-search, [for=__search], .md-clipboard, .md-header__option").forEach(e => seen(e) && tell(e));
  return left;
}"""


@pytest.mark.long(12)
@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 360)])
def test_every_page_reads_whole_without_scripts(browser, site, address, scheme, width):
    """Words, formulas, numbers and pictures are in the page itself, boxes open, tabs change, and nothing is offered that would not work."""

    def read(page) -> list[str]:
        wrong = listen(page, address)
        page.goto(address + name, wait_until="load")
        assert len(page.locator("article, main").last.inner_text().strip()) > 100, name
        return wrong + page.evaluate(UNSEEN)

    for name in browsers.pages(site):
        found = browser.visit(read, f"{name}, no scripts", scheme=scheme, width=width, java_script_enabled=False)
        assert not found, "\n".join([name, *found])


@pytest.mark.parametrize("width", [1280, 360])
def test_one_gets_about_without_scripts(browser, address, width):
    def go(page) -> tuple[str, str]:
        page.goto(f"{address}/adam/")
        if width < 600:
            page.click("label.md-header__button[for=__drawer]")
        page.click(".md-nav--primary a[href='../momentum/']")
        first = page.inner_text("h1")
        page.click(".md-footer__link--next")
        return first, page.inner_text("h1")

    titles = browser.visit(go, "about, no scripts", scheme="light", width=width, java_script_enabled=False)
    assert [title.strip("¶\n ") for title in titles] == ["Momentum", "RMSprop"]


def test_light_or_dark_is_as_the_system_has_it_until_one_chooses(browser, address):
    """From the first picture on; what was chosen stays. The browser's own bar and its scrollbars go along."""
    wears = """async system => {
      const dark = matchMedia("(prefers-color-scheme: dark)"), frame = () => new Promise(requestAnimationFrame);
      while (dark.matches !== (system === "dark")) await frame(); // the browser says so some frames after it was told
      for (let more = 0; more < 4; more++) await frame(); // a page is told one frame after its styles were made anew
      const of = element => getComputedStyle(element), bar = document.querySelector("meta[name=theme-color]").content;
      return [document.body.dataset.mdColorScheme, of(document.documentElement).colorScheme,
        bar === of(document.querySelector("header")).backgroundColor];
    }"""
    light, dark = ["default", "normal", True], ["slate", "dark", True]

    def choose(page):
        page.add_init_script("addEventListener('DOMContentLoaded', () => window.first = document.body.dataset.mdColorScheme)")
        page.goto(f"{address}/notation/", wait_until="load")
        seen = [page.evaluate("first"), page.evaluate(wears, "dark")]
        for system in ("light", "dark"):
            page.emulate_media(color_scheme=system)
            seen.append(page.evaluate(wears, system))
        page.get_by_role("button", name="Switch to light").press("Enter")
        seen += [page.evaluate(wears, "dark"), page.evaluate("document.activeElement.ariaLabel")]
        page.goto(f"{address}/adam/", wait_until="load")
        page.emulate_media(color_scheme="light")
        page.evaluate(wears, "light")
        page.emulate_media(color_scheme="dark")
        seen += [page.evaluate("first"), page.evaluate(wears, "dark")]
        page.get_by_role("button", name="Switch to dark").click()
        return [*seen, page.evaluate(wears, "dark")]

    seen = browser.visit(choose, "light or dark", scheme="dark", width=360)
    assert seen == ["slate", dark, light, dark, light, "Switch to dark", "default", light, dark]


@pytest.mark.long(8)
def test_a_browser_that_hangs_is_started_again(browser, monkeypatch, tmp_path):
    """A page on which it never answers is tried three times; one on which it answers the third time is read."""
    monkeypatch.setattr(browsers, "PATIENCE", 1.5)
    monkeypatch.setattr(browsers, "HUNG", tmp_path / "hung.txt")
    tries = []

    def ask(page):
        tries.append(page)
        if len(tries) == 2:
            monkeypatch.setattr(browsers, "PATIENCE", 60)  # the third time it may take as long as it needs
        return page.evaluate("new Promise(() => 0)" if len(tries) < 3 else "1 + 1")

    assert browser.visit(ask, "here", scheme="light", width=360) == 2
    assert browsers.HUNG.read_text() == "here\n" * 2
    monkeypatch.setattr(browsers, "PATIENCE", 1.5)
    with pytest.raises(AssertionError, match="no answer 3 times: there"):
        browser.visit(lambda page: page.evaluate("new Promise(() => 0)"), "there", scheme="light", width=360)
    with pytest.raises(ZeroDivisionError):
        browser.visit(lambda page: 1 / 0, "here", scheme="light", width=360)
