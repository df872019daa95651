"""What the starts promise."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from snippets import initialization, network
from snippets.experiments import initialization as experiments
from tests.oracles import needs_torch, torch

dims = st.lists(st.integers(1, 6), min_size=2, max_size=6)
SLOW = settings(deadline=None, max_examples=25)


def starts(layer_dims, seed=0):
    rng = np.random.default_rng
    return {
        "zeros": initialization.zeros(layer_dims),
        "random_normal": initialization.random_normal(layer_dims, rng(seed)),
        "he": initialization.he(layer_dims, rng(seed)),
        "xavier": initialization.xavier(layer_dims, rng(seed)),
        "lecun": initialization.lecun(layer_dims, rng(seed)),
    }


@given(dims)
def test_shapes_are_those_of_the_layers_and_biases_are_zero(layer_dims):
    for name, params in starts(layer_dims).items():
        assert list(params) == [f"{kind}{l}" for l in range(1, len(layer_dims)) for kind in "Wb"], name
        for l in range(1, len(layer_dims)):
            assert params[f"W{l}"].shape == (layer_dims[l], layer_dims[l - 1])
            assert params[f"b{l}"].shape == (layer_dims[l], 1)
            assert not params[f"b{l}"].any()


def test_zeros_are_zeros():
    assert not any(array.any() for array in initialization.zeros([4, 3, 2, 1]).values())


def test_each_layer_is_one_draw_of_normals_times_its_scale():
    """n_in and n_out differ everywhere, so that one taken for the other shows; the biases draw nothing."""
    layer_dims, rng = [7, 4, 3, 1], np.random.default_rng(3)
    drawn = {l: rng.standard_normal((layer_dims[l], layer_dims[l - 1])) for l in (1, 2, 3)}
    params = starts(layer_dims, seed=3)
    for l, normals in drawn.items():
        n_in, n_out = layer_dims[l - 1], layer_dims[l]
        np.testing.assert_allclose(params["random_normal"][f"W{l}"], 10 * normals)
        np.testing.assert_allclose(params["he"][f"W{l}"], (2 / n_in) ** 0.5 * normals)
        np.testing.assert_allclose(params["xavier"][f"W{l}"], (2 / (n_in + n_out)) ** 0.5 * normals)
        np.testing.assert_allclose(params["lecun"][f"W{l}"], (1 / n_in) ** 0.5 * normals)
    small = initialization.random_normal(layer_dims, np.random.default_rng(3), scale=0.01)
    np.testing.assert_allclose(small["W1"], 0.01 * drawn[1])


@given(dims, st.integers(0, 10**6))
def test_one_seed_gives_one_start_whatever_the_scheme_but_for_its_scale(layer_dims, seed):
    params = starts(layer_dims, seed)
    for l in range(1, len(layer_dims)):
        np.testing.assert_allclose(params["he"][f"W{l}"], 2**0.5 * params["lecun"][f"W{l}"])
        if layer_dims[l] == layer_dims[l - 1]:
            np.testing.assert_allclose(params["xavier"][f"W{l}"], params["lecun"][f"W{l}"])


@needs_torch
def test_spread_equals_torchs():
    """torch.nn.init has He and Glorot of its own; on 600,000 weights the spreads agree to half a percent."""
    layer_dims = [1200, 500]
    ours = {name: params["W1"].std() for name, params in starts(layer_dims).items()}
    theirs = torch.empty(500, 1200)
    generator = torch.Generator().manual_seed(0)
    torch.nn.init.kaiming_normal_(theirs, nonlinearity="relu", generator=generator)
    assert ours["he"] == pytest.approx(theirs.std().item(), rel=0.005)
    torch.nn.init.xavier_normal_(theirs, generator=generator)
    assert ours["xavier"] == pytest.approx(theirs.std().item(), rel=0.005)
    torch.nn.init.kaiming_normal_(theirs, nonlinearity="linear", generator=generator)
    assert ours["lecun"] == pytest.approx(theirs.std().item(), rel=0.005)


@needs_torch
def test_torchs_default_has_a_third_of_lecuns_variance():
    torch.manual_seed(0)
    theirs = torch.nn.Linear(1200, 500).weight.detach().numpy()
    assert 3 * theirs.var() == pytest.approx(starts([1200, 500])["lecun"]["W1"].var(), rel=0.01)
    assert abs(theirs).max() <= 1200**-0.5


def test_he_keeps_the_mean_square_through_a_relu_layer_and_lecun_halves_it():
    """The closed form: the mean over all starts of A's square is n_in Var(W) / 2 times that of its input."""
    X = np.random.default_rng(9).standard_normal((400, 50))
    for name, expected in (("he", 1.0), ("lecun", 0.5), ("xavier", 2 * 400 / (400 + 3000) / 2)):
        params = starts([400, 3000, 1])[name]
        hidden = network.forward(X, params)[1][1][0]
        assert np.mean(hidden**2) / np.mean(X**2) == pytest.approx(expected, rel=0.05), name


