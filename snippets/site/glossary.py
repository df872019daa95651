"""The terms of docs/glossary.md, and on every other page a link at the first use of each, with its meaning as a tooltip.

A link rather than an `abbr`, so that the keyboard reaches it, a finger can tap it, and it leads on where there is no script.
"""

import re
import xml.etree.ElementTree as etree
from dataclasses import dataclass
from functools import lru_cache

from snippets.site.source import DOCS, Page, pages_read

ROW = re.compile(r"^- \*\*(?P<name>[^*]+)\*\*\{ #(?P<id>[\w-]+) \}: (?P<meaning>[^\[]+) \[[^\]]+\]\((?P<told>\w+)\.md(?:#[\w-]+)?\)$", re.M)
NOT_IN = {"a", "abbr", "button", "code", "figure", "pre", "summary", "table", "h1", "h2", "h3", "h4", "h5", "h6"}
NOT_OF = {"admonition-title", "evidence", "symbols", "tabbed-labels"}


@dataclass(frozen=True)
class Term:
    name: str
    id: str
    meaning: str
    told: str  # the page that explains it, and needs no link
    form: str  # a regular expression for the word as it stands in a text


def terms() -> list[Term]:
    path = DOCS / "glossary.md"
    pages_read.add(path)
    return _terms(path, path.stat().st_mtime_ns) if path.exists() else []


@lru_cache(maxsize=1)
def _terms(path, _stamp: int) -> list[Term]:
    rows = ROW.finditer(path.read_text(encoding="utf-8"))
    return [Term(**row.groupdict(), form=rf"{re.escape(row['name'])}(?:e?s)?") for row in rows]


def mark(root: etree.Element, page: Page) -> None:
    """Link the first use of each term in the running text."""
    left = {term.form: term for term in terms() if page.name not in (term.told, "glossary")}
    if not left:
        return

    def linked(text: str | None) -> tuple[str | None, list[etree.Element]]:
        """The text up to the first term, and the links, each with the text behind it."""
        links: list[etree.Element] = []
        while text and left:
            longest = sorted(left, key=len, reverse=True)
            found = re.search(rf"(?<![\w-])(?:{'|'.join(f'({form})' for form in longest)})(?![\w-])", text, re.I)
            if not found:
                break
            term = left.pop(longest[found.lastindex - 1])
            link = etree.Element("a", {"class": "term", "href": f"{page.to_root}glossary.md#{term.id}", "title": term.meaning})
            link.text, rest = found[0], text[found.end() :]
            if links:
                links[-1].tail = text[: found.start()]
            else:
                before = text[: found.start()]
            links.append(link)
            text = rest
        if not links:
            return text, []
        links[-1].tail = text
        return before, links

    def visit(element: etree.Element, inside: bool) -> None:
        if element.tag in NOT_IN or NOT_OF.intersection(element.get("class", "").split()):
            return
        inside = inside or element.tag in ("p", "li")
        children = list(element)
        if inside:
            element.text, links = linked(element.text)
            element[:0] = links
        for child in children:
            visit(child, inside)
            if inside:
                child.tail, links = linked(child.tail)
                at = list(element).index(child) + 1
                element[at:at] = links

    visit(root, False)
