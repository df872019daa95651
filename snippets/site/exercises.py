"""The checkers in one file that needs NumPy alone: `python exercises.pyz adam`, for readers without this repository."""

import io
import zipfile

from snippets.experiments._cache import ROOT

NAME = "exercises.pyz"
MAIN = """import sys

from snippets.exercises.__main__ import main

sys.exit(main(sys.argv[1:], "python exercises.pyz"))
"""


def archive() -> bytes:
    """A zip that Python runs as it is: the topics, their exercises, and a start; the same bytes each time."""
    paths = [path for folder in ("snippets", "snippets/exercises") for path in sorted((ROOT / folder).glob("*.py"))]
    files = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in paths} | {"__main__.py": MAIN}
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as packed:
        for name, text in files.items():
            packed.writestr(zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0)), text, zipfile.ZIP_DEFLATED)
    return whole.getvalue()
