// The twin of snippets/moving_averages.py. tests/site/test_explorables.py runs both on the same random numbers.

export function exponentially_weighted_average(theta, beta, bias_correction = false) {
  let v = 0;
  return theta.map((value, day) => {
    v = beta * v + (1 - beta) * value;
    return bias_correction ? v / (1 - beta ** (day + 1)) : v;
  });
}

export function window(beta) {
  return 1 / (1 - beta);
}
