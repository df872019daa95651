r"""A symbol and its twins: `\beta_1` in the formulas of a page, `beta1` in its code, both in the table of docs/notation.md.

Which symbols a page has is said by the comments beside its checked formulas, what they mean and are called in the code by the
tables of the notation page; where the two differ, the build says so. A symbol that is not worth a row there is named in the
comment: `local k: the constant in front`. What belongs together carries one `data-twin`; docs/assets/twins.js lights it.
"""

import ast
import functools
import html
import re
import xml.etree.ElementTree as etree
from dataclasses import dataclass, field, replace

from markdown.util import HTML_PLACEHOLDER_RE

from snippets.experiments import _cache
from snippets.site import embed, formula_checks, formulas, source
from snippets.site.source import Page
from snippets.site.symbols import TOKEN, Symbol, rewrite, symbols, whole

ROW = re.compile(r"^\|(?P<symbols>.*?\$.*?)\|(?P<shape>.*)\|(?P<meaning>.*)\|(?P<code>.*)\|\s*$")
HEAD = ["Symbol", "Shape", "What it is", "In the code"]
LOCAL = re.compile(r"\s*local (?P<tex>\S.*?): +(?P<meaning>.*\S)\s*")
TOKENS = re.compile(r'(?<!<span class="o">\.</span>)<span class="(?P<kind>n|s1|s2)">(?P<text>[^<]*)</span>')
BLOCK = re.compile(r'<div class="[^"]*\blanguage-(?:python|pycon)\b')


@dataclass(frozen=True)
class Entry:
    """What one row of the notation, or one comment, says of a symbol."""

    symbols: tuple[Symbol, ...]
    names: tuple[str, ...]  # in the code
    meaning: str
    pages: frozenset[str] = frozenset()  # where alone it means this, if it says so
    line: int = 0  # of docs/notation.md; 0 where it is local
    functions: tuple[str, ...] = ()  # in whose code alone it has these names, if only there
    key: str = ""  # the value of data-twin, once it is on a page

    def fits(self, found: Symbol) -> int:
        """2 where this is the symbol to the letter, 1 where its index is another or it stands in a power, else 0."""
        same = [own for own in self.symbols if own.core == found.core and "\\prime" not in found.above]
        return max((2 if own.above == found.above else int(own.any) for own in same), default=0)

    def extent(self, found: Symbol) -> int:
        """Where this symbol ends: its index belongs to it, a power does not if it can be told apart."""
        parted = not found.below and " " not in found.letters and not found.indexed and self.fits(found) < 2
        return found.middle if parted else found.end


def best(entries: list[Entry], found: Symbol) -> Entry | None:
    """The entry that fits a symbol best, if any does."""
    entry = max(entries, key=lambda entry: entry.fits(found), default=None)
    return entry if entry and entry.fits(found) else None


# What the notation page says.


def code_name(span: str) -> str:
    """What is called by a piece of code in the table: `beta1`, `epsilon=1e-8`, `params["W1"]`, `network.relu`."""
    match = re.fullmatch(r"(?:\w+\.)*([A-Za-z_]\w*)(?: ?=.*)?", span)
    key = re.fullmatch(r"\w+\[\"([A-Za-z_]+?)\d?\"\]", span)
    return match[1] if match else key[1] if key else ""


def notation() -> list[Entry]:
    """The rows of the tables of docs/notation.md, in order."""
    path = source.DOCS / "notation.md"
    source.pages_read.add(path)
    return _rows(path, path.stat().st_mtime_ns) if path.exists() else []


@functools.lru_cache(maxsize=1)
def _rows(path, _stamp: int) -> list[Entry]:
    entries, inside = [], False
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        inside = [cell.strip() for cell in line.split("|")[1:-1]] == HEAD or inside and line.startswith("|")
        row = ROW.match(line) if inside else None
        if row:
            meant = [whole(tex) for formula in formulas.find(row["symbols"]) for tex in re.split(r",|=", formula.tex)]
            called, _, of = row["code"].partition("` of `")
            names = tuple(dict.fromkeys(filter(None, (code_name(span) for span in re.findall(r"`([^`]+)`?", called)))))
            pages = frozenset(re.findall(r"\]\((\w+)\.md", row["meaning"]))
            entries.append(Entry(tuple(filter(None, meant)), names, row["meaning"].strip(), pages, number, tuple(re.findall(r"\w+", of))))
    return entries


