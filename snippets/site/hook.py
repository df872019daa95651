"""The one MkDocs hook: draws what changed before a build, and adds what is made to the site's files."""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import material
from mkdocs.structure.files import File

from snippets.experiments import _cache
from snippets.figures import _draw
from snippets.site import checks, exercises, formulas, notebooks, policy, source, source_pages
from snippets.site.formulas import KATEX
from snippets.site.source import LOG

ICONS = {
    "measured": "ruler",
    "settled": "check-decagram",
    "heuristic": "compass-outline",
    "contested": "scale-balance",
    "corrections": "eraser",
    "exercise": "pencil-ruler",
    "hint": "lightbulb-outline",
    "answer": "key-variant",
}

EXTERNAL = re.compile(r"""<a(?=\s)(?=[^>]*\shref=["']https?://)(?![^>]*\srel=)""")
started = 0.0


def on_startup(command, dirty):
    global started
    started = time.perf_counter()
    if command == "build":
        for mark in _cache.CACHE.glob("site*.whole"):  # see the Makefile: what is built from now on is not whole until it is done
            mark.unlink()


def on_config(config):
    """Run experiments and draw figures in a fresh interpreter, so that edited code is what runs."""
    _cache.frozen = None
    (experiments, results), (figures, pictures) = _cache.missing(), _draw.missing()
    if experiments or figures:
        run = subprocess.run([sys.executable, "-m", "snippets.figures"], cwd=_cache.ROOT, stderr=subprocess.PIPE, text=True)
        for line in filter(str.strip, run.stderr.splitlines()):
            LOG.warning("%s", line)
        if run.returncode and not run.stderr.strip():
            LOG.warning("snippets/figures/__main__.py:1: ended with %d", run.returncode)
    else:
        print(f"reused: {results} results of experiments, {pictures} pictures")
    _cache.remember_keys()
    _cache.frozen = _cache.files()
    if not KATEX.exists():
        LOG.warning("package.json:1: KaTeX is not installed; run `make install`")
    notebooks.run_missing()
    config.plugins["mkdocs-jupyter"].config["cache_dir"] = str(_cache.CACHE / "notebooks" / "html")
    return config


def on_files(files, config):
    for topic in _cache.topics("figures"):
        for name, _ in _draw.names(topic):
            for theme in _draw.THEMES:
                picture = _draw.picture_path(topic, name, theme)
                if picture.exists():
                    files.append(File.generated(config, f"figures/{topic}/{name}.{theme}.svg", abs_src_path=str(picture)))
    for made in [KATEX / "dist" / "katex.min.css", *sorted((KATEX / "dist" / "fonts").glob("*.woff2"))]:
        uri = f"assets/katex/{made.relative_to(KATEX / 'dist').as_posix()}"
        files.append(File.generated(config, uri, abs_src_path=str(made)))
    files.append(File.generated(config, "assets/icons.css", content=icons()))
    files.append(File.generated(config, f"assets/{exercises.NAME}", content=exercises.archive()))
    for path in source_pages.files():
        shown = path.relative_to(_cache.ROOT).as_posix()
        files.append(File.generated(config, f"source/{shown}.html", content=source_pages.render(path, config.site_name)))
        files.append(File.generated(config, f"source/{shown}", abs_src_path=str(path)))
    for path in notebooks.sources():
        if notebooks.executed(path).exists():
            files.get_file_from_path(f"notebooks/{path.name}").abs_src_path = str(notebooks.executed(path))
        for name, content in notebooks.files(path).items():
            files.append(File.generated(config, f"notebooks/{path.stem}/{name}", content=content))
    return files


def icons() -> str:
    """The boxes' icons as CSS variables, from the pictures that Material's package brings."""
    folder = Path(material.__file__).parent / "templates" / ".icons" / "material"
    lines = []
    for kind, icon in ICONS.items():
        drawn = (folder / f"{icon}.svg").read_text(encoding="utf-8").replace('"', "'").replace("#", "%23")
        lines.append(f'  --icon-{kind}: url("data:image/svg+xml;charset=utf-8,{drawn.strip()}");')
    return "\n".join([":root {", *lines, "}", ""])


def on_page_content(html, page, config, files):
    """A notebook's page in our own markup; and for every page, what KaTeX drew is set aside while search reads it."""
    path = source.DOCS / page.file.src_uri
    if path.parent == source.DOCS / "notebooks":
        urls = {file.src_uri: file.url_relative_to(page.file) for file in files}
        html = notebooks.mend(html, path, notebooks.as_shown(path), urls)
    html, page.drawn = formulas.set_aside(html)
    return html


def on_post_page(output, page, config):
    """Put the formulas back, and name the search for screen readers; Material leaves it nameless."""
    return EXTERNAL.sub(r'\g<0> rel="noopener"', named(formulas.put_back(output, page.drawn)))


def named(output: str) -> str:
    return output.replace('data-md-component="search" role="dialog"', 'data-md-component="search" role="dialog" aria-label="Search"')


def on_post_template(output_content, template_name, config):
    return named(output_content)


def on_serve(server, config, builder):
    server.watch(str(_cache.ROOT / "snippets"))
    server.watch(str(_cache.ROOT / "tests"))
    return server


def on_post_build(config):
    site = Path(config.site_dir)
    for path, line, what in checks.built(site):
        if (path, line) not in source.reported:  # said at its line already
            source.report(path, line, what)
    source.reported.clear()
    (site / "_headers").write_text(policy.headers(site), encoding="utf-8")
    files = [p.stat().st_size for p in site.rglob("*") if p.is_file()]
    pages, taken = len(list(site.rglob("index.html"))), time.perf_counter() - started
    print(f"site: {pages} pages, {sum(files) / 1e6:.1f} MB in {os.path.relpath(site)}, {taken:.1f} s")
    _cache.remember_keys()  # those of checked formulas came up on the way
    _cache.frozen = None
    on_startup(None, None)  # the next build of `make serve` counts anew
