"""No result is typed: what looks like one, in a page's words, tables, titles, alt texts and formulas, is said at its line.

A number is right as a reference `{topic.experiment.field:.2f}`, as a default `{default: adam.update.beta1}`, as arithmetic
`{= sqrt(2 / 250) :.4f}`, or in braces if it is chosen and not found: `{0.01}`. In a formula `$\\beta = 0.9$` is mark enough
for a constant. A table or paragraph that a test reads says so: `<!-- held by test_name -->` above it. Left in peace are
places (section 4.6), versions, shapes, years, indices and exponents, and whole numbers up to 3 that count nothing.
"""

import re

from snippets.experiments._cache import ROOT
from snippets.site import formulas, numbers
from snippets.site.source import Page, blank, blanked, mask

ADVICE = "write {topic.experiment.field:.2f} or {= 1 / 3 :.2f} for a result, {0.01} for what you chose"

PLACES = (
    "section|equation|figure|chapter|theorem|lemma|appendix|line|table|algorithm|layer|class|seed|row|column|page|level|dimension|scale"
)
PROGRAMS = "Python|NumPy|TensorFlow|Keras|PyTorch|Optax|JAX|SciPy|scikit-learn|MkDocs|Material|Zensical|Chromium|Node|KaTeX|WCAG"
CONSTANTS = r"alpha|beta\d?|epsilon|lambda?d?|gamma|keep_prob"
LIST = r"(?:[A-Z]\.)?\d+(?:\.\d+)*(?:(?:,\s|\s(?:and|or|to)\s|\s?[-–]\s?)\d+(?:\.\d+)*)*"
PEACE = (  # blanked out before numbers are looked for
    r"\]\([^)\s]*|\[@[^\]]*\]|https?://\S+|<[^>\n]+>|\{[a-z_.#:=][^{}\n]*\}",  # addresses, citations, tags, references
    numbers.CHOSEN.pattern.replace("?P<number>", ""),
    r"^[ ]*\d+[.)] ",  # the items of a list
    r'"[\w ]+, \d+ minutes?:',  # what an exercise is called
    rf"\b(?:{PLACES})s?\s+{LIST}|\b(?:step|epoch)s?\s+\d\b(?![.,]?\d)",  # not the step 1,751 at which something was found
    rf"\b(?:{PROGRAMS})\s+v?{LIST}|\b\d+\.\d+\.\d+\S*",  # versions
    r"\b(?:19|20)\d\d\b(?![.,]\d| [a-z]+s\b)",  # years: a count has its comma, 2,000
    rf"\b(?:{CONSTANTS}) (?:= |of )?{LIST}(?:e-?\d+)?\b",  # a constant by its name
    r"\((?:\w+,\s?)+\w*\)|\b\d+ ?(?:×|by) ?\d+(?: ?(?:×|by) ?\d+)*\b",  # shapes
)
PEACEFUL = re.compile("|".join(PEACE), re.M | re.I)
UNIT = r"\s?[%×]|x\b|k\b|[ -](?:times|fold|percent|seconds?|m?s|minutes?|hours?|seeds?|epochs?|runs?|of (?=\d))\b"
NUMBER = re.compile(
    r"(?=\d)(?<![\w^])(?<![\w)]-)(?<![A-Z]\.)(?P<value>\d+(?:[.,]\d+)*(?:e[-+]?\d+)?)(?!\d|-bit|(?:st|nd|rd|th)\b)"
    rf"(?:(?P<unit>{UNIT})|(?P<word>[a-zA-Z]\w*))?"
)
ROUGHLY = re.compile(r"(?:\b(?:about|roughly|nearly|almost|approximately)|[≈~])\s*$", re.I)