def keyed(entries: list[Entry]) -> list[Entry]:
    """The entries of a page with their keys: the name in the code, or else the letters."""
    keys: list[str] = []
    for entry in entries:
        key = entry.names[0] if entry.names else "-".join(re.findall(r"\w+", " ".join(entry.symbols[0].core)))
        same = sum(re.fullmatch(rf"{key}(-\d+)?", other) is not None for other in keys)
        keys.append(f"{key}-{same + 1}" if same else key)
    return [replace(entry, key=key) for entry, key in zip(entries, keys, strict=True)]


def rows_for(topic: str) -> list[Entry]:
    """The rows that hold on a page: of two with one symbol, the one that links to the page, or else the one that links to none."""
    rows = notation()
    own = [row for row in rows if topic in row.pages]
    taken = {symbol.core for row in own for symbol in row.symbols}
    return own + [row for row in rows if not row.pages and not any(symbol.core in taken for symbol in row.symbols)]


# What a page says.


@dataclass
class Twins:
    """The symbols of a page: those of its checked formulas, in order."""

    entries: list[Entry] = field(default_factory=list)
    first: int = 0  # the index of the line below the first checked formula, and those that follow it without a word between
    rows: dict[int, list[Entry]] = field(default_factory=dict)  # on the notation page: for each row by its line, what holds in it

    def marked(self, formula: formulas.Formula, text: str, origins: list) -> str:
        """The LaTeX of a formula with its symbols marked; as it is where the page says that its letters are somebody else's."""
        if text.startswith("<!-- no twin -->", formula.end):
            return formula.tex
        line = origins[text.count("\n", 0, formula.start)][1]
        entries = self.rows.get(line, []) if self.rows else self.entries

        def mark(symbol: Symbol) -> tuple[str, int]:
            entry = best(entries, symbol)
            return (entry.key, entry.extent(symbol)) if entry else ("", 0)

        return rewrite(formula.tex, mark)

    def names(self, text: str) -> dict[str, str]:
        """The names that are marked in a block of code, each with its key."""
        there = [e for e in self.entries if not e.functions or any(re.search(rf"\bdef {f}\b", text) for f in e.functions)]
        found: dict[str, str] = {}
        for entry in sorted(there, key=lambda entry: not entry.functions):  # what is of this function comes first
            for name in entry.names:
                found.setdefault(name, entry.key)
        return found

    def mark_block(self, block: str) -> str:
        """A block of Python as Pygments has marked it, with the names of the page marked too; in strings if they are a key."""
        if not self.entries or not BLOCK.search(block):
            return block
        names = self.names(html.unescape(re.sub(r"<[^>]*>", "", block)))

        def mark(match: re.Match) -> str:
            text = html.unescape(match["text"])
            if match["kind"] != "n":
                text = text.strip("\"'")
                text = text if text in names else text.rstrip("0123456789")
            coloured = "" if match["kind"] == "n" else f' class="{match["kind"]}"'
            return f'<span{coloured} data-twin="{names[text]}">{match["text"]}</span>' if text in names else match[0]

        return TOKENS.sub(mark, block)

    def mark_tree(self, root: etree.Element, stash: list[str]) -> None:
        """The names that stand in the text; in the tables of the notation page, each with the symbol of its row."""

        def words(code: etree.Element) -> str:
            put_aside = HTML_PLACEHOLDER_RE.fullmatch(code.text or "")
            return html.unescape(stash[int(put_aside[1])]) if put_aside else code.text or ""

        plain = {name: e.key for e in reversed(self.entries) if not e.functions for name in e.names}
        for code in root.iter("code"):
            if words(code) in plain:
                code.set("data-twin", plain[words(code)])
        rows = iter(sorted(self.rows))
        for table in root.iter("table") if self.rows else ():
            if [cell.text for cell in table.iter("th")] != HEAD:
                continue
            for row in table.iterfind("tbody/tr"):
                entry = self.rows[next(rows)][0]
                for code in row[-1].iter("code"):
                    if code_name(words(code)) in entry.names:
                        code.set("data-twin", entry.key)
                as_name(row[0], len(row[0]))
        for box in root.iter("details"):
            if box.get("class") == "symbols":
                box.set("data-search-exclude", "")  # it is found where it is told
                for item, entry in zip(box.iter("li"), self.entries, strict=True):
                    as_name(item, len(entry.names))


