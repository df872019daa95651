// What all explorables share: controls that every keyboard and finger can move, a drawing that says in words what it shows, a table
// of the numbers, a link that keeps the state. An explorable brings its controls and a function that draws them.

const two_digits = value => Number(value.toPrecision(2));
const SCALES = {
  linear: { to: position => Number(position.toPrecision(12)), from: value => value },
  log: { to: position => two_digits(10 ** position), from: Math.log10 },
  log_from_zero: { to: position => (position > 0 ? two_digits(10 ** (position - 2)) : 0), from: value => (value > 0 ? Math.log10(value) + 2 : 0) },
  power: { to: position => 2 ** position, from: Math.log2 },
  square: { to: position => position ** 2, from: Math.sqrt },
  one_minus_log: { to: position => Number((1 - two_digits(10 ** -position)).toPrecision(12)), from: value => -Math.log10(1 - value) },
};

const filled = (element, attributes, inside) => {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...inside);
  return element;
};
export const html = (tag, attributes = {}, ...inside) => filled(document.createElement(tag), attributes, inside);
export const svg = (tag, attributes = {}, ...inside) =>
  filled(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, inside);

// A number to read, in three digits; all of them are in the element's value. And a number to hear.
export function shown(value, unit = "") {
  const size = Math.abs(value);
  let text = size < 1e15 ? String(Number(value.toPrecision(3))) : value < 0 ? "far down" : "ran away";
  if ((size < 1e-3 && value !== 0) || (size >= 1e6 && size < 1e15)) text = value.toExponential(1).replace(/e\+?/, " · 10^").replaceAll("-", "−");
  const [digits, power] = text.replace(/^-/, "−").split("^");
  const inside = power ? [digits, html("sup", {}, power)] : [digits];
  return html("data", { value }, ...inside, unit === "%" || !unit ? unit : ` ${unit}`);
}
export const spoken = value => (Math.abs(value) < 1e15 ? value.toLocaleString("en", { maximumSignificantDigits: 3 }) : "out of sight");

// A name, after the colour and kind of line of its series.
export function named(text, series) {
  const line = series?.includes("dots") ? "M14 4h0" : "M0 4h28";
  const swatch = series ? [svg("svg", { class: "swatch", width: 28, height: 8, "aria-hidden": "true" }, svg("path", { d: line, class: `series ${series}` }))] : [];
  return html("span", {}, ...swatch, text);
}

function ticks(low, high, about) {
  const raw = (high - low) / about, size = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map(factor => factor * size).find(one => one >= raw);
  const all = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + 1e-9 * step; k += 1) all.push(Number((k * step).toPrecision(6)));
  return all;
}

// Axes, and what is drawn between them. Text keeps its size, however narrow the page.
export class Plot {
  constructor(paper, { x, y, labels }) {
    Object.assign(this, { paper, x, y, left: 44, top: 24, width: paper.width - 54, height: paper.height - 66 });
    const grid = svg("g", { class: "grid" });
    for (const value of ticks(...x, this.width / 70)) {
      const at = this.X(value);
      grid.append(svg("path", { d: `M${at} ${this.top}v${this.height}` }));
      grid.append(svg("text", { x: at, y: this.top + this.height + 16, "text-anchor": "middle" }, String(value).replace("-", "−")));
    }
    for (const value of ticks(...y, this.height / 45)) {
      const at = this.Y(value);
      grid.append(svg("path", { d: `M${this.left} ${at}h${this.width}` }));
      grid.append(svg("text", { x: this.left - 6, y: at + 4, "text-anchor": "end" }, String(value).replace("-", "−")));
    }
    grid.append(svg("text", { x: this.left + this.width, y: paper.height - 6, "text-anchor": "end" }, labels[0]));
    grid.append(svg("text", { x: 2, y: 13 }, labels[1]));
    const { left, top, width, height } = this;
    this.inside = svg("svg", { x: left, y: top, width, height, viewBox: `${left} ${top} ${width} ${height}` });
    paper.svg.replaceChildren(grid, this.inside);
  }

  X(value) {
    return Number((this.left + (value - this.x[0]) / (this.x[1] - this.x[0]) * this.width).toFixed(1));
  }

  Y(value) {
    return Number((this.top + (this.y[1] - value) / (this.y[1] - this.y[0]) * this.height).toFixed(1));
  }

  // Where a pointer is, in the plot's own units.
  at(event) {
    const box = this.paper.svg.getBoundingClientRect();
    const across = (event.clientX - box.left - this.left) / this.width, down = (event.clientY - box.top - this.top) / this.height;
    return [this.x[0] + across * (this.x[1] - this.x[0]), this.y[1] - down * (this.y[1] - this.y[0])];
  }

  path(d, series) {
    this.inside.append(svg("path", { d, class: `series ${series}` }));
  }

  // A line through points [x, y]; it ends where a run leaves for good.
  line(points, series) {
    const near = points.findIndex(point => !point.every(value => Math.abs(value) < 1e4));
    const seen = near < 0 ? points : points.slice(0, near);
    this.path(seen.map(([x, y], i) => `${i ? "L" : "M"}${this.X(x)} ${this.Y(y)}`).join(""), series);
  }

  dots(points, series) {
    this.path(points.map(([x, y]) => `M${this.X(x)} ${this.Y(y)}h0`).join(""), `dots ${series}`);
  }
}

