r"""Formula and code are held together: a display formula is read back, evaluated and compared.

Beside the formula stands a comment that says which function states the same, and how:

    $$
    v := \beta v + (1 - \beta)\, dW
    $$
    <!-- checked: momentum.update
    given v, dW = rng.normal(size=(2, 3)), rng.normal(size=(2, 3)); beta = rng.uniform()
    v := momentum.update({"W": dW}, {"dW": dW}, {"v": {"W": v}}, 0.1, beta=beta)[1]["v"]["W"]
    -->

`given` draws inputs, with NumPy as `np` and a seeded generator as `rng`. A symbol stands for the
input spelt like it (`\beta_1` for `beta1`); any other is declared, `\hat{v} -> v / (1 - beta**t)`, and
may use the index of a sum: `y^{(i)} -> Y[0, i - 1]`. What is no product of numbers is declared as a
whole: `W^{[l]} A^{[l-1]} -> W @ A`. The last line, one for each row, repeats the left-hand side and
gives the code for it; a line that begins with `=` has no name for it, and both sides are evaluated.
Every letter of the formula must be accounted for. `local k: what it is` says that k has no row on the notation page.
"""

import functools
import hashlib
import json
import re
import sys
from importlib import import_module, invalidate_caches
from pathlib import Path

import snippets
from snippets.experiments import _cache
from snippets.experiments._cache import np

SEEDS = 5
GREEK = "alpha beta gamma delta epsilon varepsilon theta lambda mu rho sigma tau phi omega eta".split()
SPELT = {"lambd": "lambda"}  # `lambda` is a word of Python
LAYOUT = re.compile(
    r"\\(?:left|right|[bB]igg?[lr]?|displaystyle|limits|quad|qquad)(?![a-zA-Z])"
    r"|\\(?:begin|end)\{(?:aligned|gathered|array)\}|\\[,;:!> ]|&"
)


class CheckError(Exception):
    """The formula and the code differ, or cannot be compared."""


def forget() -> None:
    """Let each snippet be imported as its file is now: `make serve` builds again and again in one process, and keeps what it finds."""
    for name, module in list(sys.modules.items()):
        if name.startswith("snippets.") and Path(getattr(module, "__file__", None) or "").parent == _cache.ROOT / "snippets":
            del sys.modules[name]
            vars(snippets).pop(name.rpartition(".")[2], None)
    invalidate_caches()


def check(tex: str, mark: str) -> None:
    """Raise CheckError where the formula is not what the code computes. Remembered by content."""
    target = mark.split("\n", 1)[0].strip()
    topic, _, name = target.partition(".")
    if _cache._module(f"snippets.{topic}") is None or not name:
        raise CheckError(f"checked: {target!r} is no function of snippets/")
    content = [tex, mark, _cache.code_key(f"snippets.{topic}", None), _cache.code_key("snippets.site.formula_checks", None)]
    stored = _cache.CACHE / "checked" / hashlib.sha256("\0".join(content).encode()).hexdigest()[:24]
    if _cache.is_whole(stored):
        problem = json.loads(stored.read_text(encoding="utf-8"))
    else:
        try:
            compare(tex, mark)
            problem = None
        except CheckError as error:
            problem = str(error)
        _cache.write_whole(stored, lambda file: file.write(json.dumps(problem).encode()))
    if problem:
        raise CheckError(problem)


def compare(tex: str, mark: str) -> None:
    target, given, declared, codes = parse_mark(mark)
    topic, _, name = target.partition(".")
    module = import_module(f"snippets.{topic}")
    if not callable(getattr(module, name, None)):
        raise CheckError(f"snippets/{topic}.py has no function {name!r}")
    rows = rows_of(tex)
    if len(rows) != len(codes):
        raise CheckError(f"{len(rows)} rows, but {len(codes)} lines of code for a left-hand side")
    for row, (left, code) in zip(rows, codes, strict=True):
        if name not in code:
            raise CheckError(f"the code {code!r} does not call {name}")
        first, *sides = sides_of(row)
        if not sides:
            raise CheckError(f"no = in {row.strip()!r}")
        if left == "=":
            sides.insert(0, first.removesuffix("="))
        elif tokens(first) != tokens(left):
            raise CheckError(f"begins with {first.strip()!r}, the comment beside it says {left!r}")
        for seed in range(SEEDS):
            env = {"np": import_module("numpy"), "rng": np.random.default_rng(seed), topic: module}
            run(exec, given, env)
            symbols = spellings(env) | declared
            wanted = run(eval, code, env)
            for side in sides:
                tree = parse(side.strip().rstrip(".,"), tuple(symbols))
                try:
                    with np.errstate(all="ignore"):  # a wrong formula may do anything
                        value = evaluate(tree, list(symbols.values()), env)
                        equal = np.allclose(value, wanted, rtol=1e-9, atol=1e-12) and np.all(np.isfinite(value))
                except ValueError as error:
                    raise CheckError(f"≢ {target}: shapes that do not fit, {error}") from error
                if not equal:
                    raise CheckError(f"≢ {target}: the formula gives {shown(value)}, the code {shown(wanted)}")


def tokens(tex: str) -> list[str]:
    """What of a formula has a meaning: its signs and commands without layout, white space and the comma after it."""
    found = re.findall(r"\\[a-zA-Z]+|\S", LAYOUT.sub(" ", tex))
    return found[:-1] if found[-1:] in ([","], ["."]) else found


def rows_of(tex: str) -> list[str]:
    """The rows of a formula, without layout."""
    rows = [LAYOUT.sub(" ", row) for row in re.split(r"\\\\(?:\[[^\]]*\])?", tex)]
    return [row for row in rows if row.strip()]


