"""A copy of the building process, for a second core: it does light work, and then makes pages, the last one first.

This process makes pages in order, and where the two meet it takes over what the copy has kept of its pages. Whatever is wrong with
a page is never kept (see kept), so it is made again, and said, here.
"""

import contextlib
import gc
import logging
import os
import pickle
import sys
import warnings
from collections.abc import Callable, Sequence

from snippets.experiments import _cache
from snippets.site import kept

MOST = 60_000  # turns: what a pipe holds


def possible() -> bool:
    """Whether a process may be copied here: not where the system's libraries have threads."""
    return sys.platform == "linux"


class Copy:
    """It has imported what it needs. It does `first`, which returns what went wrong, and then `make` of each page that it gets."""

    def __init__(self, first: Callable[[], list[str]], pages: Sequence = (), make: Callable | None = None):
        self.turns, turns = os.pipe()
        os.write(turns, bytes(min(len(pages), MOST)))
        os.close(turns)
        self.said, tell = os.pipe()
        gc.freeze()  # what is looked through for what can go is copied
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # NumPy's threads, of which Python warns, end before a copy is made
            self.pid = os.fork()
        if self.pid:
            os.close(tell)
            return
        os.close(self.said)  # or it would wait for itself to read what it says, where the process that was copied has died
        try:
            gc.disable()  # it lasts for a second
            hush()
            kept.begin_copy()
            said = first()
            for page in reversed(pages):
                if not self.turn():
                    break
                with contextlib.suppress(Exception):  # it is made again, and fails, where that is said
                    make(page)
        except _cache.CacheError as error:
            said = [str(error)]
        except BaseException as error:
            said = [f"{_cache.where(error)}: {type(error).__name__}: {error}"]
        with contextlib.suppress(BaseException), open(tell, "wb") as file:
            pickle.dump((said, kept.of_copy()), file)
        os._exit(bool(said))

    def turn(self) -> bool:
        """Take a page that nobody has taken, this process the next one and the copy the last; False where there is none."""
        return bool(os.read(self.turns, 1))

    def communicate(self) -> tuple[str, str]:
        """Wait for it, and take over what it kept; as a process does that is started anew, return what it said."""
        said: list[str] = []
        with open(self.said, "rb") as file, contextlib.suppress(EOFError, pickle.UnpicklingError):  # it did not get so far
            said, found = pickle.load(file)
            kept.take_over(found)
        os.close(self.turns)
        self.returncode = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return "", "\n".join(said)


def hush() -> None:
    """Say nothing of pages: what is wrong with one is said by the process that was copied."""
    for handler in list(kept.LOG.handlers):
        kept.LOG.removeHandler(handler)
    kept.LOG.addHandler(logging.NullHandler())
    kept.LOG.propagate = False
