"""What the page measures: how sure softmax is of scores that say nothing."""

import numpy as np

from snippets import softmax
from snippets.experiments._cache import experiment

SEEDS = range(20)


@experiment
def confidence():
    """The mean largest share of ten normal scores, multiplied by 1 to 30, 20 seeds."""
    scales = np.array([1.0, 3.0, 10.0, 30.0])
    scores = [np.random.default_rng(seed).standard_normal((10, 200)) for seed in SEEDS]
    largest = np.array([[softmax.forward(scale * z).max(axis=0).mean() for scale in scales] for z in scores])
    return {
        "seeds": len(SEEDS),
        "scales": scales,
        "mean": largest.mean(axis=0),
        "low": largest.min(axis=0),
        "high": largest.max(axis=0),
    }
