"""`python -m snippets.experiments`: run every experiment whose code has changed."""

import sys

from snippets.experiments._cache import run_missing

if __name__ == "__main__":
    problems = run_missing()
    print(*problems, sep="\n", file=sys.stderr, end="\n" if problems else "")
    sys.exit(bool(problems))
