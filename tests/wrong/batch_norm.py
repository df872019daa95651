"""Batch norm, wrong."""

import numpy as np

from tests.wrong._registry import wrong

FORWARD = "test_forward_by_hand"
ROOT = "test_epsilon_stands_under_the_root"
BACKWARD = "test_backward_by_hand"
RUNNING = "test_running_is_a_closed_form_over_equal_batches"
STACK = "test_a_stack_of_runs_is_its_runs_one_by_one"


def _forward(Z, gamma, beta, epsilon, axis=-1, ddof=0, outside=False, power=0.5):
    mean, var = Z.mean(axis=axis, keepdims=True), Z.var(axis=axis, ddof=ddof, keepdims=True)
    Z_norm = (Z - mean) / (np.sqrt(var) + epsilon if outside else (var + epsilon) ** power)
    return gamma * Z_norm + beta, {"mean": mean, "var": var, "Z_norm": Z_norm, "gamma": gamma, "epsilon": epsilon}


@wrong(of="forward", killed_by=ROOT)
def epsilon_outside_the_root(Z, gamma, beta, epsilon=1e-5):
    """sqrt(sigma^2) + epsilon: line 212 of the course note. At a variance of 1e-8 the gain is 9,091 for 316."""
    return _forward(Z, gamma, beta, epsilon, outside=True)


@wrong(of="infer", killed_by=ROOT)
def epsilon_outside_the_root_at_test_time(Z, gamma, beta, mean, var, epsilon=1e-5):
    """sqrt(sigma^2) + epsilon of line 212 of the course note, at test time."""
    return gamma * (Z - mean) / (np.sqrt(var) + epsilon) + beta


@wrong(of="forward", killed_by=FORWARD)
def variance_for_spread(Z, gamma, beta, epsilon=1e-5):
    """Divided by the variance, the root forgotten."""
    return _forward(Z, gamma, beta, epsilon, power=1)


@wrong(of="forward", killed_by=FORWARD)
def divided_by_m_minus_one(Z, gamma, beta, epsilon=1e-5):
    """The unbiased variance in the forward pass: PyTorch has it in the running average, and there only."""
    return _forward(Z, gamma, beta, epsilon, ddof=1)


@wrong(of="forward", killed_by=FORWARD)
def over_the_units(Z, gamma, beta, epsilon=1e-5):
    """Normalized over the units of each example, axis 0 for columns that are examples: that is layer norm."""
    return _forward(Z, gamma, beta, epsilon, axis=-2)


@wrong(of="forward", killed_by=FORWARD)
def one_mean_for_all_units(Z, gamma, beta, epsilon=1e-5):
    """`Z.mean()` without an axis: one mean for all units together."""
    return _forward(Z, gamma, beta, epsilon, axis=(-2, -1))


@wrong(of="forward", killed_by=FORWARD)
def gamma_and_beta_swapped(Z, gamma, beta, epsilon=1e-5):
    """gamma shifts and beta scales."""
    return _forward(Z, beta, gamma, epsilon)


@wrong(of="forward", killed_by=FORWARD)
def not_given_back_its_spread(Z, gamma, beta, epsilon=1e-5):
    """gamma and beta left out: every unit stays at mean 0 and spread 1, as the input after normalization (line 218 against 219)."""
    Z_tilde, cache = _forward(Z, gamma, beta, epsilon)
    return cache["Z_norm"], cache


@wrong(of="forward", killed_by=STACK)
def runs_mixed(Z, gamma, beta, epsilon=1e-5):
    """Axes counted from the front: with a leading axis of runs the units are averaged."""
    return _forward(Z, gamma, beta, epsilon, axis=1)


@wrong(of="forward", killed_by="test_no_argument_is_changed")
def in_place(Z, gamma, beta, epsilon=1e-5):
    """`Z -= mean`: the caller's Z, cached for the layer's own backward, is gone."""
    mean, var = Z.mean(axis=-1, keepdims=True), Z.var(axis=-1, keepdims=True)
    Z -= mean
    Z_norm = Z / np.sqrt(var + epsilon)
    return gamma * Z_norm + beta, {"mean": mean, "var": var, "Z_norm": Z_norm, "gamma": gamma, "epsilon": epsilon}


@wrong(of="forward", killed_by=FORWARD)
def spread_cached_for_variance(Z, gamma, beta, epsilon=1e-5):
    """sigma stored for sigma^2: line 245 of the course note. Averages of roots are not roots of averages."""
    Z_tilde, cache = _forward(Z, gamma, beta, epsilon)
    return Z_tilde, cache | {"var": np.sqrt(cache["var"])}


@wrong(of="backward", killed_by=BACKWARD)
def mean_and_variance_as_constants(dZ_tilde, cache):
    """dZ = gamma dZ~ / sqrt(var + epsilon): as if the mean and the variance did not depend on Z."""
    _, dgamma, dbeta = _backward(dZ_tilde, cache)
    return cache["gamma"] / np.sqrt(cache["var"] + cache["epsilon"]) * dZ_tilde, dgamma, dbeta


@wrong(of="backward", killed_by=BACKWARD)
def variance_as_a_constant(dZ_tilde, cache):
    """The path through the variance forgotten."""
    _, dgamma, dbeta = _backward(dZ_tilde, cache)
    return cache["gamma"] / np.sqrt(cache["var"] + cache["epsilon"]) * (dZ_tilde - dbeta / dZ_tilde.shape[-1]), dgamma, dbeta


