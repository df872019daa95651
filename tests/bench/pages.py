"""Pages as their readers get them: what a visit transfers, what moves, what axe-core and Lighthouse say.

`make test` prints it when all tests have passed, and `make reader` alone. What pytest saw in every page comes from what its last
run left; all else is measured here, on the site that `make site` built, of whatever note it is.
"""

import functools
import gzip
import json
import os
import re
import statistics
import subprocess
import sys
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from snippets.experiments import _bench
from snippets.experiments._bench import HEADINGS
from snippets.experiments._cache import ROOT
from snippets.site.formulas import node
from snippets.site.policy import policy
from tests.bench import Row, row
from tests.site import browser as browsers

SITE = ROOT / "site"
PACKAGES = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["devDependencies"]
LIMITS = {"accessibility": 100, "best-practices": 100, "seo": 100, "performance": 95}
CLOCKED = "performance"  # the one of them that a clock decides
NEXT = 25  # kB
SHIFT = 0.01
QUERY = "learning rate"  # two words that most pages have


def weight(path: Path) -> float:
    """Kilobytes of a file as a host sends it."""
    return len(gzip.compress(path.read_bytes(), 9, mtime=0)) / 1000


def searched_for(pages: list[str]) -> str:
    """What somebody searches for: the query, or in a note that has not these words the heaviest page by its title."""
    texts = [(SITE / page.strip("/") / "index.html").read_text(encoding="utf-8") for page in pages]
    return QUERY if any(QUERY in text for text in texts) else re.search(r"<h1[^>]*>([^<]+)", texts[0])[1]


def heaviest(site: Path = SITE) -> list[str]:
    """All pages, those with the heaviest HTML first."""
    pages = sorted(site.rglob("index.html"), key=weight, reverse=True)
    return [f"/{path.parent.relative_to(site).as_posix()}/".replace("/./", "/") for path in pages]


