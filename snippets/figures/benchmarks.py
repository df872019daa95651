"""Pictures of how fast the training loop is."""

from snippets.experiments import benchmarks as experiments
from snippets.figures import _style

NETWORKS = {"2_5_2_1": "2, 5, 2, 1", "2_10_5_1": "2, 10, 5, 1", "64_32_16_1": "64, 32, 16, 1", "784_256_64_1": "784, 256, 64, 1"}
OTHERS = {
    "keras_fit": "Keras fit",
    "pytorch_eager": "PyTorch eager",
    "torch_compile": "torch.compile",
    "jax_jit_of_a_step": "JAX, jit of a step",
    "pytorch_eager_fused_adam": "PyTorch, fused Adam",
    "scikit_learn_mlpclassifier": "scikit-learn",
    "jax_scan_of_all_steps": "JAX, scan of all steps",
}


def training():
    """How many steps we make in the time of one step of each other, on four networks."""
    result = experiments.training()
    figure, axes = _style.panels(height=4.4)
    for index, (network, label) in enumerate(NETWORKS.items()):
        ratios = [result[f"against_{other}_{network}"] for other in OTHERS]
        rows = [row + 0.15 * (index - 1.5) for row in range(len(OTHERS))]
        axes.plot(ratios, rows, linestyle="none", marker="osD^"[index], markersize=6, color=_style.color(index), label=label)
    axes.axvline(1, color=_style.ink(), linestyle="-", linewidth=1)
    axes.set(xscale="log", xlabel="our steps for one of theirs (log scale)", yticks=range(len(OTHERS)))
    axes.set_yticklabels(OTHERS.values())
    axes.set_xticks([0.2, 0.5, 1, 2, 5, 10, 20, 50], labels=["0.2", "0.5", "1", "2", "5", "10", "20", "50"])
    axes.minorticks_off()
    axes.invert_yaxis()
    axes.grid(axis="y", visible=False)
    figure.legend(loc="outside lower center", ncols=2)
    return figure