def as_name(parent: etree.Element, count: int) -> None:
    """Put what a parent begins with, a formula and so many children, into a span that the script makes a button."""
    name = etree.Element("span", {"class": "symbol"})
    name.text, parent.text = parent.text, None
    if not count and (formula := HTML_PLACEHOLDER_RE.match(name.text)):
        name.text, name.tail = name.text[: formula.end()], name.text[formula.end() :]
    for child in list(parent)[:count]:
        parent.remove(child)
        name.append(child)
    if count:
        name.tail, name[-1].tail = name[-1].tail, None
    parent.insert(0, name)


def of(page: Page) -> Twins:
    """The map of a page. Where its formulas and the notation differ, that is reported at the formula's line."""
    twins = Twins()
    if page.path == source.DOCS / "notation.md":
        return _of_notation(twins)
    if not notation():
        return twins
    text, rows = page.text, rows_for(page.topic)
    found, told = formulas.find(text), 0
    for formula in found:
        if not formula.checked or page.origins[text.count("\n", 0, formula.start)][0] != page.path:
            continue  # of one brought from another page the symbols are told there
        if not twins.first or not text[told : formula.start].strip():
            twins.first, told = text.count("\n", 0, formula.end) + 1, formula.end
        try:
            asked, local = wanted(formula.tex, formula.checked)
        except (formula_checks.CheckError, SyntaxError):
            continue  # said where it is compared
        for line in formula.checked.split("\n"):
            if line.strip().startswith("local ") and not any(line.strip().startswith(f"local {e.symbols[0].tex}:") for e in local):
                page.report_at(text, formula.start, f"{line.strip()!r}: no such symbol here; write `local k: what it is`")
        known = [entry for entry in twins.entries if not entry.line]
        known += [entry for entry in local if not best(known, entry.symbols[0])]
        for symbol, names in asked:
            entry, shown = best(known, symbol) or best(rows, symbol), symbol.tex
            if entry is None:
                missing = f"{shown} has no row in docs/notation.md: add it, or say in the comment `local {shown}: what it is`"
                page.report_at(text, formula.start, missing)
            elif entry.line and names and not names & set(entry.names):
                other = f"docs/notation.md:{entry.line} calls it {', '.join(entry.names) or 'nothing'}"
                page.report_at(text, formula.start, f"{shown} is `{' or '.join(sorted(names))}` in the code beside it, but {other}")
            if entry and entry not in twins.entries:
                twins.entries.append(entry)
    if twins.entries:  # what is named by a word means the same on every page: \hat{v} and v_hat, where both are there
        code = "\n".join("\n".join(f.body(page.lines)) for f in source.fences(page.lines) if f.language == "python")
        inside = {symbol.core for formula in found for symbol in symbols(formula.tex)}
        for row in rows:
            there = any(symbol.core in inside for symbol in row.symbols)
            known = any(best(twins.entries, symbol) for symbol in row.symbols)
            if there and not known and any(len(n) > 2 and re.search(rf"\b{n}\b", code) for n in row.names):
                twins.entries.append(row)
    twins.entries = keyed(twins.entries)
    return twins


def _of_notation(twins: Twins) -> Twins:
    """On the notation page a row holds in its own cells, and in those of others what is said by one row alone."""
    rows = keyed(notation())
    alone = [row for row in rows if not any(other is not row and any(other.fits(s) for s in row.symbols) for other in rows)]
    twins.rows = {row.line: [row, *(other for other in alone if other is not row)] for row in rows}
    return twins