RELATION = re.compile(r":=|\\(?:approx|leq?|geq?|ne|to|sim|in|equiv|propto|q?quad|\\)(?![a-z])|\\text\{[^}]*\}|[=<>,;&]")
INDEX = re.compile(r"[\^_](?:\{[^}]*\}|\w)")
POWER = r"10\s*\^\s*(?:\{-?\d+\}|\d)"
NUMERAL = re.compile(rf"[-+\s\[]*(?:(?P<value>\d+(?:\.\d+|\{{,\}}\d+)*)(?P<unit>\s*\\cdot\s*{POWER}|\s*\\%)?|{POWER})[\s.\]]*")
MARKED = re.compile(r"(?<![\w^_}\\])\{(?:[^{}]|\{[^{}]*\})*\}")  # braces that belong to no index, command or second argument
GREEK = r"alpha|beta|gamma|epsilon|varepsilon|lambda|kappa|rho|eta|hat\\epsilon"
CONSTANT = re.compile(rf"\s*(?:\\(?:{GREEK})|[Cckmnpt])(?:_(?:\w|\{{[^}}]*\}}|\\\w+))?\s*")
HELD = re.compile(r"^[ ]*<!-- held by (?P<test>\w+) -->[ ]*\n(?:[ ]*\n)*(?P<block>(?:[ ]*\S[^\n]*(?:\n|\Z))+)", re.M)


def check(page: Page) -> None:
    """Report each number of a page that is typed and looks like a result."""
    if page.path.suffix != ".md":
        return
    text = page.text
    prose, found = mask(text), formulas.find(text)
    spans = [(formula.start, formula.end) for formula in found] + [match.span("block") for match in held(page)]
    for start, end in spans:
        prose = prose[:start] + blank(text[start:end]) + prose[end:]
    for at, number in in_prose(prose):
        page.report_at(text, at, f"typed number {number}: {ADVICE}")
    answers, free = in_answers(page.lines), spans[len(found) :]
    for formula in found:
        if not formula.checked and not any(start <= formula.start < end for start, end in free):
            for number in in_formula(formula.tex, text.count("\n", 0, formula.start) in answers):
                page.report_at(text, formula.start, f"typed number {number} in a formula: {ADVICE}")


def held(page: Page):
    """The blocks that a test reads, which has to be there."""
    for match in HELD.finditer(page.text):
        tests = (path.read_text(encoding="utf-8") for path in sorted((ROOT / "tests").rglob("test_*.py")))
        if any(f"def {match['test']}(" in text for text in tests):
            yield match
        else:
            page.report_at(page.text, match.start(), f"no test in tests/ is called {match['test']}")


def in_prose(text: str):
    """The place and the text of each number in words that looks like a result."""
    parts = re.split(r"(\n[ ]*\n)", text)
    text = "".join(PEACEFUL.sub(blanked, part) if re.search(r"\d", part) else blank(part) for part in parts)
    for match in NUMBER.finditer(text):
        value, word = match["value"], match["word"] or ""
        if word and word not in {"ms", "s", "h", "min", "GB", "MB", "KB", "M"}:
            continue  # 2D and the like are names
        rough = value in {"2", "3"} and ROUGHLY.search(text[: match.start()])
        if value not in {"0", "1", "2", "3"} or match["unit"] or word or rough:
            yield match.start(), (value + (match["unit"] or word)).strip()


def in_formula(tex: str, answer: bool = False):
    """Each side of a formula that is nothing but a number, and neither small nor the value of a constant."""
    tex = MARKED.sub("x", tex)
    sides, signs = RELATION.split(tex), ["", *RELATION.findall(tex)]
    for i, (sign, side) in enumerate(zip(signs, sides, strict=True)):
        numeral = NUMERAL.fullmatch(side)
        if not numeral:
            continue
        before = sides[i - 1] if sign in {"=", ":="} else ""
        small = numeral["value"] in ({"0", "1"} if answer else {"0", "1", "2", "3"}) and not numeral["unit"]
        worked_out = numeral["value"] != "0" and re.search(r"\d", INDEX.sub("", before))
        chosen = CONSTANT.fullmatch(before) and not answer
        if worked_out or sign == "\\approx" or not (small or chosen):
            yield side.strip()


def in_answers(lines: list[str]) -> set[int]:
    """The lines of answers, where a formula that ends in a number has found it."""
    found, inner = set(), None
    for i, line in enumerate(lines):
        indent = len(line) - len(line.lstrip())
        if inner is not None and line.strip() and indent < inner:
            inner = None
        if match := re.match(r"( *)\?\?\?\+? answer\b", line):
            inner = len(match[1]) + 4
        elif inner is not None:
            found.add(i)
    return found
