r"""The symbols in a piece of LaTeX: `\beta_1`, `dW`, `\hat{v}`, `z_{\text{norm}}^{(i)}`, each as one.

A symbol is letters and the index below that belongs to them. An index above is one of many, and a power is none.
"""

import re
from dataclasses import dataclass

TOKEN = re.compile(r"\\\\(?:\[[^\]]*\])?|\\[a-zA-Z]+|\\.|\s+|.", re.S)
GREEK = re.compile(
    r"\\(?:var)?(?:alpha|beta|gamma|delta|epsilon|zeta|eta|theta|kappa|lambda|mu|nu|xi|pi|rho|sigma|tau|phi|chi|psi|omega)", re.I
)
ACCENTS = {"\\hat", "\\tilde", "\\bar", "\\dot", "\\vec", "\\widehat", "\\widetilde", "\\overline"}
WORDS = {"\\text", "\\mathrm", "\\operatorname", "\\begin", "\\end"}
TAKES = {"\\frac": 2, "\\dfrac": 2, "\\tfrac": 2, "\\sqrt": 1, **dict.fromkeys(ACCENTS | WORDS, 1)}  # so many arguments


@dataclass(frozen=True)
class Symbol:
    """A symbol as it stands in a formula."""

    tex: str  # letters and index below, as written
    letters: str
    below: str
    above: str
    start: int  # the token that it begins with
    middle: int  # the one after its letters
    end: int

    @property
    def core(self) -> tuple[str, str]:
        """What makes it this symbol and no other: the index t - 1 is an index t, and an element i is a part of the whole."""
        below = re.sub(r" [-+] \w$", "", self.below)
        return self.letters, "" if re.fullmatch(r"[ijkl, ]+", below) else below

    @property
    def indexed(self) -> bool:
        """Has an index above: a layer [l], an example (i), a mini-batch {t}."""
        return bool(re.match(r"\[|\( \w \)|\\\{", self.above))

    @property
    def any(self) -> bool:
        """Stands for all of its kind: nothing above, or an index that is a letter. Of A^{[0]} only itself is meant."""
        return not self.above or bool(re.match(r"\[ l|\( i|\\\{ t", self.above))


def _past_space(tokens: list[str], i: int) -> int:
    while i < len(tokens) and tokens[i].isspace():
        i += 1
    return i


def _argument(tokens: list[str], i: int) -> int:
    """Where the argument that begins at a token ends: a group in braces, a command with its own arguments, or the token."""
    depth = 0
    for k in range(i, len(tokens)):
        depth += (tokens[k] == "{") - (tokens[k] == "}")
        if depth <= 0:
            break
    end = min(k + 1, len(tokens)) if i < len(tokens) else i
    for _ in range(TAKES.get(tokens[i], 0) if i < len(tokens) else 0):
        end = _argument(tokens, _past_space(tokens, end))
    return end


def _plain(tokens: list[str]) -> str:
    """Without white space and braces, so that two spellings of one symbol are one; words stay words."""
    if tokens and tokens[0] in WORDS:
        return "".join(tokens)
    return " ".join(token for token in tokens if token not in "{}" and not token.isspace())


def _letters(tokens: list[str], i: int) -> int:
    """Where the letters of a symbol end that begins at a token; there, if none begins."""
    if i >= len(tokens):
        return i
    if tokens[i] in ACCENTS or tokens[i] == "\\text":
        return _argument(tokens, i)
    if tokens[i] == "d" and (end := _letters(tokens, i + 1)) > i + 1:  # a gradient: dW, d\gamma
        return end
    return i + bool(re.fullmatch("[A-Za-z]", tokens[i]) or GREEK.fullmatch(tokens[i]))


def _symbol(tokens: list[str], i: int) -> Symbol | None:
    """The symbol that begins at a token."""
    middle = end = _letters(tokens, i)
    if end == i:
        return None
    scripts, tex = {"_": "", "^": ""}, "".join(tokens[i:middle])
    while (k := _past_space(tokens, end)) < len(tokens) and tokens[k] in scripts:
        start = _past_space(tokens, k + 1)
        end = _argument(tokens, start)
        inner = tokens[start:end]
        scripts[tokens[k]] = _plain(inner[1:-1] if inner[:1] == ["{"] else inner)
        tex += "".join(tokens[k:end]) if tokens[k] == "_" else ""
    if tokens[end : end + 1] == ["'"]:
        scripts["^"] = "\\prime"
    return Symbol(tex, _plain(tokens[i:middle]), scripts["_"], scripts["^"], i, middle, end)


def whole(tex: str) -> Symbol | None:
    """The symbol that a piece of LaTeX is, if it is one and nothing else."""
    tokens = TOKEN.findall(tex.strip())
    found = _symbol(tokens, 0)
    return found if found and found.end == len(tokens) else None


def rewrite(tex: str, mark) -> str:
    r"""The LaTeX with `\twin{key}{symbol}` for each symbol for which `mark(symbol)` gives a key, and where it ends."""
    tokens = TOKEN.findall(tex)

    def over(i: int, end: int) -> str:
        pieces = []
        while i < end:
            found = _symbol(tokens, i)
            key, stop = mark(found) if found else ("", 0)
            if key:
                inner = "".join(tokens[i : found.middle]) + over(found.middle, stop)
                pieces.append(f"\\twin{{{key}}}{{{inner}}}")
            elif tokens[i] in "_^" and tokens[k := _past_space(tokens, i + 1)] != "{":  # a script of one token has room for no more
                stop = _argument(tokens, k)
                script = over(k, stop)
                pieces.append(f"{tokens[i]}{{{script}}}" if "\\twin" in script else "".join(tokens[i:stop]))
            else:
                stop = found.middle if found else i + 1
                for _ in range(0 if found else TAKES.get(tokens[i], 0)):  # words stay; so do arguments without braces
                    k = _past_space(tokens, stop)
                    if tokens[i] not in WORDS and tokens[k : k + 1] in (["{"], ["["]):
                        break
                    stop = _argument(tokens, k)
                pieces.append("".join(tokens[i:stop]))
            i = stop
        return "".join(pieces)

    return over(0, len(tokens))


def symbols(tex: str) -> list[Symbol]:
    """The symbols of a formula, in order, each as one."""
    found: list[Symbol] = []
    rewrite(tex, lambda symbol: found.append(symbol) or ("", 0))
    return found
