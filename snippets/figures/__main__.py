"""`python -m snippets.figures`: run the experiments and draw the figures whose code has changed."""

import sys

from snippets.experiments import _cache
from snippets.figures import _draw

if __name__ == "__main__":
    problems = _cache.in_parallel(_cache.jobs() | _draw.jobs())
    print(*dict.fromkeys(problems), sep="\n", file=sys.stderr, end="\n" if problems else "")
    sys.exit(bool(problems))
