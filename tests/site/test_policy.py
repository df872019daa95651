"""The whole site works under its Content-Security-Policy, and what the policy is to keep out stays out."""

import re

import pytest

from snippets.site import policy as policies
from snippets.site.hook import EXTERNAL
from tests.site import browser as browsers

OUTWARD = re.compile(r"""<a\s[^>]*href=["']?https?://[^>]*>""")
INLINE = '<p id="p">untouched</p><script src="own.js"></script><script>{}</script>'


def test_the_policy_knows_the_inline_scripts_of_the_site_and_allows_no_others(site):
    rules = dict(rule.split(" ", 1) for rule in policies.policy(site).split("; "))
    assert "unsafe" not in rules["script-src"]
    assert "data:" not in rules["script-src"]
    assert rules["default-src"] == "'none'"
    scripts = [s for page in site.rglob("*.html") for s in policies.INLINE.findall(page.read_text(encoding="utf-8"))]
    assert len(scripts) > 10
    assert rules["script-src"].count("'sha256-") == len(set(scripts))
    assert f"Content-Security-Policy: {policies.policy(site)}\n" in (site / "_headers").read_text(encoding="utf-8")


def test_a_script_that_is_not_of_the_site_does_not_run(browser, tmp_path):
    """The page's own one runs, by its hash; one that is put into it on the way does not, nor does an event handler or an eval."""
    page, run = tmp_path / "index.html", "document.getElementById('p').textContent = '{}'"
    (tmp_path / "own.js").write_text("")
    page.write_text(INLINE.format(run.format("its own")))
    policy = policies.policy(tmp_path)

    def read(page):
        said = []
        page.on("console", lambda message: said.append(message.text))
        page.goto(place)
        page.wait_for_load_state("load")
        return page.inner_text("#p"), "".join(said)

    for script, shown in (("its own", "its own"), ("injected", "untouched")):
        page.write_text(INLINE.format(run.format(script)))
        with browsers.served(tmp_path, policy) as place:
            text, said = browser.visit(read, script, scheme="light", width=1280)
        assert text == shown
        assert ("Content Security Policy" in said) == (shown == "untouched"), said


def test_search_and_the_switch_to_dark_work_under_the_policy(browser, site, address):
    def use(page):
        page.goto(f"{address}/adam/")
        page.click("[title='Switch to dark']")
        page.wait_for_selector("body[data-md-color-scheme=slate]")
        page.keyboard.press("/")
        page.keyboard.type("momentum")
        page.wait_for_selector(".md-search-result__item")
        return page.locator(".md-search-result__item").count()

    assert browser.visit(use, "searching", scheme="light", width=1280) > 1


@pytest.mark.parametrize(
    ("link", "after"),
    [
        ('<a href="https://x.org">', '<a rel="noopener" href="https://x.org">'),
        ("<a class=x href='http://x.org'>", "<a rel=\"noopener\" class=x href='http://x.org'>"),
        ('<a href="https://x.org" rel="me">', '<a href="https://x.org" rel="me">'),
        ('<a href="../adam/">', '<a href="../adam/">'),
        ('<abbr title="https://x.org">', '<abbr title="https://x.org">'),
    ],
)
def test_links_to_other_hosts_give_them_no_way_back(link, after):
    assert EXTERNAL.sub(r'\g<0> rel="noopener"', link) == after


def test_no_page_hands_another_site_a_way_back(site):
    found = [link for page in site.rglob("*.html") for link in OUTWARD.findall(page.read_text(encoding="utf-8"))]
    assert len(found) > 50
    assert [link for link in found if "noopener" not in link] == []
