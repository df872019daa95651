"""What a reader downloads runs alone, in an interpreter that knows nothing of this note, and so do its examples."""

import subprocess
import sys

import pytest

from snippets.site import embed

TRIED = """
import sys
before = set(sys.modules)
sys.modules["snippets"] = None
import {topic}
here = set(sys.modules) - before - {{"{topic}", "snippets"}}
import doctest
assert all(name.split(".")[0] in {{"numpy"}} | set(sys.stdlib_module_names) for name in here), here
result = doctest.testmod({topic}, optionflags=doctest.NORMALIZE_WHITESPACE)
assert result.failed == 0 < result.attempted, result
"""


@pytest.mark.parametrize("topic", embed.downloads())
def test_a_download_runs_alone_and_its_examples_too(site, tmp_path, topic):
    text = (site / "downloads" / f"{topic}.py").read_text(encoding="utf-8")
    assert "from snippets" not in text
    (tmp_path / f"{topic}.py").write_text(text, encoding="utf-8")
    code = "import sys\nbefore = set(sys.modules)" + TRIED.format(topic=topic)
    run = subprocess.run(
        [sys.executable, "-P", "-c", f"import sys; sys.path.insert(0, '.')\n{code}"], cwd=tmp_path, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_each_is_offered_below_a_block(site):
    pages = [page.read_text(encoding="utf-8").replace("<wbr>", "") for page in site.glob("*/index.html")]
    for topic in embed.downloads():
        link = f'<a download="{topic}.py" href="../downloads/{topic}.py">Download <code>{topic}.py</code></a>'
        assert any(link in page for page in pages), topic


def test_what_a_snippet_uses_of_others_comes_with_it():
    network = embed.alone(embed.ROOT / "snippets" / "network.py")
    assert "def regularization():" in network and network.count("\nimport numpy as np\n") == 1
    assert "SimpleNamespace" not in embed.alone(embed.ROOT / "snippets" / "adam.py")
