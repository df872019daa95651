"""What a page says about all the others follows the navigation, and nobody keeps a list."""

import re
from pathlib import Path

import pytest

from snippets.experiments import _bench
from snippets.figures import _draw
from snippets.site import overview, plan, source

CONFIG = """nav:
  - The note: index.md
  - "Setting up":
      - Second: second.md
      - first.md
      - Gone: gone.md
  - About:
      - Contributing: contributing.md

plugins:
  - search: unrelated.md
"""
FIGURE = '''"""Second."""

from snippets.figures import _style


def curve():
    """Draw."""
    return _style.panels(height=2.0)[0]
'''
SECOND = """---
description: "What it is."
---
# The second

![Up it goes](figures/second/curve.svg)

!!! corrections
    | Wrong | Right |
    |---|---|
    | a | $b$ |
"""


@pytest.fixture
def note(house):
    house.write("mkdocs.yml", CONFIG)
    house.write("docs/first.md", "---\ndescription: Before it.\n---\n# The first\n\nNo box and no figure.\n")
    house.write("docs/second.md", SECOND)
    house.write("snippets/figures/second.py", FIGURE)
    assert _draw.draw("second", "curve", "light")[1] is None
    assert _draw.draw("second", "curve", "dark")[1] is None
    return house


def test_the_navigation_is_read_in_order(note):
    groups = overview.navigation()
    assert groups["Setting up"] == ["second.md", "first.md", "gone.md"]
    assert groups[""] == ["index.md"]
    assert groups["About"] == ["contributing.md"]


def test_a_group_is_listed_with_what_each_page_is_about(note):
    page = note.convert("<!-- pages: Setting up -->")
    assert [li.get_text() for li in page.select("li")] == ["The secondWhat it is.", "The firstBefore it."]
    assert [a["href"] for a in page.select("li a")] == ["second.md", "first.md"]
    assert "To come" in note.convert("<!-- pages: Later -->").get_text()


def test_the_contact_sheet_shows_each_figure_light_and_dark_and_leads_to_it(note):
    page = note.convert("<!-- contact sheet -->")
    (link,) = page.select(".sheet a")
    assert link["href"] == "second.md#figure-curve"
    assert [(i["alt"], i["class"]) for i in link.select("img")] == [("Up it goes", ["only-light"]), ("Up it goes", ["only-dark"])]
    assert link.strong.get_text() == "The second"
    assert not note.said


def test_corrections_come_from_every_page_that_has_some(note):
    page = note.convert("<!-- corrections of every page -->")
    assert [h.a["href"] for h in page.select("h2")] == ["second.md"]
    assert "application/x-tex" in str(page.td.find_next("td"))
    assert not note.said


def test_the_ledger_has_a_row_for_each_measured_box(note):
    note.write(
        "snippets/experiments/toy.py",
        "from snippets.experiments._cache import experiment\n\n\n"
        "@experiment\ndef race():\n    return {'ratio': 3.14, 'seeds': 20}\n\n\n"
        "@experiment\ndef race_again():\n    return {'ratio': 2.5}\n",
    )
    note.write(
        "tests/test_toy.py",
        "from snippets.experiments import toy as experiments\n\n\n"
        "def test_race():\n    experiments.race()\n\n\n"
        "def test_again():\n    race = experiments.race_again()\n    assert race\n",
    )
    boxes = """
!!! measured "Up {toy.race_again.ratio:.1f}"
    Exact.

!!! measured "It is {toy.race.ratio:.1f} times $|x|$"
    Over {toy.race.seeds} seeds; the other {toy.race_again.ratio}.

!!! measured "And again {toy.race.ratio:.0f}"
    So.
"""
    import snippets.experiments.toy as experiments

    experiments.race(), experiments.race_again()
    note.write("docs/second.md", SECOND + boxes)
    page = note.convert("<!-- claims of every page -->")
    assert [h.a.get_text() for h in page.select("h2")] == ["The second"]
    rows = [[cell.get_text() for cell in row.select("td")] for row in page.select("tbody tr")]
    assert rows[0] == ["Up 2.5", "–", "toy.race_again", "test_again"]
    assert rows[1][1:] == ["20", "toy.race, toy.race_again", "test_race, test_again"]
    assert rows[2] == ["And again 3", "20", "toy.race", "test_race"]
    addresses = [row.a["href"] for row in page.select("tbody tr")]
    assert addresses == [f"second.md#measured-toy-{name}" for name in ("race_again", "race", "race-2")]
    assert not note.said
    itself = note.convert(boxes)
    assert [box["id"] for box in itself.select(".measured")] == [address.partition("#")[2] for address in addresses]


def test_rows_of_the_same_cases_are_shown_side_by_side(note, monkeypatch):
    monkeypatch.setattr(_bench, "KEPT", note.root / "bench.json")
    about = {"made": "2026-01-02", "machine": "a machine", "versions": {}}
    rows = [_bench.Row(f"step of [{n}, 1]", n, n, n, "µs", note="so") for n in (2, 3)]
    rows += [_bench.Row(f"against others, quick ones, [{n}, 1]", n, n, n + 1, "times", at_least=3) for n in (2, 3)]
    rows += [_bench.Row("share, [3, 1]", 50, 50, 50, "%")]
    _bench.keep({"speed": about | {"rows": rows}})
    together, alone = note.convert("<!-- bench: speed -->").select("table")
    assert [cell.get_text() for cell in together.select("thead > tr > *")] == ["", "[2, 1]", "[3, 1]"]
    cells = [[cell.get_text() for cell in row.select("td")] for row in together.select("tbody tr")]
    assert cells[0] == ["step", "2 µs; so", "3 µs; so"]
    assert cells[1] == ["against others, quick ones", "2 times (2 to 3); at least 3: missed", "3 times (3 to 4); at least 3: met"]
    assert [cell.get_text() for cell in alone.select("tbody td")] == ["share, [3, 1]", "50%"]
    assert not note.said


