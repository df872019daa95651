"""No result is typed: what is found, what is left in peace, and the ways to write a number."""

import re

import pytest
from bs4 import BeautifulSoup

from snippets.experiments import _cache
from snippets.site import numbers, source, typed_numbers
from tests.site.test_numbers import TOY

FOUND = [
    ("It takes 0.97 of the time.", "0.97"),
    ("It is 2 times as fast, 3 seconds sooner, at 1 %, for 1 percent, on 2 of 20.", "2 times|3 seconds|1 %|1 percent|2 of|20"),
    ("Over 20 seeds and 1,000 epochs, 2000 steps, batches of 64.", "20 seeds|1,000 epochs|2000|64"),
    ("About 3 of them, roughly 2, ≈ 3.", "3|2|3"),
    ("Between 1e-7 and 1e3, in 5ms or 3 GB, 4x and 10-fold.", "1e-7|1e3|5ms|4x|10-fold"),
    ("| a | 0.5 | 97.3 % |\n|---|---|---|\n| b | 7 | c |", "0.5|97.3 %|7"),
    ('!!! settled "It is 1.4 times as long"\n    So.', "1.4 times"),
    ("## The best is 0.42", "0.42"),
    ("Braces of another form: {5 units}, {-7 of them}, {12:.1f}, \\{0.5}, {0.1, 0.2}.", "5|7|12|0.5|0.1|0.2"),
    ("It is largest at step 12, at epoch 1.5 and at step 1,751, where PyTorch's 0.99 is not.", "12|1.5|1,751|0.99"),
    ("![It climbs to 12.5](a.svg)", "12.5"),
    ("So $\\sqrt{2/200} = 0.1$, $x \\approx 3$, $10^{-8}$ and $-4$.", "0.1|3|10^{-8}|-4"),
    ("So $2 \\cdot 1.9 / 0.1 = 38$ and $0.026 < 10\\alpha$.", "38|0.026"),
    ("So $W = [1.85, -1.1]$.", "[1.85|-1.1]"),
    ("So $v = 0.37$ and $f = 1 + 1 = 2$, $a = 3 \\cdot 10^{-7}$, $5\\%$.", "0.37|2|3 \\cdot 10^{-7}|5\\%"),
    ("$$\na \\approx 3.16\n$$\n<!-- notation -->", "3.16"),
    ('??? answer "Answer"\n    $\\beta = 0.9$, $m = 2$\n\n$\\beta = 0.9$, $m = 2$', "0.9|2"),
    ("<!-- held by test_it -->\n\n| 97.3 | $x \\approx 2$ |\n|---|---|\n\nNot this: 12.", "12"),
]
PEACE = [
    "Section 4.6, equations 12\nand 16, lines 121 to 122, appendix A.4, figure 3, step 5, layer 12, class 7, epoch 3.",
    "TensorFlow 1, Python 3.11, PyTorch 2.13, version 2.12.0, in 1964, 2012 and 2013, (2017), float32, L2, 64-bit, the 3rd, 2D.",
    "A matrix (64, 28) or (n, 1), 28 × 28, 8 by 8. Either 0 or 1, with 2 inputs and 3 units.",
    "Take beta = 0.9, a beta of 0.9, at epsilon 0.01 and scale 10; beta 0.5, 0.9 and 0.98.",
    "1. One\n2. Two\n\n12. Twelve",
    "It is {toy.race.ratio:.2f}, {toy.race.mean[12]}, {default: toy.step.by}, {= 1 / 3 :.2f}, {0.01}, {4, 6 and 8}, {5%}.",
    "See [this](page-12.md#a-0.5), https://example.org/0.5, <b id='a12'>, [@kingma2015], `0.97` and <!-- 0.97 -->.",
    "```text\n0.97\n```",
    '??? exercise "By hand, 12 minutes: so"\n    So.',
    "$W^{[2]}$, $x^{12}$, $\\theta_{100}$, $\\beta = 0.9$, $\\beta_1 := 0.9$, $C = 3$, $W = 1$, $x > 0$, $n \\ge 3$, $y \\in \\{0, 1\\}$.",
    "$\\sqrt{2 / 250} = {= sqrt(2 / 250) :.4f}$, ${10^{-8}}$, $v = {0.3}$, $z = {4, 5, 10^{-6}}$.",
    "$\\tanh(0) = 0$, $\\frac{0.1}{\\sqrt{0.001}}$, $0.5 x + 12$.",
    "$$\na = 3.16\n$$\n<!-- checked: toy.step -->",
    "---\ndescription: over 12.5\n---\nWords.",
]


