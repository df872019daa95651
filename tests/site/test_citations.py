"""Citations come from the one bibliography."""

import pytest

from snippets.site import citations

BIB = r"""
@inproceedings{kingma2015, author={Kingma, Diederik P. and Ba, Jimmy}, year=2015, title={Adam: {A} Method}, booktitle={ICLR},
  eprint={1412.6980}}
@article{three, author={van den Berg, A. and B{\"u}hler, B. and C, D.}, year=1999, title={Less < more}, journal={J}, url={https://example.org/?a=1&b=2}}
@book{one, author={{The Authors}}, year=2001, title={Zed}, publisher={Press}}
@misc{asked, author={A, B}, year=2002, title={Why?}, howpublished={W}}
@misc{undated, author={A, B}, title={C}}
@misc{nobody, year=2000, title={C}}
"""


@pytest.fixture(autouse=True)
def bib(house):
    house.write("docs/references.bib", BIB)


@pytest.mark.parametrize(
    ("key", "shown"),
    [("kingma2015", "Kingma and Ba (2015)"), ("three", "van den Berg et al. (1999)"), ("one", "The Authors (2001)")],
)
def test_a_work_is_named_by_its_authors_and_year(key, shown):
    assert citations.short(key) == shown


@pytest.mark.parametrize(
    ("key", "what"), [("nothing", "no entry 'nothing'"), ("undated", "'undated' .* lacks year"), ("nobody", "lacks author")]
)
def test_an_unknown_or_unfinished_work_is_refused(key, what):
    with pytest.raises(citations.CitationError, match=what):
        citations.short(key)


def test_a_citation_leads_to_each_of_its_works():
    html = citations.render(citations.CITATION.search("see [@kingma2015; @one]"))
    assert html == (
        '<a class="citation" href="#ref-kingma2015">Kingma and Ba (2015)</a>; <a class="citation" href="#ref-one">The Authors (2001)</a>'
    )
    inside = citations.render(citations.CITATION.search("so it is ([@kingma2015], section 3)"))
    assert inside == '<a class="citation" href="#ref-kingma2015">Kingma and Ba, 2015</a>', "no brackets within brackets"
    assert citations.keys("[@one] and [@three; @one]") == ["one", "three"]
    assert not citations.keys("mail@example.org, [x](@y)")


def test_the_list_has_each_work_once_in_order_with_its_link():
    html = citations.bibliography(["three", "one", "kingma2015"])
    assert [html.index(f'id="ref-{key}"') for key in ("kingma2015", "one", "three")] == sorted(
        html.index(f'id="ref-{key}"') for key in ("kingma2015", "one", "three")
    )
    assert 'href="https://arxiv.org/abs/1412.6980"' in html
    assert "ICLR, arXiv:1412.6980." in html
    assert 'href="https://example.org/?a=1&amp;b=2"' in html
    assert "Bühler" in html
    assert "Less &lt; more" in html


def test_a_title_that_asks_has_no_full_stop_besides():
    assert "<cite>Why?</cite> W.</li>" in citations.bibliography(["asked"])
    assert "<cite>Zed</cite>. Press.</li>" in citations.bibliography(["one"])


def test_a_work_says_where_it_stands(house):
    house.write("docs/references.bib", "@misc{nowhere, author={A, B}, year=2000, title={C}}")
    with pytest.raises(citations.CitationError, match=r"lacks where it stands \(journal, booktitle"):
        citations.short("nowhere")


def test_an_entry_that_no_page_cites_is_said_at_its_line(house):
    house.write("docs/toy.md", "# Toy\n\nSo [@kingma2015; @one], and @three, @asked, @undated, but not @nobodys.\n")
    assert citations.unused() == [(8, "no page cites 'nobody': cite it, or take the entry out")]


@pytest.mark.parametrize(
    ("page", "keys"),
    [
        ("So [@one].\n\n## Sources\n", ["one"]),
        ("So [@one], section 3.\n\n## Sources\n", []),
        ("So says algorithm 1 of [@one; @three].\n\n## Sources\n", []),
        ("So [@one]. And again [@one], equation 2.\n\n## Sources\n", []),
        ("See the figure.\n\nSo [@one].\n\nSee section 2.\n\n## Sources\n", ["one"]),
        ("So [@one], so [@three].\n\n## Sources\n\nFrom [@three] we take it.\n", ["one"]),
    ],
)
def test_a_page_says_what_it_takes_from_each_work(page, keys):
    assert [key for _, key in citations.nothing_taken(page, page.index("## Sources") + 10)] == keys


def test_where_a_page_says_nothing_of_a_work_its_line_is_named(house):
    house.convert("So [@one].\n\nAnd [@three], section 2.\n\n## Sources")
    (said,) = house.said
    assert said == "docs/toy.md:6: say what is taken from @one: its section beside it, or words under ## Sources"
