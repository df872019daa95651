// Exponentially weighted averages of two real years: move beta, switch the correction on, point at a day.
import { Plot, explorable, shown } from "./interface.js";
import { exponentially_weighted_average, window } from "./moving_averages.js";

const VIEWS = { years: [1, 731], start: [1, 120], weeks: [501, 545] };

// How large the daily changes of the average are in the second year, as a share of those of the series.
export function rough(theta, v) {
  const change = series => series.slice(366).reduce((sum, value, i, part) => (i ? sum + Math.abs(value - part[i - 1]) : 0), 0);
  return change(v) / change(theta);
}

export async function explore(figure) {
  const { theta } = await (await fetch(new URL("data/averages.json", import.meta.url))).json();
  const date = day => new Date(Date.UTC(2012, 0, day)).toLocaleDateString("en", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
  return explorable(figure, {
    title: "Averages of the temperature: move beta",
    ratio: 0.6,
    head: ["On this day, and in all", "Value"],
    controls: [
      { key: "beta", label: "β", value: 0.9, least: 0, most: 0.995, step: 0.05, scale: "one_minus_log" },
      { key: "day", label: "Day", value: 30, least: 1, most: theta.length, step: 1 },
      { key: "view", label: "Show", value: "years", options: { years: "both years", start: "first 120 days", weeks: "weeks in spring" } },
      { key: "correction", label: "correct the start", value: false },
    ],
    point: (day, _, set) => set("day", Math.round(day)),
    draw({ beta, view, correction, day }, paper, set) {
      const [first, last] = VIEWS[view];
      if (day < first || day > last) set("day", day = Math.min(Math.max(day, first), last));
      const v = exponentially_weighted_average(theta, beta), corrected = exponentially_weighted_average(theta, beta, true);
      const part = series => series.slice(first - 1, last).map((value, i) => [first + i, value]);
      const plot = new Plot(paper, { x: [first, last], y: [-4, 38], labels: ["day", "°C, highest of the day in Seattle"] });
      paper.plot = plot;
      plot.dots(part(theta), view === "years" ? "s5 small" : "s5");
      plot.line(part(v), correction ? "s1" : "s0");
      if (correction) plot.line(part(corrected), "s0");
      plot.path(`M${plot.X(day)} ${plot.top}v${plot.height}`, "mark");
      plot.dots([[day, v[day - 1]], ...(correction ? [[day, corrected[day - 1]]] : [])], "big ink");
      const days = window(beta), kept = rough(theta, v), name = correction ? "corrected average" : "average";
      const now = (correction ? corrected : v)[day - 1];
      const rows = [
        { series: "dots s5", what: "measured", values: [shown(theta[day - 1], "°C")] },
        { series: correction ? "s1" : "s0", what: correction ? "average, uncorrected" : "average", values: [shown(v[day - 1], "°C")] },
        ...(correction ? [{ series: "s0", what: "average, corrected", values: [shown(corrected[day - 1], "°C")] }] : []),
        { what: "window", values: [shown(days, "days")] },
        { what: "daily changes left", values: [shown(100 * kept, "%")] },
      ];
      return {
        rows,
        said: `${date(day)}: measured ${theta[day - 1].toFixed(1)} °C, ${name} ${now.toFixed(1)} °C.`,
        alt: `The temperature of each day from ${date(first)} to ${date(last)}, and its ${name} at beta ${beta}: a window of ${days.toFixed(0)} days, `
          + `${(100 * kept).toFixed(0)}% of the daily changes left. It goes from ${part(correction ? corrected : v)[0][1].toFixed(1)} °C `
          + `to ${(correction ? corrected : v)[last - 1].toFixed(1)} °C.`,
      };
    },
  });
}
