// For each line of standard input, who asks and [{tex, display, marked}], writes a line: who asked and [{html} or {error}], strictly.
import { createInterface } from "node:readline";
import katex from "katex";

const strict = { throwOnError: true, strict: "error", trust: false };
const lit = { ...strict, strict: code => (code === "htmlExtension" ? "ignore" : "error"), trust: ({ command }) => command === "\\htmlData" };
const TAG = /<[^>]*>|[^<]+/g;
const TWIN = /^<span class="enclosing[^"]*" data-twin="([^"]*)">$/;

// The drawing of the formula, with a span around each symbol that the page knows. Only the places of the spans come from the
// rendering that has them: within it a base counts as a box, and KaTeX sets its exponent a hair higher. What is drawn stays as it
// was, but for braces around an exponent of one letter; where that cannot be, there are no spans.
function withTwins(marked, options, html) {
  const draw = (twin, more) => katex.renderToString(marked, { ...options, ...more, output: "html", macros: { "\\twin": twin } });
  const plain = draw("\\@secondoftwo", strict).match(TAG);
  const places = draw("\\htmlData{twin=#1}{#2}", lit).match(TAG);
  if (ink(plain.join("")) !== ink(html)) return null;
  const drawn = [], open = [];
  let next = 0;
  for (const tag of places) {
    const twin = tag.match(TWIN);
    if (twin) drawn.push(`<span data-twin="${twin[1]}">`);
    else if (tag === "</span>" && open.at(-1)) drawn.push(tag);
    else if (next < plain.length && shape(plain[next]) === shape(tag)) drawn.push(plain[next++]);
    else return null;
    if (tag === "</span>") open.pop();
    else if (tag.startsWith("<span")) open.push(Boolean(twin));
  }
  return drawn.join("");
}

const ink = html => html.slice(html.indexOf('<span class="katex-html"')).replace(/<span( class="[^"]*")?>|<\/span>/g, "");
const shape = tag => tag.replace(/ style="[^"]*"/, "");

const render = ({ tex, display, marked }) => {
  try {
    const html = katex.renderToString(tex, { ...strict, displayMode: display });
    const drawn = marked && withTwins(marked, { displayMode: display }, html);
    if (!drawn) return { html };
    const from = '<span class="katex-html"';
    return { html: html.slice(0, html.indexOf(from)) + drawn.slice(drawn.indexOf(from)) };
  } catch (error) {
    return { error: String(error.message).replace(/^KaTeX parse error: /, "").replace(/^LaTeX-incompatible input and strict mode is set to 'error': /, "") };
  }
};
const known = new Map(); // many a symbol stands on all pages
const rendered = formula => {
  const key = JSON.stringify(formula);
  if (!known.has(key)) known.set(key, render(formula));
  return known.get(key);
};
// The first formula takes as long as ten pages of them: let it be over before one is asked for.
rendered({ tex: "\\hat{x}_1^2 = \\frac{\\sqrt{x}}{y} \\sum_{i} (x)", display: true, marked: "\\twin{x}{x}" });
for await (const line of createInterface({ input: process.stdin })) {
  const end = line.indexOf(" ");
  console.log(`${line.slice(0, end)} ${JSON.stringify(JSON.parse(line.slice(end)).map(rendered))}`);
}
