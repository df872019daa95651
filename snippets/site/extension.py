"""The Python-Markdown extension that makes our pages: any builder that runs extensions can use it.

It works on the page's text before Markdown does, where each line is still known by its number, and
leaves what it rendered in Markdown's own stash. What needs the finished tree (figures, the ids of
boxes) comes after.
"""

import itertools
import re
import xml.etree.ElementTree as etree
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import HTML_PLACEHOLDER_RE

from snippets.experiments import _cache
from snippets.figures import _draw
from snippets.site import (
    checks,
    citations,
    claims,
    embed,
    exercises,
    explorables,
    formula_checks,
    formulas,
    glossary,
    libraries,
    numbers,
    overview,
    reading,
    twins,
    typed_numbers,
)
from snippets.site.claims import BOX, source_address
from snippets.site.source import Page, fences, locate, mask

FIGURE = re.compile(r"figures/(?P<topic>[a-z]\w*)/(?P<name>[a-z]\w*)\.svg")
IMAGE = re.compile(r"!\[(?P<alt>(?:\{[^{}\n]*\}|[^\]])*)\]\((?P<src>[^)\s]*)(?:\s+\"[^\"]*\")?\)")
EXPLORABLE = re.compile(r"\s*<!--\s*explorable:\s*(?P<name>\S*)\s*-->")  # below a figure
UNCOLOURED = re.compile(r'<span class="(?:[nwpo]|kc|s[ai])">([^<]*)</span>')  # names, spaces, signs: most of a block's HTML
HELPER = re.compile(r'^<span class="k">def</span> <span class="nf">(_\w+)</span>.*((?:\n+(?:[ \t]|\):).*)*)', re.M)  # in a coloured block
PUNCTUATION = set(".,;:!?")
SHORT = 28  # letters of LaTeX, up to which a formula in a sentence is one piece
NAME = re.compile(r"[\w/.(]{16,}")  # in code: so long that a line may end within it,
PART = re.compile(r"(?:[_/(]|\.(?=\w{4}))(?=\w)")  # behind one of these
KINDS = {"measured", "settled", "heuristic", "contested", "corrections", "exercise", "hint", "answer"}
EXERCISES = _cache.ROOT / "snippets" / "exercises"
ALONE = {
    "continues": "Goes on from the block above",
    "in-repo": "Needs this repository installed",
    "not-run": "Not run here",
}


