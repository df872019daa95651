"""What the page Diagnose my run promises: each symptom is there, each check tells, each cure helps."""

import numpy as np
import pytest

from snippets.experiments import diagnose as experiments


def test_claim_a_network_in_order_begins_near_log_2_and_learns_ten_examples():
    result = experiments.ten_examples()
    assert result["seeds"] >= 20
    assert result["chance"] == pytest.approx(np.log(2))
    assert 0.6 < result["first_low"] <= result["first_high"] < 0.9
    assert result["end_high"] < 0.01
    assert result["fitted_low"] == 1


def test_claim_nan_has_three_causes_and_each_its_cure():
    result = experiments.not_a_number()
    assert result["seeds"] >= 20
    assert result["divided_lost"] == result["seeds"] and result["divided_first"] == result["divided_last"] == 2
    assert result["blank"] > 0
    assert result["diverged_lost"] >= 10 and result["diverged_first"] > 2
    assert result["naive_lost"] == result["naive_finite"] == result["seeds"]
    for cause in ("diverged", "divided", "naive"):
        assert result[f"{cause}_cured_lost"] == 0
    assert result["divided_cured_high"] < 0.3
    assert result["diverged_cured_mean"] < 0.5
    assert result["naive_cured_low"] > 1  # a number at last, and one that says what else is wrong


def test_claim_gradient_and_step_tell_three_flat_lines_apart():
    result = experiments.flat()
    assert result["seeds"] >= 20
    for cause in ("zeros", "rate", "scale"):
        assert result[f"{cause}_fell_high"] < 0.02 < 0.35 < result[f"{cause}_cured_fell_low"]
        assert 0.001 < result[f"{cause}_cured_step"] < 0.02
        assert result[f"{cause}_step"] < 0.001 / 100
    assert result["zeros_gradient"] == 0
    assert result["rate_gradient"] == pytest.approx(result["rate_cured_gradient"])
    assert 0 < result["scale_gradient"] < 1e-5 * result["scale_cured_gradient"]


def test_claim_a_jump_leaves_dead_units_and_shorter_steps_do_not():
    result = experiments.rises()
    assert result["seeds"] >= 20
    assert result["sick_rose"] >= 10 and result["sick_most"] >= 15
    assert result["sick_dead_mean"] > 0.8
    for cure in ("lower", "clipped"):
        assert result[f"{cure}_rose"] == result[f"{cure}_most"] == 0
        assert result[f"{cure}_dead_high"] < 0.3
        assert result[f"{cure}_dev_low"] > 0.85 > result["sick_dev_mean"]
    assert result["sick_one"].min() + 0.1 < result["sick_one"][-1]  # the figure shows what its title says


def test_claim_a_lower_rate_and_decay_end_the_two_zigzags():
    result = experiments.oscillates()
    assert result["seeds"] >= 20
    assert result["full_swing_low"] > 0.1 and result["full_cured_swing_high"] == 0  # at the rate of the noisy one: it is the batches
    assert result["noisy_swing_low"] > result["noisy_cured_swing_high"]
    assert result["noisy_swing_mean"] > 10 * result["noisy_cured_swing_mean"]
    assert result["calmer"] == result["full_calmer"] == result["seeds"]


def test_claim_more_examples_close_the_gap_and_l2_narrows_it():
    result = experiments.overfits()
    assert result["seeds"] >= 20
    assert result["few_gap_low"] > 10 > result["l2_gap_mean"] > 5 > 2 > result["many_gap_high"]
    assert result["few_there_high"] < result["many_there_low"]
    assert 0 < result["l2_there_mean"] - result["few_there_mean"] < 0.02
    assert result["few_dev"][-1] > 1.2 * result["few_dev"].min()


def test_claim_what_was_left_in_training_mode_fails_on_the_training_images_too():
    result = experiments.test_mode()
    assert result["seeds"] >= 20
    assert result["norm_batch_here_low"] > 0.98
    assert result["norm_here_high"] < 0.55 and result["norm_sick_end_high"] < 0.55
    assert result["norm_cured_end_low"] > 0.85
    assert result["norm_ahead"] == result["dropout_ahead"] == result["seeds"]
    assert result["dropout_here_mean"] < result["dropout_off_here_mean"]


def test_claim_each_cure_of_a_slow_run_saves_epochs():
    result = experiments.slow()
    assert result["seeds"] >= 20
    for run in ("sick", "rate", "batches", "adam"):
        assert result[f"{run}_arrived"] == result["seeds"]
    assert result["rate_high"] < result["sick_low"] / 4
    assert result["batches_high"] < result["rate_low"] / 4
    assert result["adam_median"] < result["batches_median"]


def test_claim_one_answer_to_everybody_comes_from_dead_units_or_from_a_rare_class():
    result = experiments.constant()
    assert result["seeds"] >= 20
    assert result["dead_same"] >= 15 and result["dead_cured_same"] == 0
    assert result["dead_units_low"] > 0.9 and result["dead_cured_accuracy_low"] > 0.8
    assert result["uneven_none"] == result["seeds"] and result["uneven_early_high"] == 0
    assert result["uneven_early_accuracy"] == pytest.approx(result["zeros"] / (result["ones"] + result["zeros"]), abs=0.01)
    assert result["even_early_low"] > 0.2 and result["even_early_mean"] > 0.6
    assert result["even_late_low"] > result["uneven_late_high"]


def test_claim_what_dev_shares_with_training_flatters():
    result = experiments.leak()
    assert result["seeds"] >= 20
    assert result["before_twins"] > 0.99 and result["after_twins"] == 0
    assert result["before_dev_mean"] > result["before_new_mean"] + 0.1
    assert result["before_dev_low"] > result["before_new_mean"]
    assert result["after_dev_mean"] < result["after_new_mean"] + 0.01


def test_claim_the_best_of_many_runs_is_partly_luck():
    result = experiments.luck()
    assert result["splits"] >= 20
    assert result["few_broken"] >= 15
    assert result["few_lost_mean"] > 3 * result["few_error"]
    assert result["many_lost_mean"] < result["few_lost_mean"] / 2
    assert result["many_kept_mean"] > result["few_kept_mean"] > result["typical"]
