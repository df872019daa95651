"""The same training four times over."""

from snippets.experiments import tensorflow as experiments
from snippets.figures import _style

NAMES = {"numpy": "NumPy", "session": "graph and session", "tape": "eager, with a tape", "keras": "Keras 3"}


def overlay():
    """Four cost curves that are one, and how far each is from NumPy's."""
    result = experiments.overlay()
    figure, (curves, apart) = _style.panels(2, height=5.4, sharex=True, height_ratios=[3, 2])
    epochs = range(result["epochs"])
    for index, (way, name) in enumerate(NAMES.items()):
        style = {"color": _style.color(index), "linestyle": _style.STYLES[index]}
        curves.plot(epochs, result[way], label=name, linewidth=7.5 - 2 * index, **style)  # what lies below shows on both sides
        if way != "numpy":
            apart.plot(epochs, abs(result[way] - result["numpy"]).clip(1e-17), linewidth=1, **style)
    curves.set(ylabel="cost", title="One training, four ways")
    curves.legend(loc="upper right")
    apart.set(xlabel="epoch", ylabel="distance\n(log scale)", yscale="log", title="How far from NumPy's (0 drawn as $10^{-17}$)")
    return figure
