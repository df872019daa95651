// What batch norm knows of a unit: batches drawn from its real values, their means and variances, and the running averages of both.
import { forward, infer, running } from "./batch_norm.js";
import { uniforms } from "./draws.js";
import { Plot, explorable, shown } from "./interface.js";

const BATCHES = 100;

const mean_of = values => values.reduce((sum, value) => sum + value, 0) / values.length;
const spread_of = values => Math.sqrt(mean_of(values.map(value => (value - mean_of(values)) ** 2)));

export async function explore(figure) {
  const { z } = await (await fetch(new URL("data/statistics.json", import.meta.url))).json();
  const population = forward(z, 1, 0);
  let last = {};
  return explorable(figure, {
    title: "Batch norm's statistics: change the size of the batch",
    ratio: 0.6,
    head: ["One unit", "Mean", "Variance", "First example"],
    controls: [
      { key: "size", label: "Examples in a batch", value: 16, least: 1, most: 256, step: 1, scale: "power" },
      { key: "momentum", label: "ρ, share of the old", value: 0.9, least: 0, most: 0.99, step: 0.05, scale: "one_minus_log", series: "s0" },
      { key: "view", label: "Show", value: "mean", options: { mean: "means", variance: "variances" } },
      { key: "batch", label: "Batch", value: 60, least: 1, most: BATCHES, step: 1 },
      { key: "seed", label: "Draw", value: 1, least: 1, most: 20, step: 1 },
    ],
    point: (batch, _, set) => set("batch", Math.round(batch)),
    draw({ size, momentum, view, batch, seed }, paper) {
      const key = `${size} ${seed}`;
      if (last.key !== key) {
        const u = uniforms(seed, BATCHES * size);
        last = { key, batches: Array.from({ length: BATCHES }, (_, t) => u.slice(t * size, (t + 1) * size).map(share => z[Math.floor(share * z.length)])) };
        last.normed = last.batches.map(values => forward(values, 1, 0));
      }
      const averages = [[0, 1]];
      for (const one of last.normed) averages.push(running(...averages.at(-1), one.mean, one.variance, momentum));
      const which = view === "mean" ? 0 : 1, own = population[view];
      const reach = view === "mean" ? [Math.min(...z), Math.max(...z)] : [0, 4 * population.variance];
      const plot = new Plot(paper, { x: [0, BATCHES], y: reach, labels: ["batch", `${view} of one unit's values`] });
      paper.plot = plot;
      plot.dots(last.normed.map((one, t) => [t + 1, one[view]]), "s5");
      plot.line([[0, own], [BATCHES, own]], "s1");
      plot.line(averages.map((one, t) => [t, one[which]]), "s0");
      plot.path(`M${plot.X(batch)} ${plot.top}v${plot.height}`, "mark");
      plot.dots([[batch, averages[batch][which]]], "s0 big");
      const now = last.normed[batch - 1], first = last.batches[batch - 1][0], [mean, variance] = averages[batch];
      const seen = last.normed.slice(0, batch), means = seen.map(one => one.mean), variances = seen.map(one => one.variance);
      const row = (what, values, series) => ({ what, series, values: values.map(value => shown(value)) });
      return {
        said: `In training the first example of this batch becomes ${now.z[0].toFixed(2)}, at test time ${infer(first, 1, 0, mean, variance).toFixed(2)}.`,
        alt: `The ${view}s of ${BATCHES} batches of ${size}, as dots, and their running average with a share ${momentum} of the old. At batch ${batch} the average of `
          + `the means is ${mean.toFixed(2)} where all values have ${population.mean.toFixed(2)}, that of the variances ${variance.toFixed(2)} where all have ${population.variance.toFixed(2)}.`,
        rows: [
          row("all values", [population.mean, population.variance, infer(first, 1, 0, population.mean, population.variance)], "s1"),
          row("this batch", [now.mean, now.variance, now.z[0]], "dots s5"),
          row("running", [mean, variance, infer(first, 1, 0, mean, variance)], "s0"),
          { what: "batches: mean", values: [shown(mean_of(means)), shown(mean_of(variances)), ""] },
          { what: "batches: spread", values: [shown(spread_of(means)), shown(spread_of(variances)), ""] },
        ],
      };
    },
  });
}
