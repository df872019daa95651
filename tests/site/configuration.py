"""What mkdocs.yml has to ask for, so that a strict build stops at what is wrong."""

import re
from pathlib import Path

import yaml

from snippets.site.source import ROOT

WANTED = {
    ("strict",): True,
    ("theme", "font"): False,
    ("hooks", "snippets/site/hook.py"): ...,
    ("plugins", "search"): ...,
    ("plugins", "mkdocs-jupyter"): ...,
    ("markdown_extensions", "snippets.site.extension"): ...,
    ("markdown_extensions", "pymdownx.superfences"): ...,
    ("markdown_extensions", "pymdownx.highlight", "pygments_lang_class"): True,
    **{("validation", "nav", key): "warn" for key in ("omitted_files", "not_found", "absolute_links")},
    **{("validation", "links", key): "warn" for key in ("not_found", "anchors", "absolute_links", "unrecognized_links")},
}


class _Loader(yaml.SafeLoader):
    """Reads mkdocs.yml without doing what its tags ask for."""


_Loader.add_multi_constructor("!", lambda loader, suffix, node: None)
_Loader.add_multi_constructor("tag:yaml.org,2002:python/", lambda loader, suffix, node: None)


def weakened(path: Path = ROOT / "mkdocs.yml") -> list[tuple[Path, int, str]]:
    """Where mkdocs.yml no longer asks for what keeps the site right."""
    text = path.read_text(encoding="utf-8")
    whole = yaml.load(text, _Loader)
    faults = []
    for keys, wanted in WANTED.items():
        value = whole
        for key in keys:
            if isinstance(value, list):  # of names, some with their options
                value = {name: v for item in value for name, v in (item.items() if isinstance(item, dict) else [(item, {})])}
            value = value.get(key) if isinstance(value, dict) else None
        if value is None or (wanted is not ... and value != wanted):
            at = 0
            for key in keys:  # each below the one before, as far as they are there
                inner = re.compile(rf"(?<![\w.]){re.escape(key)}(?=[:\s]|$)", re.M).search(text, at)
                at = inner.start() if inner else at
            asked = "" if wanted is ... else f" is to be {str(wanted).lower() if isinstance(wanted, bool) else wanted}"
            faults.append((path, text.count("\n", 0, at) + 1, f"{' / '.join(keys)}{asked or ' is to be there'}"))
    for match in re.finditer(r"^[ ]*-[ ]*[\"']?(?:https?:)?//\S+|^[ ]*analytics:", text, re.M):
        faults.append((path, text.count("\n", 0, match.start()) + 1, f"loaded from another host: {match[0].strip()}"))
    return faults
