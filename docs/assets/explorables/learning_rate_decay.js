// The twin of snippets/learning_rate_decay.py. tests/site/test_explorables.py runs both on the same random numbers.

export function inverse_time(alpha0, epoch, decay_rate) {
  return alpha0 / (1 + decay_rate * epoch);
}

export function exponential(alpha0, epoch, base = 0.95) {
  return alpha0 * base ** epoch;
}

export function inverse_sqrt(alpha0, t, k = 1) {
  return k / Math.sqrt(t) * alpha0;
}

export function staircase(alpha0, epoch, decay_rate, interval) {
  return alpha0 / (1 + decay_rate * Math.floor(epoch / interval));
}

export function warmup_cosine(alpha0, t, warmup, total) {
  if (t < warmup) return alpha0 * t / warmup;
  const done = (Math.min(t, total) - warmup) / (total - warmup);
  return 0.5 * alpha0 * (1 + Math.cos(Math.PI * done));
}