class Read(Preprocessor):
    """Embeds, formulas, numbers, citations, boxes, figures: all that can be wrong at a line."""

    def __init__(self, md, notes):
        super().__init__(md)
        self.notes = notes
        self.twins = twins.Twins()

    def run(self, lines: list[str]) -> list[str]:
        page = self.page = locate(lines)
        self.notes.clear()
        typed_numbers.check(page)
        page, embedded = embed.expand(overview.expand(page))
        page = libraries.marked(page)
        checks.source(page)
        page = link_sources(page, embedded)
        check_blocks(page)
        libraries.check(page)
        page = self.boxes(page)
        self.twins = twins.of(page)
        page = twins.legend(page, self.twins)
        edits = [
            *self.formulas(page),
            *self.numbers(page),
            *self.citations(page),
            *self.figures(page),
        ]
        text = page.text
        for start, end, new in sorted(edits, reverse=True):
            text = text[:start] + new + text[end:]
        return text.split("\n")

    def formulas(self, page: Page):
        text, found = page.text, []
        for formula in formulas.find(text):
            try:
                found.append(replace(formula, tex=numbers.in_formula(formula.tex)))
            except numbers.NumberError as error:
                page.report_at(text, formula.start, str(error))
                found.append(replace(formula, tex="?"))
        marked = [self.twins.marked(f, text, page.origins) for f in found]
        try:
            rendered = formulas.render(found, marked)
        except formulas.FormulaError as error:
            page.report(0, str(error))
            return
        rest = mask(text)
        for formula, answer in zip(found, rendered, strict=True):
            rest = rest[: formula.start] + " " * (formula.end - formula.start) + rest[formula.end :]
            if isinstance(answer, formulas.FormulaError):
                page.report_at(text, formula.start, f"formula: {answer}")
                continue
            if formula.checked:
                try:
                    formula_checks.check(formula.tex, formula.checked)
                except formula_checks.CheckError as error:
                    page.report_at(text, formula.start, f"formula: {error}")
            elif formula.display and not formula.notation:
                what = "say below this formula what computes the same, <!-- checked: topic.function ... -->, or <!-- notation -->"
                page.report_at(text, formula.start, what)
            line = text.rfind("\n", 0, formula.start) + 1
            if text[line:].startswith("#"):
                page.report_at(text, formula.start, "no formula in a heading: the table of contents is plain text; write β")
            end, one = formula.end, answer.count("katex-base") == 1
            short = len(formula.tex) <= SHORT and not text[line:].lstrip().startswith("|")  # a column of a table stays narrow
            if not formula.display and (one or short):
                sign = text[end] if text[end : end + 1] in PUNCTUATION else ""  # or a full stop may begin a line
                if sign or not one:  # and a line would end within brackets
                    answer, end = f'<span class="held">{answer}{sign}</span>', end + len(sign)
            stashed = self.md.htmlStash.store(answer)
            if formula.display:
                indent = re.match(r"[ \t]*", text[line : formula.start])[0]
                if text[line : formula.start].strip():
                    page.report_at(text, formula.start, "a display formula begins on a line of its own")
                yield line, formula.end, f"\n{indent}{stashed}\n"
            else:
                yield formula.start, end, stashed
        for stray in re.finditer(r"(?<!\\)\$", rest):
            page.report_at(text, stray.start(), "a stray $: close the formula, or write \\$ for the sign")
        for sign in re.finditer(r"\\\$", rest):
            yield sign.start(), sign.end(), "&#36;"

    def numbers(self, page: Page):
        text, masked = page.text, mask(page.text)
        inside_formula = [(f.start, f.end) for f in formulas.find(text)]
        titles = [m.span("alt") for m in IMAGE.finditer(masked)]
        for match in numbers.CANDIDATE.finditer(masked):
            if any(start <= match.start() < end for start, end in inside_formula):
                continue
            inside = text[match.start("inside") : match.end("inside")]
            try:
                if any(start <= match.start() < end for start, end in titles):
                    yield match.start(), match.end(), numbers.look_up(inside)[2]
                else:
                    yield match.start(), match.end(), self.md.htmlStash.store(numbers.render(inside))
            except numbers.NumberError as error:
                page.report_at(text, match.start(), str(error))
        for match in numbers.CHOSEN.finditer(masked):
            if any(start <= match.start() < end for start, end in inside_formula):
                continue
            shown = numbers.powers(match["number"])
            if shown == match["number"] or any(start <= match.start() < end for start, end in titles):
                yield match.start(), match.end(), match["number"]
            else:
                yield match.start(), match.end(), self.md.htmlStash.store(shown)

    def citations(self, page: Page):
        text, masked = page.text, mask(page.text)
        cited = []
        for match in citations.CITATION.finditer(masked):
            try:
                yield match.start(), match.end(), self.md.htmlStash.store(citations.render(match))
                cited += citations.keys(match[0])
            except citations.CitationError as error:
                page.report_at(text, match.start(), str(error))
        heading = re.search(r"^## Sources[ \t]*$", masked, re.M)
        if cited and not heading:
            page.report(0, "this page cites, but has no `## Sources`")
        elif heading and not cited:
            page.report_at(text, heading.start(), "`## Sources` without a citation on the page")
        elif heading:
            for at, key in citations.nothing_taken(masked, heading.end()):
                if page.origins[text.count("\n", 0, at)][0] == page.path:  # a box of another page answers for itself
                    page.report_at(text, at, f"say what is taken from @{key}: its section beside it, or words under ## Sources")
            listed = self.md.htmlStash.store(citations.bibliography(list(dict.fromkeys(cited))))
            yield heading.end(), heading.end(), f"\n\n{listed}\n\n"

    def figures(self, page: Page):
        text, masked, below = page.text, mask(page.text), set()
        for match in IMAGE.finditer(masked):
            src = text[match.start("src") : match.end("src")]
            if not text[match.start("alt") : match.end("alt")].strip():
                page.report_at(text, match.start(), f"the picture {src} has no alt text: say what there is to see")
            if "figures/" not in src:
                continue
            figure = FIGURE.fullmatch(src)
            if not figure or figure["name"] not in dict(_draw.names(figure["topic"])):
                page.report_at(text, match.start(), f"no function draws {src}: it would be a public function of snippets/figures")
                yield match.start(), match.end(), ""
            elif not _draw.picture_path(figure["topic"], figure["name"], "light").exists():
                page.report_at(text, match.start(), f"{src} is not drawn for the code as it is now; run `make figures`")
                yield match.start(), match.end(), ""
            elif explored := EXPLORABLE.match(text, match.end()):
                below.add(explored.end())
                yield match.end(), explored.end(), f"{{ data-explorable={explored['name']} }}"
        bare = mask(text.replace("<!--", "(!--"))  # code is blank, comments are not
        for explored in EXPLORABLE.finditer(text):
            if bare[explored.end() - 1] == " ":
                continue  # shown in a block
            if explored.end() not in below:
                page.report_at(text, explored.start("name"), "this mark makes a figure an explorable: write it below the figure")
            elif explored["name"] not in explorables.names():
                page.report_at(text, explored.start("name"), f"no explorable {explored['name']!r} in docs/{explorables.FOLDER}")

    def boxes(self, page: Page) -> Page:
        """Check the boxes, and write below each claim what measured it and what holds it."""
        lines, origins, masked = [], [], mask(page.text).split("\n")
        i = 0
        while i < len(page.lines):
            box = BOX.match(masked[i])
            if not box:
                lines.append(page.lines[i])
                origins.append(page.origins[i])
                i += 1
                continue
            inner = box["indent"] + "    "
            end = claims.end_of_box(page.lines, i, inner)
            body = "\n".join(masked[i:end])
            kind = box["kind"]
            lines += page.lines[i:end] if kind != "measured" else page.lines[i : i + 1]
            origins += page.origins[i:end] if kind != "measured" else page.origins[i : i + 1]
            if kind == "contested" and len(citations.keys(body)) < 2:
                page.report(i, "a contested box cites both sides: at least two sources")
            if kind == "exercise":
                check_exercise(page, i, box["rest"], body)
                self.notes.setdefault("exercise", []).append(f"{page.name}.{len(self.notes.get('exercise', [])) + 1}")
            if kind == "corrections":
                self.notes.setdefault("corrections", []).append("corrections")
            if kind == "measured":
                sources = claims.sources(body)
                if not sources:
                    page.report(i, "a measured box holds at least one {topic.experiment.field:format}")
                marks = self.notes.setdefault("measured", [])
                marks.append(claims.mark(sources, marks))
                for k in range(i + 1, end):
                    lines.append(page.lines[k])
                    origins.append(page.origins[k])
                evidence = [self.evidence(page, i, *source.split(".")) for source in sources]
                if any(evidence):
                    lines += ["", f"{inner}{' · '.join(filter(None, evidence))}", f"{inner}{{.evidence}}", ""]
                    origins += [page.origins[i]] * 4
            i = end
        return Page(page.path, lines, origins)

    def evidence(self, page: Page, line: int, topic: str, experiment: str) -> str:
        """Markdown for: measured by this experiment, held by these tests."""
        tests = claims.tests_of(topic, experiment)
        if experiment in _cache.names(topic) and not tests:
            page.report(line, f"no test in tests/test_{topic}.py calls the experiment {experiment}")
            return ""
        held = ", ".join(claims.test_link(page, topic, test) for test in tests)
        return f"Measured by {claims.experiment_link(page, topic, experiment)}, held by {held}"


