// Reads [{tex, display}] from standard input and writes [{html} or {error}], strictly.
import { readFileSync } from "node:fs";
import katex from "katex";

const rendered = JSON.parse(readFileSync(0, "utf8")).map(({ tex, display }) => {
  try {
    return { html: katex.renderToString(tex, { displayMode: display, throwOnError: true, strict: "error", trust: false }) };
  } catch (error) {
    return { error: String(error.message).replace(/^KaTeX parse error: /, "").replace(/^LaTeX-incompatible input and strict mode is set to 'error': /, "") };
  }
});
process.stdout.write(JSON.stringify(rendered));
