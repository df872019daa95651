"""A copy of the building process makes pages as this one would: each is made once, and what is wrong is said once, whoever met it."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from snippets.site.source import ROOT
from tests.site.test_interrupted import built, end, start  # noqa: F401 - a fixture
from tests.site.test_kept import edit
from tests.site.test_same_bytes import differences

HOOK = """
import os, time
from pathlib import Path
from snippets.site.extension import Read

run, own = Read.run, os.getpid()

def noted(self, lines):
    with Path(".cache/made").open("a") as made:
        made.write(f"{'here' if os.getpid() == own else 'copy'} {lines[0]}\\n")
    if os.getpid() == own:
        time.sleep(1)  # so that the copy, which has other work to do first, gets to some pages
    elif "A_COPY_DIES" in os.environ:
        os.kill(os.getpid(), 9)
    return run(self, lines)

Read.run = noted
"""
MORE = 3
ORPHAN = """
import os, signal
from snippets.site import copies, kept

kept.begin_copy, kept.of_copy = lambda: None, lambda: "more than a pipe holds" * 100_000
copies.Copy(lambda: [])
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def note(built, tmp_path) -> Path:  # noqa: F811
    """The small note, with more pages, and a hook that writes down who makes them: with it, all are made anew."""
    folder = Path(shutil.copytree(built, tmp_path / "note", symlinks=True))
    for number in range(MORE):
        text = f"---\ndescription: d\n---\n# Z {number}\n\nIt is $x + {'y' * number}z$, as [@good2001], section 2.\n\n## Sources\n"
        (folder / f"docs/z_{number}.md").write_text(text, encoding="utf-8")
    (folder / "hook.py").write_text(HOOK, encoding="utf-8")
    edit(folder, "mkdocs.yml", "  - snippets/site/hook.py\n", "  - snippets/site/hook.py\n  - hook.py\n")
    return folder


def made(note: Path) -> list[list[str]]:
    return [line.split(" ", 1) for line in (note / ".cache/made").read_text(encoding="utf-8").splitlines()]


@pytest.mark.long(14)
def test_pages_made_by_a_copy_are_the_same_and_each_is_made_once(note, tmp_path):
    other = Path(shutil.copytree(note, tmp_path / "other", symlinks=True))
    edit(other, "snippets/site/copies.py", 'sys.platform == "linux"', "False")
    for folder in (note, other):
        said = end(start(folder))
        assert said.startswith("exit 0\n"), said
    assert {who for who, _ in made(note)} == {"here", "copy"}
    assert {who for who, _ in made(other)} == {"here"}
    pages = [page for _, page in made(note)]
    assert len(pages) == len(set(pages))
    assert differences(note / "site", other / "site") == []
    kept = [{path.name for path in (folder / ".cache/pages").iterdir()} for folder in (note, other)]
    assert kept[0] == kept[1]
    before = len(made(note))
    assert end(start(note)).startswith("exit 0\n")
    assert len(made(note)) == before


def test_what_is_wrong_on_a_page_made_by_a_copy_is_said_once(note):
    for number in range(MORE):
        edit(note, f"docs/z_{number}.md", "[@good2001]", "[@nobody2000]")
    said = end(start(note))
    assert said.startswith("exit 1\n")
    assert "copy" in {who for who, page in made(note) if page.startswith("# Z")}
    for number in range(MORE):
        assert said.count(f"docs/z_{number}.md:6: docs/references.bib has no entry 'nobody2000'") == 1


def test_where_a_copy_dies_that_is_said_and_its_pages_are_made_here(note):
    said = end(start(note, A_COPY_DIES="1"))
    assert said.startswith("exit 1\n")
    assert "ended with -9" in said
    assert all((note / f"site/z_{number}/index.html").exists() for number in range(MORE))


def test_a_copy_of_a_process_that_was_killed_ends():
    """It holds the folders of the build, and its standard output: nobody else would ever get them."""
    run = subprocess.run([sys.executable, "-c", ORPHAN], cwd=ROOT, stdout=subprocess.PIPE, timeout=60)
    assert run.returncode == -9