def wanted(tex: str, mark: str) -> tuple[list[tuple[Symbol, set[str]]], list[Entry]]:
    """The symbols that a comment speaks of, each with what the code calls it, if that can be told; and those it says are local."""
    target, given, declared, codes = formula_checks.parse_mark(mark)
    inside = {symbol.core for symbol in symbols(tex)}
    passed = arguments(target, [code for _, code in codes])
    targets = [target for s in ast.parse(given).body if isinstance(s, ast.Assign) for target in s.targets]
    inputs = [n.id for target in targets for n in ast.walk(target) if isinstance(n, ast.Name) and n.id not in {"i", "j", "l"}]  # indices
    asked: dict[tuple[str, str], tuple[Symbol, set[str]]] = {}
    for left, _ in codes:
        symbol = whole(re.sub(r"\(\w\)$", "", left.rstrip(":= ")))
        if symbol:
            asked.setdefault(symbol.core, (symbol, set()))
    for spelling, python in declared.items():
        symbol = whole(spelling)
        if symbol:
            name = re.match(r"([A-Za-z_]\w*)(?:\[[^\"']*\])?$", python)
            names = passed.get(name[1], set()) if name else _keys(python)
            asked[symbol.core] = (symbol, names)
    for spelling, name in formula_checks.spellings(dict.fromkeys(inputs)).items():
        symbol = whole(spelling)
        if symbol and symbol.core in inside:
            asked.setdefault(symbol.core, (symbol, passed.get(name, set())))
    local = []
    for match in filter(None, map(LOCAL.fullmatch, mark.split("\n"))):
        symbol = whole(match["tex"])
        if symbol and symbol.core in asked:
            names = tuple(sorted(asked[symbol.core][1]))
            local.append(Entry((symbol,), names, match["meaning"], functions=(target.rpartition(".")[2],)))
    return list(asked.values()), local


def _keys(code: str) -> set[str]:
    """The names by which a value is taken out of what holds it: `cache["Z_norm"][0, i]`."""
    return set(re.findall(r'\["(\w+)"\]', re.search(r"(?:\[[^\]\[]*\])*$", code)[0]))


def arguments(target: str, codes: list[str]) -> dict[str, set[str]]:
    """For each name that is handed to the function: the parameter that it is, or the keys below which it lies."""
    topic, _, name = target.partition(".")
    path = _cache._module(f"snippets.{topic}")
    function = embed.definition(_cache.parsed(path), name) if path else None
    parameters = [argument.arg for argument in function.args.args] if isinstance(function, ast.FunctionDef) else []
    found: dict[str, set[str]] = {}

    def take(value: ast.expr, names: set[str]) -> None:
        if isinstance(value, ast.Name):
            found.setdefault(value.id, set()).update(names)
        elif isinstance(value, ast.Dict):
            for key, inner in zip(value.keys, value.values, strict=True):
                if isinstance(key, ast.Constant):
                    take(inner, names | {key.value.rstrip("0123456789")})

    for code in codes:
        for call in ast.walk(ast.parse(code, mode="eval")):
            if isinstance(call, ast.Call) and ast.unparse(call.func) == target:
                for parameter, value in [*zip(parameters, call.args, strict=False), *((k.arg, k.value) for k in call.keywords)]:
                    take(value, {parameter} if isinstance(value, ast.Name) else set())
    return found


def legend(page: Page, twins: Twins) -> Page:
    """The page with the list of its symbols, as Markdown, below its first checked formulas."""
    if not twins.entries:
        return page
    at, text = twins.first, page.text
    indent = re.match(r"[ \t]*", page.lines[at - 1])[0]
    shown = {}
    for formula in formulas.find(text):
        for symbol in symbols(formula.tex):
            if entry := best(twins.entries, symbol):
                power = symbol.above and not symbol.indexed and entry.fits(symbol) < 2
                written = "".join(TOKEN.findall(formula.tex)[symbol.start : entry.extent(symbol)])
                if re.search(r"\^\{\[\d+\]\}$", shown.get(entry.key, "")):  # one layer's: A^{[0]} is the input, and not what a layer gives
                    del shown[entry.key]
                shown.setdefault(entry.key, symbol.tex if power else written)
    lines, origins = ["", f'{indent}??? symbols "Symbols of this page, and their names in the code"'], [page.origins[at - 1]] * 2
    for entry in twins.entries:
        names = ", ".join(f"`{name}`" for name in entry.names)
        meaning = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", entry.meaning)
        if len(entry.symbols) > 1:  # "and that of one example" is said of the second, which is not shown
            meaning = meaning.partition(", and ")[0]
        lines.append(f"{indent}    - ${shown.get(entry.key, entry.symbols[0].tex)}$ {names} {meaning}")
        origins.append((source.DOCS / "notation.md", entry.line) if entry.line else page.origins[at - 1])
    lines += ["", f"{indent}    All symbols: [notation]({page.to_root}notation.md).", ""]
    origins += [page.origins[at - 1]] * 3
    return Page(page.path, page.lines[:at] + lines + page.lines[at:], page.origins[:at] + origins + page.origins[at:])