def link_sources(page: Page, embedded) -> Page:
    """Below each block that is embedded code: the file it comes from, and its test."""
    lines, origins = list(page.lines), list(page.origins)
    at = {line: (path, first) for line, path, first in embedded if path.suffix == ".py"}
    for fence in reversed(fences(page.lines)):
        inside = [at[k] for k in range(fence.start, fence.end + 1) if k in at]
        if not inside:
            continue
        links = []
        firsts = dict(reversed(inside))  # where the first piece of a file stands: the file is named once
        for path in dict.fromkeys(path for path, _ in inside):
            shown = path.relative_to(_cache.ROOT).as_posix()
            links.append(f"[`{shown}`]({page.to_root}{source_address(path, firsts[path])})")
            if path.parent == EXERCISES:
                call = f"`python -m snippets.exercises {path.stem}`"
                links.append(f"Checked by {call}, or without a clone by [`{exercises.NAME}`]({page.to_root}assets/{exercises.NAME})")
            test = _cache.ROOT / "tests" / f"test_{path.stem}.py"
            framework = path.parent.parent == _cache.ROOT / "snippets" / "frameworks"
            if framework:
                test = _cache.ROOT / "tests" / "frameworks" / f"test_{path.parent.name}.py"
            if path in embed.downloads().values():
                links.append(f'[Download `{path.name}`]({page.to_root}downloads/{path.name}){{ download="{path.name}" }}')
            if (framework or path.parent == _cache.ROOT / "snippets") and test.exists():
                links.append(f"[`{test.relative_to(_cache.ROOT).as_posix()}`]({page.to_root}{source_address(test, 1)})")
        new = ["", f"{fence.indent}{' · '.join(dict.fromkeys(links))}", f"{fence.indent}{{.evidence}}", ""]
        lines[fence.end + 1 : fence.end + 1] = new
        origins[fence.end + 1 : fence.end + 1] = [origins[fence.end]] * len(new)
    return Page(page.path, lines, origins)


