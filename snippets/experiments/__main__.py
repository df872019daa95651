"""`python -m snippets.experiments`: run every experiment whose code has changed; with a topic and a name, that one."""

import sys

from snippets.experiments import _cache

if __name__ == "__main__":
    if sys.argv[1:]:
        problems = [problem for problem in [_cache.run(*sys.argv[1:])[1]] if problem]
    else:
        problems = _cache.in_parallel(_cache.jobs())
    print(*problems, sep="\n", file=sys.stderr, end="\n" if problems else "")
    sys.exit(bool(problems))
