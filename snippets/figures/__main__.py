"""`python -m snippets.figures`: run the experiments and draw the figures whose code has changed."""

import sys

from snippets.experiments._cache import run_missing
from snippets.figures._draw import draw_missing

if __name__ == "__main__":
    problems = run_missing()
    problems += draw_missing()
    print(*dict.fromkeys(problems), sep="\n", file=sys.stderr, end="\n" if problems else "")
    sys.exit(bool(problems))
