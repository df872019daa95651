// The twins of the surfaces in snippets/local_optima.py and snippets/experiments/adam.py: each gives [value, gradient] at w.
// tests/site/test_explorables.py runs both on the same random numbers.

export function bowl([w1, w2]) {
  return [(w1 ** 2 + w2 ** 2) / 2, [w1, w2]];
}

// Kappa times steeper across than along, turned by an angle.
export function ravine([w1, w2], angle, kappa = 100) {
  const c = Math.cos(angle), s = Math.sin(angle);
  const along = c * w1 + s * w2, across = c * w2 - s * w1;
  return [(along ** 2 + kappa * across ** 2) / 2, [c * along - s * kappa * across, s * along + c * kappa * across]];
}

export function saddle([w1, w2]) {
  return [w1 ** 2 - w2 ** 2, [2 * w1, -2 * w2]];
}

export function plateau([w1, w2]) {
  return [w1 ** 2 / (1 + w1 ** 2) + w2 ** 2 / 2, [2 * w1 / (1 + w1 ** 2) ** 2, w2]];
}
