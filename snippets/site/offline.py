"""`python -m snippets.site.offline [SITE]`: the built site as one archive that is read from a folder, without a server.

A server gives out a folder's index.html where an address ends in the folder; opened from a disk, the folder would be listed. So
here each such link says index.html. The pages of a server keep the shorter addresses.
"""

import re
import sys
import zipfile
from pathlib import Path

from snippets.experiments._cache import ROOT, write_whole
from snippets.site.whole import TAG

NAME = "the-note.zip"
LINK = re.compile(r'(?<=\shref=")(?![a-z][a-z0-9+.-]*:|//|#)(?P<path>[^"#?]*)(?P<rest>[^"]*)(?=")', re.I)
ONLY_SERVED = {NAME, "the-note.pdf", "_headers", "robots.txt", "sitemap.xml", "sitemap.xml.gz", "404.html"}


def from_folder(html: str) -> str:
    """A page whose links to folders lead to the pages in them."""

    def spelt(match: re.Match) -> str:
        path = match["path"]
        folder = path.endswith("/") or path.rpartition("/")[2] in (".", "..")
        return f"{path.rstrip('/')}/index.html{match['rest']}" if folder else match[0]

    return TAG.sub(lambda tag: LINK.sub(spelt, tag[0]), html)


def write(site: Path) -> Path:
    """The archive, the same bytes for the same site; it unpacks into a folder of its own."""

    def fill(file) -> None:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted(path for path in site.rglob("*") if path.is_file()):
                name = path.relative_to(site).as_posix()
                if name not in ONLY_SERVED:
                    data = path.read_bytes()
                    data = from_folder(data.decode()).encode() if path.suffix == ".html" else data
                    archive.writestr(zipfile.ZipInfo(f"the-note/{name}"), data, zipfile.ZIP_DEFLATED)

    write_whole(site / NAME, fill)
    return site / NAME


if __name__ == "__main__":
    written = write(Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "site").resolve())
    print(f"{written}: {written.stat().st_size / 1e6:.1f} MB; unpack it and open the-note/index.html")
