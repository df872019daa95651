"""The table of faults: each is put into a copy of a small note, each must be said with its file and line.

`§` marks the line that the message has to name. A page's text stands below a title of its own unless
it begins with `---`. `NN` becomes the number of the fault, so that faults do not get in each other's way.
"""

from dataclasses import dataclass, field

PAGE = "---\ndescription: A page with fault number NN.\n---\n# Fault NN\n\nWords before.\n\n{}\n\nWords after.\n"


@dataclass(frozen=True)
class Fault:
    name: str
    text: str  # of a page, or of the first file
    says: str  # a piece of the message
    file: str = "docs/fault_NN.md"
    more: dict[str, str] = field(default_factory=dict)  # other files that the fault needs

    def files(self, number: int) -> dict[str, str]:
        text = PAGE.format(self.text) if self.file.startswith("docs/fault") and not self.text.startswith("---") else self.text
        files = {self.file: text, **self.more}
        return {path.replace("NN", f"{number:02}"): text.replace("NN", f"{number:02}") for path, text in files.items()}

    def place(self, number: int) -> str:
        """`file:line` that the message is to hold."""
        path, text = next((path, text) for path, text in self.files(number).items() if "§" in text)
        return f"{path}:{text[: text.index('§')].count(chr(10)) + 1}"


def snippet(name: str, line: str, says: str, code: str = "") -> Fault:
    """A directive in a fence, and the file of code that it is about."""
    return Fault(name, f"```python\n§{line}\n```", says, more={"snippets/part_NN.py": code} if code else {})


def figure(name: str, code: str, says: str, shown: str = "![Nothing to see](figures/fig_NN/race.svg)") -> Fault:
    head = '"""A figure."""\nimport warnings\nimport numpy as np\nfrom snippets.figures import _style\n\n\n'
    return Fault(name, head + code, says, "snippets/figures/fig_NN.py", {"docs/fault_NN.md": PAGE.format(shown)} if shown else {})


def experiment(name: str, code: str, says: str) -> Fault:
    head = '"""An experiment."""\nfrom snippets.experiments._cache import experiment\n\n\n@experiment\ndef race():\n'
    return Fault(name, head + code, says, "snippets/experiments/exp_NN.py")


def notebook(name: str, cells: str, says: str) -> Fault:
    head = "# ---\n# jupyter:\n#   kernelspec:\n#     display_name: Python 3\n#     language: python\n#     name: python3\n# ---\n\n"
    return Fault(name, f"{head}# %% [markdown]\n# # Notebook NN\n\n{cells}\n", says, "docs/notebooks/notebook_NN.py")


def whole(name: str, text: str, says: str) -> Fault:
    return Fault(name, f"---\ndescription: A page with fault number NN.\n---\n{text}\n", says)


DRAW = "    figure, ax = _style.panels(height=2.0)\n"

