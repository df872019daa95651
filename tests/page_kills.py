"""`python -m tests.page_kills`: would a reader of the page have seen it? Every wrong version against what pages show.

A unit test that kills a wrong version proves nothing to somebody who reads the page. So each is put in the snippet's place,
and only the checks of pages are asked: the formulas, the doctests of the module, the blocks. The first to fail is kept in
page_kills.json, with the hashes of what it was measured on; a topic is measured again where one of them differs. Claims are
not asked: their experiments take minutes, and where nothing else saw a mistake, a line in a doctest mostly was enough. The
others say why: `@wrong(..., unseen="...")`.

Every one runs in a forked process of its own, and nothing that it changes is left.
"""

import doctest
import functools
import hashlib
import json
import os
import re
import resource
import signal
import sys
import types
from importlib import import_module
from pathlib import Path

from snippets.experiments import _cache
from snippets.site import blocks, formula_checks, formulas, libraries, source
from tests.wrong._registry import REGISTRY, Wrong

RESULT = Path(__file__).with_name("page_kills.json")
SECONDS = 60  # of the processor, for one wrong version; most take less than one
written = functools.cache(formulas.find)  # pages are asked for each topic
replaced: dict[str, tuple] = {}  # name: (the right function, the wrong one), while one is in place


def registry() -> dict[str, list[Wrong]]:
    """The wrong versions of each topic."""
    for path in sorted((_cache.ROOT / "tests" / "wrong").glob("[!_]*.py")):
        import_module(f"tests.wrong.{path.stem}")
    found: dict = {}
    for entry in REGISTRY:
        found.setdefault(entry.topic, []).append(entry)
    return found


def checks(topic: str) -> list[tuple]:
    """What pages show of a topic and the build holds: (its name, its text, a function that raises where it fails)."""
    found, module = [], import_module(f"snippets.{topic}")
    for path in sorted(source.DOCS.glob("*.md")):
        for formula in written(path.read_text(encoding="utf-8")):
            if f"{topic}." in formula.checked:
                name = f"formula of {formula.checked.split()[0]} in {source.shown(path)}"
                call = lambda formula=formula: formula_checks.compare(formula.tex, formula.checked)  # noqa: E731
                found.append((name, formula.tex + formula.checked, call))
    for test in doctest.DocTestFinder().find(module, module.__name__):
        if test.examples:
            found.append((f"doctest of {test.name.removeprefix('snippets.')}", "", lambda test=test: run_doctest(test, topic)))
    for path in sorted(source.DOCS.glob("*.md")):
        every = blocks.of_page(path)
        for i, block in enumerate(every):
            if "not-run" not in block.classes and block.path == path:
                chain = blocks.chain(every, i)
                code = "".join(b.code for b in chain)
                if libraries.needed(code) and topic != "tensorflow":  # what a library's tab shows is the library's
                    continue
                if source.read(path).topic == topic or re.search(rf"snippets(\.| import .*\b){topic}\b", code):
                    found.append((f"block {i + 1} of {source.shown(path)}", code, lambda chain=chain: run_blocks(chain)))
    return found


def run_doctest(test: doctest.DocTest, topic: str) -> None:
    said: list[str] = []
    test.globs = dict(vars(import_module(f"snippets.{topic}")))
    if doctest.DocTestRunner(verbose=False, optionflags=doctest.FAIL_FAST).run(test, out=said.append, clear_globs=False).failed:
        raise AssertionError("".join(said))


def run_blocks(chain: list[blocks.Block]) -> None:
    """As the page's reader runs them; where a block has brought the right function, the wrong one takes its place."""
    names: dict = {}
    for block in chain:
        blocks.run([block], names)
        for name, (right, wrong) in replaced.items():
            there = names.get(name)
            if isinstance(there, types.FunctionType) and there.__code__.co_code == right.__code__.co_code:
                names[name] = wrong


