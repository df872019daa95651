"""The one MkDocs hook: draws what changed before a build, and adds what is made to the site's files."""

import contextlib
import errno
import gc
import marshal
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import cached_property, partial
from pathlib import Path
from urllib.parse import urlsplit

from jinja2 import BytecodeCache, FileSystemLoader, TemplateNotFound
from mkdocs.commands.build import _build_page, _populate_page, get_context
from mkdocs.exceptions import Abort
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File

from snippets.experiments import _cache
from snippets.figures import _draw
from snippets.site import (
    assets,
    cards,
    checks,
    citations,
    copies,
    finding,
    fonts,
    formulas,
    kept,
    made,
    notebooks,
    policy,
    source,
    source_pages,
    whole,
)
from snippets.site.formula_checks import forget
from snippets.site.source import LOG

BUNDLE = re.compile(r'<script src="([^"]*)assets/javascripts/bundle\.')
EXTERNAL = re.compile(r"""<a(?=\s)(?=[^>]*\shref=["']https?://)(?![^>]*\srel=)""")
CANNOT_WRITE = {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.ENOTDIR, errno.EEXIST}
OWN_SEARCH = ("assets/javascripts/lunr/", "assets/javascripts/workers/")  # Material's, which docs/assets/search.js stands in for
ON_PAGES = [  # templates that the page of what is not found has no use for
    "sitemap.xml",
    ".icons/material/arrow-right.svg",
    *(f"partials/{name}.html" for name in ("actions", "comments", "content", "feedback", "source-file", "tags", "toc-item")),
]
UNDATED = "1970-01-01"  # what gzip, too, takes for no date
started, building = 0.0, False
search = ""  # the address of our script
work: list = []  # what runs and draws: processes
shared: copies.Copy | None = None  # the one of them that makes pages, too
pages: set[str] = set()  # the addresses in the navigation, where all pages are to be made
glyphs: dict[str, dict[str, str]] = {}  # for each page with formulas, what their fonts have to show
late: dict[File, Callable] = {}  # files of the site whose content is made of it
held: list[int] = []  # the folders that are ours until the build has ended


def on_startup(command, dirty):
    global started, building
    started, building = time.perf_counter(), command == "build"
    gc.set_threshold(100_000)  # a build makes many objects and lets go of few


def on_config(config):
    """Run experiments and notebooks and draw figures in fresh interpreters, so that edited code is what runs."""
    global search
    release()
    if kept.outdated():
        raise Abort("what makes the pages was edited, and this server still has it as it was: end it, and start it again")
    for file in formulas.READ:
        if not file.exists():
            raise Abort(f"{source.shown(file)}: is not there; run `make install`")
    try:
        held.append(_cache.alone(_cache.CACHE))
    except OSError as error:
        raise _cache.CacheError.of(_cache.CACHE, error) from error
    held.append(_cache.alone(Path(config.site_dir)))
    if building:  # see the Makefile: what is built from now on is not whole until it is done
        for mark in [*_cache.CACHE.glob("site*.whole"), *_cache.CACHE.glob("site.built")]:
            mark.unlink()
    kept.begin(config)
    forget()
    formulas.begin()
    # What the person who builds has set up for matplotlib and IPython at home has no say, and a home is not needed.
    for name in ("MPLCONFIGDIR", "IPYTHONDIR"):
        home = _cache.CACHE / "home" / name.lower()
        with contextlib.suppress(OSError):  # where nothing can be written, what has to be written says so
            home.mkdir(parents=True, exist_ok=True)
        os.environ[name] = str(home)
    _cache.frozen = _cache.files()
    names = assets.named()
    config.extra_css, config.extra_javascript = assets.renamed(config.extra_css, names), assets.renamed(config.extra_javascript, names)
    for picture in ("logo", "favicon"):
        config.theme[picture] = assets.renamed([config.theme[picture]], names)[0]
    (search,) = assets.renamed([assets.SEARCH], names)
    (experiments, results), (figures, pictures), (scripts, executed) = _cache.missing(), _draw.missing(), notebooks.missing()
    undrawn, sources = cards.missing(), len(source_pages.missing())
    figured = any(told[4] for _, told in undrawn)
    if experiments or figures or scripts or figured or not copied() and (undrawn or sources > source_pages.FEW):
        work.append(subprocess.Popen([sys.executable, "-m", "snippets.site.work"], cwd=_cache.ROOT, stderr=subprocess.PIPE, text=True))
        if experiments or figures or scripts:  # what pages show; cards are drawn while pages are made
            end_work()
    else:
        print(f"reused: {results} results of experiments, {pictures} pictures, {executed} notebooks")
    _cache.remember_keys()
    _cache.frozen = _cache.files()
    notebooks.look_at_kept()
    converted = _cache.CACHE / "notebooks" / "html"  # written by the plugin as it comes, so half written where a build was killed
    for page in converted.glob("*.json"):
        _cache.is_whole(page)
    config.plugins["mkdocs-jupyter"].config["cache_dir"] = str(converted)
    config.plugins["material/search"].search_index = finding.Index()
    config.theme.get_env = partial(environment, config.theme.get_env)
    if copied() and not work and (undrawn or sources):
        source_pages.ready()
        share(light_work)
    return config


