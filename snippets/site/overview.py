"""What a page says about all the others, so that nobody has to keep a list: one comment, a line of its own.

`<!-- pages: Setting up -->` lists that group of the navigation, `<!-- contact sheet -->` the figures,
`<!-- corrections of every page -->` the corrections, `<!-- claims of every page -->` the measured boxes,
`<!-- formula: adam W -->` a checked formula of another page, by its left-hand side, `<!-- counts of the day -->` how much is
checked, `<!-- bench: training -->` what `make bench` measured last, `<!-- tree of the repository -->` and
`<!-- what imports what -->` the house; the museum's two are in `museum.py`. It becomes plain Markdown, which the build then checks
as if somebody had typed it. A single count may stand in a sentence: `{counts.claims}`.
"""

import contextlib
import re
import textwrap

from snippets.experiments import _bench
from snippets.experiments._cache import ROOT
from snippets.site import claims, counts, formula_checks, formulas, museum, numbers, plan, source

DIRECTIVE = re.compile(
    r"<!-- (?:(?P<sheet>contact sheet)|(?P<corrections>corrections of every page)|(?P<claims>claims of every page)"
    r"|(?P<counts>counts of the day)|(?P<tree>tree of the repository)|(?P<imports>what imports what)"
    r"|exhibit: (?P<topic>\w+)\.(?P<version>\w+)|(?P<rest>the rest of the museum)|bench: (?P<bench>\w+)|pages: (?P<group>.+?)) -->"
)
WITHOUT_CODE = ("sheet", "claims", "counts", "tree", "imports", "bench", "group")
FORMULA = re.compile(r"<!-- formula: (?P<topic>\w+)(?:\.(?P<function>\w+))? (?P<left>.+?) -->")
COUNT = re.compile(r"\{counts\.(\w+)\}")
FIGURE_LINE = re.compile(r"!\[(?P<alt>(?:\{[^{}\n]*\}|[^\]])*)\]\((?P<src>figures/(?P<topic>\w+)/(?P<name>\w+)\.svg)[^)]*\)\s*")


def navigation() -> dict[str, list[str]]:
    """The pages of mkdocs.yml in order, under the name of their group; those outside a group under ""."""
    groups: dict[str, list[str]] = {"": []}
    group, inside = "", False
    for line in (ROOT / "mkdocs.yml").read_text(encoding="utf-8").splitlines():
        if re.match(r"\S", line):
            inside, group = line.startswith("nav:"), ""
            continue
        entry = re.match(r'( +)- (?:"([^"]+)":|([^:"]+):)?\s*(\S+\.md)?\s*$', line) if inside else None
        if not entry:
            continue
        if not entry[4]:
            group = entry[2] or entry[3]
            groups[group] = []
        else:
            groups[group if len(entry[1]) > 2 else ""].append(entry[4])
    return groups


def pages() -> list[source.Page]:
    """Every page of the navigation that is there, in order."""
    files = [source.DOCS / file for group in navigation().values() for file in group]
    return [source.read(path) for path in files if path.exists()]


def title(page: source.Page) -> str:
    return next((line.removeprefix("# ").strip() for line in page.lines if line.startswith("# ")), page.name)


def title_of(topic: str) -> str:
    """A topic as its page is called, or as it is spelt where it has none."""
    path = source.DOCS / f"{topic}.md"
    return title(source.read(path)) if path.exists() else topic.replace("_", " ").capitalize()


def description(page: source.Page) -> str:
    found = re.search(r"\A---\n(?:.*\n)*?description:\s*(.+)\n", page.path.read_text(encoding="utf-8"))
    return found[1].strip().strip("\"'") if found else ""


def expand(page: source.Page, code: bool = False) -> source.Page:
    """The page with each of these comments replaced; where only its code is asked for, those that give none are left out."""
    lines, origins = [], []
    for i, (line, origin) in enumerate(zip(page.lines, page.origins, strict=True)):
        match, wanted = DIRECTIVE.fullmatch(line.strip()), FORMULA.fullmatch(line.strip())
        if wanted:
            there, new = formula(page, i, **wanted.groupdict())
            lines += new
            origins += there
            continue
        if not match:
            new = [COUNT.sub(counted, line)]
        elif code and any(match[name] for name in WITHOUT_CODE):
            new = []
        elif match["sheet"]:
            new = contact_sheet(page)
        elif match["corrections"]:
            new = corrections(page)
        elif match["claims"]:
            new = ledger(page)
        elif match["counts"]:
            new = ["| What is checked | Today |", "|---|---|", *(f"| {row} | {count} |" for row, count in counts.table()), ""]
        elif match["tree"]:
            new = plan.tree()
        elif match["imports"]:
            new = plan.graph()
        elif match["version"]:
            try:
                new = museum.exhibit(page, match["topic"], match["version"])
            except KeyError:
                page.report(i, f"tests/wrong/{match['topic']}.py has no wrong version {match['version']!r}")
                new = []
        elif match["rest"]:
            new = museum.rest(page, title_of)
        elif match["bench"]:
            new = bench(page, i, match["bench"])
        else:
            new = listed(page, match["group"])
        lines += new
        origins += [origin] * len(new)
    return source.Page(page.path, lines, origins)