def typed(house, body: str) -> list[str]:
    house.write("tests/deep/test_held.py", "def test_it():\n    pass\n")
    house.write("docs/toy.md", body)
    typed_numbers.check(source.read(house.root / "docs/toy.md"))
    return house.said


@pytest.mark.parametrize(("body", "found"), FOUND)
def test_what_looks_like_a_result_is_found(house, body, found):
    said = [re.search(r": typed number (.*?)(?: in a formula)?: write", line)[1] for line in typed(house, body)]
    assert sorted(said) == sorted(found.split("|"))


@pytest.mark.parametrize("body", PEACE)
def test_what_is_none_is_left_in_peace(house, body):
    assert not typed(house, body)


def test_it_is_said_at_its_line_and_once(house):
    house.convert("Words.\n\nIt takes 0.97 of\nthe $t \\approx 2$ time.")
    assert [line.partition(" typed")[0] for line in house.said] == ["docs/toy.md:8:", "docs/toy.md:9:"]


def test_a_block_is_held_only_by_a_test_that_is_there(house):
    assert "docs/toy.md:1: no test in tests/ is called test_that" in typed(house, "<!-- held by test_that -->\nAll 12.")[0]
    assert "typed number 12" in house.said[1]


@pytest.fixture
def raced(house):
    house.write("snippets/experiments/toy.py", TOY)
    assert _cache.run("toy", "race")[1] is None
    return house


@pytest.mark.parametrize(
    ("expression", "shown"),
    [
        ("= sqrt(2 / 250) :.4f", "0.0894"),
        ("= 15 * 64 + 40", "1000"),
        ("= 1000:,.0f", "1,000"),
        ("=1/8", "0.125"),
        ("= -2 ** 2 - 1 + 0.5", "\u22124.5"),
        ("= log(exp(3)) / 4 :.0%", "75%"),
        ("= 2 * toy.race.mean[0][1] + toy.race.seeds", "16"),
        ("= 10 ** -8 :.0e", "10<sup>\u22128</sup>"),
    ],
)
def test_arithmetic_is_worked_out(raced, expression, shown):
    written = numbers.render(expression)
    assert re.fullmatch('<data value="[^"]+" data-from="arithmetic" class="result">[^<]*(<sup>.*</sup>)?</data>', written)
    assert f">{shown}</data>" in written


@pytest.mark.parametrize(
    ("expression", "what"),
    [
        ("= ratio", "`ratio` is not a number"),
        ("= open('x')", "is not a number, + - "),
        ("= __import__('os')", "is not a number, + - "),
        ("= (1).real", "is no reference"),
        ("= sqrt.__class__", "is no reference"),
        ("= sqrt(1, 2)", "is not a number, + - "),
        ("= log(2, base=3)", "is not a number, + - "),
        ("= 'a'", "is not a number, + - "),
        ("= True", "is not a number, + - "),
        ("= 2j", "is not a number, + - "),
        ("= [1][0]", "is no reference"),
        ("= 1 < 2", "is not a number, + - "),
        ("= 7 // 2", "is not a number, + - "),
        ("= 9 ** 9 ** 9 ** 9", "out of range"),
        ("= 1e999", "not finite"),
        ("= (-1) ** 0.5", "complex"),
        ("= 1 / 0", "division by zero"),
        ("= sqrt(-1)", "domain error"),
        ("= " + "(" * 300 + "1" + ")" * 300, "cannot be worked out"),
        ("= 2 *", "invalid syntax"),
        ("= ", "invalid syntax"),
        ("= 1 :d", "code 'd'"),
        ("= 1 :.q", "ormat"),
        ("= toy.race.nothing", "has no field 'nothing'"),
        ("= 2 * toy.race.who", "could not convert"),
    ],
)
def test_what_is_no_arithmetic_is_refused(raced, expression, what):
    with pytest.raises(numbers.NumberError, match=re.escape(what)):
        numbers.render(expression)


SNIPPET = "def step(x, by=0.5, *, much=2, epsilon=1e-8, name='a', other=None, sure=True, last):\n    return x\n"


