"""`python -m snippets.site.zensical OUT`: the same pages, built by Zensical, which is to follow on MkDocs and Material.

Zensical runs Python-Markdown's extensions, and so all that happens within a page. It runs no hooks and knows no plugin for
notebooks. So what the hook adds to the site is laid beside the pages before the build, in a folder of its own, and notebooks
are left out: links to them lead to their scripts.
"""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from snippets.experiments import _cache
from snippets.experiments._cache import CACHE, ROOT
from snippets.site import assets, fonts, made, whole
from snippets.site.source import DOCS

STAGE = CACHE / "zensical"
THEME = "snippets/site/theme"  # as mkdocs.yml names it
NOT_FOR_IT = (
    (re.compile(r"^hooks:\n(?:[ ].*\n)+", re.M), ""),
    (re.compile(r"^  - mkdocs-jupyter:\n(?:[ ]{6}.*\n)+", re.M), ""),
    (re.compile(r"^ +- .*: notebooks/.*\n", re.M), ""),
    (re.compile(r"^  - [^\n:]+:\n(?=  - |\n)", re.M), ""),  # a group of the navigation that is empty now
    (re.compile(r"^site_url: .*\n", re.M), ""),
)


def stage() -> None:
    """Lay out docs/ and all that is made, with a mkdocs.yml without what Zensical lacks."""
    shutil.rmtree(STAGE, ignore_errors=True)
    shutil.copytree(DOCS, STAGE / "docs", ignore=shutil.ignore_patterns("*.bib"))
    shutil.copytree(ROOT / THEME, STAGE / THEME)
    for name in assets.named():
        (STAGE / "docs" / name).unlink(missing_ok=True)
    text = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    name = re.search(r"^site_name: (.*)$", text, re.M)[1]
    for address, content in made.files(name):
        path = STAGE / "docs" / address
        path.parent.mkdir(parents=True, exist_ok=True)
        content = content() if callable(content) else content
        data = content.read_bytes() if isinstance(content, Path) else content.encode() if isinstance(content, str) else content
        path.write_bytes(data)
    text = re.sub(r"\bassets/[\w/.]+", lambda name: assets.renamed([name[0]])[0], text)
    text = re.sub(r"^(  - assets/.*\n)\1+", r"\1", text, flags=re.M)
    for pattern, new in NOT_FOR_IT:
        text = pattern.sub(new, text)
    (STAGE / "mkdocs.yml").write_text(text, encoding="utf-8")


def main(out: Path) -> int:
    """Build strictly into a folder; 0 where that went well."""
    if importlib.util.find_spec("zensical") is None:
        print("Zensical is not installed: run `make zensical`")
        return 2
    _cache.alone(_cache.CACHE)  # until this process ends: the folder that it lays out is in there
    stage()
    command = [sys.executable, "-m", "zensical", "build", "--strict", "--clean"]
    run = subprocess.run(command, cwd=STAGE, env=os.environ | {"PYTHONPATH": str(ROOT), "NO_COLOR": "1"})
    if not run.returncode:
        shutil.rmtree(out, ignore_errors=True)
        shutil.move(STAGE / "site", out)
        fonts.write(out)
        whole.write(out)
    return run.returncode


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve()))
