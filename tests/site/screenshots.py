"""`python -m tests.site.screenshots OUT [SITE]`: a picture of every built page, light and dark, wide and narrow.

With OUT a file, such as docs/assets/note.webp, one picture of ten views of the note, for README.
"""

import io
import sys
from pathlib import Path

from PIL import Image

from snippets.site.source import ROOT
from tests.site import browser as browsers

# What is to be seen, how wide and in which scheme the window is, and what a reader does first.
VIEWS = [
    ("", 1280, "light", ["race .moving"]),
    ("moving_averages/", 360, "light", ["see figure[data-explorable]", "key .explorable input[type=range]"]),
    ("adam/", 1280, "dark", ["see figure[data-explorable]", "touch .explorable svg"]),
    ("", 360, "dark", ["race .moving"]),
    ("regularization/", 1280, "light", ["see .tabbed-set", "click .tabbed-labels label:nth-child(2)"]),
    ("", 1280, "dark", ["type beta1"]),
    ("momentum/", 360, "dark", ["see .measured"]),
    ("diagnose/", 1280, "light", ["see figure.drawn"]),
    ("museum/", 360, "light", ["see .exhibit"]),
    ("cheatsheet/", 1280, "light", []),
]
ABOVE = "e => scrollTo(0, e.getBoundingClientRect().top + scrollY - 110)"
RACE = """whole => new Promise(done => {
  const button = whole.querySelector("button"), step = () => whole.querySelector(".counter").textContent.split(" ")[1];
  const look = () => step() > 20 && step() < 60 ? done(button.click()) : requestAnimationFrame(look);
  button.click();
  look();
})"""  # begun, and stopped on its way
HEIGHT, GAP, ROWS, PAPER = 420, 14, 2, "#5a6672"


def act(page, what: str) -> None:
    kind, _, rest = what.partition(" ")
    if kind == "type":
        page.keyboard.press("/")
        page.keyboard.type(rest)
        page.wait_for_selector(".md-search-result__item, .md-search-result li")
        return
    element = page.locator(rest).first
    element.wait_for(timeout=10000)
    if kind == "see":
        element.evaluate(ABOVE)
    elif kind == "race":
        element.evaluate(RACE)
    elif kind == "touch":
        element.click(position={"x": 90, "y": 70})  # a corner of a map, far from where it leads
    elif kind == "click":
        element.click()
    elif kind == "key":
        element.press("PageDown")


def shoot(page, address: str, actions: list[str]) -> Image.Image:
    page.goto(address, wait_until="load")
    page.evaluate(browsers.DRAWN)
    for what in actions:
        act(page, what)
        page.wait_for_timeout(1500)  # for what comes into view and begins to move
    page.evaluate(browsers.DRAWN)
    return Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("RGB")


def contact_sheet(site: Path, out: Path) -> None:
    """The ten views in rows of one height."""
    with browsers.launched() as browser, browsers.served(site) as address:
        views = []
        for name, width, scheme, actions in VIEWS:

            def do(page):
                return shoot(page, f"{address}/{name}", actions)

            picture = browser.visit(do, f"{name}, for the sheet", scheme=scheme, width=width)
            views.append(picture.resize((round(picture.width * HEIGHT / picture.height), HEIGHT), Image.Resampling.LANCZOS))
    rows = [views[i * 5 : i * 5 + 5] for i in range(ROWS)]
    wide = max(sum(view.width + GAP for view in row) for row in rows) + GAP
    sheet = Image.new("RGB", (wide, ROWS * (HEIGHT + GAP) + GAP), PAPER)
    for i, row in enumerate(rows):
        x = GAP
        for view in row:
            sheet.paste(view, (x, GAP + i * (HEIGHT + GAP)))
            x += view.width + GAP
    sheet.save(out, quality=82, method=6)
    print(f"{out}: {sheet.width} x {sheet.height}, {out.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    if len(sys.argv) not in {2, 3}:
        sys.exit(__doc__)
    out, site = Path(sys.argv[1]), Path(sys.argv[2] if len(sys.argv) == 3 else ROOT / "site").resolve()
    (contact_sheet if out.suffix else browsers.screenshots)(site, out)
