// The twin of a full batch's step of `train` in snippets/network.py. An array is a list of rows, columns are examples, params has {W, b} for each
// layer. tests/site/test_explorables.py runs both on the same random numbers.
import { dropout_backward, dropout_forward, l2_cost, l2_gradient } from "./regularization.js";

const transposed = rows => rows[0].map((_, j) => rows.map(row => row[j]));
const zipped = (one, other, join) => one.map((row, k) => row.map((value, i) => join(value, other[k][i])));

function product(M, A) {
  return M.map(row => {
    const sums = new Array(A[0].length).fill(0);
    row.forEach((factor, j) => {
      const values = A[j];
      for (let i = 0; i < sums.length; i += 1) sums[i] += factor * values[i];
    });
    return sums;
  });
}

export function relu(Z) {
  return { A: Z.map(row => row.map(z => Math.max(z, 0))), slope: Z.map(row => row.map(z => Number(z > 0))) };
}

function sigmoid(z) {
  const e = Math.exp(-Math.abs(z));
  return (z >= 0 ? 1 : e) / (1 + e);
}

export function forward(X, params, hidden = relu) {
  const caches = [];
  let A = X;
  params.forEach(({ W, b }, l) => {
    const cache = { A, W }, Z = product(W, A).map((row, k) => row.map(z => z + b[k]));
    if (l < params.length - 1) ({ A, slope: cache.slope } = hidden(Z));
    else A = Z.map(row => row.map(sigmoid));
    caches.push(cache);
  });
  return { A, caches };
}

export function cost(A, Y) {
  const loss = (a, y) => -y * Math.log(Math.max(a, 1e-15)) - (1 - y) * Math.log(Math.max(1 - a, 1e-15));
  return A[0].reduce((sum, a, i) => sum + loss(a, Y[0][i]), 0) / A[0].length;
}

function backward(A, Y, caches) {
  const grads = [];
  let dZ = zipped(A, Y, (a, y) => (a - y) / A[0].length);
  for (const [l, { A: before, W }] of [...caches.entries()].reverse()) {
    grads.unshift({ dW: product(dZ, transposed(before)), db: dZ.map(row => row.reduce((sum, dz) => sum + dz, 0)) });
    if (l) dZ = zipped(product(transposed(W), dZ), caches.at(l - 1).slope, (da, slope) => da * slope);
  }
  return grads;
}

// One step of gradient descent: the new params, and the cost before it. u: a uniform draw for each activation of the hidden layers.
export function step(X, Y, params, { learning_rate, lambd, keep_prob }, u) {
  const m = X[0].length;
  let used = 0;
  const hidden = Z => {
    const { A, slope } = relu(Z), [dropped, mask] = dropout_forward(A, keep_prob, u.slice(used, used + Z.length * m));
    used += Z.length * m;
    return { A: dropped, slope: dropout_backward(slope, mask, keep_prob) };
  };
  const { A, caches } = forward(X, params, keep_prob < 1 ? hidden : relu);
  const moved = (value, slope) => value - learning_rate * slope;
  const updated = backward(A, Y, caches).map(({ dW, db }, l) => {
    const { W, b } = params[l];
    return { W: zipped(W, zipped(dW, l2_gradient(W, lambd, m), (a, b) => a + b), moved), b: b.map((value, k) => moved(value, db[k])) };
  });
  return { params: updated, cost: cost(A, Y) + l2_cost(params.map(({ W }) => W), lambd, m) };
}
