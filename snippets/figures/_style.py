"""How figures look: one palette with the page, light and dark, legible in grey and on a phone.

A figure is at most 5 inches wide and its text at least 10 points, which is 9 pixels on a phone of
360. Put panels below one another rather than beside one another where they need room.
"""

import matplotlib as mpl
import matplotlib.pyplot as plt
from cycler import cycler
from matplotlib.colors import LinearSegmentedColormap

WIDTH = 5.0
SMALLEST_TEXT = 10.0

# Okabe and Ito's palette, darkened for white paper and lightened for slate; told apart by line style too.
SERIES = {
    "light": ["#0062a3", "#c24e00", "#00795a", "#a03d7d", "#8a6500", "#444444"],
    "dark": ["#62b5f0", "#ff9a52", "#2fd6a6", "#eaa0d0", "#f0c44c", "#d0d0d0"],
}
STYLES = ["-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (1, 1))]
INK = {"light": "#1f2933", "dark": "#d7dce2"}
PAPER = {"light": "#ffffff", "dark": "#1e2129"}
FAINT = {"light": "#d5dae0", "dark": "#3d4450"}

_theme = "light"


def use(theme: str) -> None:
    """Set matplotlib's defaults for one of the two themes."""
    global _theme
    _theme = theme
    ink = INK[theme]
    mpl.rcdefaults()
    mpl.rcParams.update(
        {
            "axes.edgecolor": ink,
            "axes.grid": True,
            "axes.labelcolor": ink,
            "axes.labelsize": 11,
            "axes.prop_cycle": cycler(color=SERIES[theme], linestyle=STYLES),
            "axes.spines.right": False,
            "axes.spines.top": False,
            "axes.titlecolor": ink,
            "axes.titlesize": 11,
            "axes.facecolor": "none",
            "figure.facecolor": "none",
            "font.family": "DejaVu Sans",
            "font.size": 10,
            "grid.color": FAINT[theme],
            "grid.linewidth": 0.6,
            "legend.facecolor": PAPER[theme],
            "legend.edgecolor": FAINT[theme],
            "legend.fontsize": 10,
            "lines.linewidth": 1.8,
            "path.simplify_threshold": 0.2,  # points: at one, a smooth curve has corners that one sees
            "savefig.facecolor": "none",
            "svg.fonttype": "path",
            "text.color": ink,
            "xtick.color": ink,
            "ytick.color": ink,
            "xtick.labelsize": 10,
            "ytick.labelsize": 10,
        }
    )


def panels(rows: int = 1, columns: int = 1, height: float = 3.0, **options):
    """A figure of the one width, `height` inches high in all, and its axes."""
    return plt.subplots(rows, columns, figsize=(WIDTH, height), layout="constrained", **options)


def color(index: int) -> str:
    """The palette's colour for the series with this number, in the theme being drawn."""
    return SERIES[_theme][index]


def ink() -> str:
    return INK[_theme]


def paper() -> str:
    return PAPER[_theme]


def faint() -> str:
    return FAINT[_theme]


def diverging() -> LinearSegmentedColormap:
    """From class 0 through paper to class 1, for fields with a middle; fits both themes."""
    return LinearSegmentedColormap.from_list("diverging", [color(0), paper(), color(1)])


def sequential() -> LinearSegmentedColormap:
    """From paper to the first colour, for fields that start at nothing."""
    return LinearSegmentedColormap.from_list("sequential", [paper(), color(0)])