BUILD = [
    # Snippets
    snippet("a file that is not there", '--8<-- "nowhere.py:step"', "no file 'nowhere.py'"),
    snippet("a function that is not there", '--8<-- "toy.py:nothing"', "no function, class or section 'nothing'"),
    snippet("a method that is not there", '--8<-- "toy.py:Walker-fly"', "Walker-fly"),
    snippet("a way out of the repository", '--8<-- "../../../../../../etc/passwd:root"', "no file"),
    snippet("an absolute path", '--8<-- "/etc/passwd:root"', "is not a file of this repository"),
    snippet("an address for a file", '--8<-- "https://example.org/adam.py:step"', "is not a file of this repository"),
    snippet("no quotes", "--8<-- toy.py:step", "an embedding is a line of its own"),
    snippet("words after the quotes", '--8<-- "toy.py:step" here', "an embedding is a line of its own"),
    snippet("other scissors", '-8<- "toy.py:step"', "an embedding is a line of its own"),
    snippet("a block of scissors", "--8<--\ntoy.py\n--8<--", "an embedding is a line of its own"),
    snippet("a whole file", '--8<-- "toy.py"', "name what to embed"),
    snippet("lines by their numbers", '--8<-- "toy.py:1:3"', "line numbers drift"),
    snippet("a section that never ends", '--8<-- "part_NN.py:part"', "end", "# --8<-- [start:part]\nsecret = 1\n"),
    snippet("a section that never starts", '--8<-- "part_NN.py:part"', "part", "secret = 1\n# --8<-- [end:part]\n"),
    snippet("an empty section", '--8<-- "part_NN.py:part"', "empty", "# --8<-- [start:part]\n# --8<-- [end:part]\n"),
    snippet("a section twice", '--8<-- "part_NN.py:part"', "twice",
          "# --8<-- [start:part]\na = 1\n# --8<-- [start:part]\n# --8<-- [end:part]\n"),
    snippet("a link that leaves the repository", '--8<-- "part_NN.py:root"', "leads out of this repository", "-> /etc/passwd"),
    snippet("code that is no Python", '--8<-- "part_NN.py:step"', "invalid syntax", "def step(:\n"),
    Fault("a missing file in a box", '!!! settled "So"\n    ```python\n§    --8<-- "nowhere.py:step"\n    ```', "no file 'nowhere.py'"),
    Fault("a box that the other page has not", '§--8<-- "clean.md:measured_nowhere"', "has no box"),
    # Formulas
    Fault("an undefined macro", "So §$\\fraction{1}{2}$.", "formula: "),
    Fault("an open brace", "§$$\n\\frac{1}{2\n$$", "formula: "),
    Fault("two subscripts", "So §$x_1_2$.", "formula: "),
    Fault("a stray & in a formula", "So §$a & b$.", "formula: "),
    Fault("a label", "So §$a \\label{x}$.", "formula: "),
    Fault("a comment in a formula", "So §$a % b$.", "formula: "),
    Fault("a faulty formula in a table", "| a | b |\n|---|---|\n| §$\\nope$ | c |", "formula: "),
    Fault("a faulty formula in a box", '!!! settled "So"\n    It is §$\\nope$.', "formula: "),
    Fault("a faulty formula in a tab", '=== "A"\n    It is §$\\nope$.\n\n=== "B"\n    b', "formula: "),
    Fault("a stray $", "It costs §$ 5.", "a stray $"),
    Fault("a display formula that is not closed", "§$$\na = b", "a stray $"),
    Fault("a display formula in a line", "So it is §$$a = b$$", "a display formula begins on a line of its own"),
    Fault("LaTeX outside of a formula", "Here §\\frac{1}{2} stands.", "LaTeX outside of a formula"),
    Fault("brackets of LaTeX", "Here §\\(a + b\\) stands.", "LaTeX outside of a formula"),
    Fault("a display formula without a mark", "§$$\na = b\n$$", "say below this formula what computes the same"),
    Fault("a mark that says nothing", "§$$\na = b\n$$\n<!-- checked -->", "say below this formula what computes the same"),
    Fault("a formula that is not its code", "§$$\ny = x - 1\n$$\n<!-- checked: toy.step\ngiven x = rng.normal()\ny = toy.step(x)\n-->",
          "≢ toy.step"),
    Fault("a left-hand side that is not its code's",
          "§$$\nz = 3 x\n$$\n<!-- checked: toy.step\ngiven x = rng.normal()\ny = toy.step(x)\n-->", "the comment beside it says 'y ='"),
    Fault("a checked formula of no function", "§$$\na = b\n$$\n<!-- checked: toy.nothing -->", "no function 'nothing'"),
    # Figures and pictures
    Fault("a figure that nobody draws", "§![Nothing to see](figures/toy/nothing.svg)", "no function draws figures/toy/nothing.svg"),
    Fault("a figure of no topic", "§![Nothing to see](figures/nobody/race.svg)", "no function draws"),
    Fault("a figure without alt text", "§![](figures/toy/race.svg)", "has no alt text"),
    Fault("a picture without alt text", "§![ ](assets/dot.svg)", "has no alt text"),
    Fault("an img without alt text", '§<img src="assets/dot.svg">', "has no alt text"),
    Fault("a picture that is not there", "§![A picture](assets/nothing.png)", "nothing.png"),
    Fault("an explorable that is not there", "![Up](figures/toy/race.svg)\n<!-- explorable: §nothing -->", "no explorable 'nothing'"),
    Fault("an explorable without a figure", "Here.\n\n<!-- explorable: §race -->", "makes a figure an explorable"),
    figure("a figure that raises", "def race():\n§    raise ValueError('no')\n", "raised ValueError"),
    figure("a figure that warns", "def race():\n§    warnings.warn('careful')\n", "raised UserWarning"),
    figure("a figure with a NaN", f"§def race():\n{DRAW}    ax.plot([1, np.nan])\n    return figure\n", "not finite"),
    figure("a field with a NaN", f"§def race():\n{DRAW}    ax.imshow([[1, np.nan]])\n    return figure\n", "not finite"),
    figure("a figure with small text", f"§def race():\n{DRAW}    ax.set_title('x', fontsize=4)\n    return figure\n", "4 points"),
    figure("a figure too wide", f"§def race():\n{DRAW}    figure.set_size_inches(9, 2)\n    return figure\n", "inches wide"),
    figure("a log axis that does not say so", f"§def race():\n{DRAW}    ax.set_xscale('log')\n    return figure\n", "is logarithmic"),
    figure("a function that draws nothing", "§def race():\n    return 1\n", "returns int, not a Figure"),
    figure("a figure that no page shows", f"§def race():\n{DRAW}    ax.plot([1, 2])\n    return figure\n",
          "no page shows the figure race", ""),
    # Numbers
    Fault("a number of no topic", "It is §{nobody.race.ratio:.2f}.", "has no experiment 'race'"),
    Fault("a number of no experiment", "It is §{toy.nothing.ratio:.2f}.", "has no experiment 'nothing'"),
    Fault("a number of no field", "It is §{toy.race.nothing:.2f}.", "has no field 'nothing'"),
    Fault("a format that does not fit", "It is §{toy.race.ratio:d}.", "{toy.race.ratio:d}"),
    Fault("an array for a number", "It is §{toy.race.mean}.", "an array"),
    Fault("an element that is not there", "It is §{toy.race.mean[9]:.1f}.", "{toy.race.mean[9]:.1f}"),
    Fault("a number that is a NaN", "It is §{toy.race.undefined:.1f}.", "is nan"),
    Fault("a reference cut short", "It is §{toy.race}.", "is no reference"),
    Fault("a wrong number in a table", "| a | b |\n|---|---|\n| §{toy.race.nothing} | c |", "has no field"),
    Fault("a default of no function", "It is §{default: toy.nothing.by}.", "toy.nothing has no argument 'by'"),
    Fault("a default that is read wrongly", "It is §{default: toy.step}.", "is no default"),
    Fault("arithmetic with a name", "It is §{= 2 * ratio}.", "cannot be worked out"),
    Fault("arithmetic that is cut short", "It is §{= 2 * :.1f}.", "cannot be worked out"),
    Fault("arithmetic over two lines", "It is §{= 2 *\n3} times so.", "a number is not filled in"),
    Fault("arithmetic without a result", "So §$x = {= 1 / 0}$.", "cannot be worked out: float division by zero"),
    # Typed numbers
    Fault("a typed result", "It takes §0.97 of the time.", "typed number 0.97"),
    Fault("a typed percentage", "§1 % of them.", "typed number 1 %"),
    Fault("a typed factor", "It is §3 times as fast.", "typed number 3 times"),
    Fault("a typed result in a table", "| a | b |\n|---|---|\n| §97.3 | c |", "typed number 97.3"),
    Fault("a typed result in a title", '§!!! settled "It is 1.4 times as long"\n    So.', "typed number 1.4 times"),
    Fault("a typed result in a heading", "§## The best is 0.42\n\nWords.", "typed number 0.42"),
    Fault("a typed result in an alt text", "§![A line that climbs to 12.5](figures/toy/race.svg)", "typed number 12.5"),
    Fault("a typed result in a formula", "So §$\\sqrt{2/200} = 0.1$.", "typed number 0.1 in a formula"),
    Fault("a typed result in a display formula", "§$$\na \\approx 3.16\n$$\n<!-- notation -->", "typed number 3.16 in a formula"),
    Fault("a typed result in an answer", '??? exercise "By hand, 1 minute: so"\n    So.\n\n    ??? answer "Answer"\n§        $m = 7$',
          "typed number 7 in a formula"),
    Fault("a table held by a test that is not there", "§<!-- held by test_nothing -->\n\n| a | b |\n|---|---|\n| 97.3 | c |",
          "no test in tests/ is called test_nothing"),
    experiment("an experiment that raises", "§    raise ValueError('no')\n", "raised ValueError"),
    experiment("an experiment that warns", "    import numpy\n§    return {'a': numpy.log(numpy.zeros(1))}\n", "raised RuntimeWarning"),
    # Citations
    whole("a work that is not in the bibliography", "# Fault NN\n\nSo [@good2001], §[@nobody1999].\n\n## Sources", "no entry 'nobody1999'"),
    whole("a work without a year", "# Fault NN\n\nSo [@good2001], §[@noyear].\n\n## Sources", "lacks year"),
    whole("citations, and no list of sources", "§# Fault NN\n\nSo [@good2001].", "no `## Sources`"),
    whole("sources that nobody cites", "# Fault NN\n\nSo.\n\n§## Sources", "without a citation"),
    # Boxes
    Fault("a measured box without a number", '§!!! measured "It is twice as long"\n    Over 20 seeds.',
          "at least one {topic.experiment.field:format}"),
    Fault("a measured box without a test", '§!!! measured "It is {toy.untested.ratio:.1f}"\n    So.', "no test in tests/test_toy.py"),
    whole("a contested box with one side", '# Fault NN\n\n§!!! contested "So"\n    See [@good2001].\n\n## Sources', "cites both sides"),
    Fault("a box's title without quotes", "§!!! settled It is so.\n    Words.", "a box begins with a line like"),
    Fault("a box whose title is not closed", '§??? exercise "By hand\n    Words.', "a box begins with a line like"),
    Fault("a box with nothing in it", '§!!! settled "So"\nWords that are not indented.', "an empty box"),
    Fault("a box indented by two", 'Words.\n\n- A list\n\n§  !!! settled "So"\n      Words.', "a box is not rendered"),
    # Headings
    Fault("no title", "---\ndescription: x\n---\n§Words.\n", "the page has no title"),
    Fault("a second title", "§# Another\n\nWords.", "a second title 'Another'"),
    Fault("a second title without a space", "§#1 is best", "a second title"),
    Fault("a formula in a heading", "§## The scale of $\\beta$\n\nWords.", "no formula in a heading"),
    Fault("a level skipped", "§### Deep\n\nWords.", "skips a level"),
    Fault("the same heading twice", "## Why\n\nWords.\n\n§## Why\n\nWords.", "a second heading with the address #why"),
    Fault("the same address twice", "## Why\n\nWords.\n\n§## Because {#why}\n\nWords.", "a second heading with the address #why"),
    Fault("a level skipped in raw HTML", "§<h4>Deep</h4>", "skips a level"),
    Fault("an id twice", '§<b id="here">a</b> and <b id="here">b</b>', "the id 'here' stands twice"),
    # Blocks
    Fault("a block under another name", "§```py\nx = 1\n```", "write `python`"),
    Fault("a block with a capital", "§```Python\nx = 1\n```", "write ```python"),
    Fault("a word after the language", "§```python notest\nx = 1\n```", "write ```python"),
    Fault("a block that says nothing of what it needs", "§``` {.python .in-repo}\nx = 1\n```", "says so to its reader"),
    Fault("a block that goes on and does not say so", "```python\nx = 1\n```\n\n§``` {.python .continues}\ny = x\n```",
          "says so to its reader"),
    Fault("a block that needs a library and does not say so", "§```python\nimport torch\n```", "a block that needs torch says so"),
    Fault("a block in another library's tab", '=== "Keras"\n§    ```python\n    import optax\n    ```\n\n=== "B"\n    b',
          "a block that needs jax says so"),
    Fault("a block that needs two libraries", '§``` {.python title="Needs PyTorch and JAX"}\nimport torch, jax\n```', "needs one library"),
    Fault("an empty block", "§```python\n\n```", "this block is empty"),
    Fault("a fence that is not closed", "§```python\nx = 1", "never closed"),
    Fault("a fence that is not rendered", "Words\nand §``` x = 1\n\nmore", "a fence is not rendered"),
    # Links
    Fault("a link to no page", "See §[there](nowhere.md).", "a dead link"),
    Fault("a link to no place", "See §[there](clean.md#nowhere).", "a link to a place that is not on its page"),
    Fault("a link to no place on the same page", "See §[there](#nowhere).", "a link to a place that is not on its page"),
    Fault("a dead link in raw HTML", 'See §<a href="../nowhere/">there</a>.', "a dead link"),
    Fault("a dead anchor in raw HTML", 'See §<a href="../clean/#nowhere">there</a>.', "a link to a place that is not on its page"),
    Fault("an absolute link", "See §[there](/clean/).", "an absolute address"),
    Fault("a link without an address", "See §[there]().", "without an address"),
    Fault("a link without words", "See §[](clean.md).", "a link without words"),
    Fault("a reference that is not defined", "See §[there][nowhere].", "the reference '[there][nowhere]' is not defined"),
    Fault("a footnote that is not defined", "So it is.§[^1]", "no footnotes here"),
    Fault("a link with words in its address", "See §[there](clean.md and here).", "a dead link"),
    Fault("a link that is not rendered", "See §[there](clean.md", "a link is not rendered"),
    # From other hosts
    Fault("a picture from another host", "§![A picture](https://example.org/x.png)", "from another host"),
    Fault("a script from another host", '§<script src="https://example.org/x.js"></script>', "no scripts"),
    Fault("a frame from another host", '§<iframe src="//example.org/"></iframe>', "no scripts, styles or frames"),
    Fault("a font from another host", '@font-face {\n§  src: url("https://example.org/x.woff2");\n}\n',
          "from another host", "docs/assets/bad_NN.css"),
    Fault("a style sheet from another host", 'a { color: red }\n§@import "//example.org/x.css";\n', "from another host",
          "docs/assets/bad_NN.css"),
    # Notebooks
    notebook("a notebook that raises", "# %%\nx = 1\n\n# %%\ny = 2\n§y / 0", "raised ZeroDivisionError: division by zero"),
    notebook("a notebook that raises where it calls a function of its own", "# %%\ndef f(x):\n    §return 1 / x\n\n\n# %%\nf(0)",
             "raised ZeroDivisionError"),
    notebook("a notebook that is no Python", "# %%\nx = 1\n§y = (", "raised SyntaxError"),
    notebook("a notebook that warns", '# %%\n§import warnings\n\nwarnings.warn("oh")', "writes to standard error: UserWarning: oh"),
    notebook("a plot without words", "# %%\n§import matplotlib.pyplot as plt\n\nplt.plot([1, 2]);", "no alt text"),
    notebook("a plot that is not seen in the dark", '# %% alt="A line"\n§import matplotlib.pyplot as plt\n\nplt.plot([1, 2], "k");',
             "the colour #000000"),
    notebook("a dead link in a notebook", "# %% [markdown]\n# So.\n#\n# It is §[here](../nowhere.md).", "this link is dead"),
    notebook("a link in a notebook to a place that is not there", "# %% [markdown]\n# It is §[here](../clean.md#nowhere).",
             "not on its page"),
    notebook("a formula in a notebook that does not parse", "# %% [markdown]\n# So §$\\frac{1$ is it.", "formula: "),
    # Tabs, tables, the rest
    Fault("a tab alone", '§=== "NumPy"\n    Words.', "a lone tab"),
    Fault("a tab's name without quotes", '§=== NumPy\n    Words.\n\n=== "Torch"\n    Words.', "a tab begins with a line like"),
    Fault("a tab with nothing in it", '§=== "NumPy"\n\n=== "Torch"\n    Words.', "an empty tab"),
    Fault("a tab called as on no other page", '§=== "NumPy"\n    Words.\n\n=== "JAX"\n    Words.', "not the tabs NumPy, PyTorch, Keras"),
    Fault("a cell too many", "| a | b |\n|---|---|\n| c | d |\n§| e | f | lost |", "cells would be lost"),
    Fault("a rule that does not fit its table", "§| a | b | c |\n|---|---|\n| d | e |", "cells would be lost"),
    Fault("emphasis that is not rendered", "It is §** so ** here.", "emphasis is not rendered"),
    Fault("a placeholder", "Words. §TODO: more words.", "a placeholder is left"),
    Fault("no description", "---§\ntitle: x\n---\n# Fault NN\n\nWords.\n", "no `description:`"),
]  # fmt: skip

