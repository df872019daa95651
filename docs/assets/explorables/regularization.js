// The twin of snippets/regularization.py, and of a boundary's length in snippets/experiments/regularization.py. An array is a list of rows.
// tests/site/test_explorables.py runs both on the same random numbers.

export function l2_cost(W, lambd, m) {
  return lambd / (2 * m) * W.flat(2).reduce((sum, w) => sum + w * w, 0);
}

export function l2_gradient(W, lambd, m) {
  return W.map(row => row.map(w => lambd / m * w));
}

// The uniform draws stand for the generator: one for each activation, row after row.
export function dropout_forward(A, keep_prob, u) {
  const mask = A.map((row, k) => row.map((_, i) => Number(u[k * row.length + i] < keep_prob)));
  return [dropout_backward(A, mask, keep_prob), mask];
}

export function dropout_backward(dA, mask, keep_prob) {
  return dA.map((row, k) => row.map((a, i) => a * mask[k][i] / keep_prob));
}

// Crofton's formula: a curve's length from how often it crosses the lines of a grid; sides[j][i] says on which side (x[i], y[j]) lies.
export function boundary_length(sides, x, y) {
  let across = 0, up = 0;
  sides.forEach((row, j) => row.forEach((side, i) => {
    if (i && side !== row.at(i - 1)) across += 1;
    if (j && side !== sides.at(j - 1)[i]) up += 1;
  }));
  return Math.PI / 4 * ((y[1] - y[0]) * across + (x[1] - x[0]) * up);
}
