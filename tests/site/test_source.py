"""Lines keep their numbers, and code is told from prose."""

import pytest

from snippets.site import source


def test_fences_are_found_at_any_depth_and_the_outermost_counts():
    lines = ["!!! note", "    ```python", "    x = 1", "    ```", "> ~~~", "> a", "> ~~~", "````", "```", "in a longer one", "```", "````"]
    found = source.fences(lines)
    assert [(f.start, f.end, f.language) for f in found] == [(1, 3, "python"), (4, 6, ""), (7, 11, "")]
    assert [f.body(lines) for f in found[:2]] == [["x = 1"], ["a"]]


@pytest.mark.parametrize(
    ("info", "language", "classes", "title"),
    [
        ("python", "python", set(), ""),
        (' {.python .in-repo title="With .dots in it"}', "python", {"python", "in-repo"}, "With .dots in it"),
        (' python title="a"', "python", set(), "a"),
        ("", "", set(), ""),
    ],
)
def test_what_a_fence_says(info, language, classes, title):
    fence = source.Fence(0, 1, "", info)
    assert (fence.language, fence.classes, fence.title) == (language, classes, title)


def test_a_fence_that_is_never_closed_is_reported():
    said = []
    source.fences(["a", "```python", "x"], lambda line, what: said.append((line, what)))
    assert said == [(1, "this fence is never closed")]


def test_masked_text_has_no_code_and_the_same_places():
    text = "a `$x$` b <!-- $y$\nz --> \n```\n$c$\n```\n``a`$`` and \\`$d$\\`"
    masked = source.mask(text)
    assert len(masked) == len(text)
    assert [i for i, c in enumerate(masked) if c == "\n"] == [i for i, c in enumerate(text) if c == "\n"]
    assert masked.count("$") == 2
    assert "$d$" in masked


@pytest.mark.parametrize("front", ["", "---\ndescription: x\n---\n", "\ufeff---\r\ndescription: x\r\n---\r\n\n"])
def test_a_page_is_found_again_with_its_lines(house, front):
    path = house.write("docs/toy.md", front + "# T\n\n\ttabbed\n   \nlast\n")
    body = source.regular(source.read(path).text).strip().split("\n")
    page = source.locate(["", *body, ""])
    page.report(5, "said of the last")
    last = (house.root / "docs/toy.md").read_text("utf-8").replace("\r", "").split("\n").index("last") + 1
    assert page.path == path
    assert house.said == [f"docs/toy.md:{last}: said of the last"]


def test_a_page_of_a_topic_begins_with_its_name(house):
    for topic in "norm", "norm_two":
        house.write(f"snippets/{topic}.py", "")
    names = {"norm": "norm", "norm_why": "norm", "norm_two_more_words": "norm_two", "normal": "normal", "a_norm": "a_norm"}
    assert {name: source.Page(source.DOCS / f"{name}.md", []).topic for name in names} == names


def test_a_text_that_is_no_page_has_its_own_lines(house):
    source.locate(["from", "nowhere"]).report_at("from\nnowhere", 5, "said")
    assert house.said == ["page:2: said"]
