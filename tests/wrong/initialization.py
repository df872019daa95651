"""The starts, wrong."""

import numpy as np

from tests.wrong._registry import wrong

SCALE = "test_each_layer_is_one_draw_of_normals_times_its_scale"
SHAPES = "test_shapes_are_those_of_the_layers_and_biases_are_zero"


def _draw(layer_dims, rng, scale, bias=0.0):
    params = {}
    for l in range(1, len(layer_dims)):
        n_in, n_out = layer_dims[l - 1], layer_dims[l]
        params[f"W{l}"] = rng.standard_normal((n_out, n_in)) * scale(n_in, n_out)
        params[f"b{l}"] = bias * rng.standard_normal((n_out, 1)) if bias else np.zeros((n_out, 1))
    return params


@wrong(of="xavier", killed_by=SCALE)
def lecun_by_another_name(layer_dims, rng):
    """sqrt(1/n_in) called Xavier: line 21 of the course note. It is LeCun's; Glorot's looks both ways."""
    return _draw(layer_dims, rng, lambda n_in, n_out: np.sqrt(1 / n_in))


@wrong(of="xavier", killed_by=SCALE)
def glorot_without_the_two(layer_dims, rng):
    """sqrt(1/(n_in + n_out)): half of Glorot's variance."""
    return _draw(layer_dims, rng, lambda n_in, n_out: np.sqrt(1 / (n_in + n_out)))


@wrong(of="xavier", killed_by=SCALE)
def glorots_bound_as_a_spread(layer_dims, rng):
    """sqrt(6/(n_in + n_out)), the bound of the uniform version, as the standard deviation of a normal."""
    return _draw(layer_dims, rng, lambda n_in, n_out: np.sqrt(6 / (n_in + n_out)))


@wrong(of="xavier", killed_by="test_he_keeps_the_mean_square_through_a_relu_layer_and_lecun_halves_it")
def glorot_is_he(layer_dims, rng):
    """He's scale for Glorot's."""
    return _draw(layer_dims, rng, lambda n_in, n_out: np.sqrt(2 / n_in))


@wrong(of="he", killed_by=SCALE)
def he_by_the_way_out(layer_dims, rng):
    """sqrt(2/n_out): the size of the layer itself for that of the layer before."""
    return _draw(layer_dims, rng, lambda n_in, n_out: np.sqrt(2 / n_out))


@wrong(of="he", killed_by="test_he_keeps_the_mean_square_through_a_relu_layer_and_lecun_halves_it")
def he_without_the_root(layer_dims, rng):
    """2/n_in, the variance, as the standard deviation."""
    return _draw(layer_dims, rng, lambda n_in, n_out: 2 / n_in)


@wrong(of="he", killed_by=SHAPES)
def index_lost_its_minus(layer_dims, rng):
    """layers_dims[l1], the minus of l-1 lost as in line 22 of the note and read as l: every layer takes in as many as it has."""
    return {
        f"{kind}{l}": rng.standard_normal((n, n)) * np.sqrt(2 / n) if kind == "W" else np.zeros((n, 1))
        for l, n in enumerate(layer_dims[1:], start=1)
        for kind in "Wb"
    }


@wrong(of="he", killed_by=SHAPES)
def one_layer_short(layer_dims, rng):
    """range(1, L) where L is the number of layers: the last layer is never made."""
    return _draw(layer_dims[:-1], rng, lambda n_in, n_out: np.sqrt(2 / n_in))


@wrong(of="he", killed_by=SHAPES)
def transposed(layer_dims, rng):
    """(n_in, n_out), as other libraries keep W."""
    return {name: a.T if name[0] == "W" else a for name, a in _draw(layer_dims, rng, lambda n_in, n_out: np.sqrt(2 / n_in)).items()}


@wrong(of="he", killed_by=SHAPES)
def biases_drawn(layer_dims, rng):
    """The biases random too."""
    return _draw(layer_dims, rng, lambda n_in, n_out: np.sqrt(2 / n_in), bias=0.1)


@wrong(of="he", killed_by=SCALE)
def uniform(layer_dims, rng):
    """`rand` for `randn`: uniform from 0 to 1, so that every weight is positive."""
    return {name: rng.random(a.shape) if name[0] == "W" else a for name, a in _draw(layer_dims, rng, lambda n_in, n_out: 1).items()}


@wrong(of="lecun", killed_by=SCALE)
def lecun_with_hes_two(layer_dims, rng):
    """He's 2 in LeCun's: sqrt(2/n_in)."""
    return _draw(layer_dims, rng, lambda n_in, n_out: np.sqrt(2 / n_in))


@wrong(of="random_normal", killed_by=SCALE)
def scale_forgotten(layer_dims, rng, scale=10.0):
    """The factor left out."""
    return _draw(layer_dims, rng, lambda n_in, n_out: 1)


@wrong(of="random_normal", killed_by=SCALE)
def scale_as_a_variance(layer_dims, rng, scale=10.0):
    """The root of the scale: a variance of 10 where a standard deviation of 10 is meant."""
    return _draw(layer_dims, rng, lambda n_in, n_out: np.sqrt(scale))


@wrong(of="zeros", killed_by="test_from_zeros_only_the_outputs_bias_has_a_gradient")
def equal_but_not_zero(layer_dims):
    """One half everywhere: the start that the note's line 12 describes (every unit learns the same) is this one, not zeros."""
    return {
        name: np.full_like(a, 0.5 if name[0] == "W" else 0.0)
        for name, a in _draw(layer_dims, np.random.default_rng(0), lambda n_in, n_out: 1).items()
    }


@wrong(of="zeros", killed_by="test_zeros_are_zeros")
def almost_zeros(layer_dims):
    """A hundredth of a normal: small, but no longer zeros."""
    return _draw(layer_dims, np.random.default_rng(0), lambda n_in, n_out: 0.01)
