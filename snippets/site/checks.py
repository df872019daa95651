"""What the stock tools let through: checks of a page's source, and of the built HTML whoever built it.

The source is checked where its lines are known. The built HTML is checked as a second net, in which a
line is found again by looking for the words in the page's source.
"""

import os
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

from markdown.extensions.toc import slugify

from snippets.figures import _draw
from snippets.site import formulas, kept
from snippets.site.libraries import TABS
from snippets.site.source import DOCS, Page, blank, mask, report

Fault = tuple[Path, int, str]  # a file, its line and what is wrong there

HEADING = re.compile(r"^[ ]*(?P<marks>#{1,6})(?!#)[ \t]*(?P<title>.*?)[ \t]*#*[ \t]*$", re.M)
EXPLICIT_ID = re.compile(r"\{[^}]*#(?P<id>[\w:.-]+)[^}]*\}\s*$")
BOX = re.compile(r"^(?P<indent>[ ]*)(?P<marks>!!!|\?\?\?\+?)(?P<rest>.*)$", re.M)
BOX_REST = re.compile(r' ?[\w-]+(?: +[\w-]+)*(?: +"[^\n]*")? *')
TAB = re.compile(r"^(?P<indent>[ ]*)===(?P<rest>[!+ ].*|[^=\s].*)$", re.M)
TAB_REST = re.compile(r'(?:\+|\+!|!\+|!)? "[^"\n]+" *')
RULE = re.compile(r"^[ ]*\|?[ ]*:?-+:?[ ]*(?:\|[ ]*:?-+:?[ ]*)+\|?[ ]*$")
PLACEHOLDER = re.compile(r"\b(?:TODO|FIXME|TBD|XXX)\b|\b[Ll]orem ipsum\b")
OUTSIDE = re.compile(r"(?:https?:)?//")
LOADED = re.compile(r"(?:url\(|@import|\ssrc=|\bxlink:href=)\s*[\"']?(?:https?:)?\Z")  # before the slashes
SAID = (  # in the source, outside code and formulas
    (re.compile(r"\[\^[^\]\n]+\]"), "no footnotes here: cite with [@key], or say it in the text"),
    (re.compile(r"\\(?:[A-Za-z]{2,}|\((?=.*\\\))|\[[ ]*$)", re.M), "LaTeX outside of a formula: put it between $ and $"),
    (re.compile(r"(?<!!)\[\]\("), "a link without words: say where it leads"),
    (re.compile(r"\]\(\s*\)"), "a link or picture without an address"),
    (PLACEHOLDER, "a placeholder is left"),
    (re.compile(r"!\[[^\]]*\]\(\s*<?(?:https?:)?//[^)\s]+"), "a picture from another host: keep it in docs/assets"),
    (
        re.compile(r"<(?:script|iframe|link|style|object|embed)\b[^>]*>", re.I),
        "no scripts, styles or frames in a page: put them in docs/assets",
    ),
    (re.compile(r"<img\b(?![^>]*\balt=\"[^\"]*\S)[^>]*>", re.I), "this img has no alt text: say what there is to see"),
    (re.compile(r"<\w+\b[^>]*\bsrc=[\"']?(?:https?:)?//[^>]*>", re.I), "loaded from another host: keep it in docs/assets"),
)
LEFT = (  # in the words that a reader sees
    (re.compile(r"\$"), "a $ is left in the text"),
    (re.compile(r"\\[A-Za-z]{2,}"), "LaTeX is left in the text"),
    (re.compile(r"`{3,}|~{3,}"), "a fence is not rendered; is it indented like the text around it?"),
    (re.compile(r"!!! |\?\?\?"), "a box is not rendered; is there an empty line above, and is it indented by fours?"),
    (re.compile(r"=== "), "a tab is not rendered; is there an empty line above, and is it indented by fours?"),
    (re.compile(r"\]\(|\]\["), "a link is not rendered"),
    (re.compile(r"\[\^"), "a footnote is not rendered"),
    (re.compile(r"\[@"), "a citation is not rendered"),
    (re.compile(r"\*\*"), "emphasis is not rendered (a power in the text would be code)"),
    (re.compile(r"\|\s*:?--"), "a table is not rendered; is there an empty line above?"),
    (re.compile(r"-?8<-"), "an embedding is not rendered"),
    (re.compile(r"\{[.#:][^}]*\}"), "attributes are not rendered"),
    (re.compile(r"\{(?:[a-z]\w*\.[a-z]\w*\.\w|=|default:)[^}]*\}"), "a number is not filled in; it stands on one line"),
    (PLACEHOLDER, "a placeholder is left"),
)  # fmt: skip


