// `node lighthouse.mjs ADDRESS SCHEME CATEGORY,... PAGE...`: for each page a line of JSON, as Lighthouse's mobile preset sees it in light or dark.
import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";

const [address, scheme, categories, ...pages] = process.argv.slice(2);
const flags = ["--headless", "--no-sandbox", "--disable-gpu", `--blink-settings=preferredColorScheme=${scheme === "dark" ? 0 : 1}`];
const chrome = await launch({ chromeFlags: flags });
try {
  for (const page of pages) {
    const asked = { onlyCategories: categories.split(","), onlyAudits: ["cumulative-layout-shift"] };
    const options = { port: chrome.port, logLevel: "error", disableFullPageScreenshot: true };
    const { lhr } = await lighthouse(address + page, { ...options, ...asked });
    if (lhr.runtimeError) throw new Error(`${page}: ${lhr.runtimeError.message}`);
    const found = Object.fromEntries(Object.values(lhr.categories).map(({ id, score }) => [id, Math.round(100 * score)]));
    const faults = Object.values(lhr.categories).filter(({ id }) => id !== "performance")
      .flatMap(({ auditRefs }) => auditRefs.filter(({ id, weight }) => weight && lhr.audits[id].score === 0).map(({ id }) => id));
    console.log(JSON.stringify({ page, scheme, ...found, shift: lhr.audits["cumulative-layout-shift"].numericValue, faults }));
  }
} finally {
  chrome.kill();
}
