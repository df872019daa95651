"""How pages are made: embedding, formulas, numbers, figures, checks. No mathematics of the course."""

import sys
from importlib import import_module
from types import ModuleType


def _late(name: str) -> None:
    """Let a module be imported when something of it is used: what reads notebooks takes longer to import than a build that runs none."""

    def get(attribute: str):
        if sys.modules.get(name) is later:
            del sys.modules[name]
        return getattr(import_module(name), attribute)

    if name not in sys.modules:
        sys.modules[name] = later = ModuleType(name)
        later.__getattr__ = get


for _name in ("bs4", "jupytext", "mkdocs_jupyter.convert"):
    _late(_name)
