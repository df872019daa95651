"""A Markdown extension for the peers: formulas drawn by the same KaTeX while building, put in as anybody would put them in."""

import re

from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor

from snippets.site import formulas


class Draw(Preprocessor):
    def run(self, lines: list[str]) -> list[str]:
        text = "\n".join(lines)
        found = formulas.find(text)
        for formula, html in reversed(list(zip(found, formulas.render(found), strict=True))):
            plain = re.sub("<!--/?drawn-->| data-search-exclude", "", html)
            text = text[: formula.start] + self.md.htmlStash.store(plain) + text[formula.end :]
        return text.split("\n")


class Katex(Extension):
    def extendMarkdown(self, md):
        md.preprocessors.register(Draw(md), "katex", 28)


def makeExtension(**options):
    return Katex(**options)
