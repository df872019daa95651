"""What the search knows: the words, formulas and code of every section, each said once. It is read by docs/assets/search.js.

Material's plugin asks an index to take in each page, and this is that index. What is written is a script, which a browser also
loads where the site is opened from a folder, and only once somebody begins to search.
"""

import html
import json
import re
import unicodedata
from pathlib import Path

from material.plugins.search.plugin import Parser

FORMULA = re.compile(r'<span class="katex-mathml">.*?<annotation[^>]*>(.*?)</annotation>.*?</math></span>', re.S)
NOT_TOLD = re.compile(  # where something comes from, and what it is
    r'<(p|a) [^>]*class="evidence[ "].*?</\1>|<a [^>]*source/tests/.*?</a>'
    r'|<div class="tabbed-labels">.*?</div>|<span class="kind">.*?</span>',
    re.S,
)
ACCENTS = {"hat": "\u0302", "widehat": "\u0302", "tilde": "\u0303", "widetilde": "\u0303", "bar": "\u0304", "overline": "\u0304"}
ACCENTED = re.compile(rf"\\({'|'.join(ACCENTS)})\s*(?:\{{\s*(\\?\w+)\s*\}}|(\\[a-z]+|\w))")
SIGNS = {"cdot": "·", "partial": "∂", "infty": "∞", "sqrt": "√", "ldots": "…", "dots": "…", "to": "→", "lVert": "‖", "rVert": "‖"}
MUTE = "left right big Big bigl bigr text mathrm operatorname mathbf quad qquad displaystyle begin end underbrace".split()
LOWER, UPPER = (str.maketrans("0123456789" + more, signs) for more, signs in (("t", "₀₁₂₃₄₅₆₇₈₉ₜ"), ("t", "⁰¹²³⁴⁵⁶⁷⁸⁹ᵗ")))
LINE_ENDS = "\ue000"  # at the end of a table's row, a formula, a title: a sign that no page has
SHORT = 20  # characters: what is shorter, such as a number in a table, may be said twice


def plain(tex: str) -> str:
    r"""A formula as one would type it: `\hat{v} / (1 - \beta_1^t)` is v̂ / (1 - β₁ᵗ)."""
    tex = ACCENTED.sub(lambda m: (m[2] or m[3]) + ACCENTS[m[1]] + " " * tex[m.end() : m.end() + 1].isalpha(), tex)
    tex = re.sub(r"\\(?:text|mathrm)\{([^{}]*)\}", r"\1", tex)
    tex = re.sub(r"_(?:\{([\dt])\}|([\dt]))", lambda m: (m[1] or m[2]).translate(LOWER), tex)
    tex = re.sub(r"\^(?:\{([\dt])\}|([\dt]))", lambda m: (m[1] or m[2]).translate(UPPER), tex)
    tex = re.sub(r"([_^])\{([^{}]*)\}", r"\1\2", tex)
    for _ in range(3):  # what stands within a root or a fraction first
        tex = re.sub(r"\\sqrt\s*\{([^{}]*)\}", r"√(\1)", tex)
        tex = re.sub(r"\\[dt]?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}", r"(\1) / (\2)", tex)
    tex = re.sub(r"\\([A-Za-z]+)", lambda m: sign(m[1]), tex)
    return " ".join(re.sub(r"\\.|[{}&]", " ", tex).split())


def sign(command: str) -> str:
    if command in MUTE:
        return " "
    found = SIGNS.get(command) or html.entities.html5.get(f"{command};", "")
    return found if len(found) == 1 and not found.isascii() else f" {command} "


class Index:
    """Stands in for the index of Material's plugin."""

    def __init__(self):
        self.pages: list[dict] = []

    def add_entry_from_context(self, page):
        told = FORMULA.sub(lambda m: html.escape(plain(html.unescape(m[1]))), NOT_TOLD.sub("", page.content))
        parser = Parser()
        parser.feed(re.sub(r"</(?:tr|summary|div)>", LINE_ENDS + r"\g<0>", told))
        parser.close()
        boost = (page.meta.get("search") or {}).get("boost", 0.6 if page.url.startswith("notebooks/") else 1)
        sections = [section_of(s) for s in parser.data if not s.is_excluded()]
        sections[0]["title"] = page.title
        self.pages.append({"location": page.url, "boost": boost, "sections": sections})

    def generate_search_index(self, _previous=None) -> str:
        """What Material's own script reads at each visit: no page, and how words are parted where it marks those searched for."""
        return json.dumps({"config": {"separator": r"[\s\-]+"}, "docs": []})

    def write(self, site: Path) -> None:
        """Write all pages, those first that count most: what one of them has said, those after it do not say again."""
        said: set[str] = set()

        def once(lines: list[str]) -> str:
            new = [line for line in dict.fromkeys(lines) if len(line) < SHORT or line not in said]
            said.update(lines)
            return "\n".join(new)

        told = []  # the pages themselves stay as they are: they may be kept for the next build
        for page in sorted(self.pages, key=lambda page: -page["boost"]):
            sections = [section | {"text": once(section["text"]), "code": once(section["code"])} for section in page["sections"]]
            told.append(page | {"sections": sections})
        pages = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
        (site / "search" / "pages.js").write_text(f"var searched = {pages};\n", encoding="utf-8")
        (site / "search" / "search_index.js").write_text(f"var __index = {self.generate_search_index()};\n", encoding="utf-8")


def section_of(section) -> dict:
    """A section as MkDocs' plugin has parsed it, its words apart from its blocks of code."""
    text, code = [], []
    for i, piece in enumerate(re.split(r"<pre>(.*?)</pre>", "".join(section.text), flags=re.S)):
        lines = html.unescape(re.sub(r"<[^>]*>", "", piece if i % 2 else re.sub(rf"</(?:p|li)>|{LINE_ENDS}", "\n", piece)))
        (code if i % 2 else text).extend(line.rstrip() for line in unicodedata.normalize("NFC", lines).split("\n") if line.strip())
    title = html.unescape(re.sub(r"<[^>]*>", "", "".join(section.title))).strip()
    return {"id": section.id or "", "title": title, "text": [" ".join(line.split()) for line in text], "code": code}
