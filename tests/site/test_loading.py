"""What a page costs while it loads, in what no clock decides: how often its elements are styled. Seconds are for `make bench`."""

import json
from collections import Counter

import pytest

from tests.bench.pages import heaviest

MOST = 1.5  # times that an element is styled, on average; each restyle of a whole page adds most of 1


def styled(browser, address: str, scheme: str) -> float:
    """How often, until all is done that a page does when it is opened."""

    def load(page) -> float:
        browser.running.start_tracing(page=page, categories=["devtools.timeline"])
        page.goto(address, wait_until="networkidle")
        page.wait_for_timeout(500)
        restyles = Counter()  # of each frame: a picture is one of its own
        for event in json.loads(browser.running.stop_tracing())["traceEvents"]:
            if event["name"] == "UpdateLayoutTree" and "elementCount" in event["args"]:
                restyles[event["args"]["beginData"]["frame"]] += event["args"]["elementCount"]
        return max(restyles.values()) / page.evaluate("document.querySelectorAll('*').length")

    return browser.visit(load, f"{address}, traced", scheme=scheme, width=360)


@pytest.mark.long(12)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_each_element_is_styled_about_once(browser, site, address, scheme):
    """What restyles a whole page does so each time, so the better of two tries counts."""
    found = {name: min(styled(browser, address + name, scheme) for _ in range(2)) for name in heaviest(site)[:5]}
    assert max(found.values()) < MOST, found
