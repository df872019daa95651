"""`python -m tests.site.screenshots OUT [SITE]`: a picture of every built page, light and dark, wide and narrow."""

import sys
from pathlib import Path

from snippets.site.source import ROOT
from tests.site.browser import screenshots

if __name__ == "__main__":
    if len(sys.argv) not in {2, 3}:
        sys.exit(__doc__)
    screenshots(Path(sys.argv[2] if len(sys.argv) == 3 else ROOT / "site").resolve(), Path(sys.argv[1]))
