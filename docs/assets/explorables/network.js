// The twin of the way forwards in snippets/network.py. tests/site/test_explorables.py runs both on the same random numbers.

const HIDDEN = { relu: z => Math.max(z, 0), tanh: Math.tanh };

// The activations of the input and of every hidden layer; examples are rows, and W[l] has a row for each unit of a layer.
export function forward(X, W, b, hidden) {
  const layers = [X];
  for (const [l, rows] of W.entries())
    layers.push(layers[l].map(a => rows.map((row, k) => {
      let z = b[l][k];
      for (let i = 0; i < row.length; i += 1) z += row[i] * a[i];
      return HIDDEN[hidden](z);
    })));
  return layers;
}