function control(name, { key, label, value, options, least, most, step, scale = "linear", series }) {
  const id = `${name}-${key}`, title = named(label, series);
  if (options) {
    const input = html("select", { id }, ...Object.entries(options).map(([one, text]) => html("option", { value: one }, text)));
    return { key, first: value, input, whole: html("label", { for: id }, title, input), read: () => input.value,
      write: wanted => { if (wanted in options) input.value = wanted; } };
  }
  if (typeof value === "boolean") {
    const input = html("input", { id, type: "checkbox" });
    return { key, first: value, input, whole: html("label", { for: id, class: "check" }, input, title), read: () => input.checked,
      write: wanted => { input.checked = String(wanted) === "true"; } };
  }
  const { to, from } = SCALES[scale];
  const input = html("input", { id, type: "range", min: from(least), max: from(most), step }), out = html("span", { class: "value" });
  const read = () => to(input.valueAsNumber);
  const say = () => {
    out.textContent = String(read()).replace("-", "−");
    input.setAttribute("aria-valuetext", out.textContent);
  };
  input.addEventListener("input", say);
  return { key, first: value, input, whole: html("label", { for: id }, title, out, input), read,
    write: wanted => {
      const position = from(Math.min(Math.max(Number(wanted), least), most));
      if (Number.isFinite(position)) input.value = position;
      say();
    } };
}

// Build one. `draw(state, paper, set, redraw)` draws the state, and returns { alt, said, rows, busy }: the drawing in words, a sentence on
// what happened, the lines of the table, and whether more is to come. `point(x, y, set)`: somebody points there. `changed(key, state, set)`: a control was moved.
export function explorable(figure, { title, controls, head, ratio, draw, point, changed, actions = {} }) {
  const name = figure.dataset.explorable, all = controls.map(one => control(name, one));
  const drawing = svg("svg", { role: "img", "aria-label": title }), table = html("table", { class: "readings" }), said = html("output", { "aria-live": "polite" });
  const paper = { svg: drawing }, state = {};
  const set = (key, value) => {
    const one = all.find(each => each.key === key);
    one.write(value);
    state[key] = one.read();
  };
  const redraw = () => {
    for (const [i, { only }] of controls.entries()) all[i].whole.hidden = only ? !only(state) : false;
    if (!paper.width) return;
    const { alt, said: sentence, rows, busy = false } = draw(state, paper, set, redraw);
    whole.setAttribute("aria-busy", busy);
    drawing.setAttribute("aria-label", alt);
    if (said.textContent !== sentence) said.textContent = sentence;
    const cells = rows.map(({ series, what, values }) =>
      html("tr", {}, html("th", { scope: "row" }, named(what, series)),
        ...values.map(value => html("td", {}, value))));
    table.replaceChildren(html("thead", {}, html("tr", {}, ...head.map(text => html("th", { scope: "col" }, text)))), html("tbody", {}, ...cells));
  };
  const begin = () => {
    for (const one of all) set(one.key, one.first);
    changed?.("", state, set);
  };
  for (const one of all)
    one.input.addEventListener("input", () => {
      state[one.key] = one.read();
      changed?.(one.key, state, set);
      redraw();
    });
  const pointed = event => {
    point(...paper.plot.at(event), set, state);
    redraw();
  };
  if (point) {
    drawing.addEventListener("click", pointed);
    drawing.addEventListener("pointermove", event => { if (event.buttons & 1) pointed(event); });
  }
  const link = async () => {
    const address = new URL(location);
    for (const one of all) address.searchParams.set(`${name}.${one.key}`, state[one.key]);
    address.hash = figure.id;
    history.replaceState(history.state, "", address);
    said.textContent = "The link is in the address bar.";
    await navigator.clipboard?.writeText(address.href).then(() => { said.textContent = "The link is copied, and in the address bar."; }, () => 0);
  };
  const buttons = { ...actions, "Start over": begin, "Link to this": link };
  const pressed = Object.entries(buttons).map(([text, action]) => {
    const button = html("button", { type: "button" }, text);
    button.addEventListener("click", () => {
      action(state, set, redraw);
      if (action !== link) redraw();
    });
    return button;
  });
  begin();
  const given = new URLSearchParams(location.search);
  for (const one of all) if (given.has(`${name}.${one.key}`)) {
    set(one.key, given.get(`${name}.${one.key}`));
    if (one.input.tagName === "SELECT") changed?.(one.key, state, set);
  }
  const whole = html("div", { class: "explorable", role: "group", "aria-label": title },
    drawing, said, html("div", { class: "controls" }, ...all.map(one => one.whole)), html("div", { class: "actions" }, ...pressed), table);
  redraw();
  drawing.style.aspectRatio = 1 / ratio; // its room is there before its drawing is
  new ResizeObserver(() => {
    const width = Math.round(whole.clientWidth);
    if (!width || width === paper.width) return;
    Object.assign(paper, { width, height: Math.round(Math.max(240, width * ratio)) });
    for (const [attribute, value] of Object.entries({ width, height: paper.height, viewBox: `0 0 ${width} ${paper.height}` }))
      drawing.setAttribute(attribute, value);
    redraw();
  }).observe(whole);
  return whole;
}
