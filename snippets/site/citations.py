"""Citations: `[@kingma2015]`, from the one bibliography; the list of works goes below `## Sources`."""

import html
import re
from functools import lru_cache

from pybtex.database import parse_string
from pybtex.richtext import Text

from snippets.site.source import DOCS

BIBLIOGRAPHY = DOCS / "references.bib"
CITATION = re.compile(r"\[(@[\w:-]+(?:\s*;\s*@[\w:-]+)*)\]")
NEEDED = ("title", "year")


class CitationError(Exception):
    """What is wrong with a citation, in words for its author."""


@lru_cache
def _entries(_stamp: int) -> dict:
    text = BIBLIOGRAPHY.read_text(encoding="utf-8") if BIBLIOGRAPHY.exists() else ""
    return dict(parse_string(text, "bibtex").entries) if text.strip() else {}


def entry(key: str):
    entries = _entries(BIBLIOGRAPHY.stat().st_mtime_ns if BIBLIOGRAPHY.exists() else 0)
    if key not in entries:
        raise CitationError(f"docs/references.bib has no entry {key!r}")
    found = entries[key]
    missing = [name for name in NEEDED if name not in found.fields] + ([] if names(found) else ["author"])
    if missing:
        raise CitationError(f"the entry {key!r} of docs/references.bib lacks {', '.join(missing)}")
    return found


def names(found) -> list[str]:
    return [plain(" ".join([*person.prelast_names, *person.last_names])) for person in found.persons.get("author", [])]


def plain(text: str) -> str:
    return str(Text.from_latex(text)).strip()


def short(key: str) -> str:
    """`Kingma and Ba (2015)`."""
    found = entry(key)
    who = names(found)
    shown = who[0] if len(who) == 1 else f"{who[0]} and {who[1]}" if len(who) == 2 else f"{who[0]} et al."
    return f"{shown} ({found.fields['year']})"


def keys(text: str) -> list[str]:
    """The keys that a piece of a page cites, in order, once each."""
    return list(dict.fromkeys(k.strip()[1:] for match in CITATION.finditer(text) for k in match[1].split(";")))


def render(match: re.Match) -> str:
    links = [f'<a class="citation" href="#ref-{k}">{html.escape(short(k))}</a>' for k in keys(match[0])]
    return "; ".join(links)


def bibliography(cited: list[str]) -> str:
    """The list of works, each with its authors, year, title, where it stands, and a link."""
    items = []
    for key in sorted(cited, key=lambda k: (names(entry(k)), entry(k).fields["year"])):
        found = entry(key)
        fields = found.fields
        where = next((plain(fields[f]) for f in ("journal", "booktitle", "publisher", "howpublished") if f in fields), "")
        if "eprint" in fields:
            where = ", ".join(filter(None, [where, f"arXiv:{fields['eprint']}"]))
        url = fields.get("url") or (f"https://arxiv.org/abs/{fields['eprint']}" if "eprint" in fields else "")
        title = html.escape(plain(fields["title"]))
        linked = f'<a href="{html.escape(url)}" rel="noopener">{title}</a>' if url else title
        tail = f" {html.escape(where)}." if where else ""
        items.append(f'<li id="ref-{key}">{html.escape(", ".join(names(found)))} ({fields["year"]}). <cite>{linked}</cite>.{tail}</li>')
    return '<ul class="bibliography">' + "".join(items) + "</ul>"
