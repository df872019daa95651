"""What the search knows: the words, formulas and code of every section, each said once. It is read by docs/assets/search.js.

Material's plugin asks an index to take in each page, and this is that index. What is written are scripts, which a browser also
loads where the site is opened from a folder: one that says which words are on which pages, loaded once somebody begins to search,
and for each page one with its texts, loaded where that page is among the best for what was typed.
"""

import html
import json
import math
import os
import re
import unicodedata
from collections import Counter, defaultdict
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
GREEK = "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma sigma tau upsilon phi chi psi omega"
LETTERS = {chr(ord("α") + i): name for i, name in enumerate(GREEK.split())} | {"ϵ": "epsilon", "ϕ": "phi"}
ABOVE = {"\u0302": "_hat", "\u0303": "_tilde", "\u0304": "_bar"}
GIVEN = re.compile(r"^\S+(?= :?= )", re.M)  # what a formula is for: its left-hand side
FIELDS = {"of": 4, "title": 6, "text": 1, "code": 1.5, "given": 3}  # what it counts that a word stands there
LONG = 2  # underscores: a name with more is a sentence
LEAST, MOST = 0, 6  # weights are written as powers of two, from this to that one


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
        """Write the words and all pages, those first that count most: what one of them has said, those after it do not say again."""
        said: set[str] = set()

        def once(lines: list[str]) -> str:
            new = [line for line in dict.fromkeys(lines) if len(line) < SHORT or line not in said]
            said.update(lines)
            return "\n".join(new)

        def script(name: str, begins: str, value) -> None:
            written = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
            (site / "search" / f"{name}.js").write_text(f"{begins} = {written};\n", encoding="utf-8")

        told = []  # the pages themselves stay as they are: they may be kept for the next build
        for page in sorted(self.pages, key=lambda page: -page["boost"]):
            sections = [section | {"text": once(section["text"]), "code": once(section["code"])} for section in page["sections"]]
            told.append(page | {"sections": sections})
        pages = [{"title": page["sections"][0]["title"]} | {key: page[key] for key in ("location", "boost")} for page in told]
        script("words", "var searched", {"pages": pages, "words": packed(weights(told)), "texts": {}})
        for page in told:
            name = page["location"].strip("/").replace("/", ".") or "index"
            script(name, f'searched.texts["{page["location"]}"]', page["sections"])
        (site / "search" / "search_index.js").write_text(f"var __index = {self.generate_search_index()};\n", encoding="utf-8")


def spelt(text: str) -> str:
    r"""All spellings of a symbol in one: β₁, \beta_1 and \beta_{1} as beta1; ŝ and \hat{s} as s_hat. As docs/assets/search.js has it."""
    text = re.sub(r"\\(?:wide)?(hat|tilde|bar)\s*\{?\s*(\\?\w+?)\b\s*\}?", r"\2_\1", text, flags=re.A)
    text = re.sub(r"[⁰¹²³⁴-⁹ᵗ]", r" \g<0>", re.sub(r"\\([A-Za-z]+)", r"\1", text))
    text = re.sub(
        "[\u0302-\u0304]", lambda mark: ABOVE[mark[0]], unicodedata.normalize("NFKD", re.sub("[ϵϕ]", lambda m: LETTERS[m[0]], text))
    )
    text = "".join(sign for sign in text if sign.isascii() or not unicodedata.category(sign).startswith("M")).lower()
    return re.sub(r"([a-z])_\{?(\d)\}?", r"\1\2", re.sub("[α-ω]", lambda letter: LETTERS[letter[0]], text))


def words(text: str) -> list[str]:
    """Its words, and the parts of those with underscores: learning_rate is found by rate, too, and a long name by its parts alone."""
    return [part for word in re.findall(r"\w+", spelt(text)) for part in parts(word)]


def parts(word: str) -> list[str]:
    return [word] * (word.count("_") <= LONG) + [part for part in word.split("_") if part and part != word]


def weights(pages: list[dict]) -> dict[str, dict[int, float]]:
    """How much each word says of each page: by BM25+ for each field of each section, the sections of a page less and less."""
    fields: dict[str, list[Counter]] = {name: [] for name in FIELDS}
    where = []
    for number, page in enumerate(pages):
        of = Counter(words(page["sections"][0]["title"]))
        for section in page["sections"]:
            where.append(number)
            given = " ".join(GIVEN.findall(section["text"]))
            counted = {name: of if name == "of" else Counter(words({"given": given, **section}[name])) for name in FIELDS}
            for name, counts in counted.items():
                fields[name].append(counts)
    scores: dict[str, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    for name, sections in fields.items():
        mean = sum(map(len, sections)) / len(sections) or 1
        having = Counter(word for counts in sections for word in counts)
        for place, counts in enumerate(sections):
            long = 1.2 * (0.3 + 0.7 * len(counts) / mean)
            for word, times in counts.items():
                rare = math.log(1 + (len(sections) - having[word] + 0.5) / (having[word] + 0.5))
                scores[word][place] += FIELDS[name] * rare * (0.5 + 2.2 * times / (times + long))
    found: dict[str, dict[int, float]] = {}
    for word, places in scores.items():
        of_page = defaultdict(list)
        for place, score in places.items():
            of_page[where[place]].append(score)
        found[word] = {
            number: pages[number]["boost"] * sum(score / 2 ** (i + 1) for i, score in enumerate(sorted(best, reverse=True)))
            for number, best in of_page.items()
        }
    return found


def packed(weights: dict[str, dict[int, float]]) -> str:
    """A line for each word: how many letters it shares with the one before, the rest, and for each page its sign and that of the weight."""
    lines, before = [], ""
    for word, pages in sorted(weights.items()):
        shared = min(len(os.path.commonprefix([before, word])), 35)
        levels = {page: min(max(round(math.log2(weight)), LEAST), MOST) - LEAST for page, weight in sorted(pages.items())}
        lines.append(f"{chr(48 + shared)}{word[shared:]} {''.join(chr(48 + page) + chr(48 + level) for page, level in levels.items())}")
        before = word
    return "\n".join(lines)


def section_of(section) -> dict:
    """A section as MkDocs' plugin has parsed it, its words apart from its blocks of code."""
    text, code = [], []
    for i, piece in enumerate(re.split(r"<pre>(.*?)</pre>", "".join(section.text), flags=re.S)):
        lines = html.unescape(re.sub(r"<[^>]*>", "", piece if i % 2 else re.sub(rf"</(?:p|li)>|{LINE_ENDS}", "\n", piece)))
        (code if i % 2 else text).extend(line.rstrip() for line in unicodedata.normalize("NFC", lines).split("\n") if line.strip())
    title = html.unescape(re.sub(r"<[^>]*>", "", "".join(section.title))).strip()
    return {"id": section.id or "", "title": title, "text": [" ".join(line.split()) for line in text], "code": code}