@SLOW
@given(dims, st.integers(1, 5), st.integers(0, 10**6))
def test_from_zeros_only_the_outputs_bias_has_a_gradient(layer_dims, m, seed):
    """Two layers or more, ReLU and tanh: every dW is exactly zero, and every hidden db."""

    def tanh(Z):
        A = np.tanh(Z)
        return A, 1 - A**2

    layer_dims = [*layer_dims, 1]
    rng, L = np.random.default_rng(seed), len(layer_dims) - 1
    X, Y = rng.standard_normal((layer_dims[0], m)), (rng.random((1, m)) < 0.3).astype(float)
    for hidden in (network.relu, tanh):
        A, caches = network.forward(X, initialization.zeros(layer_dims), hidden)
        assert (A == 0.5).all()
        grads = network.backward(A, Y, caches)
        assert grads[f"db{L}"] == pytest.approx(0.5 - Y.mean())
        assert not any(grad.any() for name, grad in grads.items() if name != f"db{L}")


def test_from_zeros_a_network_of_one_layer_learns():
    X, Y = np.array([[-1.0, 1.0]]), np.array([[0.0, 1.0]])
    params, costs = network.train(X, Y, initialization.zeros([1, 1]), epochs=20, learning_rate=1.0)
    assert params["W1"].item() > 1
    assert costs[-1] < costs[0]


@SLOW
@given(dims, st.floats(0.05, 1.0), st.integers(0, 10**6))
def test_equal_units_have_equal_gradients(layer_dims, value, seed):
    layer_dims = [*layer_dims, 1]
    rng = np.random.default_rng(seed)
    X, Y = rng.standard_normal((layer_dims[0], 6)), (rng.random((1, 6)) < 0.5).astype(float)
    params = {name: np.full_like(a, value) for name, a in initialization.zeros(layer_dims).items()}
    A, caches = network.forward(X, params)
    for name, grad in network.backward(A, Y, caches).items():
        np.testing.assert_allclose(grad - grad[:1], 0, atol=1e-9 * max(1, abs(grad).max()), err_msg=name)


def test_one_weight_changed_sets_one_unit_free():
    rng = np.random.default_rng(0)
    X = rng.standard_normal((2, 50))
    Y = (X[:1] ** 2 > X[1:]).astype(float)
    params = {"W1": np.full((4, 2), 0.5), "b1": np.zeros((4, 1)), "W2": np.full((1, 4), 0.5), "b2": np.zeros((1, 1))}
    params["W1"][0, 0] = 0.51
    W1 = network.train(X, Y, params, epochs=500, learning_rate=0.1)[0]["W1"]
    np.testing.assert_allclose(W1[1:] - W1[1], 0, atol=1e-12)
    assert np.abs(W1[0] - W1[1]).max() > 0.01


def test_whole_numbers_of_numpy_will_do_and_the_list_stays():
    layer_dims = [2, 3, 1]
    params = initialization.he(tuple(np.array(layer_dims)), np.random.default_rng(0))
    assert params["W1"].shape == (3, 2)
    starts(layer_dims)
    assert layer_dims == [2, 3, 1]


@pytest.mark.parametrize("layer_dims", [[], [3], [3, 0, 1], [3, -1], [2.0, 1], [np.nan, 1], ["3", 1], [True, 1], 5, None, [[3, 1]]])
def test_bad_layer_dims_are_refused_by_name(layer_dims):
    with pytest.raises(ValueError, match="^layer_dims: "):
        initialization.zeros(layer_dims)
    for start in (initialization.random_normal, initialization.he, initialization.xavier, initialization.lecun):
        with pytest.raises(ValueError, match="^layer_dims: "):
            start(layer_dims, np.random.default_rng(0))


