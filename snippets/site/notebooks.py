"""Notebooks: executed here, and shown by mkdocs-jupyter in the page's own markup, formulas and links.

mkdocs-jupyter would run them one after another, all of them as soon as one snippet changes, and would not say where one
raised. So they run here, side by side, each only when something that it uses has changed. And its page weighs 650 kB, most
of it styles, and asks other hosts for scripts: only the cells are kept.

A notebook that needs TensorFlow is not run when the site is built. It is shown as it was when it ran last, which is kept in
docs/notebooks/kept and says when and with what. `make kept` runs it again; a test does too, and compares.
"""

import contextlib
import datetime
import hashlib
import html
import json
import os
import posixpath
import re
import tempfile
import time
from pathlib import Path

import bs4
import jupytext

from snippets.experiments import _cache
from snippets.site import formulas, libraries
from snippets.site import kept as kept_pages
from snippets.site.source import DOCS, report

Fault = tuple[int, str]  # a line of the notebook, and what is wrong there

CELL = re.compile(r"^# %%(?P<rest>.*)\n\s*", re.M)
# Plots look like the page's figures; run without the build, a notebook has matplotlib's own looks.
LOOKS = """
import matplotlib
from matplotlib_inline.backend_inline import set_matplotlib_formats
from snippets.figures import _style

_style.use("light")
matplotlib.rcParams.update({"figure.figsize": (_style.WIDTH, 3.0), "figure.constrained_layout.use": True, "svg.hashsalt": "notebook"})
set_matplotlib_formats("svg", metadata={"Date": None, "Creator": None})
"""


def sources() -> list[Path]:
    return sorted((DOCS / "notebooks").glob("*.py"))


def as_ipynb(path: Path) -> str:
    """The notebook as Jupyter has it, not executed; the same bytes each time."""
    return _kept(path, "ipynb", lambda: jupytext.writes(_read(path), fmt="ipynb"))


def _kept(path: Path, part: str, make):
    """What is read of a notebook, which takes time, while a build can take it over."""
    return kept_pages.once(f"notebooks/{path.stem}/index.html", part, (path.read_bytes(),), make)


def _read(path: Path):
    notebook = jupytext.read(path)
    for i, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{i}"
    return notebook


def needed(path: Path) -> list[str]:
    """The libraries that a notebook imports and no build has."""
    return _kept(path, "needed", lambda: libraries.needed("\n".join(c.source for c in _read(path).cells if c.cell_type == "code")))


def executed(path: Path) -> Path:
    """Where the executed notebook lies for its text, our code and the versions as they are now, run or not."""
    if needed(path):
        return path.parent / "kept" / f"{path.stem}.ipynb"
    parts = [path.read_text(encoding="utf-8"), _cache.code_key("snippets.site.notebooks", "execute")]
    with contextlib.suppress(SyntaxError):  # running it says where
        parts.append(_cache.code_key(f"docs.notebooks.{path.stem}", None))
    return _cache.CACHE / "notebooks" / f"{path.stem}-{hashlib.sha256(''.join(parts).encode()).hexdigest()[:16]}.ipynb"


def as_shown(path: Path) -> dict:
    """The executed notebook; without outputs where it could not be executed."""
    return kept(executed(path) if executed(path).exists() else path)


def kept(path: Path) -> dict:
    """An executed notebook, or one that was not, as it is in its file: a build goes on with that which it began with."""
    return json.loads(path.read_text(encoding="utf-8") if path.suffix == ".ipynb" else as_ipynb(path))


def missing() -> tuple[list[Path], int]:
    """The notebooks of which something has changed since they were executed, and how many are as they were."""
    ours = [path for path in sources() if not needed(path)]
    absent = [path for path in ours if not _cache.is_whole(executed(path))]
    return absent, len(ours) - len(absent)


def jobs() -> dict[str, _cache.Job]:
    """Every notebook of which something has changed, to be executed."""
    absent, reused = missing()
    print(f"notebooks: {reused} reused, {len(absent)} to run", flush=True)
    return {f"notebook {path.stem}": _cache.Job((work, path)) for path in absent}


