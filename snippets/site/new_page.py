"""`python -m snippets.site.new_page softmax`: the files of a new topic, small but real; they pass at once.

Then put your own in the place of the sample. `--todo softmax` fails as long as something of the sample is left, and says where.
"""

import keyword
import re
import sys
from pathlib import Path

from snippets.experiments._cache import ROOT

FILES = {
    "snippets/TOPIC.py": '''"""TITLE: what is in here, in one sentence."""

import numpy as np


def mean_square(x):
    """The mean of the squares of x.

    x: an array of any shape. Returns a float. Raises ValueError where x is empty.

    >>> from snippets import TOPIC
    >>> TOPIC.mean_square(np.array([1.0, -2.0, 4.0]))
    7.0
    """
    if np.size(x) == 0:
        raise ValueError("x: must not be empty")
    return float(np.mean(np.square(x)))
''',
    "snippets/experiments/TOPIC.py": '''"""What the page measures: seeded runs that return plain numbers and arrays."""

import numpy as np

from snippets import TOPIC
from snippets.experiments._cache import experiment

SEEDS = range(20)


@experiment
def normal_draws():
    """The mean square of 1 to 1,000 standard normals, 20 seeds."""
    counts = np.array([1, 3, 10, 30, 100, 300, 1000])
    drawn = [np.random.default_rng(seed).standard_normal(counts[-1]) for seed in SEEDS]
    squares = np.array([[TOPIC.mean_square(x[:count]) for count in counts] for x in drawn])
    return {
        "seeds": len(SEEDS),
        "counts": counts,
        "mean": squares.mean(axis=0),
        "low": squares.min(axis=0),
        "high": squares.max(axis=0),
    }
''',
    "snippets/figures/TOPIC.py": '''"""What the page shows: one function for each figure."""

from snippets.experiments import TOPIC as experiments
from snippets.figures import _style


def spread():
    """The mean square against the number of draws: its mean and its range over the seeds."""
    result = experiments.normal_draws()
    figure, axes = _style.panels(height=3.0)
    axes.plot(result["counts"], result["mean"], color=_style.color(0))
    axes.fill_between(result["counts"], result["low"], result["high"], color=_style.color(0), alpha=0.15, linewidth=0)
    axes.set(xlabel="number of draws (log scale)", ylabel="mean square", xscale="log")
    return figure
''',
    "tests/test_TOPIC.py": '''"""What TOPIC promises."""

import numpy as np
import pytest

from snippets import TOPIC
from snippets.experiments import TOPIC as experiments


def test_the_first_n_whole_numbers_have_the_closed_form():
    for n in range(1, 20):
        assert np.isclose(TOPIC.mean_square(np.arange(1, n + 1)), (n + 1) * (2 * n + 1) / 6)


def test_nothing_has_no_mean_square():
    with pytest.raises(ValueError, match="x: must not be empty"):
        TOPIC.mean_square([])


def test_a_thousand_draws_come_near_the_variance():
    result = experiments.normal_draws()
    assert 0.8 < result["low"][-1] <= 1 <= result["high"][-1] < 1.2
''',
    "tests/wrong/TOPIC.py": '''"""TITLE, wrong: each is put in the right one's place, and the test it names must fail."""

import numpy as np

from tests.wrong._registry import wrong


@wrong(of="mean_square", killed_by="test_the_first_n_whole_numbers_have_the_closed_form")
def square_of_the_mean(x):
    """The square of the mean for the mean of the squares."""
    return float(np.mean(x) ** 2)
''',
    "docs/TOPIC.md": """---
description: TITLE, in one sentence for search engines and for the list of pages.
---
# TITLE

What is the problem? Say it in two sentences, to a reader who has never met it.

Then the idea, in everyday words, and what you see in the figure: the more draws, the closer their mean square
comes to the variance.

![Mean square against the number of draws: anywhere at one draw, close to 1 at a thousand](figures/TOPIC/spread.svg)

## The code

```python
--8<-- "TOPIC.py:mean_square"
```

## The mathematics

$$
s = \\frac{1}{n} \\sum_{i=1}^{n} x_i^2
$$
<!-- checked: TOPIC.mean_square
local x: the numbers, all of them
local n: how many they are
local s: the mean of their squares
given x = rng.normal(size=5); n = 5
x_i -> x[i - 1]
s = TOPIC.mean_square(x)
-->

## How we know

!!! measured "The mean square of a thousand draws is at most {TOPIC.normal_draws.high[6]:.2f}"
    That of {TOPIC.normal_draws.counts[6]} standard normals lies between {TOPIC.normal_draws.low[6]:.2f} and
    {TOPIC.normal_draws.high[6]:.2f} over {TOPIC.normal_draws.seeds} seeds; the variance is 1.

!!! corrections
    | What one reads | Right is | How we know |
    |---|---|---|
    | the square of the mean | the mean of the squares | `test_the_first_n_whole_numbers_have_the_closed_form` |

??? exercise "By hand, 1 minute: two means"
    What is the mean square of 3 and $-3$? And the square of their mean?

    ??? answer "Answer"
        It is {= (3**2 + 3**2) / 2}, and 0.
""",
}

