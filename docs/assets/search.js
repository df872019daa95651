// The search: what one types is found by words, by symbols however they are spelt (β₁, beta1, \beta_1), and by pieces of code.
// Material's script asks a worker. This one lives in the page, so that it also works from a folder, where browsers start none; it
// loads nothing before somebody searches. Ranked by MiniSearch; what is written somewhere just as one typed it comes first.
"use strict";

(() => {
  const SETUP = 0, READY = 1, QUERY = 2, RESULT = 3;
  const root = new URL("..", document.currentScript.src);
  const GREEK = "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma sigma tau upsilon phi chi psi omega".split(" ");
  const ABOVE = { "\u0302": "_hat", "\u0303": "_tilde", "\u0304": "_bar" };
  const WORD = /[\p{L}\p{M}\p{N}_]+/gu;
  let engine, sections = [];

  // All spellings of a symbol in one: β₁, \beta_1 and \beta_{1} as beta1; ŝ and \hat{s} as s_hat.
  function spelt(text) {
    return text
      .replace(/\\(?:wide)?(hat|tilde|bar)\s*\{?\s*(\\?\w+?)\b\s*\}?/g, "$2_$1")
      .replace(/\\([a-z]+)/gi, "$1")
      .replace(/[⁰¹²³⁴-⁹ᵗ]/g, " $&")
      .replace(/ϵ/g, "ε").replace(/ϕ/g, "φ")
      .normalize("NFKD")
      .replace(/[\u0302-\u0304]/g, above => ABOVE[above])
      .replace(/\p{M}/gu, "")
      .toLowerCase()
      .replace(/[α-ω]/g, letter => GREEK[letter.charCodeAt(0) - 0x3b1])
      .replace(/([a-z])_\{?(\d)\}?/g, "$1$2");
  }

  const words = text => spelt(text).match(WORD) ?? [];
  const parts = word => (word.includes("_") ? [word, ...word.split("_").filter(Boolean)] : [word]); // learning_rate is found by rate
  const squeezed = text => spelt(text).replace(/\s+/g, "");

  const load = address => new Promise((done, fail) => {
    const script = document.createElement("script");
    Object.assign(script, { src: new URL(address, root), onload: done, onerror: fail });
    document.head.append(script);
  });

  async function prepare() {
    await Promise.all([load("assets/minisearch.js"), load("search/pages.js")]);
    const index = location.protocol === "file:" ? "index.html" : "";
    sections = searched.flatMap((page, number) => page.sections.map((section, place) => ({
      ...section, place, page: number, boost: page.boost, of: page.sections[0].title,
      given: section.text.match(/^\S+(?= :?= )/gm)?.join(" "), // what a formula there is for: its left-hand side
      location: page.location + index + (section.id && "#" + section.id),
    }))).map((section, id) => ({ ...section, id }));
    engine = new MiniSearch({
      fields: ["of", "title", "text", "code", "given"],
      tokenize: text => words(text).flatMap(parts),
      processTerm: term => term,
      searchOptions: { tokenize: words, boost: { of: 4, title: 6, code: 1.5, given: 3 }, prefix: word => word.length > 1, weights: { prefix: 0.4, fuzzy: 0.1 } },
    });
    await engine.addAllAsync(sections, { chunkSize: 20 });
  }

  const escaped = text => text.replace(/[&<>"]/g, sign => `&#${sign.charCodeAt(0)};`);

  function marked(text, hits) {
    let html = "", at = 0;
    for (const word of text.matchAll(WORD)) {
      const hit = words(word[0]).flatMap(parts).some(part => hits.has(part));
      html += escaped(text.slice(at, word.index)) + (hit ? `<mark>${escaped(word[0])}</mark>` : escaped(word[0]));
      at = word.index + word[0].length;
    }
    return html + escaped(text.slice(at));
  }

  // Of prose or code the piece that shows most of what was searched for.
  function teaser(text, hits, literal) {
    const worth = line => (squeezed(line).includes(literal) ? 100 : 0) + new Set(words(line).flatMap(parts).filter(part => hits.has(part))).size;
    let best = "", most = 0;
    for (const line of text.split("\n")) {
      const worthy = worth(line);
      if (worthy > most) [best, most] = [line, worthy];
    }
    if (best.length <= 200) return { html: marked(best, hits), most };
    const first = [...best.matchAll(WORD)].find(word => words(word[0]).flatMap(parts).some(part => hits.has(part)))?.index ?? 0;
    const start = first < 80 ? 0 : best.indexOf(" ", first - 60) + 1;
    return { html: (start ? "… " : "") + marked(best.slice(start, start + 200), hits) + " …", most };
  }

  function find(query) {
    const asked = words(query), literal = squeezed(query);
    if (!engine || !literal) return [];
    const ways = [{ combineWith: "AND" }, { combineWith: "AND", fuzzy: word => word.length > 4 && 0.3 }, { combineWith: "OR" }];
    const found = ways.reduce((found, way) => (found.length ? found : engine.search(query, way)), []);
    const code = asked.join(" ") !== query.trim().toLowerCase();
    const scores = new Map(found.map(result => [result.id, result]));
    const results = [];
    for (const section of sections) {
      const result = scores.get(section.id);
      section.squeezed ??= { words: squeezed(`${section.of} ${section.title} ${section.text}`), code: squeezed(section.code) };
      const verbatim = asked.length !== 1 && (section.squeezed.code.includes(literal) || section.squeezed.words.includes(literal));
      if (result || verbatim) results.push({ section, result, score: ((result?.score ?? 0) * (!verbatim ? 1 : code ? 3 : 1.5) + verbatim) * section.boost });
    }
    const pages = new Map();
    for (const item of results.sort((a, b) => b.score - a.score)) pages.set(item.section.page, [...(pages.get(item.section.page) ?? []), item]);
    return [...pages.values()]
      .map(items => ({ items, score: items.reduce((sum, item, i) => sum + item.score / 2 ** (i + 1), 0) }))
      .sort((a, b) => b.score - a.score)
      .map(({ items, score }) => shown(items, score, asked, literal));
  }

  // A page and its sections as Material's script draws them; the best of them first.
  function shown(items, score, asked, literal) {
    const list = items.map(({ section, result, score }) => {
      const hits = new Set([...(result?.terms ?? []), ...asked]);
      const [text, code] = [teaser(section.text, hits, literal), teaser(section.code, hits, literal)];
      const terms = Object.fromEntries(asked.filter(word => word.length > 2).map(word => [word, !result || result.queryTerms.includes(word)]));
      const html = code.most > text.most ? `<p><code>${code.html}</code></p>` : text.html && `<p>${text.html}</p>`;
      return { location: section.location, title: marked(section.title, hits), text: html, score, terms };
    });
    const top = sections.find(section => section.page === items[0].section.page && !section.place);
    if (!items.some(item => item.section === top)) list.push({ location: top.location, title: escaped(top.title), text: "", score: 0, terms: {} });
    return list;
  }

  self.Worker = class extends EventTarget {
    async postMessage({ type, data }) {
      const answer = data => this.dispatchEvent(new MessageEvent("message", { data }));
      if (type === SETUP) {
        const box = document.querySelector("[data-md-component=search-query]");
        if (document.activeElement !== box) await new Promise(done => box.addEventListener("focus", done, { once: true }));
        await prepare();
        answer({ type: READY });
      }
      await null; // a worker never answers before its question has been asked to the end
      if (type === QUERY) answer({ type: RESULT, data: { items: find(data), suggest: [] } });
    }
  };
})();
