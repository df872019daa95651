"""Formulas are found where they are, rendered with MathML, and wrong ones say why."""

import pytest
from bs4 import BeautifulSoup

from snippets.site import formulas


def tex(text):
    return [(f.tex, f.display) for f in formulas.find(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("So $x_1$ and $y$.", [("x_1", False), ("y", False)]),
        ("$$\na = b\n$$", [("a = b", True)]),
        ("    $$a$$", [("a", True)]),
        ("over two $a +\nb$ lines", [("a +\nb", False)]),
        ("a `$x$` b", []),
        ("```\n$x$\n```", []),
        ("costs \\$3 and \\$4", []),
        ("costs 3$ and 4$ here", []),
        ("$5 and $6", []),
        ("$a\n\nb$", []),
        (r"$\text{\$3}$", [(r"\text{\$3}", False)]),
    ],
)
def test_formulas_are_found_and_code_and_money_are_not(text, found):
    assert tex(text) == found


def test_a_mark_belongs_to_the_formula_before_it():
    text = "$$\na\n$$\n<!-- checked: adam.update -->\n\n$$\nb\n$$\n<!-- notation -->\n\n$$\nc\n$$\n"
    checked, notation, plain = formulas.find(text)
    assert (checked.checked, checked.notation) == ("adam.update", False)
    assert (notation.checked, notation.notation) == ("", True)
    assert (plain.checked, plain.notation) == ("", False)
    assert text[: checked.end].endswith("-->")


def render(*texts):
    return formulas.render([f for text in texts for f in formulas.find(text)])


def test_a_formula_becomes_html_with_mathml_and_its_latex():
    inline, display = render("$x < y$", "$$\n\\frac{a}{b}\n$$\n<!-- checked: adam.update -->")
    for html in (inline, display):
        assert "<math" in html
        assert 'class="katex-html"' in html
    assert '<annotation encoding="application/x-tex">x &lt; y</annotation>' in inline
    assert display.startswith('<div class="formula" tabindex="0" data-checked="adam.update">')
    assert "data-notation" in render("$$\na\n$$\n<!-- notation -->")[0]


@pytest.mark.parametrize(
    "wrong",
    [r"\frac{1", r"\nosuch", "a_1_2", "a & b", r"5\%} ", "5 % 3", r"a \label{b}", "é"],
)
def test_a_wrong_formula_says_why_and_the_others_stand(wrong):
    first, second = formulas.render([formulas.Formula(0, 1, wrong, False), formulas.Formula(0, 1, "x", False)])
    assert isinstance(first, formulas.FormulaError)
    assert str(first)
    assert "katex" in second


def test_what_was_rendered_is_kept(house, monkeypatch):
    before = render("$kept$")
    monkeypatch.setattr(formulas, "_ask", lambda line: pytest.fail("asked KaTeX again"))
    assert render("$kept$") == before
    for stored in (house.root / ".cache/formulas").iterdir():
        stored.write_text("{ half")
    with pytest.raises(pytest.fail.Exception, match="asked KaTeX again"):
        render("$kept$")


def test_where_katex_has_died_that_is_said_and_the_next_page_has_another(house):
    render("$alive$")
    formulas._katex().kill()
    with pytest.raises(formulas.FormulaError, match="KaTeX did not run: it ended with -9"):
        render("$dead$")
    assert "katex" in render("$dead$")[0]


def test_where_katex_was_let_go_the_next_formula_has_another(house):
    render("$alive$")
    katex = formulas._katex()
    formulas.end()
    assert katex.wait(10) == 0
    assert "katex" in render("$again$")[0]


def test_an_answer_that_another_process_did_not_wait_for_is_passed_over(house):
    render("$alive$")
    katex = formulas._katex()
    katex.stdin.write('1 [{"tex": "theirs", "display": false, "marked": ""}]\n')
    assert "theirs" not in render("$ours$")[0]


def test_an_outline_is_drawn_once_in_a_page(house):
    [root] = render(r"$\sqrt{x}$")
    page, pieces = formulas.set_aside(f"<p>{root}{root}</p>")
    whole = BeautifulSoup(formulas.put_back(page, pieces), "html5lib")
    [outline] = whole.select("path")
    assert [use["href"] for use in whole.select("use")] == [f"#{outline['id']}"]
    assert outline["d"] in root
    [x] = render("$x$")
    page, pieces = formulas.set_aside(x)
    drawn = x.replace("<!--drawn-->", "").replace("<!--/drawn-->", "")
    assert formulas.put_back(page, pieces) == drawn.replace("<span data-search-exclude", "<span")
