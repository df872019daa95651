"""PyTorch, to hold our functions against: where it is not installed its tests are skipped, in CI they fail."""

import os

import pytest

try:
    import torch
except ImportError:
    if os.environ.get("CI"):
        raise
    torch = None

needs_torch = pytest.mark.skipif(torch is None, reason="PyTorch is not installed: pip install torch==2.13.0")
