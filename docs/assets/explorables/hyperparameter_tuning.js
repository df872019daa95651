// The twin of snippets/hyperparameter_tuning.py, and of the simulated surface in snippets/experiments/hyperparameter_tuning.py.
// tests/site/test_explorables.py runs both on the same random numbers.

const VALUE = {
  linear: (u, low, high) => low * (1 - u) + high * u,
  log: (u, low, high) => low ** (1 - u) * high ** u,
  one_minus_log: (u, low, high) => 1 - (1 - low) ** (1 - u) * (1 - high) ** u,
  int: (u, low, high) => Math.floor(low + (high - low + 1) * u),
};
const FRACTION = {
  linear: (value, low, high) => (value - low) / (high - low),
  log: (value, low, high) => Math.log(value / low) / Math.log(high / low),
  one_minus_log: (value, low, high) => Math.log((1 - value) / (1 - low)) / Math.log((1 - high) / (1 - low)),
  int: (value, low, high) => (value - low + 0.5) / (high - low + 1),
};

export function at(u, low, high, scale) {
  return Math.min(Math.max(VALUE[scale](u, low, high), low), high);
}

export function fraction(value, low, high, scale) {
  return FRACTION[scale](value, low, high);
}

export function grid(space, points) {
  const axis = limits => [...new Set(Array.from({ length: points }, (_, i) => at(i / (points - 1), ...limits)))];
  return Object.entries(space).reduce(
    (trials, [name, limits]) => trials.flatMap(trial => axis(limits).map(value => ({ ...trial, [name]: value }))), [{}]);
}

// The uniform draws stand for the generator: as many as there are trials for each hyperparameter in turn.
export function random_search(space, n, u) {
  const names = Object.keys(space);
  return Array.from({ length: n }, (_, i) => Object.fromEntries(names.map((name, k) => [name, at(u[k * n + i], ...space[name])])));
}

// One minus a bell: 0 in its middle, 1 far from it.
export function bump(point, centre, widths) {
  return 1 - Math.exp(-0.5 * point.reduce((sum, x, k) => sum + ((x - centre[k]) / widths[k]) ** 2, 0));
}
