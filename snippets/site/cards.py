"""What is shown of a page where somebody shares its address: a card with its title, what it is about, and its first figure."""

import functools
import hashlib
import importlib.util
import io
import re
import textwrap
import time
import warnings
from importlib import import_module
from pathlib import Path

from snippets.experiments import _cache
from snippets.figures import _draw
from snippets.site import overview, source

OWN = Path(__file__).read_text(encoding="utf-8")
SIZE = 1200, 630
TOUCH_ICON = "assets/touch-icon.png"
PAPER, INK, SOFT, LIGHT = "#ffffff", "#0c4a53", "#e3eff0", "#6fcfd6"
SHEET = ((14.5, 1.5), (4.5, 1.5), (4.5, 22.5), (19.5, 22.5), (19.5, 6.5))  # as in docs/assets/favicon.svg, 24 wide
PLAY = ((9.3, 9.2), (15.7, 13.4), (9.3, 17.6))


def name(page: str) -> str:
    """The card of a page by the page's address, as theme/main.html has it too."""
    return f"cards/{page.replace('/', '') or 'index'}.png"


def all_cards() -> dict[str, tuple[str, str, str, str, str]]:
    """For each card its section, title and description, and topic and name of its figure, where the page has one.

    The picture for a phone's home screen is drawn and kept with them."""
    sections = {file: group for group, files in overview.navigation().items() for file in files}
    cards = {}
    for path in sorted(source.DOCS.glob("*.md")):
        page = source.read(path)
        figures = filter(None, map(overview.FIGURE_LINE.fullmatch, page.lines))
        first = next(((m["topic"], m["name"]) for m in figures if m["name"] in dict(_draw.names(m["topic"]))), ("", ""))
        told = sections.get(path.name, ""), overview.title(page), overview.description(page)
        cards[name("" if path.stem == "index" else path.stem)] = (*told, *first)
    for path in sorted((source.DOCS / "notebooks").glob("*.py")):
        title = re.search(r"^# # (.+)$", path.read_text(encoding="utf-8"), re.M)
        cards[name(f"notebooks/{path.stem}")] = (
            "Practice",
            title[1] if title else path.stem,
            "A notebook to fill in, with a checker.",
            "",
            "",
        )
    return cards | {TOUCH_ICON: ("",) * 5}


def place(card: str, told: tuple) -> Path:
    """Where a card lies for its words, its figure and this file as they are now."""
    figure = _draw.picture_path(*told[3:], "light").name if told[4] else ""
    installed = _cache.frozen[-1] if _cache.frozen else _cache.installed()
    key = hashlib.sha256(repr((told, figure, OWN, installed)).encode()).hexdigest()[:16]
    return _cache.CACHE / "cards" / f"{Path(card).stem}-{key}.png"


def missing() -> list[tuple[str, tuple]]:
    return [(card, told) for card, told in all_cards().items() if not _cache.is_whole(place(card, told))]


def draw_plain() -> list[str]:
    """Draw those without a figure, which takes a hundredth of a second each; return what went wrong."""
    return [problem for card, told in missing() if not told[4] and (problem := draw(card, told)[1])]


def jobs() -> dict[str, _cache.Job]:
    """Every card with a figure that is not there as it would be now, after the experiments that its figure draws."""
    found = [(card, told, _cache.after(f"snippets.figures.{told[3]}", told[4])) for card, told in missing() if told[4]]
    return {card: _cache.Job((draw, card, told), after) for card, told, after in found}


def files():
    """Each card's address in the site and the file that it is a copy of, which may still have to be drawn."""
    for card, told in all_cards().items():
        yield card, place(card, told)


def draw(card: str, told: tuple) -> tuple[float, str | None]:
    """Draw one card; return its seconds and what went wrong."""
    start = time.perf_counter()
    try:
        _cache.write_whole(place(card, told), lambda file: file.write(picture(card, told)))
    except Exception as error:
        return 0.0, f"{_cache.where(error)}: card {card} raised {type(error).__name__}: {error}"
    return time.perf_counter() - start, None


def picture(card: str, told: tuple) -> bytes:
    if card == TOUCH_ICON:
        return png(mark(180, PAPER).quantize(64, dither=0))
    if told[4]:
        return png(compose(*told[:3], figure(*told[3:])).quantize(64, dither=0))
    return png(compose(*told[:3], mark(300)).quantize(palette=palette(), dither=0))


def figure(topic: str, called: str):
    """A figure on white paper, as a picture."""
    import matplotlib

    matplotlib.use("agg")
    from PIL import Image

    from snippets.figures import _style

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        _style.use("light")
        drawn = getattr(import_module(f"snippets.figures.{topic}"), called)()
        width, height = drawn.get_size_inches()
        file = io.BytesIO()
        drawn.savefig(file, format="png", dpi=min(540 / width, 550 / height), facecolor=PAPER)
        matplotlib.pyplot.close(drawn)
    return Image.open(file).convert("RGB")


@functools.cache
def mark(size: int, paper: str = INK):
    """The note's mark."""
    from PIL import Image, ImageDraw

    big = Image.new("RGB", (4 * size, 4 * size), paper)
    pen, scale = ImageDraw.Draw(big), size / 6
    pen.polygon([(x * scale, y * scale) for x, y in SHEET], INK, LIGHT, round(1.2 * scale))
    pen.polygon([(x * scale, y * scale) for x, y in PLAY], PAPER)
    return big.resize((size, size), Image.Resampling.LANCZOS)


def compose(section: str, title: str, description: str, picture):
    from PIL import Image, ImageDraw

    card = Image.new("RGB", SIZE, INK)
    pen = ImageDraw.Draw(card)
    if picture.size != (300, 300):
        pen.rectangle((620, 0, *SIZE), PAPER)
    card.paste(picture, (910 - picture.width // 2, 315 - picture.height // 2))
    card.paste(mark(48), (52, 44))
    pen.text((112, 68), "The note that runs", SOFT, font(26), "lm")
    y = 170
    pen.text((56, y), section, LIGHT, font(26), "lm")
    size = 54 if max(map(len, title.split())) < 15 else 44
    for line in textwrap.wrap(title, round(870 / size))[:3]:
        y += size * 1.15
        pen.text((56, y), line, PAPER, font(size, bold=True), "lm")
    y += 26
    lines = textwrap.wrap(description, 41)
    room = int((590 - y) // 34)
    for line in lines[: room - 1] + [textwrap.shorten(" ".join(lines[room - 1 :]), 41, placeholder=" …")] if len(lines) > room else lines:
        y += 34
        pen.text((56, y), line, SOFT, font(24), "lm")
    return card


@functools.cache
def font(size: int, bold: bool = False):
    """Matplotlib brings this one; to import it takes longer than to draw all cards without a figure."""
    from PIL import ImageFont

    matplotlib = Path(importlib.util.find_spec("matplotlib").origin).parent
    return ImageFont.truetype(matplotlib / "mpl-data/fonts/ttf" / f"DejaVuSans{'-Bold' if bold else ''}.ttf", size)


@functools.cache
def palette():
    """The colours of a card without a figure, from ink to each of the others in twenty steps: to look for the best takes longer."""
    from PIL import Image, ImageColor

    ink, *others = map(ImageColor.getrgb, (INK, SOFT, LIGHT, PAPER))
    colors = Image.new("P", (1, 1))
    colors.putpalette([a + (b - a) * step // 20 for other in others for step in range(21) for a, b in zip(ink, other, strict=True)])
    return colors


def png(picture) -> bytes:
    file = io.BytesIO()
    picture.save(file, "png")
    return file.getvalue()
