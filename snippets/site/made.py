"""What the site holds besides its pages and docs/assets, for whichever builder: figures, KaTeX, icons, exercises, data, sources."""

import re
from collections.abc import Iterator
from pathlib import Path

import material

from snippets.experiments import _cache
from snippets.figures import _draw
from snippets.site import cards, embed, exercises, explorables, notebooks, source_pages
from snippets.site.formulas import KATEX

ICONS = {
    "measured": "ruler",
    "settled": "check-decagram",
    "heuristic": "compass-outline",
    "contested": "scale-balance",
    "corrections": "eraser",
    "exercise": "pencil-ruler",
    "hint": "lightbulb-outline",
    "answer": "key-variant",
}


def files(site_name: str) -> Iterator[tuple[str, Path | str | bytes]]:
    """Each file's address in the site, and the file that it is a copy of, or its content."""
    for topic in _cache.topics("figures"):
        for name, _ in _draw.names(topic):
            for theme in _draw.THEMES:
                picture = _draw.picture_path(topic, name, theme)
                if picture.exists():
                    yield f"figures/{topic}/{name}.{theme}.svg", picture
    for path in [KATEX / "dist" / "katex.min.css", *sorted((KATEX / "dist" / "fonts").glob("*.woff2"))]:
        yield f"assets/katex/{path.relative_to(KATEX / 'dist').as_posix()}", path
    yield "assets/icons.css", icons()
    yield "assets/minisearch.js", minisearch()
    yield f"assets/{exercises.NAME}", exercises.archive()
    yield from cards.files()
    for topic, path in embed.downloads().items():
        yield f"downloads/{topic}.py", embed.alone(path)
    for name, content in explorables.data().items():
        yield f"{explorables.FOLDER}/data/{name}.json", content
    for path in source_pages.files():
        shown = path.relative_to(_cache.ROOT).as_posix()
        yield f"source/{shown}.html", source_pages.render(path, site_name)
        yield f"source/{shown}", path
    for path in notebooks.sources():
        for name, content in notebooks.files(path).items():
            yield f"notebooks/{path.stem}/{name}", content


def minisearch() -> str:
    """The library that searches, without the long comments on how to use it: less than half is left."""
    package = KATEX.parent / "minisearch"
    license = (package / "LICENSE.txt").read_text(encoding="utf-8")
    code = (package / "dist" / "umd" / "index.js").read_text(encoding="utf-8")
    return f"/* {license} */\n" + re.sub(r"\n\s*/\*\*.*?\*/|\n//# .*", "", code, flags=re.S)


def icons() -> str:
    """The boxes' icons as CSS variables, from the pictures that Material's package brings."""
    folder = Path(material.__file__).parent / "templates" / ".icons" / "material"
    lines = []
    for kind, icon in ICONS.items():
        drawn = (folder / f"{icon}.svg").read_text(encoding="utf-8").replace('"', "'").replace("#", "%23")
        lines.append(f'  --icon-{kind}: url("data:image/svg+xml;charset=utf-8,{drawn.strip()}");')
    return "\n".join([":root {", *lines, "}", ""])