def check_exercise(page: Page, line: int, title: str, body: str) -> None:
    """An exercise says how it is done and in how many minutes; one with a checker has two hints, and each has its answer."""
    kind = re.match(r' *"(By hand|With the code|In code|Find the bug), \d+ minutes?: \S', title)
    if not kind:
        page.report(line, 'an exercise is called "By hand, 3 minutes: ..." or With the code, In code, Find the bug')
    elif kind[1] in {"In code", "Find the bug"} and len(re.findall(r"^ *\?\?\? hint\b", body, re.M)) < 2:
        page.report(line, 'an exercise with a checker has two hints before its answer: ??? hint "First hint"')
    if not re.search(r"^ *\?\?\? answer\b", body, re.M):
        page.report(line, 'an exercise has its answer: ??? answer "Answer"')


def check_blocks(page: Page) -> None:
    """A block that does not stand alone says so to the reader; every Python block is one we know."""
    for fence in fences(page.lines, page.report):
        if fence.language in {"py", "python3"}:
            page.report(fence.start, f"write `python` for {fence.language!r}: a block under another name is not run")
        if fence.language == "python" and not re.match(r"^(python$|\{\s*\.python\b)", fence.info.strip()):
            page.report(fence.start, f'write ```python, or ``` {{.python .class title="..."}}; not {fence.info.strip()!r}')
        for mark in ALONE.keys() & fence.classes:
            if not fence.title:
                page.report(fence.start, f'a block that is .{mark} says so to its reader: title="{ALONE[mark]}"')
        if fence.language == "python" and not any(line.strip() for line in fence.body(page.lines)):
            page.report(fence.start, "this block is empty")


class Finish(Treeprocessor):
    """Figures for light and dark with a link to their code; the marks that boxes carry, and the symbols' names in the code."""

    def __init__(self, md, notes, reader):
        super().__init__(md)
        self.notes, self.reader = notes, reader

    def run(self, root: etree.Element) -> None:
        stash = self.md.htmlStash.rawHtmlBlocks
        numbers = itertools.count(1)  # a block without an id is copied by that of the box around it, which others in the box have too
        for i, html in enumerate(stash):
            if isinstance(html, str) and "<pre>" in html:
                marked = self.reader.twins.mark_block(html).replace("<pre>", f'<pre id="block-{next(numbers)}">', 1)
                stash[i] = fold(UNCOLOURED.sub(r"\1", marked))
        self.reader.twins.mark_tree(root, stash)
        glossary.mark(root, self.reader.page)
        reading.say(root, stash, self.reader.page)
        waiting = {kind: iter(marks) for kind, marks in self.notes.items()}
        for element in root.iter():
            classes = element.get("class", "").split()
            if element.tag == "th" and not len(element) and not (element.text or "").strip():
                element.tag = "td"  # a header that says nothing is none
            for kind in ("measured", "exercise"):
                if kind in classes and element.tag in {"div", "details"} and kind in waiting:
                    mark = next(waiting[kind], None)
                    if mark and kind == "exercise":
                        element.set("data-exercise", mark)
                    if mark:
                        element.set("id", mark.replace(".", "-") if kind == "measured" else f"exercise-{mark.rpartition('.')[2]}")
            for kind in KINDS.intersection(classes) if element.tag in {"div", "details"} else ():
                say_kind(element[0], kind)
        for code in root.iter("code"):
            kept = HTML_PLACEHOLDER_RE.fullmatch(code.text or "")
            whole = stash[int(kept[1])] if kept else code.text or ""
            parted = NAME.sub(lambda name: PART.sub(r"\g<0><wbr>", name[0]), whole)
            if parted != whole:
                code.text = self.md.htmlStash.store(parted)
        for parent in list(root.iter()):
            for i, child in enumerate(list(parent)):
                images = [e for e in child if e.tag == "img"] if child.tag == "p" else []
                if len(images) == 1 == len(child) and not (child.text or "").strip():
                    match = re.search(FIGURE.pattern + "$", images[0].get("src", ""))
                    if match:
                        figure = self.figure(images[0], match)
                        figure.tail = child.tail
                        parent[i] = figure
                elif child.tag == "a" and len(child) and child[0].tag == "img":  # a link to a figure, as on the contact sheet
                    match = re.search(FIGURE.pattern + "$", child[0].get("src", ""))
                    if match:
                        child[:1] = self.pictures(child[0], match)
                elif child.tag == "table":  # a wide one scrolls within itself, by keyboard too
                    parent[i] = etree.Element("div", {"class": "table", "tabindex": "0"})
                    parent[i].append(child)
                    if len(child[0][0]) > 2:  # too many columns for a phone, where each row becomes a card
                        parent[i].set("class", "table cards")
                        label(child, stash)
                    parent[i].tail, child.tail = child.tail, None

    def figure(self, image: etree.Element, match: re.Match) -> etree.Element:
        topic, name = match["topic"], match["name"]
        figure = etree.Element("figure", {"class": "drawn", "id": f"figure-{name}"})
        figure.extend(self.pictures(image, match))
        caption = etree.SubElement(figure, "figcaption")
        caption.text = image.get("title", "") + " " if image.get("title") else ""
        line = dict(_draw.names(topic))[name]
        prefix = image.get("src")[: match.start()]
        link = etree.SubElement(caption, "a", {"href": prefix + source_address(_draw.source(topic), line), "class": "evidence"})
        link.text = "Code of this figure"
        if name := image.get("data-explorable"):
            figure.set("data-explorable", name)
            link.tail = " · "
            link = etree.SubElement(caption, "a", {"href": f"{prefix}{explorables.FOLDER}/{name}.js", "class": "evidence"})
            link.text = "of what moves in it"
        return figure

    def pictures(self, image: etree.Element, match: re.Match) -> list[etree.Element]:
        """The figure drawn for light and for dark; the styles show the one of the scheme."""
        topic, name = match["topic"], match["name"]
        drawn = []
        for theme in _draw.THEMES:
            width, height = size(_draw.picture_path(topic, name, theme))
            attributes = {
                "src": f"{image.get('src')[: match.start()]}figures/{topic}/{name}.{theme}.svg",
                "alt": image.get("alt", ""),
                "width": width,
                "height": height,
                "class": f"only-{theme}",
                "loading": "lazy",
                "decoding": "async",
            }
            drawn.append(etree.Element("img", attributes))
        drawn[-1].tail = image.tail
        return drawn


