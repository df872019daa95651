"""`python -m snippets.site.work`: run the experiments and notebooks and draw the figures and cards whose code has changed, side by side.

Code that pages link to is highlighted with them. A notebook waits for nothing; what draws waits for the experiments that it
reads. So no core is idle before all is done.
"""

import logging
import sys

from snippets.experiments import _cache
from snippets.figures import _draw
from snippets.site import cards, notebooks, source_pages

# In a new cache Matplotlib lists the fonts anew, and warns where that takes long: no fault of a page. The workers import this file too.
logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)

if __name__ == "__main__":
    problems = cards.draw_plain() + _cache.in_parallel(notebooks.jobs() | _cache.jobs() | _draw.jobs() | cards.jobs() | source_pages.jobs())
    print(*dict.fromkeys(problems), sep="\n", file=sys.stderr, end="\n" if problems else "")
    sys.exit(bool(problems))