# A page's source, called by the extension before Markdown reads it.


def source(page: Page) -> None:
    """Report what Markdown would pass over in silence, at its line."""
    prose = mask(page.text)
    for formula in formulas.find(page.text):
        prose = prose[: formula.start] + blank(page.text[formula.start : formula.end]) + prose[formula.end :]
    if page.path.suffix == ".md" and page.path.exists():
        front = re.match(r"\A---\n(.*?)\n---\n", page.path.read_text(encoding="utf-8").replace("\r\n", "\n"), re.S)
        if not front or not re.search(r"^description:[ \t]*\S", front[1], re.M):
            report(page.path, 1, "the page has no `description:` in its front matter: one sentence on what it shows")
    _headings(page, prose)
    _boxes_and_tabs(page, prose)
    _tables(page, prose)
    for pattern, what in SAID:
        for match in pattern.finditer(prose):
            page.report_at(prose, match.start(), f"{what}: {page.text[match.start() : match.end()]!r}")
    defined = {name.lower() for name in re.findall(r"^[ ]{0,3}\[([^\]\n]+)\]:[ \t]*\S", prose, re.M)}
    for match in re.finditer(r"(?<![\]!\w])\[([^\[\]]+)\]\[([^\[\]]*)\]", prose):  # not the indices of a number
        if (match[2] or match[1]).lower() not in defined:
            page.report_at(prose, match.start(), f"the reference {match[0]!r} is not defined")


def _headings(page: Page, prose: str) -> None:
    level, seen = 0, set()
    for match in HEADING.finditer(prose):
        title, now = page.text[match.start("title") : match.end("title")], len(match["marks"])
        explicit = EXPLICIT_ID.search(title)
        address = explicit["id"] if explicit else slugify(re.sub(r"[`*]", "", title), "-")
        if not title:
            page.report_at(prose, match.start(), "a heading without words")
        elif now == 1 and level:
            page.report_at(prose, match.start(), f"a second title {title!r}: a page has one, other headings begin with ##")
        elif level and now > level + 1 or not level and now > 1:
            page.report_at(prose, match.start(), f"the heading {title!r} skips a level: it follows on {'#' * level or 'nothing'}")
        elif address in seen:
            page.report_at(prose, match.start(), f"a second heading with the address #{address}: give it other words")
        level, _ = now, seen.add(address)
    if not level:
        page.report(0, "the page has no title: a line like `# Adam`")


def _boxes_and_tabs(page: Page, prose: str) -> None:
    text = page.text
    for match in BOX.finditer(prose):
        if not BOX_REST.fullmatch(text[match.start("rest") : match.end("rest")]):
            page.report_at(prose, match.start("marks"), f'a box begins with a line like: {match["marks"]} measured "In words"')
        elif not _inner(text[match.end() :], match["indent"]):
            page.report_at(prose, match.start("marks"), "an empty box: what stands in it is indented by four more")
    groups: dict[str, list[re.Match]] = {}  # by their indent, the tabs so far
    tabs = list(TAB.finditer(prose))
    for i, match in enumerate(tabs):
        indent = match["indent"]
        if not TAB_REST.fullmatch(text[match.start("rest") : match.end("rest")]):
            page.report_at(prose, match.end("indent"), 'a tab begins with a line like: === "NumPy"')
            continue
        inner = _inner(text[match.end() :], indent)
        if not inner:
            page.report_at(prose, match.end("indent"), "an empty tab: what stands in it is indented by four more")
        after = match.end() + len(inner)
        joined = any(t["indent"] == indent and not prose[after : t.start()].strip() for t in tabs[i + 1 :])
        groups.setdefault(indent, []).append(match)
        if joined:
            continue
        group = groups.pop(indent)
        labels = [re.search('"(.+)"', text[tab.start("rest") : tab.end("rest")])[1] for tab in group]
        if len(labels) == 1:
            page.report_at(prose, match.end("indent"), "a lone tab: a choice has at least two")
        elif tuple(labels) != TABS and any(re.search("numpy|torch|jax|optax", label.lower()) for label in labels):
            what = f"not the tabs {', '.join(TABS)}, but {', '.join(labels)}: a choice holds on all pages"
            page.report_at(prose, group[0].end("indent"), what)


