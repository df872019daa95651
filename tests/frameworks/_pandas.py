"""What pandas' averages do."""

import pandas as pd

from tests.frameworks._probe import BETA, SERIES


def observe() -> dict:
    series = pd.Series(SERIES)
    return {
        "average": series.ewm(alpha=BETA).mean().tolist(),
        "average, other": series.ewm(alpha=BETA, adjust=False).mean().tolist(),
    }
