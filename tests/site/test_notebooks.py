"""Notebooks: each runs again only when it has to, is light, and what is wrong with it is said with its line."""

import ast
import importlib
import json
import re

import jupytext
import nbformat
import pytest

from snippets.exercises.__main__ import checks
from snippets.exercises._check import RIGHT
from snippets.experiments import _tensorflow
from snippets.site import libraries, notebooks

HEAVIEST = 80_000  # bytes of HTML
CELLS = """
<style>a</style><script src="https://elsewhere.example/x.js"></script>
<div class="jp-Cell jp-MarkdownCell"><div class="jp-RenderedMarkdown"><h1 id="t">T<a class="anchor-link" href="#t">x</a></h1></div></div>
<div class="jp-Cell jp-MarkdownCell"><div class="jp-RenderedMarkdown">{prose}</div></div>
<div class="jp-Cell jp-CodeCell"><div class="jp-Cell jp-CodeCell"><div class="jp-InputArea"><pre><span class="n">print</span>(1)</pre></div>
<div class="jp-OutputArea-output">shown anew</div></div></div>
"""
SVG = '<svg width="72pt" height="36pt"><path d="M 1.00001 2" stroke="#0062a3"/><path stroke="#1f2933"/></svg>'


@pytest.fixture
def notebook(tmp_path):
    path = tmp_path / "try.py"
    path.write_text("# %% [markdown]\n# # T\n#\n# $$\n# a = b\n# $$\n# $\\frac{1$ and [x](../nowhere.md)\n\n# %%\nprint(1)\n")
    return path


def outputs(*given):
    """A notebook as it is kept, whose one code cell has these outputs."""
    prose = [nbformat.v4.new_markdown_cell(), nbformat.v4.new_markdown_cell()]
    return nbformat.v4.new_notebook(cells=[*prose, nbformat.v4.new_code_cell(metadata={"alt": 'A "line"'}, outputs=list(given))])


def printed(text, name="stdout"):
    return nbformat.v4.new_output("stream", text=text, name=name)


def shown(**data):
    return nbformat.v4.new_output("display_data", data={kind.replace("_", "/"): value for kind, value in data.items()})


def picture():
    return nbformat.v4.new_output("display_data", data={"image/svg+xml": SVG})


def mended(notebook, prose="<p>x</p>", *given):
    return notebooks.mend(CELLS.format(prose=prose), notebook, outputs(*given), {"adam.md": "../../adam/"})


def test_only_the_cells_are_kept_and_each_once(notebook):
    page = mended(notebook, "<p>x</p>", printed("1 < 2\n"))
    assert "elsewhere" not in page
    assert "<style" not in page
    assert page.count("print(1)") == 1
    assert '<pre class="cell-output" tabindex="0"><code>1 &lt; 2</code></pre>' in page
    assert "shown anew" not in page


def test_formulas_are_rendered_and_code_is_left_alone(notebook):
    page = mended(notebook, "<p>So $x &lt; y$ and $$a = b$$ but <code>$5</code></p>")
    assert "application/x-tex" in page
    assert 'class="formula"' in page
    assert "x &lt; y</annotation>" in page
    assert "<code>$5</code>" in page


def test_a_solution_is_a_box_whose_code_scrolls_within_itself(notebook):
    page = mended(
        notebook,
        "<details><summary>Solution</summary><pre><span>x</span> = 1</pre></details>"
        '<div class="highlight"><pre>y</pre></div><pre><code>z</code></pre>',
    )
    assert '<details class="answer">' in page
    assert '<div class="highlight"><pre><code><span>x</span> = 1</code></pre></div>' in page
    assert '</details><div class="highlight"><pre><code>y</code></pre></div><pre><code>z</code></pre>' in page


def test_links_to_pages_become_addresses(notebook):
    assert 'href="../../adam/#why"' in mended(notebook, '<p><a href="../adam.md#why">Adam</a></p>')


@pytest.mark.parametrize(
    ("prose", "said"),
    [
        (r"<p>$\frac{1$</p>", "try.py:7: formula: "),
        ('<p><a href="../nowhere.md">x</a></p>', "try.py:7: no page nowhere.md"),
        ("<p>costs $ 5</p>", "a stray $"),
    ],
)
def test_what_is_wrong_with_the_words_is_said_with_its_line(notebook, caplog, prose, said):
    mended(notebook, prose)
    assert said in caplog.text
    assert "try.py:" in caplog.text


