"""What is embedded runs alone, and whatever the stock extension is silent about is an error with its line."""

import pytest

from snippets.site import embed, source

TOY = '''"""A toy."""

import math
import os

import numpy as np

from snippets.other import twice

FACTOR = 3
UNUSED = 4


def _help(x):
    # a comment stays
    return x * FACTOR


def step(x):
    """Do a step.

    More that the page does not show.

    >>> step(1)
    """
    return twice(_help(np.asarray(x))) + math.floor(0.5)


class Walk:
    """Walks."""

    @staticmethod
    def go(x):
        """Go.

        Far.
        """
        return step(x)


def long(x):
    y = x
    # --8<-- [start: middle]
    y = y + 1
    y = y * 2
    # --8<-- [end: middle]
    return y


# --8<-- [start: open]
# --8<-- [start: empty]
# --8<-- [end: empty]
# --8<-- [start: twice]
# --8<-- [start: twice]
# --8<-- [end: early]
'''


@pytest.fixture
def toy(house):
    house.write("snippets/toy.py", TOY)
    house.write("snippets/other.py", '"""Another."""\n\nimport numpy as np\n\n\ndef twice(x):\n    return 2 * np.asarray(x)\n')
    return house


def expand(house, text):
    path = house.write("docs/page.md", text)
    return embed.expand(source.read(path))[0]


def test_a_function_comes_with_all_it_needs_and_nothing_else(toy):
    text = expand(toy, '--8<-- "toy.py:step"').text
    assert text.startswith("import math\nimport numpy as np\n\nFACTOR = 3\n\n\ndef step(x):\n")
    assert "os" not in text.split()
    assert "UNUSED" not in text
    assert "from snippets" not in text
    names = {}
    exec(text, names)
    assert names["step"](1) == 6


def test_the_function_asked_for_comes_first_and_what_it_is_made_of_before_it(house):
    house.write(
        "snippets/toy.py",
        "def _one():\n    return 1\n\n\nBASE = 2\n\n\ndef step(x=BASE, y=_one()):\n    return _help(x) + y\n\n\n"
        "def _help(x):\n    return x\n",
    )
    text = expand(house, '--8<-- "toy.py:step"').text
    assert sorted(["BASE =", "def _one", "def step", "def _help"], key=text.index)[2:] == ["def step", "def _help"]
    names = {}
    exec(text, names)
    assert names["step"]() == 3


def test_one_name_from_two_modules_is_an_error(toy):
    toy.write("snippets/other.py", "def _help(x):\n    return x\n\n\ndef twice(x):\n    return _help(x) * 2\n")
    expand(toy, '--8<-- "toy.py:step"')
    assert toy.said == ["docs/page.md:1: two modules bring a '_help' into one block; rename one of them"]


def test_two_functions_in_one_block_share_what_they_import_and_use(toy):
    page = expand(toy, '```python\n--8<-- "toy.py:step"\n\n\n--8<-- "toy.py:Walk"\n\n\nstep()\n```\n\n--8<-- "toy.py:step"')
    block, _, after = page.text.partition("\nstep()\n")
    for line in ("import math", "import numpy as np", "def _help", "def twice", "def step", "class Walk"):
        assert block.count(f"\n{line}") == 1, line
    assert "def step" in after
    assert len(page.lines) == len(page.origins)


def test_of_a_docstring_the_first_paragraph_is_shown(toy):
    text = expand(toy, '--8<-- "toy.py:step"').text
    assert '    """Do a step."""\n' in text
    assert ">>>" not in text
    assert "# a comment stays" in text


def test_a_method_is_embedded_alone_with_its_decorators(toy):
    assert expand(toy, '--8<-- "toy.py:Walk-go"').lines[:3] == ["@staticmethod", "def go(x):", '    """Go."""']


def test_a_section_of_a_function_is_dedented_and_markers_are_never_shown(toy):
    assert expand(toy, '--8<-- "toy.py:middle"').lines == ["y = y + 1", "y = y * 2"]
    assert "8<" not in expand(toy, '--8<-- "toy.py:long"').text


def test_embedded_lines_take_the_indentation_and_the_line_of_the_directive(toy):
    page = expand(toy, '!!! note\n    --8<-- "toy.py:middle"\n\nlast')
    assert page.lines[1:3] == ["    y = y + 1", "    y = y * 2"]
    assert [line for _, line in page.origins] == [1, 2, 2, 3, 4]


def test_a_box_of_another_page_keeps_its_own_lines(toy):
    other = toy.write("docs/other.md", "# O\n\n!!! corrections\n    | a |\n    |---|\n\n    b\n\nafter\n")
    page = expand(toy, '--8<-- "other.md:corrections"')
    assert page.lines == ["| a |", "|---|", "", "b"]
    assert page.origins[-1] == (other, 7)


def test_a_directive_that_is_spoken_of_is_left_alone(toy):
    assert expand(toy, 'Write `--8<-- "toy.py:step"` so\n;--8<-- "toy.py:step"').lines == [
        'Write `--8<-- "toy.py:step"` so',
        '--8<-- "toy.py:step"',
    ]
    assert not toy.said


@pytest.mark.parametrize(
    ("directive", "what"),
    [
        ('--8<-- "missing.py:step"', "no file"),
        ('--8<-- "toy.py:stp"', "no function, class or section 'stp'"),
        ('--8<-- "toy.py:Walk-run"', "no function, class or section 'Walk-run'"),
        ('--8<-- "toy.py"', "name what to embed"),
        ('--8<-- "toy.py:open"', "never ends"),
        ('--8<-- "toy.py:empty"', "is empty"),
        ('--8<-- "toy.py:twice"', "starts twice"),
        ('--8<-- "toy.py:early"', "before it starts"),
        ('--8<-- "toy.py:3:5"', "line numbers drift"),
        ('--8<-- "toy.py:step" ', "a line of its own"),
        ("--8<-- toy.py:step", "a line of its own"),
        ('-8<- "toy.py:step"', "a line of its own"),
        ('so --8<-- "toy.py:step"', "a line of its own"),
        ('--8<-- "../../../etc/passwd:root"', "no file"),
        ('--8<-- "/etc/passwd:root"', "not a file of this repository"),
        ('--8<-- "https://example.org/a.py:f"', "not a file of this repository"),
        ('--8<-- "link.py:f"', "leads out of this repository"),
        ('--8<-- "broken.py:f"', "invalid syntax"),
    ],
)
def test_what_cannot_be_embedded_is_an_error_at_its_line(toy, tmp_path_factory, directive, what):
    outside = tmp_path_factory.mktemp("outside") / "secret.py"
    outside.write_text("def f():\n    secret\n")
    (toy.root / "snippets/link.py").symlink_to(outside)
    toy.write("snippets/broken.py", "def f(:\n")
    page = expand(toy, f"# T\n\n{directive}\n\nend")
    assert len(toy.said) == 1, toy.said
    assert toy.said[0].startswith("docs/page.md:3: ")
    assert what in toy.said[0]
    assert "secret" not in page.text