@wrong(of="backward", killed_by=BACKWARD)
def sign_of_the_variances_path(dZ_tilde, cache):
    """The path through the variance with the wrong sign."""
    dZ, dgamma, dbeta = _backward(dZ_tilde, cache)
    root = np.sqrt(cache["var"] + cache["epsilon"])
    return dZ + 2 * cache["gamma"] / root * cache["Z_norm"] * dgamma / dZ_tilde.shape[-1], dgamma, dbeta


@wrong(of="backward", killed_by=BACKWARD)
def gamma_forgotten(dZ_tilde, cache):
    """gamma left out of dZ: right at the start, where it is one."""
    return _backward(dZ_tilde, cache | {"gamma": 1.0})


@wrong(of="backward", killed_by=BACKWARD)
def gradient_of_gamma_by_the_output(dZ_tilde, cache):
    """dgamma with what comes out, Z~, for the normalized value."""
    dZ, _, dbeta = _backward(dZ_tilde, cache)
    return dZ, (dZ_tilde * (cache["gamma"] * cache["Z_norm"])).sum(axis=-1, keepdims=True), dbeta


@wrong(of="backward", killed_by=BACKWARD)
def means_for_sums(dZ_tilde, cache):
    """dgamma and dbeta averaged over the batch: the cost has divided by m already."""
    dZ, dgamma, dbeta = _backward(dZ_tilde, cache)
    return dZ, dgamma / dZ_tilde.shape[-1] * (dZ_tilde.shape[-1] > 1), dbeta / dZ_tilde.shape[-1]


def _backward(dZ_tilde, cache):
    Z_norm, m = cache["Z_norm"], dZ_tilde.shape[-1]
    dbeta, dgamma = dZ_tilde.sum(axis=-1, keepdims=True), (dZ_tilde * Z_norm).sum(axis=-1, keepdims=True)
    return cache["gamma"] / np.sqrt(cache["var"] + cache["epsilon"]) * (dZ_tilde - dbeta / m - Z_norm * dgamma / m), dgamma, dbeta


@wrong(of="running", killed_by=RUNNING)
def momentum_the_other_way_round(mean, var, batch_mean, batch_var, momentum=0.9):
    """PyTorch's convention with our default: the new batch weighs 0.9."""
    return (1 - momentum) * mean + momentum * batch_mean, (1 - momentum) * var + momentum * batch_var


@wrong(of="running", killed_by=RUNNING)
def only_the_last_batch(mean, var, batch_mean, batch_var, momentum=0.9):
    """The last batch's statistics kept, no average."""
    return batch_mean, batch_var


@wrong(of="running", killed_by=RUNNING)
def averages_of_spreads(mean, var, batch_mean, batch_var, momentum=0.9):
    """The spread averaged and then squared: line 245 of the course note stores sigma."""
    return momentum * mean + (1 - momentum) * batch_mean, (momentum * np.sqrt(var) + (1 - momentum) * np.sqrt(batch_var)) ** 2


@wrong(of="running", killed_by=RUNNING)
def variance_kept_by_no_average(mean, var, batch_mean, batch_var, momentum=0.9):
    """Only the mean is averaged."""
    return momentum * mean + (1 - momentum) * batch_mean, var


@wrong(of="infer", killed_by="test_at_test_time_an_example_depends_on_itself_alone")
def batch_statistics_at_test_time(Z, gamma, beta, mean, var, epsilon=1e-5):
    """The test batch's own mean and variance: an example's output depends on its neighbours, and alone it is always beta."""
    return _forward(Z, gamma, beta, epsilon)[0]


@wrong(of="forward", killed_by=FORWARD)
def population_statistics_in_training(Z, gamma, beta, epsilon=1e-5):
    """Running statistics in the forward pass of training: at the start, a mean of 0 and a variance of 1, nothing is normalized."""
    mean, var = np.zeros((*Z.shape[:-1], 1)), np.ones((*Z.shape[:-1], 1))
    Z_norm = (Z - mean) / np.sqrt(var + epsilon)
    return gamma * Z_norm + beta, {"mean": mean, "var": var, "Z_norm": Z_norm, "gamma": gamma, "epsilon": epsilon}


@wrong(of="infer", killed_by="test_infer_with_the_batchs_own_statistics_is_forward")
def variance_taken_for_a_spread(Z, gamma, beta, mean, var, epsilon=1e-5):
    """Divided by the variance at test time, as where sigma was expected to be stored and sigma^2 was."""
    return gamma * (Z - mean) / (var + epsilon) + beta


@wrong(of="init", killed_by="test_init_starts_as_nearly_the_identity")
def gamma_of_zeros(n, dtype=float):
    """gamma zeros with the rest: the layer puts out beta whatever comes in, and no gradient passes."""
    return {name: np.full((n, 1), float(name == "var"), dtype) for name in ("gamma", "beta", "mean", "var")}


@wrong(of="init", killed_by=RUNNING)
def running_variance_of_zeros(n, dtype=float):
    """A running variance that starts at zero: the first examples at test time are blown up."""
    return {name: np.full((n, 1), float(name == "gamma"), dtype) for name in ("gamma", "beta", "mean", "var")}
