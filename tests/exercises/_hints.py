"""What the tests of checkers share."""

from snippets.exercises._check import RIGHT


def each_gets_its_own(check, misconceptions: dict) -> None:
    """`misconceptions` maps a part of a hint to an answer with that mistake: the hint is said there, and nowhere else."""
    said = {hint: check(answer) for hint, answer in misconceptions.items()}
    for hint, text in said.items():
        assert not text.startswith(RIGHT), f"{hint!r} passes"
        assert hint in text, f"for {hint!r} it says {text!r}"
        assert [other for other in said if other in text] == [hint], f"{text!r} could be said of more than one of them"
