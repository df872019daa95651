"""How long it takes to read a page: what one sees of it at first, without folded boxes and the tabs behind the first."""

import re
import xml.etree.ElementTree as etree

from markdown.util import HTML_PLACEHOLDER_RE

from snippets.experiments._cache import ROOT
from snippets.site.source import Page

WORDS = 200  # a minute, of text and of code
FORMULA = 10  # words, for one on a line of its own; in a line it counts as one, like a number or a citation
NOT_READ = {"details", "figcaption"}


def minutes(root: etree.Element, stash: list) -> tuple[int, int]:
    """For the text, and for the code."""
    words = code_words = 0

    def read(text: str | None) -> None:
        nonlocal words, code_words
        for number in HTML_PLACEHOLDER_RE.findall(text or ""):
            made = stash[int(number)] if isinstance(stash[int(number)], str) else ""
            code = re.search(r"<pre.*</pre>", made, re.S)
            code_words += len(re.sub(r"<[^>]*>", "", code[0]).split()) if code else 0
            words += FORMULA * made.startswith('<div class="formula"')
        words += len((text or "").split())

    def visit(element: etree.Element) -> None:
        classes = element.get("class", "").split()
        if element.tag in NOT_READ or "evidence" in classes:
            return
        read(element.text)
        for child in list(element)[:1] if "tabbed-content" in classes else element:
            visit(child)
            read(child.tail)

    visit(root)
    return max(1, round(words / WORDS)), round(code_words / WORDS)


def say(root: etree.Element, stash: list, page: Page) -> None:
    """Below the title of a page of the course."""
    title = root.find("h1")
    if title is not None and (ROOT / "snippets" / f"{page.topic}.py").exists():
        text, code = minutes(root, stash)
        line = etree.Element("p", {"class": "evidence reading"})
        line.text = f"{text} minute{'s' * (text > 1)} to read" + f", {code} more for all its code" * bool(code)
        root.insert(list(root).index(title) + 1, line)
