"""What the pages say of speed is so in what `make bench` kept, whoever measures anew; today's clock is asked nowhere."""

import re

import pytest

from snippets.experiments import _bench
from snippets.experiments import benchmarks as experiments
from snippets.site import source
from tests.bench import PARTS

SMALLEST, SMALL, DIGITS, LARGE = "2_5_2_1", "2_10_5_1", "64_32_16_1", "784_256_64_1"
ROWS = [(part, row) for part, about in _bench.parts().items() for row in about["rows"]]


def test_claim_the_loop_is_ahead_of_pytorch_on_small_networks_in_every_round():
    kept = experiments.training()
    for net in (SMALLEST, SMALL, DIGITS):
        assert kept[f"against_pytorch_eager_{net}_low"] > 1, net
    assert kept[f"against_pytorch_eager_{SMALLEST}"] > 2 * kept[f"against_pytorch_eager_{LARGE}"]  # "down to", on large layers


def test_claim_each_trick_is_worth_something():
    kept = experiments.training()
    assert kept[f"against_a_dict_of_arrays_{SMALLEST}"] > 1.3
    assert kept[f"adam_in_place_against_the_pure_update_{SMALLEST}"] > 1
    assert kept[f"stack_of_64_{SMALLEST}_against_one_run"] > 4
    assert kept[f"stack_of_64_{SMALLEST}_against_pytorch_eager"] > 4 * kept[f"against_pytorch_eager_{SMALLEST}"]
    assert kept[f"float32_against_float64_{LARGE}"] > 1.3
    assert kept[f"rows_picked_against_columns_picked_{LARGE}"] >= 2


def test_claim_where_others_win():
    kept = experiments.training()
    assert kept[f"against_jax_scan_of_all_steps_{SMALLEST}_high"] < 1


def missed() -> set[str]:
    return {row.name for _, row in ROWS if not row.met}


def test_the_page_speaks_of_each_limit_that_is_missed_and_of_no_other():
    page = (source.DOCS / "benchmarks.md").read_text(encoding="utf-8")
    told = set(re.findall(r"^\*\*Missed: `(.+?)`\*\*", page, re.M))
    assert told == missed()


def test_each_part_of_make_bench_is_on_the_page():
    assert list(_bench.parts()) == PARTS
    assert "pages" in PARTS  # it was left out once, as its `rows` took an argument


@pytest.mark.parametrize(("part", "row"), ROWS, ids=lambda x: x if isinstance(x, str) else x.field)
def test_a_row_is_a_median_within_its_range(part, row):
    assert 0 <= row.low <= row.value <= row.high
