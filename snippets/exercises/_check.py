"""What the checkers share: trying the reader's answer, and telling which mistake it is."""

import copy
import functools
import traceback

import numpy as np

RIGHT = "Right"
ENDING = "_exercises.py"  # of the reader's file


class Hint(Exception):
    """What to say to a reader whose answer is not right yet."""


def checker(check):
    """Turn a check that raises Hint where something is wrong into a function that says so; what it returns follows on "Right: "."""

    @functools.wraps(check)
    def say(answer) -> str:
        try:
            return f"{RIGHT}: {check(answer)}"
        except Hint as hint:
            return str(hint)
        except Exception as error:  # an answer of a form that no check expects
            return f"What it returned cannot be read ({type(error).__name__}: {error}). Return what its first lines ask for."

    return say


def attempt(function, *arguments, **options):
    """What the reader's function returns. A Hint where it raises, returns nothing, or changes an array that it was given."""
    given = copy.deepcopy([arguments, options])  # ours stay as they are, whatever the reader does
    try:
        result = function(*given[0], **given[1])
    except Exception as error:  # whatever the reader's code raises is what the reader needs to see
        files = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.endswith(ENDING)]
        line = f" (line {files[-1].lineno} of your file)" if files else ""
        dots = ". Dots are left to fill in." if "ellipsis" in str(error) else ""
        raise Hint(f"It raised {type(error).__name__}: {error}{line}{dots}") from error
    if result is None:
        raise Hint("It returned None. Fill in the dots, and return the result.")
    if not _same([arguments, options], given):
        raise Hint("It changed what it was given. Whoever called it still needs the old values: make new arrays, without += and the like.")
    return result


def parts(result, *names) -> list:
    """What came back, one thing for each name. A Hint where it is no tuple of as many."""
    if not isinstance(result, tuple | list) or len(result) != len(names):
        count = f" of {len(result)}" if isinstance(result, tuple | list | dict) else ""
        raise Hint(f"It returned {type(result).__name__}{count}. Return {len(names)} things: {', '.join(names)}.")
    return list(result)


def entries(result, *names) -> list:
    """What came back under each name. A Hint where it is no dict, or other names are in it."""
    if not isinstance(result, dict):
        raise Hint(f"It returned {type(result).__name__}. Return a dict with {', '.join(names)}.")
    if set(result) != set(names):
        raise Hint(f"The dict that it returned has {', '.join(map(str, result)) or 'nothing in it'}. It should have {', '.join(names)}.")
    return [result[name] for name in names]


def compare(name, found, expected, mistakes=None, rtol=1e-9) -> None:
    """Raise a Hint where `found` is not `expected`: the mistake that gives this value, if it is one of {hint: value}."""
    expected = np.asarray(expected)
    if found is ...:
        raise Hint(f"{name} is still dots. Fill them in.")
    try:
        found = np.asarray(found, float)
    except (TypeError, ValueError):
        raise Hint(f"{name} is {found!r}, not numbers.") from None
    if found.shape != expected.shape:
        raise Hint(f"{name} has shape {found.shape}, not {expected.shape}.")
    if np.allclose(found, expected, rtol=rtol, atol=1e-12):
        return
    for hint, value in (mistakes or {}).items():
        if np.shape(value) == expected.shape and np.allclose(found, value, rtol=rtol, atol=1e-12, equal_nan=True):
            raise Hint(f"{name} is not right yet: {hint}.")
    at = np.unravel_index(np.argmax(np.abs(np.nan_to_num(found - expected, nan=np.inf))), expected.shape)
    where = f" at {[int(i) for i in at]}" if at else ""
    if np.allclose(found, expected, rtol=1e-4, atol=1e-12):
        digits = f"{name} is {found[at]:.10g}{where}, and {expected[at]:.10g} is right"
        raise Hint(f"{digits}: the first digits agree. Is something rounded, in float32, or is a small number added?")
    raise Hint(f"{name} is {found[at]:.6g}{where}, and {expected[at]:.6g} is right.")


def _same(a, b) -> bool:
    """Whether two nested lists and dicts hold the same; what cannot be compared, such as a generator, may have changed."""
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(_same(a[key], b[key]) for key in a)
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(map(_same, a, b))
    return not isinstance(a, np.ndarray) or (a.shape == b.shape and np.array_equal(a, b, equal_nan=a.dtype.kind in "fc"))
