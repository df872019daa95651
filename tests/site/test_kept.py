"""What is kept of a page is used only where nothing that went into it has changed: the next build sees each change, and says each fault."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from markdown import Markdown
from mkdocs.config import load_config

from snippets.site import extension, formulas, source
from snippets.site.source import ROOT
from tests.site import test_faults
from tests.site.test_interrupted import CHECKED, built, end, start  # noqa: F401 - a fixture
from tests.site.test_same_bytes import differences

NAV = """nav:
  - Start: index.md
  - Group:
      - Clean: clean.md
      - Checked: checked.md
      - Notation: notation.md
      - About: about.md
      - Ledger: ledger.md
      - Glossary: glossary.md
      - Practice: notebooks/clean.py
"""
PAGES = {
    "docs/checked.md": f"---\ndescription: d\n---\n# Checked\n{CHECKED}",
    "docs/notation.md": "---\ndescription: d\n---\n# Notation\n\n| Symbol | Shape | What it is | In the code |\n|---|---|---|---|\n"
    "| $x$ | number | what is given | `x` |\n| $y$ | number | what comes out | `y` |\n",
    "docs/about.md": """---
description: d
---
# About

{counts.claims} claims, and [deeper](clean.md#deep).

<!-- pages: Group -->

<!-- formula: checked y -->

<!-- corrections of every page -->

## Sources

[@good2001], section 2.
""",
    "docs/glossary.md": "---\ndescription: d\n---\n# Glossary\n\n- **Claims**{ #claims }: What is claimed. [Told here](index.md)\n",
    "docs/ledger.md": "---\ndescription: d\n---\n# Ledger\n\n<!-- claims of every page -->\n",
}
HOOK = """
import os
from snippets.site.extension import Read
if "NO_PAGE_IS_MADE" in os.environ:
    Read.run = None
"""
SERVED = """
import logging
from pathlib import Path
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.exceptions import Abort

logging.getLogger("mkdocs").setLevel("INFO")
build(load_config())
file = Path("snippets/site/extension.py")
file.write_text(file.read_text().replace("kind.capitalize()", "kind.upper()"))
try:
    build(load_config())
except Abort as error:
    print(error)
"""  # as `mkdocs serve` does
FAULTS = [  # a file, what stands there, what is put in its place, and what the next build says
    ("snippets/toy.py", "FACTOR = 3", "FACTOR = 4", "docs/checked.md:6: formula: ≢ toy.step"),
    ("snippets/toy.py", "by=1.5", "by", "with a number as its default"),
    ("snippets/experiments/toy.py", '"low"', '"lowest"', "docs/clean.md:34: toy.race has no field 'low'"),
    ("snippets/figures/toy.py", "def race", "def chase", "docs/clean.md:9: no function draws figures/toy/race.svg"),
    ("tests/test_toy.py", "experiments.race()", '{"ratio": 4}', "calls the experiment race"),
    ("docs/references.bib", "{good2002", "{good2003", "docs/references.bib has no entry 'good2002'"),
    ("docs/clean.md", "{#deep}", "{#deeper}", "'clean.md' does not contain an anchor '#deep'"),
    ("docs/notation.md", "`x`", "`w`", "docs/notation.md:8 calls it w"),
    ("docs/notation.md", "| $y$ |", "| $z$ |", "has no row in docs/notation.md"),
    ("docs/checked.md", "<!-- checked", "<!-- notation", "docs/about.md:10: docs/checked.md has no checked formula"),
    ("mkdocs.yml", "\n  - attr_list", "", "attributes are not rendered"),
    ("snippets/site/source_pages.py", "code = pygments.highlight", "code = pygments.lowlight", "snippets/site/source_pages.py:"),
]
EDITS = [  # a file, what stands there, what is put in its place, and the page that then shows something else
    ("snippets/experiments/toy.py", "3.14", "3.24", "clean", "3.24"),
    ("snippets/toy.py", "by=1.5", "by=1.75", "clean", "1.75"),
    ("docs/clean.md", 'measured "It is', 'measured "It was', "ledger", "It was"),
    ("docs/clean.md", "A page with everything", "A page with nearly everything", "about", "nearly everything"),
    ("docs/clean.md", "| $a | b$ and", "| $a | c$ and", "about", "a | c"),
    ("docs/notation.md", "what is given", "what one hands over", "checked", "what one hands over"),
    ("docs/checked.md", "y = 3 x", "y = x + 2 x", "about", "x + 2 x"),
    ("docs/glossary.md", "What is claimed", "What is said", "about", "What is said"),
    ("docs/references.bib", "{Another work}", "{Some other work}", "clean", "Some other work"),
    ("docs/about.md", "# About", "# All about it", "about", "All about it"),
    ("mkdocs.yml", "Clean: clean.md", "Spotless: clean.md", "about", "Spotless"),
    ("docs/ledger.md", "description: d", "status: new\ndescription: d", "about", "md-status--new"),
    ("tests/test_toy.py", "def test_race", "def test_the_race", "clean", "test_the_race"),
]


@pytest.fixture(scope="module")
def note(once, built) -> Path:  # noqa: F811
    """The small note, with pages that read others, built once: all of it is kept. Its results and pictures are those of another copy."""

    def make(folder: Path) -> str:
        test_faults.copy(folder)
        for kind in ("experiments", "figures", "notebooks"):
            shutil.copytree(built / ".cache" / kind, folder / ".cache" / kind)
        for name, text in PAGES.items():
            (folder / name).write_text(text, encoding="utf-8")
        with (folder / "mkdocs.yml").open("a", encoding="utf-8") as config:
            config.write(NAV)
        (folder / "hook.py").write_text(HOOK, encoding="utf-8")
        edit(folder, "mkdocs.yml", "  - snippets/site/hook.py\n", "  - snippets/site/hook.py\n  - hook.py\n")
        said = end(start(folder))
        assert said.startswith("exit 0\n"), said
        return str(folder)

    return Path(once("kept", make))


@pytest.fixture
def copy(note, tmp_path) -> Path:
    return Path(shutil.copytree(note, tmp_path / "note", symlinks=True))


def edit(note: Path, file: str, old: str, new: str) -> None:
    text = (note / file).read_text(encoding="utf-8")
    assert old in text, f"{file}: {old}"
    (note / file).write_text(text.replace(old, new, 1), encoding="utf-8")


def test_where_nothing_changed_no_page_is_made_and_the_site_has_the_same_bytes(note, copy):
    said = end(start(copy, NO_PAGE_IS_MADE="1"))
    assert said.startswith("exit 0\n"), said
    assert differences(note / "site", copy / "site") == []
    edit(copy, "docs/checked.md", "# Checked", "# Checked again")
    assert "'NoneType' object is not callable" in end(start(copy, NO_PAGE_IS_MADE="1"))


@pytest.mark.parametrize(("file", "old", "new", "says"), FAULTS, ids=[f"{f[0]}-{f[2]}" for f in FAULTS])
def test_a_fault_put_in_after_a_good_build_is_said_by_the_next(copy, file, old, new, says):
    edit(copy, file, old, new)
    said = end(start(copy))
    assert said.startswith("exit 1\n")
    assert says in said


@pytest.mark.long(35)
def test_a_change_is_seen_on_every_page_that_shows_it(copy):
    """After each edit the site is that of a build to which no page was kept."""
    for file, old, new, page, shows in EDITS:
        edit(copy, file, old, new)
        said = end(start(copy))
        assert said.startswith("exit 0\n"), said
        html = (copy / "site" / page / "index.html").read_text(encoding="utf-8")
        assert shows in html or shows in re.sub(r"<[^>]*>", "", html), f"{file}: {new}"
        (copy / "site").rename(copy / "kept")
        shutil.rmtree(copy / ".cache/pages")
        assert end(start(copy)).startswith("exit 0\n")
        assert differences(copy / "kept", copy / "site") == [], f"{file}: {new}"
        shutil.rmtree(copy / "kept")


def test_what_makes_pages_is_edited_while_they_are_served(copy):
    """The server, which has it as it was, says so and keeps nothing under the new code's name."""
    environment = os.environ | test_faults.ENVIRONMENT | {"PYTHONPATH": str(copy)}
    said = subprocess.run([sys.executable, "-c", SERVED], cwd=copy, env=environment, capture_output=True, text=True, check=True).stdout
    assert "start it again" in said
    assert end(start(copy)).startswith("exit 0\n")
    assert "MEASURED" in (copy / "site/clean/index.html").read_text(encoding="utf-8")


def test_what_is_wrong_is_said_again_after_a_build_that_said_it_or_was_quiet(copy):
    edit(copy, "docs/references.bib", "{good2002", "{good2003")
    end(start(copy, "--quiet"))
    for _ in range(2):
        assert "has no entry 'good2002'" in end(start(copy))


def test_no_page_of_the_note_reads_another_without_its_being_known():
    """Whatever reads a page while another is made says so in `source.pages_read`: else a change there would not be seen here."""
    opened, config = set(), load_config(str(ROOT / "mkdocs.yml"))
    pages = {path: source.read(path) for path in sorted(source.DOCS.rglob("*.md"))}
    sys.addaudithook(lambda event, arguments: opened.add(str(arguments[0])) if event == "open" else None)
    with pytest.MonkeyPatch.context() as patch:
        for path, page in pages.items():
            for module in [module for name, module in sys.modules.items() if name.startswith("snippets.site.")]:
                for kept in [value for value in vars(module).values() if hasattr(value, "cache_clear") and value is not formulas._katex]:
                    kept.cache_clear()  # what is remembered from the page before is read again
            patch.setattr(extension, "locate", lambda lines, page=page: page)
            source.pages_read.clear()
            opened.clear()
            Markdown(extensions=config.markdown_extensions, extension_configs=config.mdx_configs).convert(page.text)
            read = {other for other in pages if str(other) in opened} - {path}
            assert read <= source.pages_read, f"{path.name} read {[p.name for p in read - source.pages_read]}"