def rows(strict: bool = True):
    """All rows. The tests are not strict: what a clock decides is as `make bench` found it last."""
    if not (SITE / "index.html").exists():
        raise ValueError("site/ is not built: run `make site`")
    pages = heaviest()
    yield from visits(pages)
    if (adam := SITE / "adam" / "index.html").exists():
        text = adam.read_text(encoding="utf-8")
        counted = (("<math", "formulas"), ("<pre ", "blocks of code"), ("<details", "folded boxes"))
        parts = ", ".join(f"{text.count(mark)} {what}" for mark, what in counted)
        yield Row("HTML of the page on Adam", *[weight(adam)] * 3, "kB", note=f"{parts}; each formula as KaTeX draws it and in MathML")
    if figures := [weight(path) for path in SITE.glob("figures/*/*.svg")]:
        yield Row("heaviest figure", max(figures), min(figures), max(figures), "kB", at_most=20, note=f"of {len(figures)}")
    yield from seen()
    chosen = pages[: min(max(len(pages) // 7, 1), 5)]  # one page in seven, five at most
    if strict:
        yield from lighthouse(chosen, 5, LIMITS)
    else:
        yield from lighthouse(list(dict.fromkeys(["/", *chosen])), 1, {name: limit for name, limit in LIMITS.items() if name != CLOCKED})
        if kept := _bench.parts().get("pages"):
            scored = [one for one in kept["rows"] if one.name == f"Lighthouse, {CLOCKED}"]
            yield from (replace(one, note=f"a clock decides: as `make bench` found it on {kept['made']}") for one in scored)


def visits(pages: list[str]):
    """What is sent for a first visit with a search, and for a page after it; pictures and explorables aside."""
    half, query = len(pages) // 2, searched_for(pages)
    others = [name for name in pages if name != "/"]
    heavy, middle = others[:5], [name for name in pages[max(half - 1, 0) : half + 2] if name in others[5:]]
    first = defaultdict(list)

    def visit(page, names, searching=False):
        with browsers.served(SITE, policy(SITE), sent := []) as address:
            window = page.context.browser.new_context(viewport={"width": 360, "height": 740})
            reader = window.new_page()
            for name in names:
                begin = len(sent)
                reader.goto(address + name, wait_until="networkidle")
                if searching:
                    reader.keyboard.press("/")
                    reader.keyboard.type(query)
                    reader.wait_for_selector(".md-search-result__item mark", state="attached")
                got = [(path, size) for path, size in sent[begin:] if not re.search(r"/figures/|/explorables/|\.png$", path)]
                yield name, sum(size for _, size in got) / 1000, len(got)
            window.close()

    with browsers.launched() as browser:
        for name in ["/", *heavy]:
            for searching in (False, True):
                do = functools.partial(visit, names=[name], searching=searching)
                ((_, kB, count),) = browser.visit(lambda page, do=do: list(do(page)), name, scheme="light", width=360)
                first[searching].append((kB, count, name))
        names = ["/", *heavy, *middle]
        after = browser.visit(lambda page: list(visit(page, names)), "one page after another", scheme="light", width=360)[1:]
    most, _, worst = max(first[True])
    yield row("first visit", [kB for kB, *_ in first[False]], "kB", note="of the front page and the five heaviest")
    yield row("first visit with a search", [kB for kB, *_ in first[True]], "kB", note=f"the same, and somebody searches for {query}")
    note = f"of {worst}: HTML, styles, scripts, fonts, the search index and the texts it leads to, compressed"
    yield Row("first visit with a search, the most", *[most] * 3, "kB", at_most=170, note=note)
    yield row("requests of a first visit", [count for _, count, _ in first[False]], "requests", at_most=20)
    if middle:
        found = [kB for name, kB, _ in after if name in middle]
        yield row("next page, the median page", found, "kB", at_most=NEXT, note=", ".join(middle))
    if after:
        most, worst = max((kB, name) for name, kB, _ in after)
        yield Row("next page, the heaviest", *[most] * 3, "kB", at_most=NEXT, note=f"here {worst}")


def seen():
    """What the tests of all pages saw: violations of accessibility, and layout that shifted while a page was scrolled."""
    found = {path.stem: json.loads(path.read_text()) for path in sorted(browsers.SEEN.glob("*.json"))}
    violations = [one["violations"] for name, one in found.items() if name.startswith("axe")]
    shifts = [one["shift"] for name, one in found.items() if name.startswith("shift")]
    if len(violations) == len(browsers.SETTINGS):
        pages = sum(one["pages"] for name, one in found.items() if name.startswith("axe"))
        note = f"of any impact; {pages} looks at pages, light and dark, wide and narrow"
        yield Row("violations that axe-core finds", *[sum(violations)] * 3, "violations", at_most=0, note=note)
    if shifts:
        spread = max(shifts), min(shifts), max(shifts)
        yield Row("layout shift, scrolled to the end", *spread, "", at_most=SHIFT, note="of all pages with a figure to touch")


def lighthouse(pages: list[str], tries: int, limits: dict[str, int]):
    """The lowest scores, each the median of a page's runs, and how far the pages are apart.

    Where performance is among them, pages have the machine for themselves, one at a time; else four are looked at side by side, for
    most of the time Lighthouse waits until a page is quiet.
    """
    runs = defaultdict(list)
    program, environment = browsers.executable()

    def ask(scheme: str, asked: list[str]) -> None:
        run = subprocess.run(
            [node(), str(Path(__file__).with_name("lighthouse.mjs")), address, scheme, ",".join(limits), *asked],
            env=os.environ | environment | {"CHROME_PATH": program},
            capture_output=True,
            text=True,
            timeout=120 * len(asked),
        )
        if run.returncode:
            raise ValueError(f"Lighthouse ended with {run.returncode}: {run.stderr.strip()[-500:]}")
        for line in run.stdout.splitlines():
            one = json.loads(line)
            runs[one["page"], scheme].append(one)

    halves = [pages] if CLOCKED in limits else [pages[::2], pages[1::2]]
    parts = [(scheme, half) for scheme in ("light", "dark") for half in halves if half]
    with browsers.served(SITE, policy(SITE)) as address:
        for _ in range(tries):
            with ThreadPoolExecutor(1 if CLOCKED in limits else len(parts)) as side_by_side:
                list(side_by_side.map(ask, *zip(*parts, strict=True)))
    for name, limit in {**limits, "shift": SHIFT}.items():
        medians = {where: statistics.median(one[name] for one in found) for where, found in runs.items()}
        bound = max if name == "shift" else min
        (page, scheme), value = bound(medians.items(), key=lambda item: item[1])
        faults = sorted({fault for found in runs.values() for one in found for fault in one["faults"]}) if name in LIMITS else []
        bounds = {"at_most" if name == "shift" else "at_least": limit}
        note = f"the heaviest pages, light and dark, {len(pages)} of them; here {page}, {scheme}"
        note += f"; {', '.join(faults)}" if faults and value < limit else ""
        title = "layout shift" if name == "shift" else name.replace("-", " ")
        spread = value, min(medians.values()), max(medians.values())
        yield Row(f"Lighthouse, {title}", *spread, "of 100" if name in LIMITS else "", **bounds, note=note)


def main() -> int:
    """Print the table; 1 where a limit is missed."""
    from rich.console import Console
    from rich.table import Table

    try:
        browsers.executable()
    except browsers.NoBrowser as error:
        print(f"What a reader gets was not measured: {error}", file=sys.stderr)
        return int(bool(os.environ.get("CI")))
    table, measured = Table(*HEADINGS, title="What a reader gets"), list(rows(strict=False))
    for one in measured:
        table.add_row(*(cell.replace("[", r"\[") for cell in one.cells()), style=None if one.met else "bold red")
    Console(width=None if sys.stdout.isatty() else 160).print(table)
    bad = [one.name for one in measured if not one.met]
    print(*(f"missed: {name}" for name in bad), sep="\n", end="\n" if bad else "", file=sys.stderr)
    return bool(bad)


if __name__ == "__main__":
    sys.exit(main())
