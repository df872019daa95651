"""The files that every page needs, under names that hold a hash of what is in them, so that a browser may keep them for ever.

Our styles become one file and our scripts another. Figures, explorables and pages keep plain names: people link to them, and
explorables import one another by name. A host lets a browser ask whether one of these has changed.
"""

import hashlib
import re
from pathlib import Path

import material

from snippets.experiments._cache import ROOT
from snippets.site.source import DOCS

ICONS = {
    "measured": "ruler",
    "settled": "check-decagram",
    "heuristic": "compass-outline",
    "contested": "scale-balance",
    "corrections": "eraser",
    "exercise": "pencil-ruler",
    "hint": "lightbulb-outline",
    "answer": "key-variant",
}
CODE, SEARCH = ALONE = "assets/source.css", "assets/search.js"  # of the pages of code; read before Material's own script
KEEP = "public, max-age=31536000, immutable"  # a year, which is as long as anybody keeps a file


def for_ever(path: Path) -> bool:
    """Whether a file's name says what is in it; Material's own styles and scripts do, too."""
    return bool(re.search(r"\.[0-9a-f]{8}\.", path.as_posix()))


def named() -> dict[str, tuple[str, bytes]]:
    """For each of our files that mkdocs.yml names: the address of the one that takes its place, and what is in that one."""
    listed = re.findall(r"\bassets/\w+\.\w+", (ROOT / "mkdocs.yml").read_text(encoding="utf-8"))
    contents = {"assets/icons.css": icons().encode()} if "assets/icons.css" in listed else {}
    contents |= {name: bare(name, (DOCS / name).read_bytes()) for name in [*listed, *ALONE] if (DOCS / name).is_file()}
    found = {}
    for name in contents:
        suffix = name.rpartition(".")[2]
        together = [other for other in listed if other in contents and other.endswith(f".{suffix}")]
        if suffix not in {"css", "js"} or name in ALONE:
            together = [name]
        content = b"\n".join(contents[other] for other in together)
        stem = "note" if len(together) > 1 else Path(name).stem
        found[name] = f"assets/{stem}.{hashlib.sha256(content).hexdigest()[:8]}.{suffix}", content
    return found


def bare(name: str, content: bytes) -> bytes:
    """Styles and scripts without their comments, of scripts those on lines of their own: a sixth of what would be sent."""
    comment = {"css": rb"[ \t]*/\*.*?\*/\n?", "js": rb"(?m)^[ \t]*//.*\n"}.get(name.rpartition(".")[2])
    return re.sub(comment, b"", content, flags=re.S if name.endswith("css") else 0) if comment else content


def renamed(listed: list, names: dict | None = None) -> list[str]:
    """A list of files in mkdocs.yml, as they are called in the site; `names` is what `named` gives, where that was asked already."""
    now = {name: address for name, (address, _) in (names or named()).items()}
    return list(dict.fromkeys(now.get(str(name), str(name)) for name in listed))


def icons() -> str:
    """The boxes' icons as CSS variables, from the pictures that Material's package brings."""
    folder = Path(material.__file__).parent / "templates" / ".icons" / "material"
    lines = []
    for kind, icon in ICONS.items():
        drawn = (folder / f"{icon}.svg").read_text(encoding="utf-8").replace('"', "'").replace("#", "%23")
        lines.append(f'  --icon-{kind}: url("data:image/svg+xml;charset=utf-8,{drawn.strip()}");')
    return "\n".join([":root {", *lines, "}", ""])
