"""Notebooks: what mkdocs-jupyter executed, in the page's own markup, formulas and links.

Its page weighs 650 kB, most of it styles, and asks other hosts for scripts. Only the cells are kept.
"""

import hashlib
import posixpath
import re
from pathlib import Path

import jupytext
from bs4 import BeautifulSoup, NavigableString

from snippets.experiments._cache import ROOT
from snippets.site import formulas
from snippets.site.source import DOCS, report


def key() -> str:
    """What a notebook's output depends on besides the notebook: our code, and the versions it ran with."""
    code = [p for folder in ("snippets", "snippets/exercises") for p in sorted((ROOT / folder).glob("*.py"))]
    digest = hashlib.sha256((ROOT / "requirements.txt").read_bytes())
    for path in code:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def sources() -> list[Path]:
    return sorted((DOCS / "notebooks").glob("*.py"))


def as_ipynb(path: Path) -> str:
    """The notebook as Jupyter has it, not executed; the same bytes each time."""
    notebook = jupytext.read(path)
    for i, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{i}"
    return jupytext.writes(notebook, fmt="ipynb")


def line(path: Path, text: str) -> int:
    """The line of the notebook's source that holds this text."""
    before, found, _ = path.read_text(encoding="utf-8").partition(text.strip().split("\n")[0])
    return before.count("\n") + 1 if found else 1


def mend(html: str, path: Path, urls: dict[str, str]) -> str:
    """Rebuild the page from the executed cells. `urls` maps a page's file in docs/ to its address from here."""
    read = BeautifulSoup(html, "html.parser")
    cells = []
    for cell in read.select(".jp-Cell:not(.jp-Cell .jp-Cell)"):  # code cells are two boxes, one within the other
        if "jp-MarkdownCell" in cell["class"]:
            cells.append(_prose(cell.select_one(".jp-RenderedMarkdown"), path, urls))
            continue
        code = cell.select_one(".jp-InputArea pre")
        cells.append(f'<div class="highlight cell"><pre><code>{code.decode_contents().strip()}</code></pre></div>')
        for output in cell.select(".jp-OutputArea-output"):
            cells.append(_output(output, path))
    name = path.stem
    links = (
        f'<p class="evidence">Download: <a href="{name}.ipynb" download>{name}.ipynb</a> · <a href="{name}.py" download>{name}.py</a></p>'
    )
    title, *rest = cells
    return "\n".join([title, links, *rest])


def _output(output, path: Path) -> str:
    image = output.find("img")
    if image is not None:
        alt = image.get("alt", "")
        if not alt or alt.startswith("No description"):
            report(path, 1, 'a picture has no alt text: display(figure, metadata={"image/png": {"alttext": "what there is to see"}})')
        return f'<figure class="cell-output">{image}</figure>'
    if output.get("data-mime-type") == "application/vnd.jupyter.stderr":
        report(path, 1, f"a cell writes to standard error: {output.get_text().strip().splitlines()[-1]}")
    pre = output.find("pre")
    text = pre.decode_contents() if pre else output.get_text()
    return f'<pre class="cell-output" tabindex="0"><code>{text.rstrip()}</code></pre>'


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
    nodes = [n for n in cell.find_all(string=True) if "$" in n and not n.find_parent(["code", "pre"])]
    for node in nodes:
        node.replace_with(BeautifulSoup(_formulas(str(node), path), "html.parser"))
    return re.sub(r"<p>\s*(<div class=\"formula\".*?</div>)\s*</p>", r"\1", cell.decode_contents().strip(), flags=re.S)


def _formulas(text: str, path: Path) -> str:
    found = formulas.find(text)
    pieces, at = [], 0
    for formula, answer in zip(found, formulas.render(found), strict=True):
        pieces.append(str(NavigableString(text[at : formula.start]).output_ready("minimal")))
        if isinstance(answer, formulas.FormulaError):
            report(path, line(path, formula.tex), f"formula: {answer}")
        else:
            pieces.append(answer)
        at = formula.end
    rest = text[at:]
    if "$" in rest.replace("\\$", ""):
        report(path, line(path, rest), "a stray $")
    return "".join([*pieces, str(NavigableString(rest).output_ready("minimal"))])