RUN = [  # stopped by the test that runs what the reader sees
    Fault("a block that raises", "```python\nx = 1\n§y = x / 0\n```", "ZeroDivisionError"),
    Fault("a block that promises what is not so", "```python\n§assert 1 + 1 == 3\n```", "AssertionError"),
    Fault("a transcript that shows what is not printed", "§```pycon\n>>> 1 + 1\n3\n```", "Expected"),
    Fault("a transcript without a prompt", "§```pycon\n1 + 1\n```", "begins with >>>"),
    Fault("a block that goes on from nothing", '§``` {.python .continues title="Goes on"}\nx = 1\n```', "no block above it"),
    Fault("a block that needs the repository and does not say so", "```python\n§from snippets import toy\n```", "snippets"),
    Fault("a block that raises in a box", '!!! settled "So"\n    ```python\n§    1 / 0\n    ```', "ZeroDivisionError"),
    Fault("a block that raises in a tab", '=== "A"\n    ```python\n§    1 / 0\n    ```\n\n=== "B"\n    b', "ZeroDivisionError"),
    Fault("a block that raises where a library is", '``` {.python title="Needs JAX"}\nimport jax\n\n§1 / 0\n```', "ZeroDivisionError"),
    Fault("a block that changes a library for those after it",
          '§``` {.python title="Needs JAX"}\nimport jax\n\njax.config.update("jax_enable_x64", True)\n```', "is left at True"),
]  # fmt: skip