def copied() -> bool:
    """Whether this process may be copied: not where it has threads, as a server has."""
    return building and copies.possible()


def share(first: Callable, turns=(), make: Callable | None = None) -> None:
    """Let a copy of this process do its work, and then of the pages those that it gets to before this one does."""
    global shared
    work.append(copies.Copy(first, turns, make))
    if turns:
        shared = work[-1]


def next_page() -> None:
    """Before a page is made: where a copy has begun with it, and so with all that follow, take over what it has made of them."""
    if shared and not shared.turn():
        end_work()


def end_work() -> None:
    """Wait for what is drawn and run, and say what went wrong with it."""
    global shared
    shared = None
    while work:
        run = work.pop()
        said = [line for line in run.communicate()[1].splitlines() if line.strip()]
        for line in sorted(said, key=lambda line: not line.endswith(_cache.ADVICE)):  # a full disk first: the rest follows from it
            if line.endswith(_cache.ADVICE):
                raise _cache.CacheError(line)
            LOG.warning("%s", line)
        if run.returncode and not said:
            LOG.warning("snippets/site/work.py:1: ended with %d", run.returncode)


def environment(get_env):
    """The theme's templates, which are compiled once, found without a walk through its icons."""
    global templates
    env = get_env()
    env.loader, env.bytecode_cache = Loader(env.loader.searchpath), (templates := Templates())
    return env


class Loader(FileSystemLoader):
    """MkDocs asks for all files of the theme to copy those without a dot in front. Most are icons in a folder that has one."""

    def list_templates(self) -> list[str]:
        return sorted({name for folder in self.searchpath for name in self.seen(folder)})

    def seen(self, folder: str, within: str = "") -> Iterator[str]:
        for entry in os.scandir(os.path.join(folder, within)):
            if entry.is_dir() and entry.name[0] != ".":
                yield from self.seen(folder, f"{within}{entry.name}/")
            elif entry.name[0] != ".":
                yield f"{within}{entry.name}"


def on_files(files, config):
    late.clear()
    for file in [file for file in files if file.src_uri.startswith(OWN_SEARCH)]:
        files.remove(file)
    for name in assets.named():
        if file := files.get_file_from_path(name):
            files.remove(file)
    for address, content in made.files(config.site_name):
        given = {"abs_src_path": str(content)} if isinstance(content, Path) else {"content": "" if callable(content) else content}
        files.append(file := File.generated(config, address, **given))
        if callable(content):
            late[file] = content
    for path in notebooks.sources():
        if notebooks.executed(path).exists():
            files.get_file_from_path(f"notebooks/{path.name}").abs_src_path = str(notebooks.executed(path))
    return files


