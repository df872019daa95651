// The signal on its way through ten layers: drag the scale of the weights, and see it vanish or explode.
import { normals } from "./draws.js";
import { Plot, explorable, shown, spoken } from "./interface.js";
import { forward } from "./network.js";

const UNITS = 100, LAYERS = 10;

// The weights of ten layers before they are scaled, each layer a list of rows.
export function drawn(seed, inputs) {
  const all = normals(seed, UNITS * inputs + (LAYERS - 1) * UNITS * UNITS);
  const rows = (from, width) => Array.from({ length: UNITS }, (_, k) => all.slice(from + k * width, from + (k + 1) * width));
  return Array.from({ length: LAYERS }, (_, l) => (l ? rows(UNITS * inputs + (l - 1) * UNITS * UNITS, UNITS) : rows(0, inputs)));
}

// All activations where each weight has the variance `gain` over the number of its layer's inputs.
export function signal(X, W, gain, hidden) {
  const scaled = W.map(rows => rows.map(row => row.map(w => w * Math.sqrt(gain / row.length))));
  return forward(X, scaled, W.map(rows => rows.map(() => 0)), hidden);
}

// The root mean square of each layer.
function sizes(layers) {
  return layers.map(A => Math.sqrt(A.flat().reduce((sum, a) => sum + a * a, 0) / A.flat().length));
}

export async function explore(figure) {
  const { pixels } = await (await fetch(new URL("data/layers.json", import.meta.url))).json();
  const X = pixels.map(image => image.map(pixel => pixel / 16));
  let last = {}, named = {};
  return explorable(figure, {
    title: "Ten layers: drag the scale of the weights",
    ratio: 0.6,
    head: ["Variance × inputs", "First layer", "Tenth layer"],
    actions: { "He": (_, set) => set("gain", 2), "LeCun": (_, set) => set("gain", 1) },
    controls: [
      { key: "gain", label: "variance × inputs", value: 4, least: 0.1, most: 100, step: 0.05, scale: "log", series: "s0" },
      { key: "hidden", label: "Activation", value: "relu", options: { relu: "ReLU", tanh: "tanh" } },
      { key: "seed", label: "Draw", value: 1, least: 1, most: 20, step: 1 },
    ],
    draw({ gain, hidden, seed }, paper) {
      if (named.seed !== seed || named.hidden !== hidden) {
        const W = drawn(seed, X[0].length);
        named = { seed, hidden, W, he: sizes(signal(X, W, 2, hidden)), lecun: sizes(signal(X, W, 1, hidden)) };
      }
      if (last.named !== named || last.gain !== gain) {
        const layers = signal(X, named.W, gain, hidden);
        const tenth = layers[LAYERS].flat(), stuck = hidden === "relu" ? a => a === 0 : a => Math.abs(a) > 0.99;
        last = { named, gain, sizes: sizes(layers), stuck: tenth.filter(stuck).length / tenth.length };
      }
      const plot = new Plot(paper, { x: [0, LAYERS], y: [-6.5, 9.5], labels: ["layer; 0 is the input", "size of the activations, log₁₀"] });
      paper.plot = plot;
      const all = [["yours", last.sizes, "s0"], ["He's: 2", named.he, "s1"], ["LeCun's: 1", named.lecun, "s2"]];
      for (const [, size, series] of [...all].reverse()) plot.line(size.map((value, l) => [l, Math.log10(value)]), series);
      plot.dots(last.sizes.map((value, l) => [l, Math.log10(value)]), "s0 big");
      const kept = last.sizes[LAYERS] / last.sizes[1];
      const is = kept > 2 ? "grows" : kept < 0.5 ? "fades" : "stays";
      return {
        said: `The signal ${is}: from ${spoken(last.sizes[1])} in the first layer to ${spoken(last.sizes[LAYERS])} in the tenth.`,
        alt: `The size of the activations in ten layers of ${UNITS} units with ${hidden} at ${gain} over the number of inputs, draw ${seed}: `
          + last.sizes.map(size => spoken(size)).join(", ") + ".",
        rows: [
          ...all.map(([what, size, series]) => ({ series, what, values: [shown(size[1]), shown(size[LAYERS])] })),
          { what: hidden === "relu" ? "yours: share of zeros" : "yours: share beyond 0.99", values: ["", shown(100 * last.stuck, "%")] },
        ],
      };
    },
  });
}
