"""Notebook pages: formulas rendered, links resolved, light; what is wrong is said with its line."""

import json

import pytest

from snippets.site import notebooks

CELLS = """
<style>a</style><script src="https://elsewhere.example/x.js"></script>
<div class="jp-Cell jp-MarkdownCell"><div class="jp-RenderedMarkdown"><h1 id="t">T<a class="anchor-link" href="#t">x</a></h1></div></div>
<div class="jp-Cell jp-MarkdownCell"><div class="jp-RenderedMarkdown">{prose}</div></div>
<div class="jp-Cell jp-CodeCell"><div class="jp-Cell jp-CodeCell"><div class="jp-InputArea"><pre>print(1)</pre></div>
<div class="jp-OutputArea-output" data-mime-type="text/plain">{output}</div></div></div>
"""


@pytest.fixture
def notebook(tmp_path):
    path = tmp_path / "try.py"
    path.write_text("# %% [markdown]\n# # T\n#\n# $$\n# a = b\n# $$\n# $\\frac{1$ and [x](../nowhere.md)\n\n# %%\nprint(1)\n")
    return path


def mended(notebook, prose="<p>x</p>", output="<pre>1</pre>"):
    return notebooks.mend(CELLS.format(prose=prose, output=output), notebook, {"adam.md": "../../adam/"})


def test_only_the_cells_are_kept_and_each_once(notebook):
    page = mended(notebook)
    assert "elsewhere" not in page
    assert "<style" not in page
    assert page.count("print(1)") == 1
    assert '<pre class="cell-output" tabindex="0"><code>1</code></pre>' in page


def test_formulas_are_rendered_and_code_is_left_alone(notebook):
    page = mended(notebook, "<p>So $x &lt; y$ and $$a = b$$ but <code>$5</code></p>")
    assert "application/x-tex" in page
    assert 'class="formula"' in page
    assert "x &lt; y</annotation>" in page
    assert "<code>$5</code>" in page


def test_links_to_pages_become_addresses(notebook):
    assert 'href="../../adam/#why"' in mended(notebook, '<p><a href="../adam.md#why">Adam</a></p>')


@pytest.mark.parametrize(
    ("prose", "output", "said"),
    [
        (r"<p>$\frac{1$</p>", "", "try.py:7: formula: "),
        ('<p><a href="../nowhere.md">x</a></p>', "", "try.py:7: no page nowhere.md"),
        ("<p>costs $ 5</p>", "", "a stray $"),
        ("<p>x</p>", '<img src="data:x" alt="No description has been provided for this image">', "no alt text"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(notebook, caplog, prose, output, said):
    mended(notebook, prose, output)
    assert said in caplog.text
    assert "try.py:" in caplog.text


def test_the_download_is_a_notebook_and_the_same_each_time(notebook):
    assert notebooks.as_ipynb(notebook) == notebooks.as_ipynb(notebook)
    assert [c["cell_type"] for c in json.loads(notebooks.as_ipynb(notebook))["cells"]] == ["markdown", "code"]
