"""`python -m tests.site.paper [SITE]`: the whole note of a built site as a PDF in it, its table of contents with page numbers."""

import re
import sys
from pathlib import Path

import pypdfium2

from snippets.site import whole
from snippets.site.source import ROOT
from tests.site import browser as browsers

FILE = "the-note.pdf"
READY = """async () => {
  document.querySelectorAll("img").forEach(image => image.loading = "eager");
  await Promise.all([...document.images].map(image => image.decode().catch(() => 0)));
  await document.fonts.ready;
}"""
# What is no part of the whole is linked where the site is published, or not at all.
LINK = """published => document.querySelectorAll("a[href]:not([href^='#'], [href^='http'])").forEach(link => {
  link.classList.add("near");
  published ? link.href = published + link.getAttribute("href") : link.removeAttribute("href");
})"""
NUMBER = """pages => {
  const at = Object.fromEntries([...document.querySelectorAll("article :is(h1, h2, h3, h4, h5, h6)")].map((h, i) => [h.id, pages[i]]));
  for (const link of document.querySelectorAll(".contents a[href^='#']"))
    link.dataset.page = at[decodeURIComponent(link.getAttribute("href").slice(1))];
}"""


def numbers(pdf: bytes) -> list[int]:
    """The page of each heading, as they stand in the outline."""
    document = pypdfium2.PdfDocument(pdf)
    return [entry.get_dest().get_index() + 1 for entry in document.get_toc(max_depth=9)]


def printed(page, address: str, published: str = "") -> bytes:
    """The whole note as a PDF: printed once to see on which page each heading comes, and again."""
    page.goto(f"{address}/{whole.NAME}", wait_until="load")
    page.evaluate(READY)
    page.evaluate(LINK, published)
    page.evaluate(NUMBER, [0] * 9999)  # as wide as what will stand there
    options = dict(format="A4", prefer_css_page_size=True, tagged=True, outline=True)
    page.evaluate(NUMBER, numbers(page.pdf(**options)))
    return page.pdf(**options)


def main(site: Path) -> None:
    published = re.search(r'rel="canonical" href="([^"]*)"', (site / "index.html").read_text(encoding="utf-8"))
    with browsers.launched() as browser, browsers.served(site) as address:

        def do(page):
            return printed(page, address, published[1] if published else "")

        pdf = browser.visit(do, "the whole note, printing", patience=300, scheme="light", width=1280)
    (site / FILE).write_bytes(pdf)
    print(f"{site / FILE}: {len(pypdfium2.PdfDocument(pdf))} pages, {len(pdf) / 1e6:.1f} MB")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "site").resolve())
