// Random against grid search on a simulated surface: how much does the second knob matter, and on which scale is the first one searched?
import { contours } from "./contours.js";
import { uniforms } from "./draws.js";
import { bump, fraction, grid, random_search } from "./hyperparameter_tuning.js";
import { Plot, explorable, shown, spoken } from "./interface.js";

const ALPHA = [1e-4, 1], DRAWS = 200, WIDTH = 0.1;

// Where the trials of a draw lie, and what each of them finds; the surface's best place is drawn first.
function search({ trials, scale, matters }, seed) {
  const [c1, c2, ...u] = uniforms(seed, 2 + 2 * trials), space = { alpha: [...ALPHA, scale], epsilon: [0, 1, "linear"] };
  const score = (x, y) => bump([x, y], [c1, c2], [WIDTH, WIDTH / matters]);
  const tried = points => {
    const places = points.map(({ alpha, epsilon }) => [fraction(alpha, ...ALPHA, "log"), epsilon]);
    const scores = places.map(place => score(...place));
    return { places, best: Math.min(...scores), at: places[scores.indexOf(Math.min(...scores))] };
  };
  return { score, found: [tried(grid(space, Math.sqrt(trials))), tried(random_search(space, trials, u))] };
}

export async function explore(figure) {
  let mean = {};
  return explorable(figure, {
    title: "Grid against random search: change what the second knob matters",
    ratio: 0.8,
    head: ["Search", "Values of α", "Best here", `Mean of ${DRAWS} draws`],
    actions: { "Draw again": ({ seed }, set) => set("seed", seed % DRAWS + 1) },
    controls: [
      { key: "matters", label: "ε matters, against α", value: 0.05, least: 0, most: 1, step: 0.05 },
      { key: "trials", label: "Trials", value: 25, least: 4, most: 64, step: 1, scale: "square" },
      { key: "scale", label: "Search α on", value: "log", options: { log: "a log scale", linear: "a linear scale" } },
      { key: "seed", label: "Draw", value: 1, least: 1, most: DRAWS, step: 1 },
    ],
    draw(state, paper) {
      const { trials, scale, matters, seed } = state, { score, found } = search(state, seed);
      const key = [trials, scale, matters].join();
      if (mean.key !== key) {
        const all = Array.from({ length: DRAWS }, (_, i) => search(state, i + 1).found.map(one => one.best));
        mean = { key, best: [0, 1].map(k => all.reduce((sum, best) => sum + best[k], 0) / DRAWS), ahead: all.filter(([g, r]) => r < g).length / DRAWS };
      }
      const plot = new Plot(paper, { x: [-4.12, 0.12], y: [-0.19, 1.04], labels: ["learning rate α, log₁₀; below: the values tried", "ε, from low to high"] });
      paper.plot = plot;
      const square = { X: x => plot.X(x), Y: y => plot.Y(y), x: [-4, 0], y: [0, 1] };
      plot.path(contours(([x, y]) => score(x / 4 + 1, y), square, [0.1, 0.3, 0.5, 0.7, 0.9]), "contours");
      const names = ["grid", "random"], styles = ["s0 square", "s1"];
      const values = found.map(({ places }) => [...new Set(places.map(([x]) => x))]);
      found.forEach(({ places, at }, k) => {
        plot.dots(places.map(([x, y]) => [4 * x - 4, y]), styles[k]);
        plot.dots(values[k].map(x => [4 * x - 4, -0.07 - 0.07 * k]), styles[k]);
        plot.dots([[4 * at[0] - 4, at[1]]], `${styles[k]} big`);
      });
      const winner = found[0].best === found[1].best ? "Both find the same" : `${found[1].best < found[0].best ? "Random" : "The grid"} finds more`;
      return {
        said: `${winner} here; random is ahead in ${(100 * mean.ahead).toFixed(0)}% of ${DRAWS} draws.`,
        alt: `A simulated surface in contours, 0 at its best place and 1 far from it; ε matters ${matters} times as much as α. ${trials} trials each, α on a ${scale} scale: `
          + names.map((name, k) => `the ${name} tries ${values[k].length} values of α and finds ${spoken(found[k].best)}`).join(", ") + ".",
        rows: [
          ...names.map((what, k) => ({ series: `dots ${styles[k]}`, what, values: [shown(values[k].length), shown(found[k].best), shown(mean.best[k])] })),
          { what: "random ahead", values: ["", "", shown(100 * mean.ahead, "%")] },
        ],
      };
    },
  });
}
