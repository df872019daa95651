"""Citations: `[@kingma2015]`, from the one bibliography; the list of works goes below `## Sources`."""

import html
import re
from functools import lru_cache

from snippets.site.source import DOCS

BIBLIOGRAPHY = DOCS / "references.bib"
CITATION = re.compile(r"\[(@[\w:-]+(?:\s*;\s*@[\w:-]+)*)\]")
NEEDED = ("title", "year")
WHERE = ("journal", "booktitle", "publisher", "howpublished", "eprint")
PLACE = re.compile(r"\b(?:sections?|equations?|algorithms?|chapters?|theorems?|lemmas?|tables?|figures?|appendix|lecture)\b", re.I)


class CitationError(Exception):
    """What is wrong with a citation, in words for its author."""


@lru_cache
def _entries(_stamp: int) -> dict:
    from pybtex.database import parse_string  # it takes long, and a build that makes no page anew has no need of it

    text = BIBLIOGRAPHY.read_text(encoding="utf-8") if BIBLIOGRAPHY.exists() else ""
    return dict(parse_string(text, "bibtex").entries) if text.strip() else {}


def entry(key: str):
    entries = _entries(BIBLIOGRAPHY.stat().st_mtime_ns if BIBLIOGRAPHY.exists() else 0)
    if key not in entries:
        raise CitationError(f"docs/references.bib has no entry {key!r}")
    found = entries[key]
    missing = [name for name in NEEDED if name not in found.fields] + ([] if names(found) else ["author"])
    missing += [] if any(name in found.fields for name in WHERE) else [f"where it stands ({', '.join(WHERE)})"]
    if missing:
        raise CitationError(f"the entry {key!r} of docs/references.bib lacks {', '.join(missing)}")
    return found


def names(found) -> list[str]:
    return [plain(" ".join([*person.prelast_names, *person.last_names])) for person in found.persons.get("author", [])]


def plain(text: str) -> str:
    from pybtex.richtext import Text

    return str(Text.from_latex(text)).strip()


def short(key: str) -> str:
    """`Kingma and Ba (2015)`."""
    found = entry(key)
    who = names(found)
    shown = who[0] if len(who) == 1 else f"{who[0]} and {who[1]}" if len(who) == 2 else f"{who[0]} et al."
    return f"{shown} ({found.fields['year']})"


def unused() -> list[tuple[int, str]]:
    """The line of each entry that no page cites, and what to say of it."""
    text = BIBLIOGRAPHY.read_text(encoding="utf-8") if BIBLIOGRAPHY.exists() else ""
    pages = "\n".join(path.read_text(encoding="utf-8") for path in DOCS.rglob("*.md"))
    found = []
    for match in re.finditer(r"^@\w+\{\s*([\w:-]+)", text, re.M):
        if not re.search(rf"@{re.escape(match[1])}(?![\w:-])", pages):
            found.append((text.count("\n", 0, match.start()) + 1, f"no page cites {match[1]!r}: cite it, or take the entry out"))
    return found


def nothing_taken(text: str, sources: int) -> list[tuple[int, str]]:
    """Each work of which a page does not say what it takes: neither a place beside it, as `section 3`, nor words under Sources.

    text: the page without its code; sources: where its list of works begins. Returns (position, key).
    """
    said = set(keys(text[sources:]))
    for match in CITATION.finditer(text):
        around = text[max(match.start() - 60, 0) : match.start()].split("\n\n")[-1] + text[match.end() : match.end() + 100].split("\n\n")[0]
        if PLACE.search(around):
            said |= set(keys(match[0]))
    first: dict[str, int] = {}
    for match in CITATION.finditer(text[:sources]):
        for key in keys(match[0]):
            first.setdefault(key, match.start())
    return [(at, key) for key, at in first.items() if key not in said]


def keys(text: str) -> list[str]:
    """The keys that a piece of a page cites, in order, once each."""
    return list(dict.fromkeys(k.strip()[1:] for match in CITATION.finditer(text) for k in match[1].split(";")))


def render(match: re.Match) -> str:
    """Links to the works; in brackets, `([@kingma2015], section 3)`, the year stands without its own."""
    shown = [re.sub(r" \((.*)\)$", r", \1", short(k)) if match.string[: match.start()].endswith("(") else short(k) for k in keys(match[0])]
    links = [f'<a class="citation" href="#ref-{k}">{html.escape(s)}</a>' for k, s in zip(keys(match[0]), shown, strict=True)]
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
        end = "" if title.endswith(("?", "!")) else "."
        tail = f" {html.escape(where)}." if where else ""
        items.append(f'<li id="ref-{key}">{html.escape(", ".join(names(found)))} ({fields["year"]}). <cite>{linked}</cite>{end}{tail}</li>')
    return '<ul class="bibliography">' + "".join(items) + "</ul>"
