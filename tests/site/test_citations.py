"""Citations come from the one bibliography."""

import pytest

from snippets.site import citations

BIB = r"""
@inproceedings{kingma2015, author={Kingma, Diederik P. and Ba, Jimmy}, year=2015, title={Adam: {A} Method}, booktitle={ICLR},
  eprint={1412.6980}}
@article{three, author={van den Berg, A. and B{\"u}hler, B. and C, D.}, year=1999, title={Less < more}, url={https://example.org/?a=1&b=2}}
@book{one, author={{The Authors}}, year=2001, title={Zed}, publisher={Press}}
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
