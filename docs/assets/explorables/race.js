// Four optimizers on one surface, from the point that you choose, each at a learning rate of its own.
import { contours } from "./contours.js";
import { Plot, explorable, shown, spoken } from "./interface.js";
import { adam, gradient_descent, momentum, race, rmsprop, steps_to } from "./optimizers.js";
import { bowl, plateau, ravine, saddle } from "./surfaces.js";

const OPTIMIZERS = { descent: gradient_descent, momentum, rmsprop, adam };
export const NAMES = { descent: "gradient descent", momentum: "momentum", rmsprop: "RMSprop", adam: "Adam" };
const MOST = 1000;
// Where one begins, what there is to see, and the value to reach; as in the experiment.
const SURFACES = {
  ravine: { start: [-2, 1], x: [-2.5, 2.5], y: [-2, 2], reach: first => 1e-3 * first, words: "a thousandth of the first value" },
  bowl: { start: [-2, 1.5], x: [-2.5, 2.5], y: [-2, 2], reach: first => 1e-3 * first, words: "a thousandth of the first value" },
  saddle: { start: [1, 0.01], x: [-1.5, 1.5], y: [-1.2, 1.2], reach: () => -1, words: "minus one" },
  plateau: { start: [7, 1], x: [-2.5, 9.5], y: [-4.8, 4.8], reach: () => 1e-3, words: "one thousandth" },
};

export const surface_of = ({ surface, angle }) => ({ bowl, saddle, plateau, ravine: w => ravine(w, angle * Math.PI / 180) })[surface];

// The four runs, and the steps that each needs.
export function races(state) {
  const surface = surface_of(state), w = [state.w1, state.w2];
  const constants = { descent: [], momentum: [state.beta1], rmsprop: [state.beta], adam: [state.beta1, state.beta2] };
  const target = SURFACES[state.surface].reach(surface(w)[0]);
  return Object.entries(OPTIMIZERS).map(([name, optimizer]) => {
    const run = race(optimizer, surface, w, MOST, state[name], ...constants[name]);
    return { name, ...run, needed: steps_to(run.values, target) };
  });
}

export async function explore(figure) {
  const best = await (await fetch(new URL("data/race.json", import.meta.url))).json();
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const rate = (key, index) => ({ key, label: `α, ${NAMES[key]}`, value: 0.1, least: 1e-4, most: 100, step: 0.05, scale: "log", series: `s${index}` });
  const settle = (state, set) => {
    const [w1, w2] = SURFACES[state.surface].start;
    Object.entries({ w1, w2, angle: 30, ...best[state.surface] }).forEach(([key, value]) => set(key, value));
  };
  let last = { key: "" }, lines = { key: "" }, racing = false;
  const run = (state, set, redraw) => {
    if (racing) return;
    const goal = state.steps, began = performance.now();
    let at = 1;
    racing = true;
    set("steps", at);
    const frame = now => {
      if (state.steps !== at) return (racing = false); // somebody moved it
      const share = Math.min(Math.max(now - began, 0) / 3000, 1);
      set("steps", at = Math.round(goal ** share));
      redraw();
      if ((racing = share < 1)) requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  };
  return explorable(figure, {
    title: "Four optimizers: choose a surface and a start",
    ratio: 0.75,
    head: ["Optimizer", "Steps needed", "Value now"],
    actions: still.matches ? {} : { Race: run },
    controls: [
      { key: "surface", label: "Surface", value: "ravine", options: { ravine: "ravine", bowl: "bowl", saddle: "saddle", plateau: "plateau" } },
      { key: "angle", label: "Ravine turned by, in degrees", value: 30, least: 0, most: 90, step: 1, only: state => state.surface === "ravine" },
      { key: "w1", label: "Start, w₁", value: -2, least: -9, most: 9, step: 0.01 },
      { key: "w2", label: "Start, w₂", value: 1, least: -4, most: 4, step: 0.01 },
      ...Object.keys(OPTIMIZERS).map(rate),
      { key: "beta1", label: "β of momentum, β₁ of Adam", value: 0.9, least: 0, most: 0.999, step: 0.05, scale: "one_minus_log" },
      { key: "beta", label: "β of RMSprop", value: 0.9, least: 0, most: 0.9999, step: 0.05, scale: "one_minus_log" },
      { key: "beta2", label: "β₂ of Adam", value: 0.999, least: 0, most: 0.9999, step: 0.05, scale: "one_minus_log" },
      { key: "steps", label: "Steps taken", value: 100, least: 1, most: MOST, step: 1 },
    ],
    point(x, y, set) {
      set("w1", x);
      set("w2", y);
    },
    changed(key, state, set) {
      if (key === "" || key === "surface") settle(state, set);
    },
    draw(state, paper, set) {
      const { x, y, words } = SURFACES[state.surface];
      set("w1", Math.min(Math.max(state.w1, x[0]), x[1])); // a start that can be seen
      set("w2", Math.min(Math.max(state.w2, y[0]), y[1]));
      const { surface, steps, ...rest } = state, key = JSON.stringify([surface, rest]);
      if (key !== last.key) last = { key, runs: races(state) };
      const plot = new Plot(paper, { x, y, labels: ["w₁", "w₂"] });
      paper.plot = plot;
      const drawn = `${surface} ${state.angle} ${paper.width}`;
      if (drawn !== lines.key) lines = { key: drawn, d: contours(w => surface_of(state)(w)[0], plot) };
      plot.path(lines.d, "contours");
      for (const [i, { path }] of last.runs.entries()) {
        plot.line(path.slice(0, steps + 1), `s${i}`);
        plot.dots(path.slice(steps, steps + 1).filter(point => point.every(value => Math.abs(value) < 1e4)), `s${i} big`);
      }
      plot.dots([[state.w1, state.w2]], "ink big");
      const now = ({ values }) => values[steps];
      const first = last.runs.filter(one => one.needed <= MOST).sort((a, b) => a.needed - b.needed)[0];
      const arrived = first
        ? `${NAMES[first.name]} is first to come to ${words}, in ${first.needed} step${first.needed === 1 ? "" : "s"}.`
        : `None comes to ${words} within ${MOST} steps.`;
      return {
        said: arrived[0].toUpperCase() + arrived.slice(1),
        alt: `The ${surface} in contours, and four paths of ${steps} steps from ${state.w1}, ${state.w2}: `
          + last.runs.map(one => `${NAMES[one.name]} at a value of ${spoken(now(one))}`).join(", ") + ".",
        rows: last.runs.map((one, i) => ({
          series: `s${i}`,
          what: NAMES[one.name],
          values: [one.needed <= MOST ? shown(one.needed) : `over ${MOST}`, shown(now(one))],
        })),
      };
    },
  });
}
