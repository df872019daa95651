"""Numbers: `{topic.experiment.field:format}` is filled in from what the experiment gave."""

import html
import math
import re
from functools import lru_cache

import numpy as np

from snippets.experiments import _cache

CANDIDATE = re.compile(r"(?<![\\$\w{])\{(?P<inside>[a-z_]\w*\.[^{}\n]*)\}")
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
    """`topic.experiment`, the value and the value as the page shows it."""
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


SCIENTIFIC = re.compile(r"(-?[\d.]+)e([+-])0*(\d+)")


def render(inside: str) -> str:
    """`<data>` with the value as it is and as it is shown; 1e-07 as 1·10⁻⁷."""
    source, value, shown = look_up(inside)
    shown = SCIENTIFIC.sub(lambda m: f"{m[1]}·10<sup>{m[2].replace('+', '')}{m[3]}</sup>", html.escape(shown))
    if not isinstance(value, str):
        shown = shown.replace("-", "\u2212")
    exact = html.escape(value if isinstance(value, str) else repr(value))
    return f'<data value="{exact}" data-from="{source}" class="result">{shown}</data>'
