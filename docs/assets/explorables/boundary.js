// A small network on sixty noisy moons, trained in the page: what L2 and dropout do to its boundary.
import { lines } from "./contours.js";
import { normals, uniform } from "./draws.js";
import { Plot, explorable, shown, svg } from "./interface.js";
import { boundary_length } from "./regularization.js";
import { cost, forward, step } from "./training.js";

const LAYERS = [2, 30, 15, 1], EPOCHS = 1200, RATE = 0.3, FINE = 57, COARSE = 21, X = [-2.2, 3.2], Y = [-1.8, 2.3];

// He's start from the page's own draws.
export function start(seed) {
  const all = normals(seed, LAYERS.slice(1).reduce((sum, n, l) => sum + n * LAYERS[l], 0));
  return LAYERS.slice(1).map((n, l) => ({
    W: Array.from({ length: n }, () => all.splice(0, LAYERS[l]).map(w => w * Math.sqrt(2 / LAYERS[l]))),
    b: new Array(n).fill(0),
  }));
}

// How sure the network is of one class, as a picture that stretches over the plot, in that class's colour.
function field(plot, grid, name, series, sure) {
  const canvas = document.createElement("canvas"), context = canvas.getContext("2d");
  const nodes = canvas.width = canvas.height = grid.length, picture = context.createImageData(nodes, nodes);
  grid.flat().forEach((p, at) => {
    const [j, i] = [Math.floor(at / nodes), at % nodes];
    picture.data.set([255, 255, 255, 255 * Math.max(sure(p), 0)], 4 * ((nodes - 1 - j) * nodes + i));
  });
  context.putImageData(picture, 0, 0);
  const box = { x: plot.left, y: plot.top, width: plot.width, height: plot.height };
  plot.inside.append(
    svg("mask", { id: name }, svg("image", { ...box, href: canvas.toDataURL(), preserveAspectRatio: "none" })),
    svg("rect", { ...box, class: `field ${series}`, mask: `url(#${name})` }));
}

export async function explore(figure) {
  const data = await (await fetch(new URL("data/boundary.json", import.meta.url))).json();
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const along = ([low, high], count) => Array.from({ length: count }, (_, i) => low + (high - low) * i / (count - 1));
  const right = (A, labels) => A[0].filter((a, i) => (a > 0.5) === (labels[0][i] === 1)).length / A[0].length;
  let run = {};
  // Some steps, then the rest of the page has its turn. To draw takes longer than that: it has each fourth turn for itself, and is
  // coarse until the last.
  const train = (mine, redraw) => {
    if (run !== mine) return;
    const drawn = !still.matches && ++mine.turn % 4 === 0, until = performance.now() + (drawn ? 0 : 8);
    while (mine.epoch < EPOCHS && performance.now() < until) {
      const draws = mine.options.keep_prob < 1 ? Array.from({ length: data.X[0].length * (LAYERS[1] + LAYERS[2]) }, mine.next) : [];
      mine.params = step(data.X, data.Y, mine.params, mine.options, draws).params;
      mine.epoch += 1;
    }
    if (mine.epoch < EPOCHS) requestAnimationFrame(() => train(mine, redraw));
    if (mine.epoch === EPOCHS || drawn) redraw();
  };
  return explorable(figure, {
    title: "The boundary of a small network: regularize it",
    ratio: 0.76,
    head: ["Sixty noisy moons", "Cost", "Right"],
    controls: [
      { key: "lambd", label: "λ, strength of L2", value: 0, least: 0, most: 10, step: 0.1, scale: "log_from_zero" },
      { key: "keep", label: "keep_prob of dropout", value: 1, least: 0.5, most: 1, step: 0.05 },
      { key: "seed", label: "Start", value: 1, least: 1, most: 20, step: 1 },
    ],
    draw({ lambd, keep, seed }, paper, set, redraw) {
      const key = [lambd, keep, seed].join();
      if (run.key !== key) {
        run = { key, epoch: 0, turn: 0, params: start(seed), next: uniform(1000 + seed), options: { learning_rate: RATE, lambd, keep_prob: keep } };
        const mine = run;
        requestAnimationFrame(() => train(mine, redraw));
      }
      const plot = new Plot(paper, { x: X, y: Y, labels: ["x₁", "x₂"] });
      paper.plot = plot;
      const count = run.epoch < EPOCHS ? COARSE : FINE, x = along(X, count), y = along(Y, count);
      const grid = y.map(value => forward([x, x.map(() => value)], run.params).A[0]);
      field(plot, grid, `${figure.id}-0`, "s0", p => 1 - 2 * p);
      field(plot, grid, `${figure.id}-1`, "s1", p => 2 * p - 1);
      plot.path(lines(grid, plot, [0.5]), "ink edge");
      const class_of = label => data.X[0].map((_, i) => [data.X[0][i], data.X[1][i]]).filter((_, i) => data.Y[0][i] === label);
      plot.dots(class_of(0), "s0 square");
      plot.dots(class_of(1), "s1");
      const train_A = forward(data.X, run.params).A, dev_A = forward(data.X_dev, run.params).A;
      const length = boundary_length(grid.map(row => row.map(p => p > 0.5)), x, y);
      const rows = [["training", train_A, data.Y], ["dev", dev_A, data.Y_dev]].map(([what, A, labels]) =>
        ({ what, values: [shown(cost(A, labels)), shown(100 * right(A, labels), "%")] }));
      const score = `${(100 * right(train_A, data.Y)).toFixed(0)}% of the training examples right, ${(100 * right(dev_A, data.Y_dev)).toFixed(0)}% of the others`;
      return {
        busy: run.epoch < EPOCHS,
        said: run.epoch < EPOCHS ? "It trains …" : `After ${EPOCHS} epochs: ${score}.`,
        alt: `The boundary between two classes of moons after ${run.epoch} epochs with a lambda of ${lambd} and a keep_prob of ${keep}, start ${seed}: ${length.toFixed(1)} long, ${score}.`,
        rows: [...rows, { what: "boundary's length", values: ["", shown(length)] }, { what: "epochs", values: ["", shown(run.epoch)] }],
      };
    },
  });
}
