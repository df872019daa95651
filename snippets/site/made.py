"""What the site holds besides its pages, for whichever builder: figures, styles, scripts, exercises, data, sources."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from snippets.experiments import _cache
from snippets.figures import _draw
from snippets.site import assets, cards, embed, exercises, explorables, notebooks, source_pages


def files(site_name: str) -> Iterator[tuple[str, Path | str | bytes | Callable]]:
    """Each file's address in the site, and the file that it is a copy of, or its content, or what gives that when all work is done."""
    for topic in _cache.topics("figures"):
        for name, _ in _draw.names(topic):
            for theme in _draw.THEMES:
                picture = _draw.picture_path(topic, name, theme)
                if picture.exists():
                    yield f"figures/{topic}/{name}.{theme}.svg", picture
    yield from dict(assets.named().values()).items()
    yield f"assets/{exercises.NAME}", exercises.archive()
    yield from cards.files()
    for topic, path in embed.downloads().items():
        yield f"downloads/{topic}.py", embed.alone(path)
    for name, content in explorables.data().items():
        yield f"{explorables.FOLDER}/data/{name}.json", content
    (style,) = assets.renamed([assets.CODE])
    for path in source_pages.files():
        shown = path.relative_to(_cache.ROOT).as_posix()
        yield f"source/{shown}.html", partial(source_pages.render, path, site_name, style)
        yield f"source/{shown}", path
    for path in notebooks.sources():
        for name, content in notebooks.files(path).items():
            yield f"notebooks/{path.stem}/{name}", content
