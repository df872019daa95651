"""The museum of mistakes: the wrong versions of tests/wrong as pages show them. They are read here, never run.

`<!-- exhibit: adam.uncorrected -->` becomes the folded code of that wrong version, with the test that rejects it and the check
of a page that sees it; `<!-- the rest of the museum -->` a folded list of all the others, for each topic.
"""

import ast
import json
import re
from dataclasses import dataclass

from snippets.experiments import _cache
from snippets.site import claims, embed, source
from snippets.site.source import Page

EXHIBIT = re.compile(r"<!-- exhibit: (?P<topic>\w+)\.(?P<name>\w+) -->")


@dataclass(frozen=True)
class Version:
    topic: str
    name: str
    of: str  # the function that it stands in the place of
    killed_by: str
    unseen: str  # why no check of a page sees it
    says: str  # its docstring


def versions(topic: str) -> list[Version]:
    """The wrong versions of a topic, in the order of their file."""
    path = _cache.ROOT / "tests" / "wrong" / f"{topic}.py"
    body = _cache.parsed(path).body if path.exists() else []
    texts = {node.targets[0].id: node.value.value for node in body if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)}
    found = []
    for node in body:
        for mark in filter(embed.registers, getattr(node, "decorator_list", ())):
            said = {k.arg: texts[k.value.id] if isinstance(k.value, ast.Name) else ast.literal_eval(k.value) for k in mark.keywords}
            says = " ".join((ast.get_docstring(node) or "").split())
            found.append(Version(topic, node.name, said["of"], said["killed_by"], said.get("unseen", ""), says))
    return found


def topics() -> list[str]:
    return sorted(path.stem for path in (_cache.ROOT / "tests" / "wrong").glob("[!_]*.py"))


def exhibit(here: Page, topic: str, name: str) -> list[str]:
    """The folded code of one wrong version, and what rejects it. Raises KeyError where there is none."""
    version = {version.name: version for version in versions(topic)}[name]
    file = f"tests/wrong/{topic}.py"
    code = embed.embed(_cache.ROOT / file, name)[0]
    in_repo = any(line.lstrip().startswith(("from snippets", "import snippets")) for line in code)
    fence = '``` {.python .in-repo title="Needs this repository installed"}' if in_repo else "```python"
    seen_by = _seen_by().get(topic, {}).get("seen_by", {}).get(name)
    by = re.sub(r"[\w/]+[.]\w+", r"`\g<0>`", seen_by or "")
    seen = f"A reader sees it by the {by}." if by else _plain(version.unseen)
    return [
        f'??? exhibit "As code: `{name}`"',
        f"    {fence}",
        f'    --8<-- "{file}:{name}"',
        "    ```",
        "",
        f"    In the place of `{topic}.{version.of}` it fails {claims.test_link(here, topic, version.killed_by)}. {seen}",
        "",
    ]


def rest(here: Page, title) -> list[str]:
    """For each topic a folded list of the wrong versions that no page exhibits. title: topic -> its page's."""
    pages = sorted(source.DOCS.glob("*.md"))
    source.pages_read.update(pages)
    shown = {(match["topic"], match["name"]) for page in pages for match in EXHIBIT.finditer(page.read_text(encoding="utf-8"))}
    lines = []
    for topic in topics():
        more = [version for version in versions(topic) if (topic, version.name) not in shown]
        if more:
            path = _cache.ROOT / "tests" / "wrong" / f"{topic}.py"
            lines += [f'??? exhibit "{title(topic)}: {len(more)} more"']
            for version in more:
                code, test = claims.source_link(here, path, version.name, version.name), claims.test_link(here, topic, version.killed_by)
                lines.append(f"    - {_plain(version.says)} {code} for `{version.of}`, rejected by {test}")
            lines.append("")
    return lines


def _seen_by() -> dict:
    path = _cache.ROOT / "tests" / "page_kills.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def _plain(text: str) -> str:
    """A docstring as Markdown: what stands in backquotes as code, the rest as it is."""
    parts = text.split("`")
    for i, part in enumerate(parts):
        parts[i] = part if i % 2 else re.sub(r"[&*_{}\[\]$<>\\]", lambda sign: f"&#{ord(sign[0])};", part)
    return "`".join(parts)
