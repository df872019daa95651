"""`make page NAME=...` makes a topic that passes everything at once."""

import os
import re
import shutil
import subprocess
import sys

import pytest

from snippets.site import new_page
from snippets.site.source import ROOT

KEPT = "conftest.py mkdocs.yml package.json pyproject.toml requirements.txt tests/__init__.py tests/test_wrong.py".split()
KEPT += ["tests/oracles.py", "tests/site/__init__.py", "tests/site/browser.py"]  # of which the others take a name
PAGE = "---\ndescription: d\n---\n# {}\n\n<!-- {} -->\n"


@pytest.fixture
def copy(tmp_path):
    """The repository with none of its topics, so that this is quick."""
    for name in KEPT:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    shutil.copytree(ROOT / "snippets", tmp_path / "snippets", ignore=shutil.ignore_patterns("__pycache__"))
    for folder in ("experiments", "figures"):
        for path in (tmp_path / "snippets" / folder).glob("[a-z]*.py"):
            path.unlink()
    (tmp_path / "tests" / "wrong").mkdir()
    for name in ("__init__.py", "_registry.py"):
        shutil.copy(ROOT / "tests" / "wrong" / name, tmp_path / "tests" / "wrong" / name)
    shutil.copytree(ROOT / "docs" / "assets", tmp_path / "docs" / "assets")
    (tmp_path / "docs" / "index.md").write_text(PAGE.format("The note", "contact sheet"), encoding="utf-8")
    (tmp_path / "docs" / "corrections.md").write_text(PAGE.format("Corrections", "corrections of every page"), encoding="utf-8")
    (tmp_path / "node_modules").symlink_to(ROOT / "node_modules")
    config = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    navigation = "nav:\n  - The note: index.md\n  - Topics:\n  - About:\n      - Corrections: corrections.md\n"
    config = re.sub(r"^nav:\n(?:[ #].*\n|\n)+", navigation, config, flags=re.M)
    (tmp_path / "mkdocs.yml").write_text(config, encoding="utf-8")
    return tmp_path


def run(folder, *command):
    env = os.environ | {"PYTHONPATH": str(folder), "NO_MKDOCS_2_WARNING": "1", "NOTE_CACHE": str(folder / ".cache")}
    done = subprocess.run([sys.executable, "-m", *command], cwd=folder, env=env, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.long(12)
def test_a_new_topic_passes_at_once(copy):
    made = [path.relative_to(copy).as_posix() for path in new_page.create("early_bird", copy)]
    assert "docs/early_bird.md" in made
    code = [path for path in made if path.endswith(".py")]
    run(copy, "ruff", "check", *code)
    run(copy, "ruff", "format", "--check", *code)
    chosen = ["tests/test_early_bird.py", "tests/test_wrong.py", "snippets/early_bird.py", "docs/early_bird.md"]
    said = run(copy, "pytest", "-q", "-p", "no:randomly", "-k", "early_bird", *chosen)
    assert "6 passed" in said, said
    run(copy, "mkdocs", "build", "--strict")
    page = (copy / "site" / "early_bird" / "index.html").read_text(encoding="utf-8")
    assert 'data-checked="early_bird.mean_square"' in page
    assert 'id="figure-spread"' in page
    assert (copy / "site" / "figures" / "early_bird" / "spread.dark.svg").exists()
    assert 'href="../early_bird/"' in (copy / "site" / "corrections" / "index.html").read_text(encoding="utf-8")
    assert 'href="early_bird/#figure-spread"' in (copy / "site" / "index.html").read_text(encoding="utf-8")


def test_no_file_is_ever_written_over(copy):
    new_page.create("early_bird", copy)
    before = (copy / "mkdocs.yml").read_bytes()
    (copy / "docs" / "early_bird.md").unlink()
    with pytest.raises(SystemExit, match="exists already"):
        new_page.create("early_bird", copy)
    assert not (copy / "docs" / "early_bird.md").exists()
    assert (copy / "mkdocs.yml").read_bytes() == before


@pytest.mark.parametrize("name", ["", "Softmax", "soft max", "../x", "_x", "class", "site.x", "1x"])
def test_a_name_that_no_module_can_have_is_refused(copy, name):
    with pytest.raises(SystemExit, match="named like a Python module"):
        new_page.create(name, copy)


def test_what_is_left_of_the_sample_is_said_with_its_line_and_where_it_is_explained(copy):
    new_page.create("early_bird", copy)
    left = new_page.todo("early_bird", copy)
    assert len(left) == len(new_page.PIECES)
    assert "docs/early_bird.md:2: still the sample's description; see docs/contributing.md#a-page-in-ten-minutes" in left
    for place, line in (re.match(r"(\S+):(\d+): still", said).groups() for said in left):
        assert (copy / place).read_text(encoding="utf-8").count("\n") >= int(line)
    page = copy / "docs" / "early_bird.md"
    page.write_text(page.read_text(encoding="utf-8").replace(r"s = \frac{1}{n}", r"q = \frac{1}{n}"), encoding="utf-8")
    gone = set(left) - set(new_page.todo("early_bird", copy))
    assert len(gone) == 1
    assert re.fullmatch(r"docs/early_bird.md:\d+: still the sample's formula; see docs/contributing.md#a-formula", gone.pop())
    page.unlink()
    assert "docs/early_bird.md:1: is not there; see docs/contributing.md#a-page-in-ten-minutes" in new_page.todo("early_bird", copy)


def test_the_list_is_of_all_that_the_sample_defines_and_leads_to_parts_that_are_there(site):
    for file, text in new_page.FILES.items():
        pieces = [sample for where, sample, *_ in new_page.PIECES if where == file]
        assert pieces
        assert [text.count(sample) for sample in pieces] == [1] * len(pieces)
        for function in re.findall(r"^def \w+\(", text, re.M):
            assert function in pieces
    built = (site / "contributing" / "index.html").read_text(encoding="utf-8")
    for part in {part for *_, part in new_page.PIECES}:
        assert f'id="{part}"' in built


def test_the_check_fails_until_nothing_is_left(copy):
    """As `make todo` runs it: from the copy's own files."""
    new_page.create("early_bird", copy)
    command = [sys.executable, "-m", "snippets.site.new_page", "--todo", "early_bird"]
    said = subprocess.run(command, cwd=copy, env=os.environ | {"PYTHONPATH": str(copy)}, capture_output=True, text=True)
    assert said.returncode == 1
    assert said.stdout.splitlines() == new_page.todo("early_bird", copy)
    for path in new_page.FILES:
        (copy / new_page.filled(path, "early_bird")).write_text("# mine\n", encoding="utf-8")
    said = subprocess.run(command, cwd=copy, env=os.environ | {"PYTHONPATH": str(copy)}, capture_output=True, text=True)
    assert (said.returncode, said.stdout) == (0, "nothing is left of the sample\n")
