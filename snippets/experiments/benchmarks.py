"""What `make bench` measured last, for the pages that speak of it: see _bench.py and tests/bench."""

from snippets.experiments import _bench
from snippets.experiments._cache import experiment


@experiment
def training():
    """`network.train` beside the frameworks, and what each of its tricks is worth."""
    return _bench.fields("training")


@experiment
def building():
    """Our builds beside other builders', on pages that are alike."""
    return _bench.fields("building")


@experiment
def pages():
    """What a reader's browser is sent and does, page by page."""
    return _bench.fields("pages")
