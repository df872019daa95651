"""The museum shows every wrong version once, with the test that its registration names; what is named and not there is said."""

import json

import pytest

from snippets.site import blocks, embed, museum, overview, source
from tests import page_kills

WRONG = '''"""Wrong."""

import numpy as np

from tests.wrong._registry import wrong

HAND = "test_by_hand"


def _plus(x):
    return x + np.ones(1)


@wrong(of="step", killed_by=HAND)
def one(x):
    """`x | 1`, as *somebody* has it: a_b, 10^8 {so} [@k] $5 <b>.

    More of it.
    """
    return _plus(x)


@wrong(of="step", killed_by="test_too", unseen="It costs *time* alone.")
def two(x):
    """Two."""
    return x
'''
TEST = "def test_by_hand():\n    pass\n\n\ndef test_too():\n    pass\n"


@pytest.fixture
def note(house):
    house.write("mkdocs.yml", "nav:\n  - Toy: toy.md\n")
    house.write("tests/wrong/toy.py", WRONG)
    house.write("tests/wrong/_registry.py", "")
    house.write("tests/test_toy.py", TEST)
    return house


def test_what_is_read_is_what_registers():
    for topic, entries in page_kills.registry().items():
        read = [(v.topic, v.name, v.of, v.killed_by, v.unseen) for v in museum.versions(topic)]
        assert read == [(e.topic, e.function.__name__, e.of, e.killed_by, e.unseen) for e in entries]
    assert museum.topics() == sorted(page_kills.registry())


def test_a_wrong_version_is_shown_without_its_registration_and_runs_alone(note):
    lines, first = embed.embed(note.root / "tests/wrong/toy.py", "one")
    assert lines == [
        "import numpy as np",
        "",
        "",
        "def one(x):",
        '    """`x | 1`, as *somebody* has it: a_b, 10^8 {so} [@k] $5 <b>."""',
        "    return _plus(x)",
        "",
        "",
        "def _plus(x):",
        "    return x + np.ones(1)",
    ]
    assert WRONG.splitlines()[first - 1] == "def one(x):"


def test_an_exhibit_has_its_code_the_test_that_rejects_it_and_what_a_reader_sees(note):
    note.write("tests/page_kills.json", json.dumps({"toy": {"seen_by": {"one": "doctest of toy.step", "two": None}}}))
    page = note.convert("<!-- exhibit: toy.one -->\n\n<!-- exhibit: toy.two -->")
    one, two = page.select("details.exhibit")
    assert one.summary.get_text() == "As code: one"
    assert "def _plus(x):" in one.pre.get_text()
    assert [a["href"] for a in one.select("a")][-1] == "source/tests/test_toy.py.html#L-1"
    assert "In the place of toy.step it fails test_by_hand. A reader sees it by the doctest of toy.step." in one.get_text()
    assert "it fails test_too. It costs *time* alone." in two.get_text()
    assert not note.said


def test_the_rest_is_each_that_no_page_exhibits_with_its_words_as_they_are(note):
    assert [li.get_text() for li in note.convert("<!-- the rest of the museum -->").select("details.exhibit li")] == [
        "x | 1, as *somebody* has it: a_b, 10^8 {so} [@k] $5 <b>. More of it. one for step, rejected by test_by_hand",
        "Two. two for step, rejected by test_too",
    ]
    page = note.convert("<!-- exhibit: toy.one -->\n\n<!-- the rest of the museum -->")
    assert [box.summary.get_text() for box in page.select("details.exhibit")] == ["As code: one", "Toy: 1 more"]
    note.write("docs/other.md", "# Other\n\n<!-- exhibit: toy.two -->\n")
    page = note.convert("<!-- exhibit: toy.one -->\n\n<!-- the rest of the museum -->")
    assert [box.summary.get_text() for box in page.select("details.exhibit")] == ["As code: one"]
    assert not note.said


def test_an_exhibit_that_is_not_there_is_said_at_its_line(note):
    note.convert("<!-- exhibit: toy.three -->\n\n<!-- exhibit: nobody.one -->")
    assert "docs/toy.md:6: tests/wrong/toy.py has no wrong version 'three'" in note.said[0]
    assert "docs/toy.md:8: tests/wrong/nobody.py has no wrong version 'one'" in note.said[1]


def test_the_museum_and_its_storeroom_have_all_of_them_and_the_exhibits_run():
    rooms, storeroom = sorted(source.DOCS.glob("museum*.md")), source.DOCS / "storeroom.md"
    text = "".join(path.read_text(encoding="utf-8") for path in rooms)
    shown = [(match["topic"], match["name"]) for match in museum.EXHIBIT.finditer(text)]
    assert len(shown) == len(set(shown)) >= 25
    rest = [line for line in museum.rest(source.read(storeroom), overview.title_of) if line.startswith("    - ")]
    every = [(topic, version.name) for topic in museum.topics() for version in museum.versions(topic)]
    assert set(shown) <= set(every)
    for line, (topic, name) in zip(rest, [pair for pair in every if pair not in shown], strict=True):
        assert f"[`{name}`](source/tests/wrong/{topic}.py.html#L-" in line
    assert sum(len(blocks.of_page(path)) for path in rooms) == len(shown)
    assert "<!-- the rest of the museum -->" in storeroom.read_text(encoding="utf-8")
