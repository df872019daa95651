"""Markdown blocks are run as their reader sees them, wherever pytest is told to start."""

import pytest
from pytest_markdown_docs._runners import DefaultRunner, register_runner

from snippets.site import blocks


@pytest.hookimpl(tryfirst=True)
def pytest_markdown_docs_markdown_it():
    return blocks.Parser()


@register_runner()
class AsShown(DefaultRunner):
    """Runs a block with embedded code put in, after the blocks that it goes on from."""

    def runtest(self, test, args, *, asyncio_runner=None):
        blocks.run_at(test.source_path, test.start_line, dict(args))  # a copy: the plugin runs it again after a TypeError
