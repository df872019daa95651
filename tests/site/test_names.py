"""One name for a topic, spelt the same everywhere: a test holds the rule, or pages drift from their code."""

import re

import pytest

from snippets.experiments import _cache
from snippets.figures import _draw
from snippets.site import overview, source
from snippets.site.extension import FIGURE, IMAGE

ROOT, DOCS = source.ROOT, source.DOCS
ELSEWHERE = {"gradient_descent": "network"}  # the one snippet without a page of its own, and the page that shows it
ABOUT = set(  # pages about the note itself, which have no snippet
    "index notation corrections conventions cheatsheet contributing how_we_know how_it_is_checked diagnose "
    "glossary sources fast_numpy benchmarks hosting museum museum_optimizers storeroom".split()
)
MEASURED = {"diagnose", "benchmarks"}  # those of them that have experiments, figures and a test as a topic has, and still no snippet


def modules(folder: str) -> set[str]:
    """The modules of a folder but for those that begin with an underscore."""
    return {path.stem for path in (ROOT / folder).glob("*.py") if path.stem[0] != "_"}


TOPICS = modules("snippets")
FRAMEWORKS = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "snippets/frameworks").glob("[a-z]*/"))
PAGES = {path.stem: path for path in DOCS.glob("*.md")}
TOPIC = {page: source.read(path).topic for page, path in PAGES.items()}  # a long topic has more pages, whose names begin with its own


def shown(page) -> set[tuple[str, str]]:
    """The figures that a page shows, as (topic, name)."""
    text = source.read(page).text
    pictures = [text[m.start("src") : m.end("src")] for m in IMAGE.finditer(source.mask(text))]
    return {(m["topic"], m["name"]) for m in map(FIGURE.fullmatch, pictures) if m}


def test_every_topic_has_a_page_and_a_test():
    needed = {f"tests/test_{topic}.py" for topic in TOPICS} | {f"docs/{topic}.md" for topic in TOPICS - ELSEWHERE.keys()}
    missing = sorted(name for name in needed if not (ROOT / name).exists())
    assert not missing
    for topic, page in ELSEWHERE.items():
        assert re.search(rf'--8<-- "{topic}\.py:', PAGES[page].read_text("utf-8")), f"docs/{page}.md shows nothing of {topic}"


def test_every_page_has_a_topic_or_is_about_the_note():
    stray = sorted(page for page in PAGES.keys() - ABOUT if TOPIC[page] not in TOPICS)
    assert not stray, f"neither snippets/<name>.py, nor begun with such a name, nor a page about the note: {stray}"
    assert not TOPICS & {TOPIC.get(page, page) for page in ABOUT}
    assert MEASURED <= ABOUT


def test_the_pages_of_a_topic_stand_together_and_each_leads_to_the_others():
    order = [page.path.stem for page in overview.pages()]
    for topic in TOPICS - ELSEWHERE.keys():
        own = [page for page in order if TOPIC[page] == topic]
        at = order.index(topic)
        assert own == order[at : at + len(own)], f"the pages of {topic} in mkdocs.yml: first its own, right after it the others"
        for page in own:
            text = PAGES[page].read_text("utf-8")
            lost = [other for other in own if other != page and not re.search(rf"\]\({other}\.md[#)]", text)]
            assert not lost, f"docs/{page}.md does not lead to {lost}"


@pytest.mark.parametrize("folder", ["snippets/experiments", "snippets/figures", "snippets/exercises", "tests/wrong", *FRAMEWORKS])
def test_what_belongs_to_a_topic_is_named_after_it(folder):
    topics = TOPICS | MEASURED if folder in ("snippets/experiments", "snippets/figures") else TOPICS
    stray = sorted(modules(folder) - topics)
    assert not stray, f"{folder}: no such snippet (what is no topic begins with an underscore): {stray}"


def test_a_test_is_named_after_its_topic_or_after_the_folder_it_tests():
    names = {name.removeprefix("test_") for name in modules("tests") if name.startswith("test_")}
    assert names >= MEASURED
    stray = sorted(name for name in names - TOPICS - MEASURED if not (ROOT / "tests" / name).is_dir())
    assert not stray


def test_every_figure_is_shown_on_its_page_and_every_picture_is_drawn():
    drawn = {(topic, name) for topic in _cache.topics("figures") for name, _ in _draw.names(topic)}
    seen = {page: shown(path) for page, path in PAGES.items()}
    undrawn = sorted(f"docs/{page}.md shows figures/{'/'.join(figure)}.svg" for page in seen for figure in seen[page] - drawn)
    assert not undrawn
    own = {(page, figure) for page in seen for figure in seen[page] if ELSEWHERE.get(figure[0], figure[0]) == TOPIC[page]}
    unseen = sorted(drawn - {figure for _, figure in own})
    assert not unseen, f"not shown on a page of their topic: {unseen}"
    strangers = sorted((page, figure) for page in seen.keys() - ABOUT for figure in seen[page] if (page, figure) not in own)
    assert not strangers, f"shown on the page of another topic: {strangers}"


def test_only_folders_and_modules_of_topics_stand_beside_them():
    folders = {path.name for path in (ROOT / "snippets").glob("*/") if path.name != "__pycache__" and path.name[0] != "."}
    assert folders <= {"experiments", "exercises", "figures", "frameworks", "site"}