def work(path: Path) -> tuple[float, str | None]:
    """Execute a notebook; return its seconds and what is wrong, a line for each fault. Such a one is not kept."""
    start, place = time.perf_counter(), path.relative_to(_cache.ROOT)
    try:
        said = [f"{place}:{number}: {what}" for number, what in execute(path)]
    except _cache.CacheError as error:
        said = [str(error)]
    except Exception as error:
        said = [f"{place}:1: {type(error).__name__}: {error}"]
    return time.perf_counter() - start, "\n".join(said) or None


def look_at_kept() -> None:
    """Report every notebook that no build runs, where what is kept of it is of another text."""
    for path in filter(needed, sources()):
        if not is_of_this_text(path):
            report(path, 1, "what is kept of it is not of this text: run `make kept`, which installs TensorFlow")


def is_of_this_text(path: Path) -> bool:
    """Whether the executed notebook has the cells that the notebook has."""
    kept = executed(path)
    cells = json.loads(kept.read_text(encoding="utf-8"))["cells"] if kept.exists() else []
    return ["".join(cell["source"]) for cell in cells] == ["".join(cell["source"]) for cell in json.loads(as_ipynb(path))["cells"]]


def execute(path: Path) -> list[Fault]:
    """Run a notebook in an empty folder. Returns what is wrong with it; where that is nothing, it is kept."""
    import nbformat  # half a second, which a build that runs nothing has no need of
    from nbclient.exceptions import CellExecutionError

    target, notebook, lines = executed(path), _read(path), cell_lines(path)
    notebook.cells.insert(0, nbformat.v4.new_code_cell(f"exec({LOOKS!r}, {{}})"))
    try:
        run(notebook)
    except CellExecutionError as error:
        return [(_raised_at(error.traceback, notebook, lines), f"raised {error.ename}: {error.evalue}")]
    del notebook.cells[0]
    faults: list[Fault] = []
    for cell, line in zip(notebook.cells, lines, strict=True):
        if cell.cell_type == "code":
            cell.execution_count = None
            faults += [(line, what) for output in cell.outputs for what in complaints(cell, output)]
    if not faults:
        _cache.write_whole(target, lambda file: file.write(nbformat.writes(notebook).encode()))
    return faults


def run(notebook) -> None:
    """Fill in the outputs of a notebook that runs in an empty folder, the same ones on all processors of a family."""
    from nbclient import NotebookClient
    from traitlets.config import Config

    with _cache.alike(), tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as place:
        sockets = Config({"KernelManager": {"transport": "ipc", "ip": f"{place}/kernel"}})  # not TCP: nobody else can reach it
        one = {"record_timing": False, "coalesce_streams": True}  # what a cell prints is one output, in however many pieces it came
        NotebookClient(notebook, config=sockets, resources={"metadata": {"path": folder}}, **one).execute()


def cell_lines(path: Path) -> list[int]:
    """The line on which each cell's text begins."""
    text = path.read_text(encoding="utf-8")
    return [text.count("\n", 0, match.end()) + 1 for match in CELL.finditer(text)]


def _raised_at(traceback: str, notebook, lines: list[int]) -> int:
    """The deepest line of the notebook in a traceback; the notebook has one cell before those of its file."""
    frames = re.findall(r"Cell In\[(\d+)\], line (\d+)", re.sub(r"\x1b\[[\d;]*m", "", traceback))
    code = [i for i, cell in enumerate(notebook.cells) if cell.cell_type == "code"]
    cell, line = map(int, frames[-1])
    return lines[code[cell - 1] - 1] + line - 1


def complaints(cell, output) -> list[str]:
    """What is wrong with an output. Draws a picture's dark twin on the way."""
    if output.output_type == "stream":
        said = re.search(r"\w*Warning: .*|.*\Z", output.text.strip())[0]
        return [f"writes to standard error: {said}"] if output.name == "stderr" else []
    output.pop("execution_count", None)
    if svg := output.data.get("image/svg+xml"):
        output.data = {"image/svg+xml": light_and_dark(svg)[0]}
        output.metadata = {"dark": light_and_dark(svg)[1]}
        strange = strange_colors(svg)
        said = [] if cell.metadata.get("alt") else ['its picture has no alt text: say what there is to see, # %% alt="The cost falls"']
        return said + [f"the colour {color} is not one of snippets/figures/_style.py, and may not be seen in the dark" for color in strange]
    text = output.data.get("text/plain", "")
    if set(output.data) != {"text/plain"}:
        return [f"shows what a page cannot hold, {', '.join(sorted(output.data))}: print it"]
    return [f"shows an address, another one each time: {text.strip()}; end the line with ;"] if re.search(r"\bat 0x", text) else []