def _inner(text: str, indent: str) -> str:
    """What of the text after a box's first line is in it."""
    match = re.match(rf"(?:\n[ ]*(?=\n|\Z)|\n{indent}[ ]{{4,}}[^\n]*)*", text)
    return match[0] if match[0].strip() else ""


def _tables(page: Page, prose: str) -> None:
    lines = prose.split("\n")
    for i, line in enumerate(lines):
        if "|" not in line or not RULE.match(line) or not i:
            continue
        columns = _cells(line)
        for k in [i - 1, *range(i + 1, len(lines))]:
            if not lines[k].strip():
                break
            if _cells(lines[k]) != columns:
                page.report(k, f"this row of a table has {_cells(lines[k])} cells, its rule {columns}: cells would be lost")


def _cells(row: str) -> int:
    return len(re.findall(r"(?<!\\)\|", re.sub(r"^\s*\||(?<!\\)\|\s*$", "", row))) + 1


# The built HTML, called by the hook after a build and by the tests.

FORMULA = re.compile(r'<span class="katex(?:-display)?"')
ENTRY = re.compile(  # of the navigation; with many pages they are most of each, and to parse them takes longest
    r'<li class="md-nav__item">\s*<a href="([^"&]*)" class="md-nav__link">\s*<span class="md-ellipsis">\s*([^<]*?)\s*</span>\s*</a>\s*</li>'
)
SPAN = re.compile(r"<span\b|</span>")
STYLES = re.compile(r'<link rel="stylesheet" href="([^"]*assets/katex[./][^"]*)">\n?')
INLINE = frozenset("a abbr b br cite data del em i ins kbd mark q s small span strong sub sup u var wbr".split())
VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
MUTE = frozenset(["code", "script", "style", "textarea", "title"])


def without_formulas(html: str) -> str:
    """The HTML less what KaTeX made, which is most of it."""
    pieces, at = [], 0
    while start := FORMULA.search(html, at):
        depth = 0
        for tag in SPAN.finditer(html, start.start()):
            depth += -1 if tag[0] == "</span>" else 1
            if not depth:
                break
        pieces += [html[at : start.start()], "\ufffc"]
        at = tag.end()
    return "".join([*pieces, html[at:]])


class Document(HTMLParser):
    """What the checks need of one built page."""

    def __init__(self, html: str):
        super().__init__(convert_charrefs=False)
        self.ids: list[str] = []
        self.headings: list[tuple[int, str]] = []
        self.images: list[dict] = []
        self.links: list[tuple[str, str]] = []  # address, words
        self.loads: list[str] = []  # addresses that a browser loads by itself
        self.texts: list[str] = [""]  # the article's words, block by block
        self.lone_tabs = len(re.findall(r'data-tabs="\d+:1"', html))
        self.description = False
        self.article = self.mute = 0
        self.has_article = "<article" in html
        html = ENTRY.sub(lambda entry: self.links.append(entry.groups()) or "", html)
        html = re.sub(r"(<pre\b[^>]*>).*?(</pre>)", r"\1\2", without_formulas(html), flags=re.S)
        html = re.sub(r"(<(script|svg)\b[^>]*>).*?(</\2>)", r"\1\3", html, flags=re.S)
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attributes):
        has = {name: value or "" for name, value in attributes}
        if "id" in has:
            self.ids.append(has["id"])
        if tag == "a" and "href" in has:
            self.links.append((has["href"], has.get("aria-label", "")))
        elif tag == "meta" and has.get("name") == "description":
            self.description = bool(has.get("content", "").strip())
        elif tag == "img":
            self.images.append(has)
        elif tag == "link" and has.get("rel") not in {"canonical", "prev", "next", "alternate", "license", "author"}:
            self.loads.append(has.get("href", ""))
        self.loads += [has[name] for name in ("src", "data", "poster") if name in has]
        self.loads += [part.split()[0] for part in has.get("srcset", "").split(",") if part.strip()]
        self.loads += re.findall(r"url\(\s*[\"']?([^\"')]+)", has.get("style", ""))
        self.article += tag == "article"
        if tag in MUTE:
            self.mute += 1
            self.texts[-1] += "\ufffc"
        elif tag not in INLINE:
            self.texts.append("")
        if self.article and re.fullmatch("h[1-6]", tag):
            self.headings.append((int(tag[1]), ""))

    def handle_endtag(self, tag):
        self.article -= tag == "article"
        if tag in MUTE:
            self.mute -= 1
        elif tag not in INLINE:
            self.texts.append("")
            if self.headings and re.fullmatch("h[1-6]", tag):
                self.headings.append((0, ""))

    def handle_data(self, data):
        if self.article and not self.mute:
            self.texts[-1] += data
        if self.headings and self.headings[-1][0]:
            self.headings[-1] = (self.headings[-1][0], self.headings[-1][1] + data)
        if self.links:
            self.links[-1] = (self.links[-1][0], self.links[-1][1] or data.strip())

    def handle_entityref(self, name):  # &lt; and its like are no markup; a sign meant as such is written &#36;
        self.handle_data(" ")

    handle_charref = handle_entityref

    def updatepos(self, i, j):  # where in the HTML is of no use: the line is looked up in the source
        return j