def first_to_fail(entry: Wrong, asked: list[tuple]) -> str | None:
    """The first check that fails with the wrong version in place. Only called in a process that ends afterwards."""
    module = import_module(f"snippets.{entry.topic}")
    replaced[entry.of] = getattr(module, entry.of), entry.function
    setattr(module, entry.of, entry.function)
    for name, _, check in asked:
        try:
            check()
        except Exception as error:
            if "NameError" not in f"{type(error).__name__}: {error}":  # which would show that it is broken, not that it is wrong
                return name
    return None


def measure(topic: str, wrong: list[Wrong], asked: list[tuple]) -> dict[str, str | None]:
    """The first check that sees it, or None, by the name of the wrong version."""
    if topic != "tensorflow":  # a fork of a process that has begun with it would hang
        for _, _, check in asked:
            check()  # what is read of formulas and pages is read once for all processes
    found, running = {}, {}
    assert not {"jax", "tensorflow", "torch"} & sys.modules.keys(), "a fork of a process that has one of these may hang"

    def reap() -> None:
        name, pipe = running.pop(os.wait()[0])
        with open(pipe, "rb") as file:
            said = file.read()
        assert said, f"tests/wrong/{topic}.py: {name} comes to no end"
        found[name] = json.loads(said)

    right = {entry.of: getattr(import_module(f"snippets.{topic}"), entry.of) for entry in wrong}
    for entry in [*(Wrong(topic, of, "", function) for of, function in right.items()), *wrong]:
        if len(running) == os.cpu_count():
            reap()
        read, write = os.pipe()
        process = os.fork()
        if not process:
            try:
                os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
                os.dup2(1, 2)
                signal.alarm(10 * SECONDS)
                resource.setrlimit(resource.RLIMIT_CPU, (SECONDS,) * 2)
                os.write(write, json.dumps(first_to_fail(entry, asked)).encode())
            finally:  # nothing gets out of here
                os._exit(0)
        os.close(write)
        running[process] = entry.function.__name__, read
    while running:
        reap()
    fails = {name: found.pop(name) for name in [function.__name__ for function in right.values()]}
    assert not any(fails.values()), f"with the right versions in place these fail: {fails}"
    return {entry.function.__name__: found[entry.function.__name__] for entry in wrong}


def digests(topic: str, asked: list[tuple]) -> dict[str, str]:
    """What a result is of: the snippet, the wrong versions, and the formulas and blocks of pages."""
    files = {
        name: (_cache.ROOT / folder / f"{topic}.py").read_bytes() for name, folder in (("source", "snippets"), ("wrong", "tests/wrong"))
    }
    files["pages"] = "\0".join(name + text for name, text, _ in asked).encode()
    return {name: hashlib.sha256(content).hexdigest()[:16] for name, content in files.items()}


def kills(topic: str) -> dict:
    """The result for a topic: the one that is kept if it is of the files as they are now, else measured now."""
    asked = checks(topic)
    now = digests(topic, asked)
    kept = json.loads(RESULT.read_text(encoding="utf-8")).get(topic, {}) if RESULT.exists() else {}
    return kept if now.items() <= kept.items() else {**now, "seen_by": measure(topic, registry()[topic], asked)}


def main(topics: list[str]) -> int:
    """Measure what has changed and keep it; of topics that are named just print it."""
    found = {topic: kills(topic) for topic in topics or registry()}
    if topics:
        print(json.dumps(found))
        return 0
    RESULT.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    unseen = [entry for entry in REGISTRY if found[entry.topic]["seen_by"][entry.function.__name__] is None]
    print(f"{len(REGISTRY) - len(unseen)} of {len(REGISTRY)} wrong versions are seen by a formula, a doctest or a block")
    for entry in unseen:
        print(f"tests/wrong/{entry.topic}.py: {entry.function.__name__}: {entry.unseen or 'say why not, unseen=...'}")
    return int(not all(entry.unseen for entry in unseen))


if __name__ == "__main__":
    for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[variable] = "1"
    sys.exit(main(sys.argv[1:]))