def _palette() -> dict[str, str]:
    """Each colour of a light figure, and what it is in a dark one."""
    from snippets.figures import _style

    both = [(getattr(_style, name)["light"], getattr(_style, name)["dark"]) for name in ("INK", "PAPER", "FAINT")]
    return dict([*both, *zip(_style.SERIES["light"], _style.SERIES["dark"], strict=True)])


def light_and_dark(svg: str) -> tuple[str, str]:
    """The picture, lighter in weight, and the same in the colours for dark paper."""
    from snippets.figures import _draw

    light, palette = _draw.rounded(svg), _palette()
    return light, re.sub(r"#[0-9a-f]{6}\b", lambda match: palette.get(match[0], match[0]), light)


def strange_colors(svg: str) -> list[str]:
    return sorted(set(re.findall(r"#[0-9a-f]{6}\b", svg)) - _palette().keys())


def pictures(notebook: dict) -> dict[tuple[int, int], tuple[int, str, str]]:
    """For each picture, by cell and output: its number on the page, as drawn for light, and for dark."""
    found = {}
    for i, cell in enumerate(notebook["cells"]):
        for j, output in enumerate(cell.get("outputs", ())):
            if svg := output.get("data", {}).get("image/svg+xml"):
                found[i, j] = len(found) + 1, "".join(svg), output["metadata"]["dark"]
    return found


def files(path: Path) -> dict[str, str]:
    """What lies beside a notebook's page, by name: the notebook to download, and its pictures."""
    made = {f"{path.stem}.ipynb": as_ipynb(path), f"{path.stem}.py": path.read_text(encoding="utf-8")}
    for number, light, dark in pictures(as_shown(path)).values():
        made |= {f"{path.stem}-{number}.light.svg": light, f"{path.stem}-{number}.dark.svg": dark}
    return made


def line(path: Path, text: str) -> int:
    """The line of the notebook's source that holds this text."""
    before, found, _ = path.read_text(encoding="utf-8").partition(text.strip().split("\n")[0])
    return before.count("\n") + 1 if found else 1


def mend(page: str, path: Path, notebook: dict, urls: dict[str, str]) -> str:
    """Rebuild the page from the cells of the notebook as shown. `urls` maps a page's file in docs/ to its address from here."""
    read, drawn = bs4.BeautifulSoup(page, "html.parser"), pictures(notebook)
    shown = read.select(".jp-Cell:not(.jp-Cell .jp-Cell)")  # code cells are two boxes, one within the other
    cells = []
    for i, (box, cell) in enumerate(zip(shown, notebook["cells"], strict=True)):
        if cell["cell_type"] == "markdown":
            cells.append(_prose(box.select_one(".jp-RenderedMarkdown"), path, urls))
            continue
        code = box.select_one(".jp-InputArea pre")
        cells.append(f'<div class="highlight cell"><pre><code>{code.decode_contents().strip()}</code></pre></div>')
        for j, output in enumerate(cell["outputs"]):
            if (i, j) in drawn:
                cells.append(_figure(path, cell["metadata"]["alt"], *drawn[i, j]))
            else:
                text = "".join(output["text"] if output["output_type"] == "stream" else output["data"]["text/plain"])
                cells.append(f'<pre class="cell-output" tabindex="0"><code>{html.escape(text.rstrip(), quote=False)}</code></pre>')
    name = path.stem
    links = (
        f'<p class="evidence">Download: <a href="{name}.ipynb" download>{name}.ipynb</a> · <a href="{name}.py" download>{name}.py</a></p>'
    )
    if made := notebook["metadata"].get("made"):
        versions = ", ".join(f"{name} {version}" for name, version in notebook["metadata"]["versions"].items())
        links += (
            f'\n<p class="evidence">This page was built without running the notebook. Its outputs are of {made}, made with {versions}; '
            "<code>make test</code> makes them again and compares.</p>"
        )
    title, *rest = cells
    plain = re.compile(r'<span class="[npw]">([^<]*)</span>')  # names and spaces look the same without, brackets nearly; they are many
    return plain.sub(r"\1", "\n".join([title, links, *rest]))