def test_a_picture_is_shown_for_light_and_for_dark(notebook):
    kept, output = outputs(picture()), picture()
    assert notebooks.complaints(kept.cells[2], output) == []
    page = mended(notebook, "<p>x</p>", printed("1"), output)
    for theme in "light", "dark":
        assert f'<img class="only-{theme}" src="try-1.{theme}.svg" alt="A &quot;line&quot;" width="96" height="48"' in page
    ((number, light, dark),) = notebooks.pictures(outputs(printed("1"), output)).values()
    assert (number, light) == (1, SVG.replace("M 1.00001", "M1"))
    assert dark == light.replace("#0062a3", "#62b5f0").replace("#1f2933", "#d7dce2")


@pytest.mark.parametrize(
    ("output", "said"),
    [
        (printed("1"), None),
        (shown(text_plain="1"), None),
        (printed("/x/1.py:3: UserWarning: b\n  f()\n", "stderr"), "writes to standard error: UserWarning: b"),
        (printed("a\nb\n", "stderr"), "writes to standard error: b"),
        (shown(text_plain="1", text_html="<b>1</b>"), "shows what a page cannot hold, text/html, text/plain"),
        (shown(text_plain="[<Line2D at 0x7f1>]"), "shows an address, another one each time: [<Line2D at 0x7f1>]"),
    ],
)
def test_what_is_wrong_with_an_output_is_said(output, said):
    found = notebooks.complaints(outputs().cells[2], output)
    assert len(found) == (said is not None)
    assert not said or found[0].startswith(said)


def test_a_picture_without_words_or_in_a_colour_for_light_only_is_told():
    cell, output = outputs().cells[2], picture()
    del cell.metadata["alt"]
    output.data["image/svg+xml"] += '<path fill="#ff0000"/>'
    said = notebooks.complaints(cell, output)
    assert len(said) == 2
    assert "no alt text" in said[0]
    assert "the colour #ff0000" in said[1]


def test_a_notebook_runs_again_only_when_something_that_it_uses_has_changed(house):
    house.write("snippets/one.py", "def f():\n    return 1\n")
    house.write("snippets/two.py", "def f():\n    return 2\n")
    house.write("snippets/exercises/two.py", "from snippets import two\n\n\ndef check_f(f):\n    return f() == two.f()\n")
    ones = house.write("docs/notebooks/ones.py", "# %%\nimport numpy as np\nfrom snippets import one\n")
    twos = house.write("docs/notebooks/twos.py", "# %%\nfrom snippets.exercises.two import check_f\n")
    places = [notebooks.executed(ones), notebooks.executed(twos)]

    def moved() -> list[bool]:
        before, places[:] = list(places), [notebooks.executed(ones), notebooks.executed(twos)]
        return [now != then for now, then in zip(places, before, strict=True)]

    assert moved() == [False, False]
    house.edit("snippets/one.py", "return 1", "return 3")
    assert moved() == [True, False]
    house.edit("snippets/two.py", "return 2", "return 3")
    assert moved() == [False, True]
    house.edit("snippets/exercises/two.py", "==", "!=")
    assert moved() == [False, True]
    house.edit("snippets/one.py", "def f():\n", 'def f():\n    """Words."""\n')
    assert moved() == [False, False]
    house.edit("docs/notebooks/ones.py", "# %%\n", "# %% [markdown]\n# Words.\n\n# %%\n")
    assert moved() == [True, False]
    house.edit("docs/notebooks/ones.py", "import numpy as np\n", "import (\n")
    assert moved() == [True, False]  # running it says what is wrong


def test_the_lines_of_cells_are_those_of_the_file(notebook):
    assert notebooks.cell_lines(notebook) == [2, 10]


def test_a_notebook_that_needs_a_library_is_shown_as_it_is_kept_and_told_where_its_text_is_another(notebook, monkeypatch, caplog):
    assert notebooks.needed(notebook) == []
    notebook.write_text("# %% [markdown]\n# # T\n\n# %%\nimport tensorflow as tf\n")
    assert notebooks.needed(notebook) == ["tensorflow"]
    kept = notebooks.executed(notebook)
    assert kept == notebook.parent / "kept" / "try.ipynb"
    monkeypatch.setattr(notebooks, "sources", lambda: [notebook])
    for text, right in (("", False), (notebooks.as_ipynb(notebook), True), (notebooks.as_ipynb(notebook).replace("# T", "# U"), False)):
        if text:
            kept.parent.mkdir(exist_ok=True)
            kept.write_text(text)
        caplog.clear()
        notebooks.look_at_kept()
        assert notebooks.missing() == ([], 0)
        assert ("try.py:1: what is kept of it is not of this text" in caplog.text) != right


