"""What a build takes over from the one before: what each page came to, where nothing that went into it has changed.

That is decided coarsely, so that it is decided right. Kept under a page's own text are its HTML, what the theme makes of that,
its sections for search and what the checks of the built page need, each for all other files of the repository as they are (less
the pages), for the packages as they are installed, and for those pages that it read while it was made. What was not right is
never kept: it is made, and said, again.
"""

import contextlib
import hashlib
import json
import logging
import os
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from snippets.experiments import _cache
from snippets.site import source
from snippets.site.formulas import KATEX

LOG = logging.getLogger("mkdocs")
MADE = {".git", ".venv", ".hypothesis", ".pytest_cache", ".ruff_cache", ".import_linter_cache", "node_modules"}

MADE_FOR = _cache.CACHE / "pages" / "made_for"
SITE = Path(__file__).parent

_house = _files = ""  # digests, of all that is no page and of what the site is made of; "" outside a build
_texts: dict[str, str] = {}  # of every file its digest as this build began
_pages: dict[str, dict] = {}  # for each page of this build what is kept of it, by parts
_changed: dict[str, dict] = {}  # and what of that is new
_before: tuple[dict, dict] = {}, {}  # in a copy of the process: what was new when it was made, and the keys that were known


def _code() -> dict[Path, bytes]:
    """What makes pages, as its files are now."""
    others = (SITE.parent / name for name in ("experiments/_bench.py", "experiments/_cache.py", "figures/_draw.py"))
    return {path: path.read_bytes() for path in [*SITE.glob("*.*"), *others]}


_loaded = _code()


def outdated() -> bool:
    """Whether that has been edited since this process began: what it makes now would be kept as if the edited code had made it."""
    return _code() != _loaded


def begin(config) -> None:
    """Look at every file of the repository once: what a build takes over is taken over for the files as they are now."""
    global _house, _files
    _files = ""
    _pages.clear()
    _changed.clear()
    _texts.clear()
    _house = _look(config, _texts)


def see(files) -> None:
    """Which files the site is made of, for the links between them."""
    global _files
    _files = _digest([(file.src_uri, file.url, file.inclusion.value) for file in files])


def nothing_holds() -> bool:
    """Whether all pages are to be made: something has changed that goes into each, or none is kept."""
    return _cache.kept(MADE_FOR) != _digest(_house, _files).encode()


def begin_copy() -> None:
    """In a copy of this process: what it keeps from now on is taken over by the one that was copied, see copies."""
    global _before
    _before = {page: dict(parts) for page, parts in _changed.items()}, dict(_cache.known())


def of_copy() -> tuple[dict, dict]:
    """What this copy has kept of pages, and the keys that came up."""
    parts, keys = _before
    made = {page: {part: of for part, of in now.items() if of is not parts.get(page, {}).get(part)} for page, now in _changed.items()}
    return made, {label: key for label, key in _cache.known().items() if label not in keys}


def take_over(found: tuple[dict, dict]) -> None:
    """What a copy has kept is as if it had been kept here."""
    pages, keys = found
    for page, parts in pages.items():
        _of(page).update(parts)
        _changed.setdefault(page, {}).update(parts)
    _cache.known().update(keys)


def _look(config, texts: dict[str, str]) -> str:
    """The digest of all that can change what a page comes to, but for the texts of pages. `texts` is given the digest of each file."""
    katex = KATEX / "package.json"
    for path in _walk(str(_cache.ROOT), {str(_cache.CACHE), config.site_dir}):
        with open(path, "rb") as file:
            texts[_name(path)] = hashlib.sha256(file.read()).hexdigest()
    files = [(path, "" if path.startswith("docs/") and path.endswith(".md") else digest) for path, digest in texts.items()]
    installed = _cache.installed(), sys.version, katex.read_bytes() if katex.exists() else b""
    return _digest(installed, config.site_url, config.use_directory_urls, files)


def _walk(folder: str, others: set[str]) -> Iterator[str]:
    """Every file of ours below a folder, in order."""
    top = folder == str(_cache.ROOT)
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        if (
            entry.name == "__pycache__"
            or entry.path in others
            or top
            and (entry.name in MADE or entry.name.startswith(("site", ".coverage")))
        ):
            continue
        if entry.is_dir():
            yield from _walk(entry.path, others)
        elif entry.is_file():
            yield entry.path


def _name(path) -> str:
    """A file as it is called in any clone."""
    return str(path).removeprefix(f"{_cache.ROOT}/")


def _digest(*parts) -> str:
    return hashlib.sha256("\0".join(part if isinstance(part, str) else repr(part) for part in parts).encode()).hexdigest()


def _place(page: str) -> Path:
    return _cache.CACHE / "pages" / f"{page.replace('/', '.')}.kept"


def _of(page: str) -> dict:
    """What is kept of a page."""
    if page not in _pages:
        _pages[page] = json.loads(_cache.kept(_place(page)) or "{}")
    return _pages[page]


