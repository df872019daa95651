"""KaTeX's styles and fonts: of both what the formulas of this very site need, found in its pages once they are built.

A glyph is left out only where no formula of any page has its character. Hints for coarse screens are left out too, a fifth of
what remains. The files' names say what is in them: where a new formula needs one more glyph, they change.
"""

import hashlib
import html
import io
import re
from importlib.metadata import version
from pathlib import Path

from snippets.experiments._cache import CACHE, is_whole, write_whole
from snippets.site import kept
from snippets.site.formulas import KATEX

LINK = re.compile(r'[ ]*<link rel="stylesheet" href="(?P<root>[^"]*)assets/katex/katex\.min\.css">\n?')  # as mkdocs.yml names it
DRAWN = re.compile(r'<span\b[^>]*\bclass="katex-html"')
SPAN = re.compile(r"<(/?)span\b")
RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
FACE = "@font-face"


def write(site: Path) -> None:
    """Add them to a built site, and name them in its pages: in those with a formula, and in the first, whose styles whole.html has."""
    dist = KATEX / "dist"
    pages = {path: path.read_text(encoding="utf-8") for path in [*sorted(site.rglob("index.html")), *site.glob("404.html")]}
    needed = [needs(path.relative_to(site).as_posix(), text) for path, text in pages.items() if DRAWN.search(text)]
    characters, classes = ({each for need in needed for each in need[part]} for part in ("characters", "classes"))
    styles = only((dist / "katex.min.css").read_text(encoding="utf-8"), classes | {"katex", "katex-display", "katex-html", "katex-mathml"})

    def added(stem: str, content: bytes, suffix: str) -> str:
        name = f"{stem}.{hashlib.sha256(content).hexdigest()[:8]}.{suffix}"
        (site / "assets").mkdir(exist_ok=True)
        (site / "assets" / name).write_bytes(content)
        return name

    for name in sorted(set(re.findall(r"fonts/(\w+-\w+)\.woff2", styles))):
        address = added(name, subset(dist / "fonts" / f"{name}.woff2", characters), "woff2")
        styles = re.sub(rf"src:url\(fonts/{name}\.woff2\)[^;}}]*", f'src:url({address}) format("woff2")', styles)
    styles = added("katex", styles.encode(), "css")
    for path, text in pages.items():
        needed = DRAWN.search(text) or path == site / "index.html"
        path.write_text(LINK.sub(rf'<link rel="stylesheet" href="\g<root>assets/{styles}">\n' if needed else "", text), encoding="utf-8")


def needs(name: str, page: str) -> dict[str, list[str]]:
    """The characters and the classes in what KaTeX drew on a page."""

    def make() -> dict[str, list[str]]:
        drawn = "".join(within(part) for part in DRAWN.split(page)[1:])
        classes = {each for listed in re.findall(r' class="([^"]*)"', drawn) for each in listed.split()}
        return {"characters": sorted(set(html.unescape(re.sub(r"<[^>]*>", "", drawn)))), "classes": sorted(classes)}

    return kept.once(name, "glyphs", (page,), make)


def within(part: str) -> str:
    """Of what follows on the opening of a span, what stands within it."""
    depth = 1
    for tag in SPAN.finditer(part):
        depth += -1 if tag[1] else 1
        if not depth:
            return part[part.index(">") + 1 : tag.start()]
    raise ValueError("a formula's span is not closed")


def only(styles: str, classes: set[str]) -> str:
    """Of KaTeX's styles those that can concern these classes, and the fonts that they name."""

    def concerned(selector: str) -> bool:
        return classes.issuperset(re.findall(r"\.([A-Za-z][\w-]*)", re.sub(r":not\([^)]*\)", "", selector)))

    rules = [(",".join(filter(concerned, selectors.split(","))), body) for selectors, body in RULE.findall(styles)]
    named = {font for selectors, body in rules if selectors not in ("", FACE) for font in re.findall(r"KaTeX_\w+", body)}
    left = [(s, body) for s, body in rules if s and (s != FACE or named.intersection(re.findall(r"KaTeX_\w+", body)))]
    return "".join(f"{selectors}{{{body}}}" for selectors, body in left)


def subset(font: Path, characters: set[str]) -> bytes:
    """A font without the glyphs that no character here needs; the same bytes each time. Kept on disk by content."""
    whole, text = font.read_bytes(), "".join(sorted(characters))
    given = repr((hashlib.sha256(whole).hexdigest(), text, version("fonttools"), version("brotli"))).encode() + Path(__file__).read_bytes()
    stored = CACHE / "fonts" / f"{font.stem}.{hashlib.sha256(given).hexdigest()[:24]}.woff2"
    if not is_whole(stored):
        from fontTools import subset  # slow to import, and seldom needed

        options = subset.Options(flavor="woff2", hinting=False, layout_features=["*"], recalc_timestamp=False, harfbuzz_repacker=False)
        read = subset.load_font(io.BytesIO(whole), options)
        subsetter = subset.Subsetter(options)
        subsetter.populate(text=text)
        subsetter.subset(read)
        subset.save_font(read, written := io.BytesIO(), options)
        write_whole(stored, lambda file: file.write(written.getvalue()))
    return stored.read_bytes()