def test_a_page_that_was_not_run_says_when_its_outputs_were_made_and_with_what(notebook):
    kept = outputs(printed("1"))
    assert "without running" not in notebooks.mend(CELLS.format(prose=""), notebook, kept, {})
    kept.metadata |= {"made": "2026-11-24", "versions": {"TensorFlow": "2.21.0", "Python": "3.11.7"}}
    said = "This page was built without running the notebook. Its outputs are of 2026-11-24, made with TensorFlow 2.21.0, Python 3.11.7;"
    assert said in notebooks.mend(CELLS.format(prose=""), notebook, kept, {})


def test_the_download_is_a_notebook_and_the_same_each_time(notebook):
    assert notebooks.as_ipynb(notebook) == notebooks.as_ipynb(notebook)
    assert [c["cell_type"] for c in json.loads(notebooks.as_ipynb(notebook))["cells"]] == ["markdown", "code"]


# The notebooks of this note.

OURS = pytest.mark.parametrize("path", notebooks.sources(), ids=lambda path: path.stem)


def code_of(path) -> list[str]:
    return [cell.source for cell in jupytext.read(path).cells if cell.cell_type == "code"]


def definitions(code: str) -> dict[str, str]:
    """What a piece of code defines at its top: {name: its syntax, less docstrings and comments}."""
    found = {}
    for node in ast.parse(code).body:
        if isinstance(node, ast.FunctionDef):
            node.body = [s for s in node.body if not (isinstance(s, ast.Expr) and isinstance(getattr(s.value, "value", None), str))]
            found[node.name] = ast.dump(node)
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            found[node.targets[0].id] = ast.dump(node)
    return found


@OURS
def test_every_page_is_light(site, path):
    size = (site / "notebooks" / path.stem / "index.html").stat().st_size
    assert size <= HEAVIEST, f"{path.stem}: {size:,} bytes"


@OURS
def test_the_download_runs_from_top_to_bottom_in_an_empty_folder(site, path, monkeypatch):
    """As the reader has it, and it prints what the page shows: also where that was kept and not run for the page."""
    for library in notebooks.needed(path):
        if not libraries.installed(library):
            pytest.skip(f"{library} is not installed")
    for name, value in _tensorflow.SETTINGS.items():
        monkeypatch.setenv(name, value)
    notebook = nbformat.reads((site / "notebooks" / path.stem / f"{path.stem}.ipynb").read_text("utf-8"), as_version=4)
    notebooks.run(notebook)
    kept = notebooks.as_shown(path)["cells"]
    for i, cell in enumerate(notebook.cells):
        said = [["".join(o.get("text", "")) for o in outputs if o["output_type"] == "stream"] for outputs in both(cell, kept[i])]
        assert said[0] == said[1], f"{path.name}:{notebooks.cell_lines(path)[i]}"


def both(cell, kept):
    return cell.get("outputs", []), kept.get("outputs", [])


@OURS
def test_the_python_file_is_the_notebook(site, path):
    assert (site / "notebooks" / path.stem / f"{path.stem}.py").read_text("utf-8") == path.read_text("utf-8")


PRACTICE = [path for path in notebooks.sources() if "check_" in path.read_text("utf-8")]


@pytest.mark.parametrize("path", PRACTICE, ids=lambda path: path.stem)
def test_starters_fail_and_solutions_pass(path):
    """The reader starts from the exercise's own starter; each checker used has a solution below, which it calls right."""
    text = path.read_text("utf-8")
    topics = re.findall(r"^from snippets\.exercises\.(\w+) import", text, re.M)
    used = {name: (topic, check) for topic in topics for name, check in checks(topic).items() if re.search(rf"\bcheck_{name}\(", text)}
    assert used, "no checker is called"
    starters = definitions("\n".join(code_of(path)))
    solutions = "\n".join(re.findall(r"^# ```python\n((?:#.*\n)*?)# ```$", text, re.M)).replace("\n# ", "\n").replace("\n#\n", "\n\n")
    solutions = re.sub(r"\A# ", "", solutions)
    for name, (topic, check) in used.items():
        own = definitions((notebooks.DOCS.parent / "snippets" / "exercises" / f"{topic}.py").read_text("utf-8"))
        assert starters[name] == own[name], f"{path.name}: {name} is not the starter of snippets/exercises/{topic}.py"
        assert name in definitions(solutions), f"{path.name}: no solution for {name}"
        names = dict(vars(importlib.import_module(f"snippets.exercises.{topic}")))
        exec(solutions, names)
        assert check(names[name]).startswith(RIGHT)
