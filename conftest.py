"""Markdown blocks are run as their reader sees them, wherever pytest is told to start. At its end, what was checked."""

import gc
import os
import re
import time
from importlib import import_module
from pathlib import Path

import pytest
from coverage import Coverage
from pytest_markdown_docs._runners import DefaultRunner, register_runner
from pytest_markdown_docs.plugin import MarkdownDocstringCodeModule

from snippets.site import blocks, counts
from tests.site.browser import HUNG

SNIPPETS = Path(__file__).with_name("snippets")
COVERING = re.compile(r"snippets/|tests/exercises/|tests/test_(?!wrong)")
FENCE = re.compile(rb"```|~~~")
FAULT = re.compile(r"test_faults\.py::test_(the_strict_build_says|running_the_blocks_says|a_weakened)\w*\[")
gc.set_threshold(50_000)  # tests make many objects and let go of few


@pytest.hookimpl(tryfirst=True)
def pytest_markdown_docs_markdown_it():
    return blocks.Parser()


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(file_path):
    """The plugin finds the source of every docstring, which takes a while; so where a file has no fence, it is not asked."""
    found = yield
    if file_path.suffix == ".py" and not FENCE.search(file_path.read_bytes()):
        found = [collector for collector in found if not isinstance(collector, MarkdownDocstringCodeModule)]
    return found


@register_runner()
class AsShown(DefaultRunner):
    """Runs a block with embedded code put in, after the blocks that it goes on from."""

    def runtest(self, test, args, *, asyncio_runner=None):
        names = dict(args)  # a copy: the plugin runs it again after a TypeError
        try:
            blocks.run_at(test.source_path, test.start_line, names, names.pop("once"))
        except blocks.MissingError as error:
            pytest.skip(str(error))


@pytest.fixture(scope="session")
def once(tmp_path_factory):
    """`once(name, make)` is the text that `make(folder)` returns, made by the first of the workers that asks."""
    base = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent  # the workers of one run share it

    def get(name: str, make) -> str:
        done = base / f"{name}.txt"
        try:
            (base / name).mkdir()
        except FileExistsError:
            patience = time.monotonic() + 1100  # less than what a test has
            while not done.exists():
                assert time.monotonic() < patience, f"the worker that makes {name} does not come to an end"
                time.sleep(0.1)
        else:
            try:
                text = make(Path(base / name))
            except BaseException as error:
                text = f"raised {error!r}"
                raise
            finally:
                done.with_suffix(".part").write_text(text, encoding="utf-8")
                done.with_suffix(".part").rename(done)
        return done.read_text(encoding="utf-8")

    return get


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: some tests wait, for a browser or for another process, and a core has the others to do."""
    return os.cpu_count() + 1


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    items[:] = dealt(items, int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", 1)))


def pytest_collection_finish():
    """Libraries and tests stay to the end: Python is not to go through them again and again, looking for what can be let go."""
    gc.collect()
    gc.freeze()


def seconds(item) -> int:
    return max((mark.args[0] for mark in item.iter_markers("long")), default=0)


def dealt(items: list, workers: int) -> list:
    """What takes long, dealt out evenly and begun first, so that no worker is left with it at the end; the rest stays in random order.

    A worker begins with one of the equal parts that xdist cuts the list into, and takes from the others' when it is done with that.
    """
    hands = [[] for _ in range(workers)]
    for item in sorted(filter(seconds, items), key=seconds, reverse=True):
        min(hands, key=lambda hand: sum(map(seconds, hand))).append(item)
    short, order = [item for item in items if not seconds(item)], []
    for i, hand in enumerate(hands):
        part = (len(items) - len(order)) // (workers - i) - len(hand)
        order += [*hand, *short[: max(part, 0)]]
        del short[: max(part, 0)]
    return order + short


# Under coverage all takes longer: tests twice as long, and their collection half as long again. So it is on while the snippets and
# exercises are imported, and in their own tests and doctests, which are to reach 100 %.


def coverage(config):
    """What pauses and resumes it, or None where it is not asked for."""
    return getattr(config.pluginmanager.getplugin("_cov"), "cov_controller", None)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection(session):
    if measured := coverage(session.config):
        for path in [*SNIPPETS.glob("*.py"), *SNIPPETS.glob("exercises/*.py")]:
            import_module(".".join(path.relative_to(SNIPPETS.parent).with_suffix("").parts).removesuffix(".__init__"))
        measured.pause()
        while left := Coverage.current():  # in a worker pytest-cov has begun one before its own, and leaves it on
            left.stop()
    return (yield)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item):
    measured = coverage(item.config) if COVERING.match(item.nodeid) else None
    if measured:
        measured.resume()
    try:
        return (yield)
    finally:
        if measured:
            measured.pause()


def pytest_sessionstart(session):
    if not hasattr(session.config, "workerinput"):
        HUNG.unlink(missing_ok=True)


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter, exitstatus, config):
    """The counts of the day, after a run of everything in which all went well: then what they say was seen to be so."""
    caught, missed = ([r for r in terminalreporter.getreports(how) if FAULT.search(r.nodeid)] for how in ("passed", "failed"))
    if caught or missed:
        terminalreporter.write_line(f"faults put into a note: {len(caught)} of {len(caught) + len(missed)} caught")
    for page in HUNG.read_text(encoding="utf-8").splitlines() if HUNG.exists() else ():
        terminalreporter.write_line(f"the browser gave no answer at {page} and was started again")
    if exitstatus == 0 and config.args_source is pytest.Config.ArgsSource.TESTPATHS:
        terminalreporter.section("checked today")
        for row, count in counts.table():
            terminalreporter.write_line(f"{row:<50}{count:>12}")
