"""Points where the gradient vanishes, and two surfaces to get stuck on: a saddle and a plateau."""

import numpy as np


def critical_point(hessian):
    """What kind of point it is where the gradient is zero, by the signs of the Hessian's eigenvalues.

    hessian: (n, n), symmetric: the second derivatives at the point. An eigenvalue at most 1e-9 of the largest
    one in size counts as zero.

    Returns "minimum" (all positive), "maximum" (all negative), "saddle" (both signs), or "degenerate" (some
    are zero and the others have one sign: second derivatives cannot tell). Raises ValueError where hessian is
    not square, is empty, not symmetric, or holds NaN or infinity.

    >>> from snippets import local_optima
    >>> [local_optima.critical_point(np.diag([2.0, e])) for e in (3.0, -3.0, 0.0)]
    ['minimum', 'saddle', 'degenerate']
    >>> local_optima.critical_point(np.diag([-2.0, -3.0]))
    'maximum'
    >>> local_optima.critical_point(np.array([[1.0, 2.0], [2.0, 1.0]]))  # eigenvalues -1 and 3
    'saddle'
    >>> [local_optima.critical_point(np.diag(e)) for e in ([1.0, -1.0, -1.0], [1.0, 0.0, -1.0], [1e-12, 1e-12])]
    ['saddle', 'saddle', 'minimum']
    """
    hessian = np.asarray(hessian, float)
    if hessian.ndim != 2 or hessian.shape[0] != hessian.shape[1] or hessian.size == 0:
        raise ValueError(f"hessian: must be (n, n), n at least 1, not {hessian.shape}")
    if not np.isfinite(hessian).all():
        raise ValueError("hessian: holds NaN or infinity")
    if not np.allclose(hessian, hessian.T, rtol=1e-5, atol=1e-9 * np.abs(hessian).max()):
        raise ValueError("hessian: must be symmetric")
    eigenvalues = np.linalg.eigvalsh(hessian / (np.abs(hessian).max() or 1.0))  # so that none overflows
    zero = 1e-9 * np.abs(eigenvalues).max()
    if eigenvalues.min() < -zero and eigenvalues.max() > zero:
        return "saddle"
    if np.abs(eigenvalues).min() <= zero:
        return "degenerate"
    return "minimum" if eigenvalues.min() > 0 else "maximum"


def saddle(w):
    """The saddle w1^2 - w2^2 and its gradient: a valley along w1, a ridge along w2, flat in the middle.

    w: (2,), or (2, m) for m points at once.

    Returns (value, gradient): a float and (2,), or (m,) and (2, m). Raises ValueError where w has another shape.

    >>> from snippets import local_optima
    >>> local_optima.saddle(np.array([3.0, 2.0]))  # 9 - 4
    (5.0, array([ 6., -4.]))
    """
    w1, w2 = _coordinates(w)
    value = w1**2 - w2**2
    return (value if value.ndim else float(value)), np.stack([2 * w1, -2 * w2])


def plateau(w):
    """A plateau with a valley in it, w1^2 / (1 + w1^2) + w2^2 / 2, and its gradient.

    Along w1 the value is near 1 and the slope 2 w1 / (1 + w1^2)^2 near 0 for a long stretch: 0.00196 at
    w1 = 10. Then comes a valley about one unit wide on each side, its floor at w = 0, where the value is 0.
    Along w2 it is a plain bowl.

    w: (2,), or (2, m) for m points at once.

    Returns (value, gradient): a float and (2,), or (m,) and (2, m). Raises ValueError where w has another shape.

    >>> from snippets import local_optima
    >>> local_optima.plateau(np.array([3.0, -2.0]))  # 9/10 + 2; 6/100
    (2.9, array([ 0.06, -2.  ]))
    """
    w1, w2 = _coordinates(w)
    value = w1**2 / (1 + w1**2) + w2**2 / 2
    return (value if value.ndim else float(value)), np.stack([2 * w1 / (1 + w1**2) ** 2, w2])


def _coordinates(w):
    w = np.asarray(w) * 1.0  # whole numbers would overflow
    if w.ndim not in (1, 2) or w.shape[0] != 2:
        raise ValueError(f"w: must be (2,) or (2, m), not {w.shape}")
    return w