def sides_of(row: str) -> list[str]:
    """A row divided at each = that is in no braces; the first side ends with its sign, = or :=."""
    depth, sides = 0, [""]
    for sign in re.findall(r"\\.|:=|.", row, re.S):
        depth += (sign == "{") - (sign == "}")
        if depth == 0 and sign in ("=", ":="):
            sides[-1] += sign if len(sides) == 1 else ""
            sides.append("")
        else:
            sides[-1] += sign
    return sides


def parse_mark(mark: str) -> tuple[str, str, dict[str, str], list[tuple[str, str]]]:
    """The function, the inputs, the declared symbols, and for each row its left-hand side with the code for it."""
    target, *lines = [line.strip() for line in mark.strip().split("\n") if line.strip()]
    given, declared, codes = [], {}, []
    for line in lines:
        if line.startswith("given "):
            given.append(line.removeprefix("given "))
        elif " -> " in line:
            symbol, _, python = line.partition(" -> ")
            declared[symbol.strip()] = python.strip()
        elif line.startswith("local "):
            continue  # says what a symbol is that the notation page does not have: see twins
        elif match := re.match(r"(.*?:?=)(.*)", line):
            codes.append((match[1].strip(), match[2].strip()))
        else:
            raise CheckError(f"cannot read {line!r} in the comment beside the formula")
    return target, "\n".join(given), declared, codes


def run(how, code: str, env: dict):
    try:
        return how(code, env)
    except Exception as error:
        raise CheckError(f"{code!r} raised {type(error).__name__}: {error}") from error


def spellings(env: dict) -> dict[str, str]:
    r"""How the inputs may be spelt in a formula: `beta1` as `\beta_1` or `\beta_{1}`."""
    found = {}
    for name in env:
        word, number = re.fullmatch(r"(.*?)_?(\d*)", name).groups()
        word = SPELT.get(word, word)
        symbol = f"\\{word}" if word in GREEK else word
        for spelling in [f"{symbol}_{number}", f"{symbol}_{{{number}}}"] if number else [symbol]:
            found[spelling] = name
    return {symbol: name for symbol, name in found.items() if symbol not in ("np", "rng")}


@functools.cache
def parse(tex: str, symbols: tuple[str, ...]):
    """SymPy's reading of a formula in which symbol number k has become x_{k}."""
    from latex2sympy2_extended import latex2sympy
    from latex2sympy2_extended.latex2sympy2 import ConversionConfig

    tex = re.sub(r"\\[dt]frac(?![a-zA-Z])", r"\\frac", tex)
    tex = re.sub(r"\\log(?![a-zA-Z])", r"\\ln", tex)
    tex = re.sub(r"\\odot(?![a-zA-Z])", r"\\cdot", tex)
    by_length = sorted(range(len(symbols)), key=lambda k: -len(symbols[k]))
    plain, at = [], 0
    while at < len(tex):
        for k in by_length:
            symbol = symbols[k]
            ends_open = symbol[-1].isalpha() and re.match(r"[a-zA-Z]", tex[at + len(symbol) :] or " ")
            if tex.startswith(symbol, at) and not (ends_open and symbol.startswith("\\")):
                plain.append(f" x_{{{k + 1}}}")
                at += len(symbol)
                break
        else:
            step = re.match(r"\\[a-zA-Z]+|.", tex[at:], re.S)[0]
            plain.append(step)
            at += len(step)
    if index := re.search(r"\^\{\[.*?\]\}|\^\{\(\w\)\}", "".join(plain)):
        raise CheckError(f"the index {index[0]} belongs to no symbol that the comment beside the formula declares")
    try:
        config = ConversionConfig(interpret_as_mixed_fractions=False, lowercase_symbols=False)
        return latex2sympy("".join(plain), conversion_config=config)
    except Exception as error:
        raise CheckError(f"cannot read {tex!r} as mathematics: {str(error).splitlines()[0] if str(error) else error!r}") from error


def evaluate(node, python: list[str], env: dict):
    """The value of SymPy's tree, with arrays element by element and sums taken term by term."""
    import sympy

    def of(node):
        return evaluate(node, python, env)

    if node.is_Number or node.is_NumberSymbol:
        return float(node)
    if node.is_Symbol:
        match = re.fullmatch(r"x_\{?(\d+)\}?", node.name)
        if match:
            return run(eval, python[int(match[1]) - 1], env)
        if node.name in env:
            return env[node.name]
        raise CheckError(f"the symbol {node.name!r} stands for nothing: name it in the comment beside the formula")
    if isinstance(node, sympy.Sum):
        (index, low, high), *rest = reversed(node.limits)
        inner = sympy.Sum(node.function, *reversed(rest)) if rest else node.function
        terms = [evaluate(inner, python, env | {index.name: k}) for k in range(round(of(low)), round(of(high)) + 1)]
        return sum(terms)
    simple = {
        sympy.Add: lambda *terms: functools.reduce(np.add, terms),
        sympy.Mul: lambda *terms: functools.reduce(np.multiply, terms),
        sympy.Pow: np.power,
        sympy.exp: np.exp,
        sympy.log: lambda x, base=np.e: np.log(x) / np.log(base),
        sympy.Abs: np.abs,
        sympy.floor: np.floor,
        sympy.ceiling: np.ceil,
        sympy.Max: lambda *terms: functools.reduce(np.maximum, terms),
        sympy.tanh: np.tanh,
        sympy.cos: np.cos,
    }
    for kind, function in simple.items():
        if isinstance(node, kind):
            return function(*(of(argument) for argument in node.args))
    raise CheckError(f"{type(node).__name__} is not evaluated here: {node}")


def shown(value) -> str:
    value = np.asarray(value, float)
    return f"{value.ravel()[0]:.6g}" + (f" (first of {value.size})" if value.size > 1 else "")
