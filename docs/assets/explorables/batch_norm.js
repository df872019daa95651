// The twin of snippets/batch_norm.py for one unit: z is its values over a batch. tests/site/test_explorables.py runs both on the same random numbers.

export function forward(z, gamma, beta, epsilon = 1e-5) {
  const mean = z.reduce((sum, value) => sum + value, 0) / z.length;
  const variance = z.reduce((sum, value) => sum + (value - mean) ** 2, 0) / z.length;
  return { z: z.map(value => gamma * (value - mean) / Math.sqrt(variance + epsilon) + beta), mean, variance };
}

export function running(mean, variance, batch_mean, batch_variance, momentum = 0.9) {
  return [momentum * mean + (1 - momentum) * batch_mean, momentum * variance + (1 - momentum) * batch_variance];
}

export function infer(z, gamma, beta, mean, variance, epsilon = 1e-5) {
  return gamma * (z - mean) / Math.sqrt(variance + epsilon) + beta;
}