def once(page: str, part: str, given: tuple, make: Callable, wrong: Callable = lambda value: False):
    """What `make()` gives for a page, as JSON has it; from an earlier build where that was given the same. Not kept where it is wrong."""
    if not _house:
        return make()
    key, stored = _digest(_house, _files, *given), _of(page).get(part)
    if stored and stored["key"] == key and all(_texts.get(name) == text for name, text in stored["read"].items()):
        return stored["value"]
    source.pages_read.clear()
    with _heard() as said:
        value = make()
    read = [_name(path) for path in source.pages_read if path.exists()]
    if not said and not wrong(value) and all(name in _texts for name in read):
        _pages[page][part] = {"key": key, "read": {name: _texts[name] for name in read}, "value": value}
        _changed.setdefault(page, {})[part] = _pages[page][part]
    return value


@contextlib.contextmanager
def _heard() -> Iterator[list]:
    """What MkDocs and our checks say meanwhile. Where they have been told to say less or more than usual, that counts as something."""
    said = [] if LOG.getEffectiveLevel() == logging.INFO else ["not all"]
    listener = logging.Handler(logging.INFO)
    listener.emit = said.append
    LOG.addHandler(listener)
    try:
        yield said
    finally:
        LOG.removeHandler(listener)


def keep(config) -> None:
    """Keep what came up in this build, unless a file was changed meanwhile; and nothing of pages that are no more."""
    now: dict[str, str] = {}
    same = _house and _house == _look(config, now) and _texts == now
    for page in _changed if same else ():
        _cache.keep(_place(page), json.dumps(_pages[page]).encode())
    if same and nothing_holds():
        _cache.keep(MADE_FOR, _digest(_house, _files).encode())
    there = {MADE_FOR.name, *(_place(page).name for page in _pages)}
    for path in _cache.CACHE.glob("pages/*"):
        if path.name not in there:
            path.unlink(missing_ok=True)


def end() -> None:
    """From now on nothing is taken over, nor kept."""
    global _house
    _house = ""


# What MkDocs makes of a page, and the plugin for search.


def render_once(page) -> None:
    """Let a page of Markdown be rendered only where it has to be."""
    page.render = partial(_render, page, page.render)


def _render(page, render: Callable, config, files) -> None:
    def make() -> dict:
        render(config, files)
        links = {file.src_uri: found for file, found in (page.links_to_anchors or {}).items()}
        return {
            "content": page.content,
            "toc": [_token(link) for link in page.toc],
            "title": page._title_from_render,
            "ids": sorted(page.present_anchor_ids),
            "links": links,
        }

    from mkdocs.structure.toc import get_toc  # pages are made without MkDocs too, and then nothing is kept

    found = once(page.file.dest_uri, "html", (page.markdown, _texts.get(f"docs/{page.file.src_uri}")), make)
    page.content, page.toc, page._title_from_render = found["content"], get_toc(found["toc"]), found["title"]
    page.present_anchor_ids = set(found["ids"])
    page.links_to_anchors = {files.get_file_from_path(path): links for path, links in found["links"].items()}


def _token(link) -> dict:
    return {"name": link.title, "id": link.id, "level": link.level, "children": [_token(child) for child in link.children]}


def show_once(env, files, finish: Callable) -> None:
    """Let the theme show a page, and that be finished, only where it has to: of others it shows title, address and front matter."""
    others = _digest([(file.src_uri, file.page.title, file.page.meta) for file in files.documentation_pages()])

    entries: dict[tuple, str] = {}

    class Template(env.template_class):
        def render(self, context) -> str:
            if not (page := context["page"]):
                return super().render(context)
            toc = [_token(link) for link in page.toc]
            given = (self.name, others, page.content, toc, page.edit_url, context["config"].theme.name)
            return once(page.file.dest_uri, "shown", given, lambda: finish(super(Template, self).render(context)))

        def make_module(self, context=None, *more):
            """Of the navigation, an entry in which the page is not looks the same on all pages of a depth."""
            module = super().make_module(context, *more)
            if self.name == "partials/nav-item.html":
                make = module.render

                def entry(item, path: str, level: int) -> str:
                    if item.active:
                        return make(item, path, level)
                    if (key := (path, level, context["base_url"])) not in entries:
                        entries[key] = make(item, path, level)
                    return entries[key]

                module.render = entry
            return module

    env.template_class = Template


def search_once(index) -> None:
    """Let the search's index take a page apart only where it has to."""
    index.add_entry_from_context = partial(_found_in, index, index.add_entry_from_context)


def _found_in(index, add: Callable, page) -> None:
    def make() -> dict:
        add(page)
        return index.pages.pop()

    given = (page.content, page.url, page.title, page.meta)
    index.pages.append(once(page.file.dest_uri, "search", given, make))