def description(page: str) -> str:
    """What the page of a notebook is about, for search engines: its first sentence, or "" where there is none."""
    found = re.search(r"<p>(.*?)</p>", page, re.S)
    words = re.sub("<[^>]*>", "", found[1]).split() if found else []
    return re.split(r"(?<=[.?!])\s", " ".join(words), maxsplit=1)[0]


def _figure(path: Path, alt: str, number: int, *drawn: str) -> str:
    images = []
    for theme, svg in zip(("light", "dark"), drawn, strict=True):
        width, height = (round(float(points) * 96 / 72) for points in re.search(r'width="([\d.]+)pt" height="([\d.]+)pt"', svg).groups())
        images.append(
            f'<img class="only-{theme}" src="{path.stem}-{number}.{theme}.svg" alt="{html.escape(alt)}" '
            f'width="{width}" height="{height}" loading="lazy">'
        )
    return f'<figure class="drawn cell-output">{"".join(images)}</figure>'


def _prose(cell, path: Path, urls: dict[str, str]) -> str:
    for anchor in cell.select("a.anchor-link"):
        anchor["class"], anchor.string, anchor["title"] = "headerlink", "¶", "Permanent link"
    for link in cell.select("a[href]"):
        file, _, fragment = link["href"].partition("#")
        if file and "://" not in file and not file.startswith("mailto:"):
            target = posixpath.normpath(posixpath.join("notebooks", file))
            if target not in urls:
                report(path, line(path, f"({link['href']})"), f"no page {target}: this link is dead")
                continue
            link["href"] = urls[target] + (f"#{fragment}" if fragment else "")
    for box in cell.select("details"):
        box["class"] = "answer"
    for pre in cell.select("pre:not(:has(code))"):  # what is too wide scrolls within its code
        if "highlight" not in pre.parent.get("class", ()):
            pre.wrap(bs4.BeautifulSoup().new_tag("div", attrs={"class": "highlight"}))
        code = bs4.BeautifulSoup().new_tag("code")
        code.extend(list(pre.contents))
        pre.append(code)
    nodes = [n for n in cell.find_all(string=True) if "$" in n and not n.find_parent(["code", "pre"])]
    for node in nodes:
        node.replace_with(bs4.BeautifulSoup(_formulas(str(node), path), "html.parser"))
    return re.sub(r"<p>\s*(<div class=\"formula\".*?</div>)\s*</p>", r"\1", cell.decode_contents().strip(), flags=re.S)


def _formulas(text: str, path: Path) -> str:
    found = formulas.find(text)
    pieces, at = [], 0
    for formula, answer in zip(found, formulas.render(found), strict=True):
        pieces.append(str(bs4.NavigableString(text[at : formula.start]).output_ready("minimal")))
        if isinstance(answer, formulas.FormulaError):
            report(path, line(path, formula.tex), f"formula: {answer}")
        else:
            pieces.append(answer)
        at = formula.end
    rest = text[at:]
    if "$" in rest.replace("\\$", ""):
        report(path, line(path, rest), "a stray $")
    return "".join([*pieces, str(bs4.NavigableString(rest).output_ready("minimal"))])


def keep(path: Path) -> None:
    """Execute a notebook that needs a library, and say in what is kept when that was and with which versions."""
    from snippets.experiments._tensorflow import SETTINGS, versions

    os.environ |= SETTINGS
    if problem := work(path)[1]:
        raise SystemExit(problem)
    notebook = json.loads(executed(path).read_text(encoding="utf-8"))
    notebook["metadata"] |= {"made": datetime.date.today().isoformat(), "versions": versions()}
    executed(path).write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    executed(path).chmod(0o644)


if __name__ == "__main__":
    for path in filter(needed, sources()):
        keep(path)
