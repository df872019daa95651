"""The one MkDocs hook: draws what changed before a build, and adds what is made to the site's files."""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

from mkdocs.structure.files import File

from snippets.experiments import _cache
from snippets.figures import _draw
from snippets.site import checks, citations, formulas, made, notebooks, policy, source
from snippets.site.formulas import KATEX
from snippets.site.source import LOG

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
    for address, content in made.files(config.site_name):
        given = {"abs_src_path": str(content)} if isinstance(content, Path) else {"content": content}
        files.append(File.generated(config, address, **given))
    for path in notebooks.sources():
        if notebooks.executed(path).exists():
            files.get_file_from_path(f"notebooks/{path.name}").abs_src_path = str(notebooks.executed(path))
    return files


def on_page_content(html, page, config, files):
    """A notebook's page in our own markup; and for every page, what KaTeX drew is set aside while search reads it."""
    path = source.DOCS / page.file.src_uri
    if path.parent == source.DOCS / "notebooks":
        urls = {file.src_uri: file.url_relative_to(page.file) for file in files}
        html = notebooks.mend(html, path, notebooks.kept(Path(page.file.abs_src_path)), urls)
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
    for line, what in citations.unused():
        source.report(citations.BIBLIOGRAPHY, line, what)
    source.reported.clear()
    (site / "_headers").write_text(policy.headers(site), encoding="utf-8")
    files = [p.stat().st_size for p in site.rglob("*") if p.is_file()]
    pages, taken = len(list(site.rglob("index.html"))), time.perf_counter() - started
    print(f"site: {pages} pages, {sum(files) / 1e6:.1f} MB in {os.path.relpath(site)}, {taken:.1f} s")
    _cache.remember_keys()  # those of checked formulas came up on the way
    _cache.frozen = None
    on_startup(None, None)  # the next build of `make serve` counts anew
