"""What the tests of the site share: a small house, and a browser before the built site."""

import os

import pytest

from snippets.site.policy import policy
from tests.site import browser as browsers
from tests.site.house import house  # noqa: F401 - a fixture

collect_ignore = ["small_note", "stranger"]  # they are copied, and tested where they are copied to


@pytest.fixture(scope="session")
def browser():
    try:
        browsers.executable()
    except browsers.NoBrowser as error:
        if os.environ.get("CI"):
            pytest.fail(str(error))
        pytest.skip(str(error))
    with browsers.launched() as running:
        yield running


@pytest.fixture(scope="session")
def address(site):
    with browsers.served(site, policy(site)) as address:
        yield address
