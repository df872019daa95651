"""PyTorch and TensorFlow, to hold our functions against: where one is not installed its tests are skipped, in CI they fail."""

import importlib.util
import os

import pytest

try:
    import torch
except ImportError:
    if os.environ.get("CI"):
        raise
    torch = None

needs_torch = pytest.mark.skipif(torch is None, reason="PyTorch is not installed: pip install torch==2.13.0")

# TensorFlow is asked in a process of its own, see tests/frameworks/conftest.py and tests/conftest.py.
has_tensorflow = bool(os.environ.get("CI")) or importlib.util.find_spec("tensorflow") is not None
needs_tensorflow = pytest.mark.skipif(not has_tensorflow, reason="TensorFlow is not installed: pip install tensorflow-cpu")


def in_tensorflow(test):
    """Decorator of a test without arguments that imports TensorFlow: see tests/conftest.py."""
    return needs_tensorflow(pytest.mark.usefixtures("apart")(test))