@pytest.mark.parametrize("rng", [None, 0, np.random])
def test_a_generator_is_asked_for_by_name(rng):
    for start in (initialization.random_normal, initialization.he, initialization.xavier, initialization.lecun):
        with pytest.raises(ValueError, match="^rng: "):
            start([2, 1], rng)


@pytest.mark.parametrize("scale", [-1.0, np.nan, np.inf])
def test_a_bad_scale_is_refused_by_name(scale):
    with pytest.raises(ValueError, match="^scale: "):
        initialization.random_normal([2, 1], np.random.default_rng(0), scale)


def test_a_scale_of_nothing_gives_zeros():
    params = initialization.random_normal([2, 1], np.random.default_rng(0), 0.0)
    assert not params["W1"].any()


# The page's claims


def test_claim_zeros_move_one_bias_to_the_log_odds():
    result = experiments.zeros_move()
    assert result["seeds"] >= 20
    assert result["weights"] == 0.0 and result["hidden_biases"] == 0.0
    for side in ("mean", "low", "high"):
        assert result[f"output_bias_{side}"] == pytest.approx(result["log_odds"], abs=1e-6)
        assert result[f"output_{side}"] == pytest.approx(result["share"], abs=1e-6)
        assert result[f"accuracy_{side}"] == pytest.approx(1 - result["share"])
    assert result["cost"] == pytest.approx(result["entropy"], abs=1e-9)
    assert result["he_accuracy_low"] > result["accuracy_high"]


def test_claim_equal_weights_stay_equal_and_give_a_line():
    result = experiments.symmetry()
    assert result["seeds"] >= 20
    assert result["equal_apart"] < 1e-12 < 0.1 < result["moved"]
    assert result["he_apart"] > 1
    assert result["equal_over_line"] <= 0.02
    assert result["he_low"] > result["equal_high"]


def test_claim_large_weights_saturate_the_outputs():
    result = experiments.saturation()
    assert result["seeds"] >= 20
    assert result["large_saturated_mean"] > 0.9
    assert result["large_saturated_low"] > 0.5
    assert 0 < result["large_half"] == result["large_off"] < 1 - result["large_saturated_mean"]
    assert result["he_saturated_high"] < 0.15


def test_claim_the_race():
    result = experiments.race()
    assert result["seeds"] >= 20
    assert result["zeros_last_low"] == result["zeros_last_high"] == pytest.approx(np.log(2))
    assert result["large_first_low"] > 10
    assert result["large_last_mean"] > 5 * result["he_last_mean"]
    assert result["large_way_high"] < 0.5 < 0.9 < result["he_way_low"]
    assert result["large_accuracy_mean"] < 0.85 < 0.98 < result["he_accuracy_low"]
    assert result["he_last_mean"] < result["lecun_last_mean"]
    assert result["he_last_mean"] < result["xavier_last_mean"]


def test_claim_large_weights_improve_with_time_but_do_not_catch_up():
    result = experiments.large_at_any_rate()
    assert result["better"] >= 0.9
    assert result["long_cost_mean"] < result["cost_mean"]
    assert result["long_cost_mean"] > experiments.race()["he_last_mean"]
    assert result["long_accuracy_mean"] < experiments.race()["he_accuracy_low"]


def test_claim_the_size_of_activations_layer_by_layer():
    result = experiments.spread_by_layer()
    assert result["seeds"] >= 20
    assert not result["relu_zeros"][1:].any() and not result["tanh_zeros"][1:].any()
    assert result["relu_he_kept_mean"] == pytest.approx(1, abs=0.15)
    for scheme in ("xavier", "lecun"):  # half the square a layer: 2 ** (-9 / 2) over nine layers
        assert result[f"relu_{scheme}_kept_mean"] == pytest.approx(2**-4.5, rel=0.15)
    assert result["relu_large_kept_mean"] == pytest.approx(50**4.5, rel=0.15)
    assert 0.4 < result["tanh_lecun_kept_mean"] < 0.7
    assert result["tanh_he_kept_mean"] > result["tanh_lecun_kept_high"]
    assert result["tanh_large_kept_mean"] == pytest.approx(1, abs=0.15)
    assert result["tanh_large_gradient_low"] > 100
    assert result["tanh_large_flat"] > 0.75  # and still the gradient grows in each of the eight layers between
    assert result["tanh_large_gradient_low"] ** (1 / 8) > 2
    assert result["relu_lecun_gradient_low"] > 5
