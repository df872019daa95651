"""A small house for the tests of the pipeline: an empty repository that it takes for its own."""

import importlib
import os
import shutil
import sys
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from markdown import Markdown

import snippets
from snippets import experiments, figures
from snippets.site import citations, embed, extension, source

OWN = ("snippets/__init__.py", "snippets/experiments/_cache.py", "snippets/figures/_draw.py", "snippets/figures/_style.py")
OPTIONS = {"pymdownx.tabbed": {"alternate_style": True}, "pymdownx.highlight": {"pygments_lang_class": True}}
OTHERS = ["admonition", "attr_list", "md_in_html", "tables", "pymdownx.details", "pymdownx.superfences", *OPTIONS]


class House:
    """Files that a test writes, pages made of them, and what the pipeline said."""

    def __init__(self, root: Path, caplog):
        self.root, self._caplog, self._written = root, caplog, 1_000_000_000

    def write(self, name: str, text: str) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        self._written += 1  # two edits within one tick of the file system's clock are told apart
        os.utime(path, (self._written, self._written))
        forget(self.root)
        return path

    def edit(self, name: str, old: str, new: str) -> None:
        text = (self.root / name).read_text(encoding="utf-8")
        assert old in text
        self.write(name, text.replace(old, new))

    def convert(self, body: str) -> BeautifulSoup:
        """The HTML of docs/toy.md, which begins with two lines of its own and then has this body."""
        body = f"# Toy\n\n{body}\n"
        self.write("docs/toy.md", f"---\ndescription: d\n---\n{body}")
        markdown = Markdown(extensions=[extension.makeExtension(), *OTHERS], extension_configs=OPTIONS)
        return BeautifulSoup(markdown.convert(body), "html5lib")

    @property
    def said(self) -> list[str]:
        return [record.getMessage() for record in self._caplog.records if record.name == source.LOG.name]


def forget(root: Path) -> None:
    """Let the modules of this house be imported anew."""
    for name, module in list(sys.modules.items()):
        if name.startswith("snippets.") and (getattr(module, "__file__", None) or "").startswith(str(root)):
            package, _, own = sys.modules.pop(name).__name__.rpartition(".")
            vars(sys.modules[package]).pop(own, None)
    importlib.invalidate_caches()


@pytest.fixture
def house(tmp_path, monkeypatch, caplog):
    """An empty repository in place of this one; what is written into its snippets/ can be imported."""
    for name in OWN:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source.ROOT / name, tmp_path / name)
    docs = tmp_path / "docs"
    docs.mkdir()
    places = {"ROOT": tmp_path, "DOCS": docs, "CACHE": tmp_path / ".cache"}
    for name in [name for name in sys.modules if name.startswith("snippets.")]:
        for place in places.keys() & vars(sys.modules[name]).keys():
            monkeypatch.setattr(sys.modules[name], place, places[place])
    monkeypatch.setattr(embed, "BASES", (tmp_path / "snippets", docs, tmp_path))
    monkeypatch.setattr(citations, "BIBLIOGRAPHY", docs / "references.bib")
    for package in (snippets, experiments, figures):
        own = tmp_path.joinpath(*package.__name__.split("."))
        monkeypatch.setattr(package, "__path__", [*package.__path__, str(own)])
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    yield House(tmp_path, caplog)
    forget(tmp_path)
