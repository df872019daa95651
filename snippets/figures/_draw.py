"""Drawing: find the figures by name, draw what changed, refuse what a reader could not read."""

import ast
import io
import re
import time
import warnings
import zlib
from importlib import import_module
from pathlib import Path

from snippets.experiments import _cache
from snippets.experiments._cache import np

THEMES = ("light", "dark")
HEAVIEST = 20_000  # bytes, compressed as a host sends it


def names(topic: str) -> list[tuple[str, int]]:
    """The figures of a topic, its module's public functions, each with its line."""
    path = source(topic)

    def found() -> list[tuple[str, int]]:
        return [(n.name, n.lineno) for n in _cache.parsed(path).body if isinstance(n, ast.FunctionDef) and n.name[0] != "_"]

    return [(name, line) for name, line in _cache.in_this_build(f"figures of {topic}", found)] if path.exists() else []


def source(topic: str) -> Path:
    return _cache.ROOT / "snippets" / "figures" / f"{topic}.py"


def picture_path(topic: str, name: str, theme: str) -> Path:
    """Where the picture lies for its code as it is now, drawn or not."""
    key = _cache.code_key(f"snippets.figures.{topic}", name)
    style = _cache.code_key("snippets.figures._draw", "draw")
    return _cache.CACHE / "figures" / f"{topic}.{name}-{key}-{style}.{theme}.svg"


def draw(topic: str, name: str, theme: str) -> tuple[float, str | None]:
    """Draw one figure in one theme; return its seconds and what went wrong."""
    import matplotlib

    matplotlib.use("agg")
    from snippets.figures import _style

    start = time.perf_counter()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            _style.use(theme)
            figure = getattr(import_module(f"snippets.figures.{topic}"), name)()
            if not isinstance(figure, matplotlib.figure.Figure):
                raise TypeError(f"returns {type(figure).__name__}, not a Figure")
            refuse_unreadable(figure, _style)
            matplotlib.rcParams["svg.hashsalt"] = f"{topic}.{name}"
            drawn = io.StringIO()
            figure.savefig(drawn, format="svg", metadata={"Date": None, "Creator": None})
            matplotlib.pyplot.close(figure)
        text = rounded(drawn.getvalue()).encode()
        if (weight := len(zlib.compress(text, 9))) > HEAVIEST:
            raise ValueError(f"weighs {weight / 1000:.1f} kB compressed; at most {HEAVIEST // 1000}: fewer points, or a coarser field")
        _cache.write_whole(picture_path(topic, name, theme), lambda file: file.write(text))
    except Exception as error:
        place = _cache.where(error)
        if "figures/_" in place or ":" not in place:
            line = dict(names(topic))[name]
            place = f"snippets/figures/{topic}.py:{line}"
        return 0.0, f"{place}: figure {name} raised {type(error).__name__}: {error}"
    return time.perf_counter() - start, None


def refuse_unreadable(figure, style) -> None:
    """Raise where the figure holds a NaN, is too wide, has text too small for a phone, or an axis does not say that it is logarithmic."""
    if figure.get_size_inches()[0] > style.WIDTH:
        raise ValueError(f"is {figure.get_size_inches()[0]} inches wide; at most {style.WIDTH}")
    for axes in figure.axes:
        for line in axes.lines:
            if not np.isfinite(np.asarray(line.get_xydata(), float)).all():
                raise ValueError(f"line {line.get_label()!r} holds a value that is not finite")
        for image in [*axes.images, *axes.collections]:
            values = image.get_array()
            if values is not None and not np.isfinite(np.asarray(values, float)).all():
                raise ValueError("an image or field holds a value that is not finite")
            if hasattr(image, "get_offsets") and not np.isfinite(np.ma.filled(image.get_offsets(), np.nan)).all():
                raise ValueError("a point lies at a value that is not finite")
        for name, side, axis in (("x", "labelbottom", axes.xaxis), ("y", "labelleft", axes.yaxis)):
            seen = axis.get_tick_params().get(side, True)  # a shared axis has its numbers, and its name, at one panel alone
            if axis.get_scale() == "log" and seen and "log scale" not in axis.get_label_text():
                raise ValueError(f'its {name} axis {axis.get_label_text()!r} is logarithmic: say "(log scale)" in its name')
    from matplotlib.text import Text

    for text in figure.findobj(Text):
        if text.get_visible() and text.get_text().strip() and text.get_fontsize() < style.SMALLEST_TEXT:
            raise ValueError(f"text {text.get_text()!r} has {text.get_fontsize():g} points; at least {style.SMALLEST_TEXT:g}")


def rounded(svg: str) -> str:
    """Coordinates to a hundredth of a point, lines without what nobody sees: less weight, and no last bit that differs between machines."""

    def shorten(match: re.Match) -> str:
        short = re.sub(r"-?\d+\.\d+", lambda n: f"{float(n[0]):.2f}".rstrip("0").rstrip(".").replace("-0", "-0") or "0", match[0])
        if not short.startswith(" d="):
            return short
        short = re.sub(r"\s*([MLQCz])\s*", r"\1", short)
        return re.sub(r"M[-\d. ]+(?:L[-\d. ]+){20,}", lean, short)

    svg = re.sub(r' d="[^"]*"| (?:x|y|x1|x2|y1|y2|cx|cy)="[^"]*"| points="[^"]*"| transform="translate\([^"]*"', shorten, svg)
    return re.sub(r"\s*<metadata>.*?</metadata>", "", svg, flags=re.S)


def lean(line: re.Match) -> str:
    """A line of many points without those within a tenth of a point of it (Douglas and Peucker's way)."""
    points = np.array([point.split() for point in line[0][1:].split("L")], float)
    kept, parts = {0, len(points) - 1}, [(0, len(points) - 1)]
    while parts:
        first, last = parts.pop()
        (dx, dy), between = points[last] - points[first], points[first + 1 : last] - points[first]
        length = np.hypot(dx, dy)
        off = np.abs(between[:, 0] * dy - between[:, 1] * dx) / length if length else np.hypot(*between.T)
        if off.max(initial=0) > 0.1:
            furthest = first + 1 + int(off.argmax())
            kept.add(furthest)
            parts += [(first, furthest), (furthest, last)]
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in points[sorted(kept)])


def missing() -> tuple[list[tuple[str, str, str]], int]:
    """The pictures that are not there for their code as it is now, and how many are."""
    wanted = [(t, n, theme) for t in _cache.topics("figures") for n, _ in names(t) for theme in THEMES]
    absent = [job for job in wanted if not _cache.is_whole(picture_path(*job))]
    return absent, len(wanted) - len(absent)


def jobs() -> dict[str, _cache.Job]:
    """Every figure whose picture is not there for its code as it is now, after the experiments that it draws."""
    absent, reused = missing()
    print(f"figures: {reused} reused, {len(absent)} to draw", flush=True)
    each = [(job, f"figure {job[0]}.{job[1]} ({job[2]})", f"snippets.figures.{job[0]}") for job in absent]
    return {label: _cache.Job((draw, *job), _cache.after(module, job[1])) for job, label, module in each}
