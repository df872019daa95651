"""Numbers: `{topic.experiment.field:format}` is filled in from what the experiment gave.

`{default: topic.function.argument:format}` is read from the code, `{= sqrt(2 / 250) :.4f}` is worked out, in a formula
too, and `{0.01}` is a number that the page chose.
"""

import ast
import html
import math
import operator
import re
from functools import lru_cache

from snippets.experiments import _cache
from snippets.experiments._cache import np

CANDIDATE = re.compile(r"(?<![\\$\w{])\{(?P<inside>(?:[a-z_]\w*\.|=|default:)[^{}\n]*)\}")
ARITHMETIC = re.compile(r"\{(=[^{}]+)\}")  # in a formula
NUMERAL = r"[-+\u2212]?\d[\d.,]*(?:e[-+]?\d+)?"
CHOSEN = re.compile(rf"(?<![\\$\w{{])\{{(?P<number>{NUMERAL}(?:(?:, {NUMERAL})*,? (?:and|or|to) {NUMERAL}|\u2013{NUMERAL})?%?)\}}")
REFERENCE = re.compile(r"(?P<topic>[a-z]\w*)\.(?P<experiment>[a-z]\w*)\.(?P<field>\w+)(?P<index>(?:\[-?\d+\])*)(?::(?P<format>[^{}]*))?")


class NumberError(Exception):
    """What is wrong with a reference, in words for its author."""


@lru_cache(256)
def _result(path, topic: str, experiment: str) -> dict:
    """What an experiment gave; its path changes with its code. A result that is not there is not remembered."""
    result = _cache.read(topic, experiment)
    if result is None:
        raise NumberError(f"the experiment {topic}.{experiment} has no result; run `make figures`")
    return result


def look_up(inside: str) -> tuple[str, object, str]:
    """Where a number comes from (`topic.experiment`), its value, and the value as the page shows it."""
    if inside.startswith(("=", "default:")):
        source, value, form = _worked_out(inside[1:].strip()) if inside.startswith("=") else _default(inside.removeprefix("default:"))
        try:
            return source, value, format(value, form)
        except (TypeError, ValueError) as error:
            raise NumberError(f"{{{inside}}}: {error}") from error
    match = REFERENCE.fullmatch(inside)
    if not match:
        raise NumberError(f"{{{inside}}} is no reference; write {{topic.experiment.field:format}}")
    topic, experiment, name = match["topic"], match["experiment"], match["field"]
    if experiment not in _cache.names(topic):
        raise NumberError(f"snippets/experiments/{topic}.py has no experiment {experiment!r}")
    result = _result(_cache.result_path(topic, experiment), topic, experiment)
    if name not in result:
        raise NumberError(f"{topic}.{experiment} has no field {name!r}, but {', '.join(sorted(result))}")
    value = result[name]
    try:
        for index in re.findall(r"-?\d+", match["index"]):
            value = value[int(index)]
        if isinstance(value, np.generic):
            value = value.item()
        shown = format(value, match["format"] or "")
    except (IndexError, TypeError, ValueError) as error:
        raise NumberError(f"{{{inside}}}: {error}") from error
    if isinstance(value, np.ndarray):
        raise NumberError(f"{{{inside}}} is an array of shape {value.shape}; pick one element")
    if isinstance(value, float) and not math.isfinite(value):
        raise NumberError(f"{{{inside}}} is {value}")
    return f"{topic}.{experiment}", value, shown


OPERATORS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv, ast.Pow: operator.pow}
FUNCTIONS = {"sqrt": math.sqrt, "log": math.log, "exp": math.exp}


def _worked_out(inside: str) -> tuple[str, float, str]:
    """The value of an expression and its format; all is done in floats, which no power can make large."""
    expression, _, form = inside.partition(":")
    try:
        value = _value(ast.parse(expression.strip(), mode="eval").body)
        if not math.isfinite(value):
            raise ValueError("not finite")
    except (ArithmeticError, SyntaxError, TypeError, ValueError, RecursionError) as error:
        raise NumberError(f"{{= {inside}}} cannot be worked out: {error}") from error
    return "arithmetic", value, form.strip() or ".12g"


def _value(node: ast.expr) -> float:
    match node:
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            return float(number)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_value(operand)
        case ast.BinOp(left, op, right) if type(op) in OPERATORS:
            return OPERATORS[type(op)](_value(left), _value(right))
        case ast.Call(func=ast.Name(id=name), args=[argument], keywords=[]) if name in FUNCTIONS:
            return FUNCTIONS[name](_value(argument))
        case ast.Attribute() | ast.Subscript():
            return float(look_up(ast.unparse(node))[1])
    raise ValueError(f"`{ast.unparse(node)}` is not a number, + - * / **, sqrt, log, exp or a reference")


def _default(inside: str) -> tuple[str, object, str]:
    """The default of an argument of a snippet's function, and a format."""
    match = re.fullmatch(r"\s*(?P<topic>[a-z]\w*)\.(?P<function>[a-z]\w*)\.(?P<argument>\w+)\s*(?::(?P<format>.*))?", inside)
    if not match:
        raise NumberError(f"{{default:{inside}}} is no default; write {{default: topic.function.argument}}")
    path = _cache.ROOT / "snippets" / f"{match['topic']}.py"
    for node in _cache.parsed(path).body if path.exists() else ():
        if isinstance(node, ast.FunctionDef) and node.name == match["function"]:
            names = [argument.arg for argument in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]
            defaults = [*node.args.defaults, *node.args.kw_defaults]
            default = dict(zip(reversed(names), reversed(defaults), strict=False)).get(match["argument"])
            if isinstance(default, ast.Constant) and type(default.value) in (int, float):
                return f"{match['topic']}.{match['function']}", default.value, (match["format"] or "").strip()
    raise NumberError(f"{match['topic']}.{match['function']} has no argument {match['argument']!r} with a number as its default")


def in_formula(tex: str) -> str:
    """LaTeX with its arithmetic `{= ...}` worked out."""

    def written(match: re.Match) -> str:
        shown = look_up(re.sub(r"\s+", " ", match[1]))[2].replace("%", r"\%").replace(",", "{,}")
        return SCIENTIFIC.sub(lambda m: f"{m[1]} \\cdot 10^{{{m[2].replace('+', '')}{m[3]}}}".removeprefix("1 \\cdot "), shown)

    return ARITHMETIC.sub(written, tex)


SCIENTIFIC = re.compile(r"(-?[\d.]+)e([+-]?)0*(\d+)")


def powers(shown: str) -> str:
    """As HTML, with 2e-07 as 2·10⁻⁷, and 1e-07 as 10⁻⁷."""
    sign = {"-": "\u2212"}
    return SCIENTIFIC.sub(lambda m: f"{m[1]}·10<sup>{sign.get(m[2], '')}{m[3]}</sup>".removeprefix("1·"), shown)


def render(inside: str) -> str:
    """`<data>` with the value as it is and as it is shown; 2e-07 as 2·10⁻⁷, and 1e-07 as 10⁻⁷."""
    source, value, shown = look_up(inside)
    shown = powers(html.escape(shown))
    if not isinstance(value, str):
        shown = shown.replace("-", "\u2212")
    exact = html.escape(value if isinstance(value, str) else repr(value))
    return f'<data value="{exact}" data-from="{source}" class="result">{shown}</data>'