def on_nav(nav, config, files):
    """Where all pages are to be made, a copy of this process makes some: their HTML now, what the theme makes of that in on_env."""
    global navigation
    navigation = nav
    kept.see(files)
    kept.search_once(config.plugins["material/search"].search_index)
    pages.clear()
    if copied() and kept.nothing_holds():
        pages.update(page.url.strip("./") for page in nav.pages)
    busy = any(isinstance(run, subprocess.Popen) for run in work)  # with what takes all cores
    if copied() and not busy and (pages or not Templates.place.exists()):
        read = [file.page for file in files.documentation_pages() if file.page] if pages else []
        share(partial(compile_theme, nav, config, files), read, partial(_populate_page, config=config, files=files))
    return nav


def light_work() -> list[str]:
    """While pages are made, draw the cards that have no figure, and highlight code."""
    _, problem = source_pages.work(source_pages.missing())
    return [*cards.draw_plain(), *filter(None, [problem])]


def compile_theme(nav, config, files) -> list[str]:
    if not Templates.place.exists():
        env = config.theme.get_env()
        env.get_template("404.html").render(get_context(nav, files, config))
        for name in ON_PAGES:
            with contextlib.suppress(TemplateNotFound):  # another version of the theme may have others
                env.get_template(name)
        templates.keep()
    return []


class Templates(BytecodeCache):
    """The theme's templates, compiled, in one file. Jinja's own store of them would not notice that one is damaged."""

    place = _cache.CACHE / "templates" / sys.implementation.cache_tag

    more = False

    @cached_property
    def known(self) -> dict[str, bytes]:
        known = _cache.kept(self.place)
        return marshal.loads(known) if known else {}

    def load_bytecode(self, bucket) -> None:
        if bucket.key in self.known:
            bucket.bytecode_from_string(self.known[bucket.key])

    def dump_bytecode(self, bucket) -> None:
        self.known[bucket.key], self.more = bucket.bytecode_to_string(), True

    def keep(self) -> None:
        _cache.keep(self.place, marshal.dumps(self.known))


def on_env(env, config, files):
    global glyphs
    end_work()
    glyphs = {file.dest_uri: file.page.glyphs for file in files.documentation_pages() if file.page.glyphs}
    for file, content in late.items():
        file.content_string = content()
    for file in [file for file in files if file.src_uri.startswith("cards/") and not os.path.exists(file.abs_src_path)]:
        files.remove(file)
    kept.show_once(env, files, finish)
    if pages:
        docs = files.documentation_pages()
        show = partial(_build_page, config=config, doc_files=docs, nav=navigation, env=env)
        share(prepare_fonts, [file.page for file in docs], show)
    return env


def prepare_fonts() -> list[str]:
    """Make what fonts.write will ask for; what is wrong is said there."""
    with contextlib.suppress(Exception):
        fonts.made(glyphs.values())
    return []


def on_page_markdown(markdown, page, config, files):
    if page.file.src_uri.endswith(".md"):  # the plugin for notebooks sees to its own
        kept.render_once(page)
    return markdown


def on_page_content(html, page, config, files):
    """A notebook's page in our own markup; and for every page, what KaTeX drew is set aside while search reads it."""
    path = source.DOCS / page.file.src_uri
    if path.parent == source.DOCS / "notebooks":
        urls = {file.src_uri: file.url_relative_to(page.file) for file in files}
        shown = Path(page.file.abs_src_path)
        given = (html, shown.read_bytes(), urls)
        html = kept.once(page.file.dest_uri, "mended", given, lambda: notebooks.mend(html, path, notebooks.kept(shown), urls))
        page.meta["description"] = notebooks.description(html)
    html, page.drawn = formulas.set_aside(html)
    page.glyphs = fonts.needs(page.file.dest_uri, page.drawn) if page.drawn else {}
    return html


def on_pre_page(page, config, files):
    next_page()
    page.update_date = UNDATED  # MkDocs has the day of the build there, which says nothing of the page
    return page


def finish(output):
    """What the theme made of a page, made lighter and ready for search; the formulas are still set aside."""
    return EXTERNAL.sub(r'\g<0> rel="noopener"', searchable(light(output)))


@event_priority(100)
def on_page_context(context, page, config, nav):
    next_page()
    return context