def built(site: Path) -> list[Fault]:
    """What is wrong with the built site."""
    pages = {path: seen(site, path, path.read_text(encoding="utf-8")) for path in sorted(site.rglob("index.html"))}
    places = Places({str(path): frozenset(page["ids"]) for path, page in pages.items()})
    faults = []
    shown = set()
    for path, page in pages.items():
        faults += page["faults"]
        faults += _addresses(site, path, page, places)
        shown |= {"/".join(image.split("/")[-2:]) for image in page["images"]}
    for path in sorted({*DOCS.glob("assets/*.css"), *site.rglob("*.css"), *(site / "assets").rglob("*.svg"), *site.glob("*.html")}):
        text = path.read_text(encoding="utf-8")
        for match in re.finditer(r"//[^\"')\s>]+", text):  # much quicker than to look for what is loaded
            if before := LOADED.search(text, max(0, match.start() - 80), match.start()):
                own = DOCS / path.relative_to(site) if path.is_relative_to(site) else path
                line = text.count("\n", 0, before.start()) + 1
                faults.append((own if own.exists() else path, line, f"loaded from another host: {before[0]}{match[0]}"))
    for picture in sorted((site / "figures").glob("*/*.light.svg")):
        topic, name = picture.parent.name, picture.name.split(".")[0]
        if f"{topic}/{picture.name}" not in shown:
            faults.append((_draw.source(topic), dict(_draw.names(topic)).get(name, 1), f"no page shows the figure {name}"))
    return faults


def seen(site: Path, path: Path, html: str) -> dict:
    """What is wrong with a page by itself, and what the checks of addresses need of it; kept while its HTML stays the same.

    KaTeX's styles are looked at apart: all pages name them anew when one has a new formula, and each before they are made."""
    bare = STYLES.sub("", html)

    def see() -> dict:
        page = Document(bare)
        faults = _page(site, path, page) if page.has_article else []
        images = [image.get("src", "") for image in page.images]
        return {"ids": page.ids, "links": page.links, "loads": page.loads, "images": images, "faults": faults}

    found = kept.once(path.relative_to(site).as_posix(), "built", (bare,), see, wrong=lambda seen: seen["faults"])
    return found | {"loads": [*found["loads"], *STYLES.findall(html)]}


def _page(site: Path, path: Path, page: Document) -> list[Fault]:
    faults = []

    def say(what: str, *words: str) -> None:
        faults.append((*find(site, path, *words), what))

    headings = [(level, title.strip()) for level, title in page.headings if level]
    titles = [title for level, title in headings if level == 1]
    if not titles:
        say("the page has no title (h1)")
    for title in titles[1:]:
        say(f"a second title (h1) {title!r}", f"# {title}", title)
    for (before, _), (now, title) in zip(headings, headings[1:], strict=False):
        if now > before + 1:
            say(f"the heading {title!r} skips a level: h{now} follows on h{before}", f"# {title}", title)
    for name in sorted({name for name in page.ids if page.ids.count(name) > 1}):
        say(f"the id {name!r} stands twice on the page", f"#{name}", f'id="{name}"')
    for image in page.images:
        if not image.get("alt", "").strip():
            say(f"the picture {image.get('src', '')} has no alt text", image.get("src", "\0"), image.get("src", "\0").rpartition("/")[2])
    if page.lone_tabs:
        say("a lone tab: a choice has at least two", "=== ", "data-tabs")
    if not page.description:
        say("the page has no description")
    for text in page.texts:
        for pattern, what in LEFT:
            if match := pattern.search(text):
                near = text[match.start() :].split("\n")[0].split("\ufffc")[0]
                say(f"{what}: {near[:40].strip()!r}", near.strip(), near[:20].strip(), match[0])
    return faults


