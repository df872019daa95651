"""Markdown blocks are run as their reader sees them, wherever pytest is told to start. At its end, what was checked."""

import pytest
from pytest_markdown_docs._runners import DefaultRunner, register_runner

from snippets.site import blocks, counts
from tests.site.browser import HUNG


@pytest.hookimpl(tryfirst=True)
def pytest_markdown_docs_markdown_it():
    return blocks.Parser()


@register_runner()
class AsShown(DefaultRunner):
    """Runs a block with embedded code put in, after the blocks that it goes on from."""

    def runtest(self, test, args, *, asyncio_runner=None):
        blocks.run_at(test.source_path, test.start_line, dict(args))  # a copy: the plugin runs it again after a TypeError


def pytest_sessionstart(session):
    if not hasattr(session.config, "workerinput"):
        HUNG.unlink(missing_ok=True)


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter, exitstatus, config):
    """The counts of the day, after a run of everything in which all went well: then what they say was seen to be so."""
    for page in HUNG.read_text(encoding="utf-8").splitlines() if HUNG.exists() else ():
        terminalreporter.write_line(f"the browser gave no answer at {page} and was started again")
    if exitstatus == 0 and config.args_source is pytest.Config.ArgsSource.TESTPATHS:
        terminalreporter.section("checked today")
        for row, count in counts.table():
            terminalreporter.write_line(f"{row:<50}{count:>12}")