# What is to be replaced: its file, what the sample has there, what it is called, and where docs/contributing.md explains it.
PIECES = [
    ("snippets/TOPIC.py", "TITLE: what is in here, in one sentence.", "first sentence", "a-snippet"),
    ("snippets/TOPIC.py", "def mean_square(", "function", "a-snippet"),
    ("tests/test_TOPIC.py", "def test_the_first_n_whole_numbers_have_the_closed_form(", "oracle", "a-page-in-ten-minutes"),
    ("tests/test_TOPIC.py", "def test_nothing_has_no_mean_square(", "edge case", "a-page-in-ten-minutes"),
    ("tests/test_TOPIC.py", "def test_a_thousand_draws_come_near_the_variance(", "test of the claim", "a-number-and-a-claim"),
    ("tests/wrong/TOPIC.py", "def square_of_the_mean(", "wrong version", "a-correction"),
    ("snippets/experiments/TOPIC.py", "def normal_draws(", "experiment", "a-number-and-a-claim"),
    ("snippets/figures/TOPIC.py", "def spread(", "figure", "a-figure"),
    ("docs/TOPIC.md", "description: TITLE, in one sentence", "description", "a-page-in-ten-minutes"),
    ("docs/TOPIC.md", "What is the problem? Say it in two sentences", "opening", "a-page-in-ten-minutes"),
    ("docs/TOPIC.md", "Then the idea, in everyday words", "intuition", "a-page-in-ten-minutes"),
    ("docs/TOPIC.md", "![Mean square against the number of draws", "picture", "a-figure"),
    ("docs/TOPIC.md", '--8<-- "TOPIC.py:mean_square"', "code", "a-snippet"),
    ("docs/TOPIC.md", "s = \\frac{1}{n}", "formula", "a-formula"),
    ("docs/TOPIC.md", '!!! measured "The mean square of a thousand', "claim", "a-number-and-a-claim"),
    ("docs/TOPIC.md", "| the square of the mean | the mean of the squares |", "correction", "a-correction"),
    ("docs/TOPIC.md", '??? exercise "By hand, 1 minute: two means"', "exercise", "an-exercise"),
]


def todo(name: str, root: Path = ROOT) -> list[str]:
    """What of the topic's files is still the sample's, or no longer there, each with its line and where it is explained."""
    found = []
    for file in dict.fromkeys(file for file, *_ in PIECES):
        path = root / filled(file, name)
        if not path.exists():
            found.append(f"{filled(file, name)}:1: is not there; see docs/contributing.md#a-page-in-ten-minutes")
            continue
        text = path.read_text(encoding="utf-8")
        for _, sample, what, part in (piece for piece in PIECES if piece[0] == file):
            before, there, _ = text.partition(filled(sample, name))
            if there:
                line = before.count("\n") + 1
                found.append(f"{filled(file, name)}:{line}: still the sample's {what}; see docs/contributing.md#{part}")
    return found


def filled(text: str, name: str) -> str:
    return text.replace("TOPIC", name).replace("TITLE", name.replace("_", " ").capitalize())


def create(name: str, root: Path = ROOT) -> list[Path]:
    """Write the files of the topic `name` and its entry in mkdocs.yml; nothing where one is there already."""
    if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", name) or keyword.iskeyword(name):
        raise SystemExit(f"NAME={name}: a topic is named like a Python module, such as early_stopping")
    title = name.replace("_", " ").capitalize()
    paths = {root / filled(path, name): text for path, text in FILES.items()}
    taken = [path.relative_to(root).as_posix() for path in paths if path.exists()]
    if taken:
        raise SystemExit(f"{taken[0]}:1: exists already; nothing was written")
    config = root / "mkdocs.yml"
    before, about, after = config.read_text(encoding="utf-8").partition("\n  - About:")
    if not about:
        raise SystemExit("mkdocs.yml:1: the navigation has no `- About:` to put the page before")
    for path, text in paths.items():
        path.write_text(filled(text, name), encoding="utf-8")
    config.write_text(f"{before}\n      - {title}: {name}.md{about}{after}", encoding="utf-8")
    return [*paths, config]


if __name__ == "__main__":
    name, asked = sys.argv[-1], len(sys.argv) == 3 and sys.argv[1] == "--todo"
    if len(sys.argv) != 2 and not asked:
        raise SystemExit("say which topic: make page NAME=softmax")
    if not asked:
        print("These files pass every check as they are:", *(made.relative_to(ROOT) for made in create(name)), sep="\n")
        print(f"\nWhat is to become your own; `make todo NAME={name}` lists what is left of it:")
    left = todo(name)
    print(*left or ["nothing is left of the sample"], sep="\n")
    sys.exit(bool(asked and left))