def label(table: etree.Element, stash: list) -> None:
    """Say the heading of its column with each cell: on a phone, where rows are cards, it stands before the cell."""

    def words(html: str) -> str:
        return re.sub(r"<math.*?</math>|<[^>]+>", "", HTML_PLACEHOLDER_RE.sub(lambda kept: words(stash[int(kept[1])]), html)).strip()

    headings = [words("".join(cell.itertext())) for cell in table[0][0]]
    for row in table[1]:
        for cell, heading in zip(row, headings, strict=False):
            if heading:
                cell.set("data-label", heading)


def fold(html: str) -> str:
    """A block with the private functions that come along with what it shows folded to their first lines; a checkbox unfolds one."""
    start = html.find('<span class="nf">')

    def folded(match: re.Match) -> str:
        lines = len(match[2].split("\n")) - 1
        if match.start() < start or lines < 3:
            return match[0]
        box = f'<input type="checkbox" aria-label="Show all of {match[1]}">'
        return f'<span class="helper"><label data-lines="{lines}">{box}</label>{match[0]}</span>'

    return HELPER.sub(folded, html)


def say_kind(title: etree.Element, kind: str) -> None:
    """Write a box's kind above its title, as words: an icon and a colour do not reach everybody."""
    if "".join(title.itertext()).lower().split()[-1:] != [kind]:  # as in "Second hint"
        word = etree.Element("span", {"class": "kind"})
        word.text, word.tail, title.text = kind.capitalize(), title.text, None
        title.insert(0, word)


@lru_cache
def size(path: Path) -> tuple[str, str]:
    """Width and height of a drawn figure in CSS pixels."""
    with path.open(encoding="utf-8") as file:
        head = file.read(2000)
    match = re.search(r'width="([\d.]+)pt" height="([\d.]+)pt"', head)
    return tuple(str(round(float(points) * 96 / 72)) for points in match.groups())


class Note(Extension):
    """`snippets.site.extension` in mkdocs.yml."""

    def extendMarkdown(self, md):
        notes: dict[str, list[str]] = {}
        reader = Read(md, notes)
        md.preprocessors.register(reader, "note_read", 28)  # after white space is made regular (30), before fences are taken out (25)
        md.treeprocessors.register(Finish(md, notes, reader), "note_finish", 5)  # after inline markup, before links are resolved


def makeExtension(**options):
    formulas.begin()
    return Note(**options)
