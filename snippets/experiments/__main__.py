"""`python -m snippets.experiments`: run every experiment whose code has changed."""

import sys

from snippets.experiments import _cache

if __name__ == "__main__":
    problems = _cache.in_parallel(_cache.jobs())
    print(*problems, sep="\n", file=sys.stderr, end="\n" if problems else "")
    sys.exit(bool(problems))