def on_post_page(output, page, config):
    """Where pages are made by a copy, too, what on_post_build needs of each is found at once."""
    output = formulas.put_back(output, page.drawn)
    if pages:
        site, place = Path(config.site_dir), page.file.dest_uri
        checks.seen(site, site / place, output)
        if (address := page.url.strip("./")) in pages:
            whole.article_of(output, address, pages)
    return output


def light(output: str) -> str:
    """A page without what only the search index reads, and without indents, but where white space is text."""
    output = re.sub(' data-search-exclude(="")?', "", output)
    parts = re.split(r"(<(?:pre|textarea|script)\b.*?</(?:pre|textarea|script)>)", output, flags=re.S)
    return "".join(part if i % 2 else without_indents(part) for i, part in enumerate(parts))


def without_indents(text: str) -> str:
    first, *others = text.split("\n")
    return "\n".join([first.rstrip(), *filter(None, map(str.strip, others[:-1])), others[-1].lstrip()]) if others else text


def searchable(output: str) -> str:
    """Name the search for screen readers, as Material does not, and have docs/assets/search.js answer it."""
    output = output.replace('data-md-component="search" role="dialog"', 'data-md-component="search" role="dialog" aria-label="Search"')
    return BUNDLE.sub(rf'<script src="\1{search}"></script>\g<0>', output)


def on_post_template(output_content, template_name, config):
    return searchable(output_content).replace(f"<lastmod>{UNDATED}</lastmod>", "")


def on_serve(server, config, builder):
    server.watch(str(_cache.ROOT / "snippets"))
    server.watch(str(_cache.ROOT / "tests"))
    return server


def on_post_build(config):
    global started
    site = Path(config.site_dir)
    end_work()
    if building:
        formulas.end()
    found = config.plugins["material/search"].search_index
    if pages:
        share(partial(keep, config, found))
    fonts.write(site, glyphs)
    whole.write(site)
    for path, line, what in checks.built(site):
        if (path, line) not in source.reported:  # said at its line already
            source.report(path, line, what)
    for line, what in citations.unused():
        source.report(citations.BIBLIOGRAPHY, line, what)
    source.reported.clear()
    (site / "_headers").write_text(policy.headers(site, urlsplit(config.site_url or "").path.rstrip("/")), encoding="utf-8")
    if config.site_url:
        (site / "robots.txt").write_text(f"User-agent: *\nDisallow:\n\nSitemap: {config.site_url}sitemap.xml\n", encoding="utf-8")
    if not pages:
        keep(config, found)
    end_work()
    files = [p.stat().st_size for p in site.rglob("*") if p.is_file()]
    count, taken = len(list(site.rglob("index.html"))), time.perf_counter() - started
    print(f"site: {count} pages, {sum(files) / 1e6:.1f} MB in {os.path.relpath(site)}, {taken:.1f} s")
    kept.end()
    if templates.more:
        templates.keep()
    _cache.remember_keys()  # those of checked formulas came up on the way
    for page in (_cache.CACHE / "notebooks" / "html").glob("*.json"):
        _cache.vouch(page)
    _cache.frozen = None
    if building:
        (_cache.CACHE / "site.built").touch()
    release()
    started = time.perf_counter()  # the next build of `make serve` counts anew


def keep(config, index: finding.Index) -> list[str]:
    """Write what the search knows, and keep what came up: what is still to do needs neither."""
    index.write(Path(config.site_dir))
    kept.keep(config)
    return []


def on_build_error(error):
    """Let others build; and where a folder cannot be written to, say which and what to do, for a traceback says neither."""
    release()
    if isinstance(error, _cache.CacheError):
        raise Abort(str(error))
    if isinstance(error, OSError) and error.errno in CANNOT_WRITE:
        what = f"{error.filename2 or error.filename or 'the site'}: cannot be written ({error.strerror})"
        raise Abort(f"{what}; free some space there, make it writable, or name another folder: mkdocs build --site-dir /another/folder")


def release():
    while work:  # its build went wrong meanwhile
        work.pop().communicate()
    while held:
        os.close(held.pop())
