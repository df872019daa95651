"""`python -m snippets.exercises adam`: the exercises of a page, in a file of your own, and what is wrong with your answers.

The first call writes adam_exercises.py into the folder you are in. Fill it in; every further call checks it.
"""

import ast
import importlib
import inspect
import pkgutil
import runpy
import sys
from pathlib import Path

from snippets import exercises
from snippets.exercises._check import ENDING, RIGHT


def topics() -> list[str]:
    """The topics that have exercises in code."""
    return sorted(module.name for module in pkgutil.iter_modules(exercises.__path__) if not module.name.startswith("_"))


def checks(topic: str) -> dict:
    """{name: checker} of a topic, in the order of its module."""
    module = importlib.import_module(f"snippets.exercises.{topic}")
    return {name.removeprefix("check_"): check for name, check in vars(module).items() if name.startswith("check_")}


def starter(topic: str, command: str) -> str:
    """The file that a reader starts from."""
    source = inspect.getsource(importlib.import_module(f"snippets.exercises.{topic}"))
    wanted, parts, lines = checks(topic), [], source.splitlines()
    for node in ast.parse(source).body:
        names = (
            [node.name] if isinstance(node, ast.FunctionDef) else [t.id for t in getattr(node, "targets", []) if isinstance(t, ast.Name)]
        )
        if wanted.keys() & set(names):
            parts.append("\n".join(lines[node.lineno - 1 : node.end_lineno]))  # whole lines: the last may end with a comment
    head = f'"""Exercises of the page {topic}. Fill in what is missing, mend what is wrong, then call again: {command} {topic}"""'
    return "\n\n\n".join([f"{head}\n\nimport numpy as np", *parts]) + "\n"


def main(arguments: list[str], command: str = "python -m snippets.exercises") -> int:
    """Write the starter, or check what the reader has made of it; 0 where all is right."""
    if len(arguments) != 1 or arguments[0] not in topics():
        print(f"Say which: {command} TOPIC, where TOPIC is one of {', '.join(topics())}.")
        return 2
    (topic,) = arguments
    file = Path(topic + ENDING)
    if not file.exists():
        file.write_text(starter(topic, command), encoding="utf-8")
        print(f"Your exercises are in {file}. Fill it in, then call this again.")
        return 1
    try:
        answers = runpy.run_path(str(file))
    except Exception as error:  # a file that cannot be read, in the reader's own words
        line = next((f" in line {frame.lineno}" for frame in inspect.trace()[::-1] if frame.filename == str(file)), "")
        print(f"{file} raised {type(error).__name__}{line}: {error}")
        return 1
    said = {name: check(answers[name]) if name in answers else "It is missing." for name, check in checks(topic).items()}
    for name, text in said.items():
        print(f"{name}: {text}")
    right = sum(text.startswith(RIGHT) for text in said.values())
    print(f"{right} of {len(said)} right")
    return 0 if right == len(said) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