class Places(dict):
    """For each file or folder of a site, by its path, what a link may lead to: the ids of a page, the text of other HTML, all
    of any other file as ""; None where there is nothing."""

    def __init__(self, pages: dict[str, frozenset[str]]):
        super().__init__(pages)
        self.known: dict[tuple[str, str], str] = {}  # what is wrong with an address from below a folder

    def __missing__(self, path: str) -> frozenset[str] | str | None:
        file = os.path.join(path, "index.html") if os.path.isdir(path) else path
        if file != path and file in self:
            self[path] = self[file]
        elif not os.path.isfile(file):
            self[path] = None
        else:
            self[path] = Path(file).read_text(encoding="utf-8") if file.endswith(".html") else ""
        return self[path]


def _addresses(site: Path, path: Path, page: dict, places: Places) -> list[Fault]:
    """Broken links and anchors, and what is loaded from elsewhere or is not there."""
    faults, own, folder = [], str(path), str(path.parent)
    for address in page["loads"]:
        if OUTSIDE.match(address):
            faults.append((*find(site, path, address), f"loaded from another host: {address}"))
        elif problem := _broken(own, folder, address, places):
            faults.append((*find(site, path, *_spellings(address)), f"{problem}: {address}"))
    for address, words in page["links"]:
        if not address:
            faults.append((*find(site, path, f"[{words}]()", words), f"the link {words!r} has no address"))
        elif problem := _broken(own, folder, address, places):
            line = find(site, path, *_spellings(address), f"[{words}](", words)
            faults.append((*line, f"{problem}: {address}"))
    return faults


def _broken(page: str, folder: str, address: str, places: Places) -> str:
    """What is wrong with an address on a page in a folder, or nothing."""
    if not address.startswith("../"):
        return _wrong(page, folder, address, places)
    key = os.path.dirname(folder), address  # other pages beside this one link there too: with many, each to all
    if key not in places.known:
        places.known[key] = _wrong(page, folder, address, places)
    return places.known[key]


def _wrong(page: str, folder: str, address: str, places: Places) -> str:
    parts = urlsplit(address)
    if parts.scheme or parts.netloc:
        return ""
    if parts.path.startswith("/"):
        return "an absolute address, which breaks where the site is not at the root of its host"
    target = os.path.normpath(f"{folder}/{unquote(parts.path)}") if parts.path else page
    there, fragment = places[target], unquote(parts.fragment)
    if there is None:
        return "a dead link"
    if fragment and there != "" and not (f' id="{fragment}"' in there if isinstance(there, str) else fragment in there):
        return "a link to a place that is not on its page"
    return ""


def _spellings(address: str) -> list[str]:
    """How the source may have written an address: as it is, or as the file that the page is made from."""
    path, _, fragment = address.partition("#")
    name = path.rstrip("/").rpartition("/")[2]
    after = f"#{fragment}" if fragment else ""
    return [f"({address})", f'"{address}"', address, f"{name}.md{after}", f"{name}{after}"]


def find(site: Path, path: Path, *words: str) -> tuple[Path, int]:
    """The source file of a built page, and its first line that holds the first of these that it holds at all."""
    page = path.parent.relative_to(site)
    names = [DOCS / page / "index.md", DOCS / page.with_suffix(".md"), DOCS / page.with_suffix(".py")] if page.name else [DOCS / "index.md"]
    own = next((name for name in names if name.exists()), path)
    text = own.read_text(encoding="utf-8")
    at = next((text.index(word) for word in words if word and word in text), 0)
    return own, text.count("\n", 0, at) + 1
