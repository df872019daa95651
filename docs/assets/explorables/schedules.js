// Learning rates that fall, side by side: change what each of them takes, and read all of them at one epoch.
import { Plot, explorable, shown, spoken } from "./interface.js";
import { exponential, inverse_sqrt, inverse_time, staircase, warmup_cosine } from "./learning_rate_decay.js";

const SCHEDULES = {
  "inverse root": ({ alpha0 }, epoch) => inverse_sqrt(alpha0, epoch + 1),
  "inverse time": ({ alpha0, rate }, epoch) => inverse_time(alpha0, epoch, rate),
  exponential: ({ alpha0, base }, epoch) => exponential(alpha0, epoch, base),
  staircase: ({ alpha0, drop, interval }, epoch) => staircase(alpha0, epoch, drop, interval),
  "warmup and cosine": ({ alpha0, warmup, total }, epoch) => warmup_cosine(alpha0, epoch, warmup, total),
};

export async function explore(figure) {
  return explorable(figure, {
    title: "Schedules of the learning rate: change what each takes",
    ratio: 0.6,
    head: ["Schedule", "Rate now", "Of the first"],
    controls: [
      { key: "alpha0", label: "α₀", value: 0.2, least: 0.001, most: 1, step: 0.05, scale: "log" },
      { key: "total", label: "Epochs in all", value: 60, least: 40, most: 200, step: 10 },
      { key: "rate", label: "decay rate, inverse time", value: 0.1, least: 0.001, most: 10, step: 0.05, scale: "log", series: "s1" },
      { key: "base", label: "base, exponential", value: 0.95, least: 0.5, most: 0.999, step: 0.05, scale: "one_minus_log", series: "s2" },
      { key: "drop", label: "decay rate, staircase", value: 1, least: 0.001, most: 10, step: 0.05, scale: "log", series: "s3" },
      { key: "interval", label: "interval, staircase", value: 16, least: 1, most: 100, step: 1, series: "s3" },
      { key: "warmup", label: "warmup, cosine", value: 6, least: 0, most: 30, step: 1, series: "s4" },
      { key: "epoch", label: "Epoch", value: 20, least: 0, most: 200, step: 0.5 },
    ],
    point: (epoch, _, set) => set("epoch", epoch),
    draw(state, paper, set) {
      if (state.epoch > state.total) set("epoch", state.total);
      const { alpha0, total, epoch } = state;
      const plot = new Plot(paper, { x: [0, total], y: [0, 1.1 * alpha0], labels: ["epoch", "learning rate"] });
      paper.plot = plot;
      const points = Array.from({ length: 601 }, (_, i) => i * total / 600);
      const now = Object.entries(SCHEDULES).map(([name, schedule], i) => {
        plot.line(points.map(at => [at, schedule(state, at)]), `s${i}`);
        return [name, schedule(state, epoch)];
      });
      plot.path(`M${plot.X(epoch)} ${plot.top}v${plot.height}`, "mark");
      now.forEach(([, rate], i) => plot.dots([[epoch, rate]], `s${i} big`));
      const [name, lowest] = now.reduce((least, one) => (one[1] < least[1] ? one : least));
      return {
        said: `At epoch ${epoch} the lowest rate is that of ${name}: ${spoken(lowest)}.`,
        alt: `Five schedules over ${total} epochs from ${alpha0}. At epoch ${epoch}: `
          + now.map(([what, rate]) => `${what} ${spoken(rate)}`).join(", ") + ".",
        rows: now.map(([what, rate], i) => ({ series: `s${i}`, what, values: [shown(rate), shown(100 * rate / alpha0, "%")] })),
      };
    },
  });
}
