"""What the tests of the site share."""

from tests.site.house import house  # noqa: F401 - a fixture

collect_ignore = ["small_note"]  # it is copied, and tested where it is copied to