@pytest.mark.parametrize(
    ("inside", "shown"),
    [
        ("default: toy.step.by", "0.5"),
        ("default: toy.step.by:.2f", "0.50"),
        ("default: toy.step.much", "2"),
        ("default: toy.step.epsilon", "10<sup>\u22128</sup>"),
    ],
)
def test_a_default_is_read_from_the_code(house, inside, shown):
    house.write("snippets/toy.py", SNIPPET)
    assert re.fullmatch(f'<data value="[^"]+" data-from="toy.step" class="result">{shown}</data>', numbers.render(inside))


@pytest.mark.parametrize("argument", ["x", "name", "other", "sure", "last", "nothing"])
def test_a_default_that_is_no_number_is_refused(house, argument):
    house.write("snippets/toy.py", SNIPPET)
    with pytest.raises(numbers.NumberError, match=f"toy.step has no argument '{argument}' with a number"):
        numbers.render(f"default: toy.step.{argument}")


@pytest.mark.parametrize("inside", ["default: toy.stop.by", "default: two.step.by", "default: toy.step", "default: toy.step.by.x"])
def test_a_default_of_nothing_is_refused(house, inside):
    house.write("snippets/toy.py", SNIPPET)
    with pytest.raises(numbers.NumberError, match="has no argument|is no default"):
        numbers.render(inside)


def test_a_default_follows_the_code(house):
    house.write("snippets/toy.py", SNIPPET)
    assert numbers.look_up("default: toy.step.by")[2] == "0.5"
    house.edit("snippets/toy.py", "by=0.5", "by=0.25")
    assert numbers.look_up("default: toy.step.by")[2] == "0.25"


def test_each_way_on_a_page(house):
    page = house.convert(
        "At {0.01}, {4, 6 and 8}, {5%}, {1e-7} and {2.5e-4}: {= 1 / 8}.\n\n"
        "${10^{-8}} + x = {= 2 / 3 :.2f}$, $y = {= 2e-7 :.0e}$, $z={= 12000:,.0f}$, ${= 1e-4:.0e}$."
    )
    assert not house.said
    assert "At 0.01, 4, 6 and 8, 5%, 10\u22127 and 2.5·10\u22124: 0.125." in page.get_text()
    written = [annotation.get_text() for annotation in page.select("annotation")]
    assert written == ["{10^{-8}} + x = 0.67", "y = 2 \\cdot 10^{-7}", "z=12{,}000", "10^{-4}"]


def test_arithmetic_in_an_alt_text_is_worked_out_in_plain_words(house):
    house.write("docs/a.png", "")
    assert house.convert("![It is {= 1 / 8}, at {0.5} and {1e-7}](a.png)").img["alt"] == "It is 0.125, at 0.5 and 1e-7"


def test_an_element_of_a_result_stands_in_an_alt_text(raced):
    raced.write("docs/a.png", "")
    assert raced.convert("![It is {toy.race.mean[0][0]:.1f}](a.png)").img["alt"] == "It is 1.0"


def test_what_is_wrong_in_a_formula_is_said_at_its_line(house):
    house.convert("Words.\n\n$x = {= 1 / 0}$")
    assert house.said == ["docs/toy.md:8: {= 1 / 0} cannot be worked out: float division by zero"]


@pytest.mark.parametrize("text", ["{0, 1}", "{a}", "\\{0.5}", "x{0.5}", "{{0.5}}", "{5 units}", "{= 5}", "{0.5"])
def test_other_braces_are_no_mark(text):
    assert not numbers.CHOSEN.search(text)


def test_no_number_of_this_note_is_typed(monkeypatch):
    said = []
    monkeypatch.setattr(source, "report", lambda *what: said.append(what))
    for path in source.DOCS.rglob("*.md"):
        typed_numbers.check(source.read(path))
    assert not said


def test_a_percent_sign_stands_close_to_its_number_everywhere(site):
    apart, found = re.compile(r"[\d}]\s%"), []
    for path in [*site.rglob("index.html"), site / "404.html"]:
        page = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
        for code in page(["script", "style", "pre", "code"]):
            code.extract()
        words = [page.get_text(), *(image["alt"] for image in page("img"))]
        found += [(path, match[0]) for text in words for match in apart.finditer(text)]
    for path in [*site.glob("figures/*/*.svg"), *site.glob("assets/explorables/*.js")]:  # a figure says in comments what it draws
        found += [(path, match[0]) for match in apart.finditer(path.read_text(encoding="utf-8"))]
    assert not found
