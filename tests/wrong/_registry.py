"""Wrong versions of the snippets, as found in the course note and in the wild.

Each is executable and names the test that rejects it; `tests/test_wrong.py` puts it in the place
of the right one and runs that test.
"""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Wrong:
    topic: str  # the module of snippets/ that it is put into
    of: str  # the function that it takes the place of
    killed_by: str  # the test of tests/test_<topic>.py that must fail
    function: Callable
    unseen: str = ""  # why no formula, doctest or block of a page sees it: tests/page_kills.py


REGISTRY: list[Wrong] = []


def wrong(of: str, killed_by: str, unseen: str = ""):
    """Register the decorated function as a wrong version of `of` in the topic of its file."""

    def register(function):
        REGISTRY.append(Wrong(function.__module__.rpartition(".")[2], of, killed_by, function, unseen))
        return function

    return register