def test_a_part_of_the_bench_is_shown_as_it_was_kept_and_others_stay(note, monkeypatch):
    monkeypatch.setattr(_bench, "KEPT", note.root / "bench.json")
    about = {"made": "2026-01-02", "machine": "a machine", "versions": {"numpy": "2.0.1"}}
    rows = [
        _bench.Row("[2, 1] against a|b", 9.25, 8.5, 1234.0, "times", at_least=8, at_most=9, note="so"),
        _bench.Row("Memory", 0.5, 0.5, 0.5, "MB"),
    ]
    _bench.keep({"speed": about | {"rows": rows}})
    _bench.keep({"other": about | {"rows": []}})
    page = note.convert("<!-- bench: speed -->")
    cells = [[cell.get_text() for cell in row.select("td")] for row in page.select("tbody tr")]
    assert cells[0] == ["[2, 1] against a|b", "9.25 times (8.5 to 1,234); at least 8, at most 9: missed; so"]
    assert cells[1] == ["Memory", "0.5 MB"]
    assert "Measured 2026-01-02: a machine; numpy 2.0.1." in page.get_text()
    rest = note.convert("<!-- bench: other -->\n\n## Rest\n\n<!-- bench: rest -->")
    assert [heading.get_text() for heading in rest.select("h3")] == ["Speed"] and len(rest.select("table")) == 1
    found = _bench.fields("speed")
    assert found["2_1_against_a_b_high"] == 1234 and found["memory"] == 0.5 and found["2_1_against_a_b_at_most"] == 9
    assert rows[0].met is False and _bench.Row("x", 8, 8, 8, "s", at_least=8, at_most=8).met
    assert not note.said
    note.convert("<!-- bench: nothing -->")
    assert note.said == ["docs/toy.md:6: nothing is kept of the part 'nothing' of the bench; run `python -m tests.bench nothing`"]


def test_a_comment_in_a_line_with_other_words_is_left_alone(note):
    assert "Here" in note.convert("Here <!-- contact sheet --> not").get_text()


def test_a_box_says_its_kind_in_words_and_a_table_can_be_scrolled_by_keyboard(note):
    page = note.convert('!!! settled "It is so"\n    Yes.\n\n!!! corrections\n    | A | B |\n    |---|---|\n    | a | b |\n')
    assert page.select_one(".settled .admonition-title").get_text(" ") == "Settled It is so"
    assert page.select_one(".corrections .admonition-title").get_text() == "Corrections"
    assert page.select_one("div.table")["tabindex"] == "0"


def test_the_tree_and_who_imports_whom_are_drawn_from_the_files(note):
    note.write("snippets/second.py", "import numpy as np\n")
    note.write("snippets/experiments/second.py", "import json\n\nfrom snippets import second\n\n\ndef f():\n    import scipy.stats\n")
    note.write("tests/deep/own.py", "")
    note.write("tests/deep/__pycache__/own.pyc", "")
    page = note.convert("<!-- tree of the repository -->\n\n<!-- what imports what -->")
    lines = page.select_one("pre").get_text().splitlines()
    assert re.fullmatch(r"tests/ +1  what each .*", next(line for line in lines if line.startswith("tests/")))
    assert any(re.fullmatch(r"  experiments/ +2  .*", line) for line in lines)
    rows = {row.td.get_text(): [cell.get_text() for cell in row.select("td")][1:] for row in page.select("tbody tr")}
    assert rows["snippets"] == ["2", "nothing", "numpy"]
    assert rows["snippets/experiments"] == ["2", "snippets (1)", "rich, scipy"]
    assert rows["snippets/figures"][1] == "snippets/experiments (1)"
    assert not note.said


def test_every_folder_of_this_repository_stands_in_the_tree():
    for top in ("docs", "snippets", "tests"):
        inner = {
            path.relative_to(source.ROOT).as_posix() for path in (source.ROOT / top).iterdir() if path.is_dir() and path.name[0] not in "._"
        }
        assert {top} | inner <= plan.FOLDERS.keys()
    assert all((source.ROOT / folder).is_dir() for folder in plan.FOLDERS)


def test_contributing_quotes_what_the_checks_really_say():
    page = (source.DOCS / "contributing.md").read_text(encoding="utf-8")
    table = page[page.index("| It says |") : page.index("| a wrong version's name")]
    code = "".join(
        p.read_text(encoding="utf-8") for f in ("site", "figures", "experiments") for p in Path(source.ROOT, "snippets", f).glob("*.py")
    )
    quoted = [words for row in table.splitlines()[2:] for words in re.findall(r"`([^`]+)`", row.split(" | ")[0])]
    assert len(quoted) > 15
    assert not [words for words in quoted if words not in code.replace("\\\\", "\\")]
