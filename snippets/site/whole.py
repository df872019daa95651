"""The whole note as one page, for paper and for a folder: made of the built pages, whoever built them, in the order of the navigation."""

import posixpath
import re
from collections import Counter
from pathlib import Path
from urllib.parse import quote, unquote

from snippets.site import kept

NAME = "whole.html"
GROUP = r'<label class="md-nav__link[^>]*for="__nav_[^>]*>(?P<group>.*?)</label>'
ENTRY = re.compile(GROUP + r'|<a href="(?P<page>[^"#]*)" class="md-nav__link', re.S)
ARTICLE = re.compile(r"<article\b[^>]*>(.*)</article>", re.S)
TAG = re.compile(  # but for those, nearly all of what KaTeX draws, that have no address
    r"""<(?!(?!details)\w+>|span(?: (?:class|style|aria-hidden)="[^"]*")*>)[a-zA-Z](?:[^<>"']|"[^"]*"|'[^']*')*>"""
)
ADDRESSED = re.compile(r'(?<=\s)(?P<name>id|for|name|href|src|aria-labelledby|aria-controls|aria-describedby)="(?P<value>[^"]*)"')
HEADING = re.compile(r'<h(?P<level>[12]) id="(?P<id>[^"]*)">(?P<title>.*?)</h(?P=level)>', re.S)
USUAL = 3  # a section that so many pages have, such as "Sources", says nothing in the table of contents
NOT_FOR_IT = re.compile(r'<a\b[^>]*class="md-content__button.*?</a>|<img\b[^>]*\bclass="only-dark"[^>]*>', re.S)
PAGE = """<!doctype html>
<html lang="en" class="no-js">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="robots" content="noindex">
<meta name="description" content="{title}: all of its pages as one, to print and to keep.">
<title>{title}, whole</title>
{styles}
</head>
<body dir="ltr" class="whole" data-md-color-scheme="default" data-md-color-primary="custom" data-md-color-accent="custom">
<main class="md-main__inner md-grid">
<nav class="md-typeset contents" aria-label="Contents">
<p class="title">{title}</p>
<p>{about}</p>
<p class="back"><a href="index.html">Its pages, one by one</a></p>
{contents}
</nav>
<div class="md-content">
{articles}
</div>
</main>
</body>
</html>
"""


def write(site: Path) -> None:
    """Add the page to a built site."""
    first = (site / "index.html").read_text(encoding="utf-8")
    groups = order(first)
    pages = {page for _, inside in groups for page in inside}
    articles = {page: article(site, page, pages) for page in pages}
    headings = {page: headings_of(text) for page, text in articles.items()}
    usual = Counter(title for found in headings.values() for level, _, title in found if level == "2")
    contents = []
    for group, inside in groups:
        entries = "".join(listed([h for h in headings[page] if h[0] == "1" or usual[h[2]] < USUAL]) for page in inside)
        contents.append(f'<li><p class="group">{group}</p><ul>{entries}</ul></li>' if group else entries)
    styles = re.findall(r'<link rel="(?:stylesheet|icon)"[^>]*>', first)
    about = re.search(r'class="md-copyright__highlight">\s*(.*?)\s*</div>', first, re.S)
    page = PAGE.format(
        title=re.search(r"<title>(.*?)</title>", first, re.S)[1],
        styles="\n".join([*styles, '<link rel="stylesheet" href="assets/whole.css">']),
        about=about[1] if about else "",
        contents=f"<ul>{''.join(contents)}</ul>",
        articles="\n".join(articles[page] for _, inside in groups for page in inside),
    )
    (site / NAME).write_text(page, encoding="utf-8")


def order(first: str) -> list[tuple[str, list[str]]]:
    """The pages of the navigation by their address without the slash at its end, group by group; "" is the first page."""
    groups: list[tuple[str, list[str]]] = []
    seen = set()
    navigation = first[first.index("md-nav--primary") :]
    for entry in ENTRY.finditer(navigation):
        if entry["group"]:
            groups.append((re.sub(r"<[^>]*>", "", entry["group"]).strip(), []))
        elif (page := entry["page"].strip("./")) not in seen:
            seen.add(page)
            groups = groups or [("", [])]
            groups[-1][1].append(page)
    return groups


def article(site: Path, page: str, pages: set[str]) -> str:
    """A page's article, its ids and its links made those of the whole."""
    return article_of((site / page / "index.html").read_text(encoding="utf-8"), page, pages)


def article_of(built: str, page: str, pages: set[str]) -> str:
    inside = ARTICLE.search(built)[1]
    return kept.once(posixpath.join(page, "index.html"), "whole", (inside, sorted(pages)), lambda: _article(inside, page, pages))


def _article(inside: str, page: str, pages: set[str]) -> str:
    inside = NOT_FOR_IT.sub("", inside).strip()

    def within(place: str, fragment: str) -> str:
        return "/".join(filter(None, [place or "note", fragment]))

    def moved(match: re.Match) -> str:
        name, value = match["name"], match["value"]
        if name not in ("href", "src"):
            return f'{name}="{" ".join(within(page, part) for part in value.split())}"'
        if re.match(r"[a-z][a-z0-9+.-]*:|//", value, re.I):
            return match[0]
        path, sign, fragment = value.partition("#")
        place = posixpath.normpath(posixpath.join(page, unquote(path))) if path else page
        place = posixpath.dirname(place) if posixpath.basename(place) == "index.html" else place
        place = "" if place == "." else place
        if place in pages and name == "href":
            return f'href="#{within(place, fragment)}"'
        return f'{name}="{quote(place)}{sign}{fragment}"'

    def tag(match: re.Match) -> str:
        text = ADDRESSED.sub(moved, match[0])
        return text.replace("<details", "<details open") if text.startswith("<details") and " open" not in text else text

    return f'<article class="md-content__inner md-typeset" id="{within(page, "")}">\n{TAG.sub(tag, inside)}\n</article>'


def headings_of(article: str) -> list[tuple[str, str, str]]:
    """Its title and those of its sections: the level, the id, the words."""
    return [(m["level"], m["id"], re.sub(r'<a class="headerlink".*?</a>|</?a\b[^>]*>', "", m["title"])) for m in HEADING.finditer(article)]


def listed(headings: list[tuple[str, str, str]]) -> str:
    """An entry of the table of contents."""
    links = {level: "".join(f'<li><a href="#{i}">{title}</a></li>' for own, i, title in headings if own == level) for level in "12"}
    below = f"<ul>{links['2']}</ul>" if links["2"] else ""
    return f"{links['1'].removesuffix('</li>')}{below}</li>"
