"""A figure is drawn once for its code, the same to the byte, and refused where a reader could not read it."""

import os
import re
import subprocess
import sys

import numpy as np
import pytest

from snippets.experiments import _cache
from snippets.figures import _draw, _style

TOY = '''"""Toy."""

import numpy as np

from snippets.experiments import toy as experiments
from snippets.figures import _style


def race():
    """Draw."""
    figure, ax = _style.panels(height=2.0)
    ax.plot(experiments.race()["cost"], label="cost")  # the line
    ax.imshow(np.ones((2, 2)))
    ax.set_title("Title")
    return figure


def _helper():
    return None
'''
EXPERIMENT = '''"""Toy."""

from snippets.experiments._cache import experiment


@experiment
def race():
    return {"cost": [3.0, 2.0, 1.5]}
'''


@pytest.fixture
def toy(house):
    house.write("snippets/figures/toy.py", TOY)
    house.write("snippets/experiments/toy.py", EXPERIMENT)
    yield house
    _style.mpl.rcdefaults()


def test_the_public_functions_of_a_module_are_its_figures(toy):
    assert _draw.names("toy") == [("race", 9)]
    assert _draw.names("nothing") == []


def test_the_same_bytes_each_time_and_others_in_the_dark(toy):
    drawn = []
    for theme in ("light", "dark", "light"):
        path = _draw.picture_path("toy", "race", theme)
        path.unlink(missing_ok=True)
        assert _draw.draw("toy", "race", theme)[1] is None
        drawn.append(path.read_bytes())
    assert drawn[0] == drawn[2] != drawn[1]
    assert b"<dc:date>" not in drawn[0]


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("    figure, ax", '    raise KeyError("no")\n    figure, ax', "toy.py:11: figure race raised KeyError"),
        ("    figure, ax", "    np.log(np.zeros(1))\n    figure, ax", "toy.py:11: figure race raised RuntimeWarning: divide"),
        (
            'experiments.race()["cost"]',
            "[1, np.nan]",
            "toy.py:9: figure race raised ValueError: line 'cost' holds a value",
        ),
        ("np.ones((2, 2))", "np.array([[1, np.inf]])", "not finite"),
        ("    ax.imshow(np.ones((2, 2)))", "    ax.scatter([1, np.nan], [1, 2])", "not finite"),
        ('set_title("Title")', 'set_title("Title", fontsize=9)', "text 'Title' has 9 points; at least 10"),
        ("height=2.0)", "height=2.0)\n    figure.set_size_inches(6, 2)", "6.0 inches wide; at most 5"),
        ("    return figure", '    ax.set(yscale="log", ylabel="cost")\n    return figure', "its y axis 'cost' is logarithmic"),
        ("return figure", "return ax", "returns Axes, not a Figure"),
        (
            "    return figure",
            '    ax.plot(*np.random.default_rng(0).random((2, 3000)), "o")\n    return figure',
            r"weighs \d\d\.\d kB compressed; at most 20",
        ),
    ],
)
def test_a_figure_that_nobody_could_read_is_refused_with_its_line(toy, old, new, what):
    toy.edit("snippets/figures/toy.py", old, new)
    said = _draw.draw("toy", "race", "light")[1]
    assert re.search(f"snippets/figures/toy.py:\\d+: .*{what}|^snippets/figures/{what}", said), said
    assert not _draw.picture_path("toy", "race", "light").exists()


def test_points_that_nobody_sees_are_left_out():
    """What is left is nowhere further than a tenth of a point from what was drawn, and the corners are where they were."""
    x = np.linspace(0, 200, 401)
    y = np.round(np.where(x < 100, 50 * np.sin(x / 15), 3.0), 2)
    before = "M" + "L".join(f"{a:g} {b:g}" for a, b in zip(x, y, strict=True))
    after = _draw.rounded(f'<path d="{before}"/>')
    kept = np.array([point.split() for point in after[10:-3].split("L")], float)
    assert 20 < len(kept) < 100
    assert np.abs(np.interp(x, *kept.T) - y).max() < 0.36  # measured upwards, where the slope is up to 3.4
    assert np.isin(kept[:, 1], y).all()
    assert kept[[0, -1]].tolist() == [[0, 0], [200, 3]]
    assert _draw.rounded('<path d="M 1.234 5.678 \nL 2 3 \nz"/>') == '<path d="M1.23 5.68L2 3z"/>'


@pytest.mark.parametrize(
    ("file", "old", "new", "changes"),
    [
        ("figures/toy.py", "height=2.0", "height=2.5", True),
        ("figures/toy.py", "# the line", "# another", False),
        ("figures/toy.py", '"""Draw."""', '"""Draw it."""', False),
        ("figures/toy.py", "return None", "return 1", False),
        ("experiments/toy.py", "3.0", "4.0", True),
        ("experiments/toy.py", '"""Toy."""', '"""Another."""', False),
        ("figures/_style.py", "WIDTH = 5.0", "WIDTH = 4.0", True),
        ("figures/_draw.py", "{float(n[0]):.2f}", "{float(n[0]):.1f}", True),
    ],
)
def test_a_picture_is_drawn_again_where_its_code_changes_and_only_then(toy, file, old, new, changes):
    before = _draw.picture_path("toy", "race", "light")
    toy.edit(f"snippets/{file}", old, new)
    assert (_draw.picture_path("toy", "race", "light") != before) == changes


def test_what_is_drawn_is_reused(toy, capsys, monkeypatch):
    monkeypatch.setattr(_cache, "topics", lambda folder: ["toy"])
    assert _draw.draw("toy", "race", "light")[1] is None
    jobs = _draw.jobs()
    assert list(jobs) == ["figure toy.race (dark)"]
    assert jobs["figure toy.race (dark)"].after == {"experiment toy.race"}
    assert "figures: 1 reused, 1 to draw" in capsys.readouterr().out


def test_that_matplotlib_takes_long_to_list_the_fonts_is_no_fault_of_a_build(tmp_path):
    """It waits five seconds before it warns; here none. What is written to standard error stops a strict build."""
    soon = "import threading; timer = threading.Timer; threading.Timer = lambda seconds, call: timer(0, call)"
    for first, said in (("", True), ("from snippets.site import work", False)):
        code = f"{soon}; {first}\nimport matplotlib.font_manager, time; time.sleep(0.2)"
        home = {"MPLCONFIGDIR": str(tmp_path / first[:4]), "PYTHONPATH": str(_cache.ROOT)}
        run = subprocess.run([sys.executable, "-c", code], env=os.environ | home, capture_output=True, text=True)
        assert run.returncode == 0, run.stderr
        assert ("font cache" in run.stderr) == said, run.stderr
