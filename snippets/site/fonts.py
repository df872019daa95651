"""KaTeX's styles and fonts: of both what the formulas of this very site need, found in its pages once they are built.

A glyph is left out of a font only where no formula of any page has its character in an element that may be set in that font, and a
bold or slanted font where no style that is left asks for one. Hints for coarse screens are left out too, a fifth of what remains.
The files' names say what is in them: where a new formula needs one more glyph, they change.
"""

import hashlib
import html
import io
import logging
import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from importlib.metadata import version
from pathlib import Path

from snippets.experiments._cache import CACHE, is_whole, write_whole
from snippets.site import kept
from snippets.site.formulas import KATEX

LINK = re.compile(r'[ ]*<link rel="stylesheet" href="(?P<root>[^"]*)assets/katex/katex\.min\.css">\n?')  # as mkdocs.yml names it
DRAWN = re.compile(r'<span\b[^>]*\bclass="katex-html"')
PIECE = re.compile(r"<span\b(?P<opens>[^>]*)>|(?P<closes></span>)|<[^>]*>|(?P<text>[^<]+)")
NAMED = re.compile(r"\.([A-Za-z][\w-]*)")
RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
FACE = "@font-face"
ASKED = re.compile(r"KaTeX_\w+|font-weight:700|font-style:italic")  # by a rule, and offered by a font


def write(site: Path, known: dict[str, dict[str, str]] | None = None) -> None:
    """Add them to a built site, and name them in its pages: in those with a formula, and in the first, whose styles whole.html has.

    `known` is what `needs` says of pages, by their place in the site, where that was asked already."""
    pages = {path: path.read_text(encoding="utf-8") for path in [*sorted(site.rglob("index.html")), *site.glob("404.html")]}
    known = dict(known or {})
    for path, text in pages.items():
        name = path.relative_to(site).as_posix()
        if name not in known and DRAWN.search(text):
            known[name] = needs(name, DRAWN.split(text)[1:])
    files = made(known.values())
    (site / "assets").mkdir(exist_ok=True)
    for name, content in files.items():
        (site / "assets" / name).write_bytes(content)
    styles = next(name for name in files if name.endswith(".css"))
    for path, text in pages.items():
        needed = DRAWN.search(text) or path == site / "index.html"
        link = rf'<link rel="stylesheet" href="\g<root>assets/{styles}">\n' if needed else ""
        path.write_text(LINK.sub(link, text, count=1), encoding="utf-8")


def made(pages: Iterable[dict[str, str]]) -> dict[str, bytes]:
    """For pages that need all this the fonts and the styles, by their names."""
    needed = {name: set() for name in ("katex", "katex-display", "katex-html", "katex-mathml")}
    for page in pages:
        for name, characters in page.items():
            needed.setdefault(name, set()).update(characters)
    dist, files = KATEX / "dist", {}
    styles = only((dist / "katex.min.css").read_text(encoding="utf-8"), set(needed))
    characters = of_fonts(styles, needed)

    def added(stem: str, content: bytes, suffix: str) -> str:
        name = f"{stem}.{hashlib.sha256(content).hexdigest()[:8]}.{suffix}"
        files[name] = content
        return name

    for name in sorted(set(re.findall(r"fonts/(\w+-\w+)\.woff2", styles))):
        address = added(name, subset(dist / "fonts" / f"{name}.ttf", characters[name.partition("-")[0]]), "woff2")
        styles = re.sub(rf"src:url\(fonts/{name}\.woff2\)[^;}}]*", f'src:url({address}) format("woff2")', styles)
    added("katex", styles.encode(), "css")
    return files


def needs(name: str, drawn: list[str]) -> dict[str, str]:
    """For each class in what KaTeX drew on a page the characters within its elements; all of them for `katex`."""

    def make() -> dict[str, str]:
        found: dict[str, set[str]] = {"katex": set()}
        for part in drawn:
            for each, characters in needed(part).items():
                found.setdefault(each, set()).update(characters)
        return {each: "".join(sorted(characters)) for each, characters in sorted(found.items())}

    return kept.once(name, "glyphs", ("".join(drawn),), make)


@lru_cache(1024)
def needed(part: str) -> dict[str, set[str]]:
    """The same of one formula; many a symbol stands on all pages."""
    found: dict[str, set[str]] = {"katex": set()}
    for classes, text in within(part):
        for each in {"katex", *classes}:
            found.setdefault(each, set()).update(text)
    return found


def within(part: str) -> Iterator[tuple[frozenset[str], str]]:
    """Of what follows on the opening of a span: each piece of text that stands within it, and the classes of all around it."""
    around = [frozenset()]
    for piece in PIECE.finditer(part, part.index(">") + 1):
        if piece["opens"] is not None:
            listed = re.search(r'\bclass="([^"]*)"', piece["opens"])
            around.append(around[-1].union(listed[1].split() if listed else ()))
            yield around[-1], ""
        elif piece["closes"]:
            around.pop()
            if not around:
                return
        elif piece["text"]:
            yield around[-1], html.unescape(piece["text"])
    raise ValueError("a formula's span is not closed")


def of_fonts(styles: str, needed: dict[str, set[str]]) -> dict[str, set[str]]:
    """The characters that each font may have to show: those within elements of all the classes of a rule that names it."""
    found: dict[str, set[str]] = {}
    for selectors, body in RULE.findall(styles):
        for font in re.findall(r"KaTeX_\w+", body) if selectors != FACE else ():
            for selector in selectors.split(","):
                found.setdefault(font, set()).update(set.intersection(*(needed[name] for name in NAMED.findall(selector))))
    return found


def only(styles: str, classes: set[str]) -> str:
    """Of KaTeX's styles those that can concern these classes, and the fonts that they name."""

    def concerned(selector: str) -> bool:
        return classes.issuperset(NAMED.findall(re.sub(r":not\([^)]*\)", "", selector)))

    rules = [(",".join(filter(concerned, selectors.split(","))), body) for selectors, body in RULE.findall(styles)]
    asked = {what for selectors, body in rules if selectors not in ("", FACE) for what in ASKED.findall(body)}
    left = [(s, body) for s, body in rules if s and (s != FACE or asked.issuperset(ASKED.findall(body)))]
    return "".join(f"{selectors}{{{body}}}" for selectors, body in left)


@cache
def versions() -> tuple[str, str]:
    return version("fonttools"), version("brotli")


def subset(font: Path, characters: set[str]) -> bytes:
    """A font without the glyphs that no character here needs; the same bytes each time. Kept on disk by content.

    It is cut out of the TrueType file: in that of WOFF2 all glyphs are packed together, and have to be unpacked first."""
    whole, text = font.read_bytes(), "".join(sorted(characters))
    given = repr((hashlib.sha256(whole).hexdigest(), text, *versions())).encode() + Path(__file__).read_bytes()
    stored = CACHE / "fonts" / f"{font.stem}.{hashlib.sha256(given).hexdigest()[:24]}.woff2"
    if not is_whole(stored):
        from fontTools import subset  # slow to import, and seldom needed

        logging.getLogger("fontTools.ttLib.tables._h_e_a_d").setLevel(logging.ERROR)  # KaTeX's fonts say that they are of 1970
        options = subset.Options(flavor="woff2", hinting=False, layout_features=["*"], recalc_timestamp=False, harfbuzz_repacker=False)
        read = subset.load_font(io.BytesIO(whole), options)
        subsetter = subset.Subsetter(options)
        subsetter.populate(text=text)
        subsetter.subset(read)
        subset.save_font(read, written := io.BytesIO(), options)
        write_whole(stored, lambda file: file.write(written.getvalue()))
    return stored.read_bytes()