CONFIG = [  # what is written in mkdocs.yml, what a hasty hand makes of it, what is said, of which line
    ("strict: true", "strict: false", "strict is to be true", "strict: false"),
    ("strict: true\n", "", "strict is to be true", "site_name"),
    ("omitted_files: warn", "omitted_files: info", "omitted_files is to be warn", "omitted_files: info"),
    ("links: {not_found: warn", "links: {not_found: ignore", "links / not_found is to be warn", "links:"),
    (" anchors: warn,", "", "anchors is to be warn", "links:"),
    ("unrecognized_links: warn", "unrecognized_links: info", "unrecognized_links is to be warn", "unrecognized_links: info"),
    ("  - snippets/site/hook.py\n", "  - other.py\n", "hook.py is to be there", "hooks:"),
    ("  - snippets.site.extension\n", "", "snippets.site.extension is to be there", "markdown_extensions:"),
    ("  - mkdocs-jupyter:\n", "  - other:\n", "mkdocs-jupyter is to be there", "plugins:"),
    ("pygments_lang_class: true", "pygments_lang_class: false", "pygments_lang_class is to be true", "pygments_lang_class"),
    ("font: false", "font: {text: Roboto}", "font is to be false", "font:"),
    ("extra_css:\n", "extra_css:\n  - https://example.org/x.css\n", "from another host", "example.org"),
    ("extra:\n", "extra:\n  analytics: {provider: google}\n", "from another host", "analytics"),
]
