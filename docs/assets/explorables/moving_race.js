// The race of the front page: it runs once when it is seen, in the place of its drawn figure and no larger; who wants rest sees its end.
import { contours } from "./contours.js";
import { Plot, html, named, shown, svg } from "./interface.js";
import { NAMES, races, surface_of } from "./race.js";

const STEPS = 100, SECONDS = 5;

export async function explore(figure) {
  const { ravine } = await (await fetch(new URL("data/race.json", import.meta.url))).json();
  const rates = Object.fromEntries(Object.entries(ravine).map(([name, rate]) => [name, Number(rate.toPrecision(2))]));
  const state = { surface: "ravine", angle: 30, w1: -2, w2: 1, beta1: 0.9, beta: 0.9, beta2: 0.999, ...rates };
  const runs = races(state), drawn = figure.querySelector("img");
  const drawing = svg("svg", { role: "img", "aria-label": drawn.alt }), button = html("button", { type: "button" }, "Pause");
  const values = runs.map(() => html("span")), counter = html("span", { class: "counter" });
  const names = runs.map(({ name }, i) => html("span", { class: "runner" }, named(NAMES[name], `s${i}`), values[i]));
  const whole = html("div", { class: "explorable moving", role: "group", "aria-label": "Four optimizers, racing" },
    drawing, html("div", { class: "names" }, ...names), html("div", { class: "actions" }, button, counter));
  whole.style.aspectRatio = `${drawn.getAttribute("width")} / ${drawn.getAttribute("height")}`;
  const paper = { svg: drawing };
  let step = STEPS, moving = false, lines = "";
  const draw = () => {
    if (!paper.width) return;
    const plot = new Plot(paper, { x: [-2.5, 2.5], y: [-2, 2], labels: ["w₁", "w₂"] });
    plot.path(lines ||= contours(w => surface_of(state)(w)[0], plot), "contours");
    for (const [i, run] of runs.entries()) {
      plot.line(run.path.slice(0, step + 1), `s${i}`);
      plot.dots([run.path[step]], `s${i} big`);
      values[i].replaceChildren(shown(run.values[step]));
    }
    plot.dots([[state.w1, state.w2]], "ink big");
    counter.textContent = `step ${step} of ${STEPS}`;
    button.textContent = moving ? "Pause" : step < STEPS ? "Go on" : "Race again";
  };
  const run = () => {
    let last = performance.now(), share = step < STEPS ? Math.log(step || 1) / Math.log(STEPS) : 0;
    moving = true;
    const frame = now => {
      if (!moving) return;
      share = Math.min(share + Math.max(now - last, 0) / (1000 * SECONDS), 1);
      last = now;
      step = Math.round(STEPS ** share);
      moving = share < 1;
      draw();
      if (moving) requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  };
  button.addEventListener("click", () => {
    if (moving) moving = false;
    else run();
    draw();
  });
  new ResizeObserver(() => {
    const { width, height } = drawing.getBoundingClientRect();
    Object.assign(paper, { width: Math.round(width), height: Math.round(height) });
    drawing.setAttribute("viewBox", `0 0 ${paper.width} ${paper.height}`);
    lines = "";
    draw();
  }).observe(drawing);
  if (!matchMedia("(prefers-reduced-motion: reduce)").matches) run();
  return whole;
}