def formula(here: source.Page, i: int, topic: str, function: str | None, left: str) -> tuple[list[tuple], list[str]]:
    """The one display formula of another page with this left-hand side, and the comment that checks it: origins and lines."""
    path = source.DOCS / f"{topic}.md"
    page = source.read(path) if path.exists() else source.Page(path, [], [])
    text, found = page.text, []
    for candidate in formulas.find(text):
        with contextlib.suppress(formula_checks.CheckError):  # a comment that cannot be read is said on its page
            target, *_, codes = formula_checks.parse_mark(candidate.checked or "nothing")
            lefts = [formula_checks.tokens(side.rstrip(":=")) for side, _ in codes]
            if lefts == [formula_checks.tokens(left)] and function in (None, target.partition(".")[2]):
                found.append(candidate)
    if len(found) != 1:
        what = f"docs/{topic}.md has {len(found) or 'no'} checked formula{'s' * (len(found) > 1)} {left!r}"
        here.report(i, f"{what}: name page and left-hand side, and the function where there are more, `adam.update W`")
        return [], []
    start, end = text.rfind("\n", 0, found[0].start) + 1, found[0].end
    first = text.count("\n", 0, start)
    lines = textwrap.dedent(text[start:end]).split("\n")
    return [here.origins[i], *page.origins[first : first + len(lines)], here.origins[i]], ["", *lines, ""]


def counted(match: re.Match) -> str:
    """One of the counts of the day; what is none stays as it is, and is then reported as no reference."""
    today = counts.today()
    return f"{today[match[1]]:,}" if match[1] in today else match[0]


def contact_sheet(here: source.Page) -> list[str]:
    """Every figure of every topic, each a link to where it is explained."""
    lines = ['<div class="sheet" markdown>', ""]
    for page in pages():
        for line in page.lines:
            figure = FIGURE_LINE.fullmatch(line)
            if figure and figure["topic"] == page.topic:
                picture = f"![{figure['alt']}]({here.to_root}{figure['src']})"
                lines += [f"[{picture} **{title(page)}**]({_to(here, page)}#figure-{figure['name']})", ""]
    return [*lines, "</div>"]


def corrections(here: source.Page) -> list[str]:
    """For each page that has a box of corrections: a heading that leads there, and the box's content."""
    lines = []
    for page in pages():
        if any(line.startswith("!!! corrections") for line in page.lines):
            file = page.path.relative_to(source.DOCS).as_posix()
            lines += [f"## [{title(page)}]({_to(here, page)})", "", f'--8<-- "{file}:corrections"', ""]
    return lines


def ledger(here: source.Page) -> list[str]:
    """For each page that measures something: its claims, each with its seeds, its experiments and its tests."""
    lines = []
    for page in pages():
        rows = []
        for claim in claims.of(page):
            address = f"{_to(here, page)}#{claim.mark}"
            pairs = [source.split(".") for source in claim.sources]
            seeds = [f"{{{source}.seeds}}" for source in claim.sources if _has_seeds(source)]
            tests = [claims.test_link(here, topic, test) for topic, name in pairs for test in claims.tests_of(topic, name)]
            cells = [
                f"[{claim.title.replace('|', chr(92) + '|')}]({address})",
                ", ".join(seeds) or "–",
                ", ".join(claims.experiment_link(here, topic, name) for topic, name in pairs),
                ", ".join(dict.fromkeys(tests)),
            ]
            rows.append(f"| {' | '.join(cells)} |")
        if rows:
            lines += [
                f"## [{title(page)}]({_to(here, page)})",
                "",
                "| Claim | Seeds | Measured by | Held by |",
                "|---|---|---|---|",
                *rows,
                "",
            ]
    return lines


def bench(here: source.Page, i: int, part: str) -> list[str]:
    """What `make bench` kept of a part: its rows, then when, where and with what they were measured; or of all other parts."""
    kept = _bench.parts()
    if part == "rest":
        rest = [part for part in kept if f"<!-- bench: {part} -->" not in here.text]
        return [line for part in rest for line in (f"### {title_of(part)}", *bench(here, i, part))]
    if part not in kept:
        here.report(i, f"nothing is kept of the part {part!r} of the bench; run `python -m tests.bench {part}`")
        return []
    about = kept[part]
    cases, side_by_side, others = _bench.side_by_side(about["rows"])
    tables = []
    if side_by_side:
        cells = [[what, *("; ".join(filter(None, row.cells()[1:])) for row in rows)] for what, rows in side_by_side.items()]
        tables += table(["", *cases], cells)
    if others:
        tables += table(_bench.HEADINGS[:2], [[row.name, "; ".join(filter(None, row.cells()[1:]))] for row in others])
    versions = ", ".join(f"{name} {version}" for name, version in about["versions"].items())
    return [*tables, "", f"Measured {about['made']}: {about['machine']}; {versions}.", ""]


def table(head: list[str], rows: list[list[str]]) -> list[str]:
    lines = [" | ".join(cell.replace("|", r"\|") for cell in row) for row in (head, *rows)]
    lines.insert(1, "|".join(["---"] * len(head)))
    return ["", *(f"| {line} |" for line in lines)]


def _has_seeds(experiment: str) -> bool:
    try:
        return bool(numbers.look_up(f"{experiment}.seeds"))
    except numbers.NumberError:
        return False


def listed(here: source.Page, group: str) -> list[str]:
    """The pages of a group, each with its description."""
    found = [source.DOCS / file for file in navigation().get(group, [])]
    there = [source.read(path) for path in found if path.exists()]
    if not there:
        return ["*To come.*"]
    return [f"- **[{title(page)}]({_to(here, page)})**<br>{description(page)}" for page in there]


def _to(here: source.Page, page: source.Page) -> str:
    return here.to_root + page.path.relative_to(source.DOCS).as_posix()
