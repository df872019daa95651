// The search: what one types is found by words, by symbols however they are spelt (β₁, beta1, \beta_1), and by pieces of code.
// Material's script asks a worker. This one lives in the page, so that it also works from a folder, where browsers start none. It
// loads nothing before somebody searches, then which words are on which pages, and then the texts of those pages that come first;
// the texts of all others that were found when the reader looks further down. What is written just as one typed it comes first.
"use strict";

(() => {
  const SETUP = 0, READY = 1, QUERY = 2, RESULT = 3;
  const root = new URL("..", document.currentScript.src);
  const GREEK = "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma sigma tau upsilon phi chi psi omega".split(" ");
  const ABOVE = { "\u0302": "_hat", "\u0303": "_tilde", "\u0304": "_bar" };
  const WORD = /[\p{L}\p{M}\p{N}_]+/gu;
  const PAUSE = 150; // milliseconds without a key: then one has typed what one wants to find
  const LONG = 2; // underscores: a name with more is found by its parts alone
  const AT_ONCE = 3, AT_MOST = 9; // pages read for a query, and where nothing is written in them just so
  const FIELDS = { of: [4, 2], title: [6, 3], text: [1, 80], code: [1.5, 20], given: [3, 1] }; // what a word there counts; how many there usually are
  const vocabulary = new Map();
  let turns = 0;

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

  const rare = word => Math.log(1 + (searched.pages.length - vocabulary.get(word).size + 0.5) / (vocabulary.get(word).size + 0.5));
  const words = text => spelt(text).match(WORD) ?? [];
  const parts = word => [word, ...word.split("_")].filter((part, i) => part && (i ? part !== word : word.split("_").length - 1 <= LONG)); // learning_rate is found by rate
  const known = word => vocabulary.has(word) || [...vocabulary.keys()].some(other => other.startsWith(word));
  const squeezed = text => spelt(text).replace(/\s+/g, "");

  const load = address => new Promise((done, fail) => {
    const script = document.createElement("script");
    Object.assign(script, { src: new URL(address, root), onload: done, onerror: fail });
    document.head.append(script);
  });

  // Which words are on which pages; written by finding.py, where packed() says how.
  async function prepare() {
    await load("search/words.js");
    let word = "";
    for (const line of searched.words.split("\n")) {
      const [rest, where] = line.split(" ");
      word = word.slice(0, rest.charCodeAt(0) - 48) + rest.slice(1);
      vocabulary.set(word, new Map(where.match(/../gs).map(([page, level]) => [page.charCodeAt(0) - 48, 2 ** (level.charCodeAt(0) - 48)])));
    }
  }

  // The texts of a page, loaded once, as sections that know how often each word stands where.
  async function read(number) {
    const page = searched.pages[number], index = location.protocol === "file:" ? "index.html" : "";
    page.sections ??= load(`search/${page.location.slice(0, -1).replaceAll("/", ".") || "index"}.js`).then(() => searched.texts[page.location].map((section, place) => {
      const given = section.text.match(/^\S+(?= :?= )/gm)?.join(" ") ?? ""; // what a formula there is for: its left-hand side
      const fields = Object.entries(FIELDS).map(([name, [worth, usual]]) => {
        const counts = new Map();
        for (const word of words({ given, of: page.title, ...section }[name]).flatMap(parts)) counts.set(word, (counts.get(word) ?? 0) + 1);
        return { counts, worth, long: 1.2 * (0.3 + 0.7 * counts.size / usual) };
      });
      const location = page.location + index + (section.id && "#" + section.id);
      const text = squeezed(`${page.title} ${section.title} ${section.text}`), code = squeezed(section.code);
      return { ...section, place, fields, location, holds: literal => text.includes(literal) || code.includes(literal) };
    }));
    return page.loaded = await page.sections;
  }

  // When the reader looks further down in the list of what was found.
  const lookedFurther = list => new Promise(done => {
    for (const way of ["scroll", "wheel", "touchmove"]) list.addEventListener(way, done, { once: true, passive: true });
  });

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

  // The fewest letters to add, take out or exchange that make one word of the other, if they are no more than `most`.
  function apart(one, other, most) {
    if (Math.abs(one.length - other.length) > most) return most + 1;
    let row = Array.from({ length: other.length + 1 }, (_, i) => i);
    for (let i = 1; i <= one.length; i++) {
      const next = [i];
      for (let j = 1; j <= other.length; j++) next.push(Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (one[i - 1] !== other[j - 1])));
      row = next;
    }
    return row.at(-1);
  }

  // The words of the site that a word typed may stand for, and how much each of them counts: those that begin so count less, those
  // spelt differently next to nothing.
  function meant(asked, fuzzy) {
    const most = fuzzy && asked.length > 4 ? Math.round(0.3 * asked.length) : 0, found = new Map();
    for (const word of vocabulary.keys()) {
      if (word === asked) found.set(word, 1);
      else if (asked.length > 1 && word.startsWith(asked)) found.set(word, (0.4 * word.length) / (1.3 * word.length - 0.3 * asked.length));
      else if (most && apart(asked, word, most) <= most) found.set(word, (0.1 * word.length) / (word.length + apart(asked, word, most)));
    }
    return found;
  }

  // The pages that have what was asked for, `all` of it or some; those first of which that says most, or that are called so.
  function candidates(terms, literal, all) {
    const scores = new Map();
    for (const [i, words] of terms.entries())
      for (const [word, counts] of words)
        for (const [page, weight] of vocabulary.get(word)) {
          const of = scores.get(page) ?? { score: 0, having: new Set() };
          of.score += counts * weight;
          scores.set(page, of);
          of.having.add(i);
        }
    const named = page => (squeezed(searched.pages[page].title).includes(literal) ? 2 : 1);
    return [...scores]
      .filter(([, { having }]) => !all || having.size === terms.length)
      .map(([page, { score }]) => ({ page, terms, score: score * named(page) }))
      .sort((a, b) => b.score - a.score);
  }

  // The sections of a page that have most of what was asked for, the best of them first. By BM25+, as finding.py has it.
  function best({ page, terms }, { asked, literal, code }) {
    const { loaded, boost } = searched.pages[page];
    const rated = loaded.map(section => {
      const hits = new Set(), having = terms.map(() => false), verbatim = asked.length !== 1 && section.holds(literal);
      let score = verbatim ? 1 : 0;
      for (const [i, words] of terms.entries())
        for (const [word, counts] of words)
          for (const { counts: found, worth, long } of section.fields) {
            const times = found.get(word);
            if (!times) continue;
            hits.add(word), having[i] = true;
            score += counts * worth * rare(word) * (0.5 + 2.2 * times / (times + long));
          }
      return { section, hits, having, verbatim, share: having.filter(Boolean).length, score: score * boost * (verbatim ? (code ? 3 : 1.5) : 1) };
    });
    const share = Math.max(1, ...rated.map(item => item.share));
    const items = rated.filter(item => item.verbatim || item.share === share).sort((a, b) => b.score - a.score);
    return { page, items, verbatim: items.some(item => item.verbatim), score: items.reduce((sum, item, i) => sum + item.score / 2 ** (i + 1), 0) * share };
  }

  // For a query the pages, those that count most with their sections; `all`: the others with theirs, too. Loads what it has to read:
  // what counts most, and more where nothing is written there just as it was typed.
  async function find(query, all) {
    const asked = words(query).flatMap(word => known(word) ? word : word.split("_").filter(Boolean)), literal = squeezed(query);
    if (!literal) return { items: [], more: false };
    const terms = asked.map(word => meant(word)), near = asked.map(word => meant(word, true));
    let found = [{ terms, all: true }, { terms: near, all: true }, { terms: near, all: false }].reduce((found, way) => found.length ? found : candidates(way.terms, literal, way.all), []);
    if (!asked.length) [found, all] = [searched.pages.map((_, page) => ({ page, score: 0, terms: [] })), true]; // signs alone
    const question = { asked, literal, code: asked.join(" ") !== query.trim().toLowerCase() };
    const ranked = async pages => {
      await Promise.all(pages.map(({ page }) => read(page)));
      return pages.map(page => best(page, question)).filter(({ items }) => items.length).sort((a, b) => b.score - a.score);
    };
    let first = [], count = 0;
    while (count < Math.min(found.length, AT_MOST) && (!count || asked.length > 1 && !first.some(({ verbatim }) => verbatim)))
      first = await ranked(found.slice(0, count += AT_ONCE));
    const others = found.slice(count), drawn = of => shown(of.page, of.items, of.score, asked, literal);
    return {
      items: [...first.map(drawn), ...(all ? (await ranked(others)).map(drawn) : others.map(({ page, score }) => [titled(page, score)]))],
      more: !all && others.length > 0,
    };
  }

  const titled = (number, score) => {
    const { location: at, title } = searched.pages[number];
    return { location: at + (location.protocol === "file:" ? "index.html" : ""), title: escaped(title), text: "", score, terms: {} };
  };

  // A page and its sections as Material's script draws them; the best of them first.
  function shown(page, items, score, asked, literal) {
    const list = items.map(({ section, hits, having }) => {
      const all = new Set([...hits, ...asked]);
      const [text, code] = [teaser(section.text, all, literal), teaser(section.code, all, literal)];
      const terms = Object.fromEntries(asked.map((word, i) => [word, having[i]]).filter(([word]) => word.length > 2));
      const html = code.most > text.most ? `<p><code>${code.html}</code></p>` : text.html && `<p>${text.html}</p>`;
      return { location: section.location, title: marked(section.title, all), text: html, score, terms };
    });
    if (items.every(({ section }) => section.place)) list.push(titled(page, 0));
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
      if (type !== QUERY) return;
      const turn = ++turns;
      await new Promise(done => setTimeout(done, PAUSE));
      const list = document.querySelector(".md-search__scrollwrap");
      for (const all of [false, true]) {
        const found = turn === turns && await find(data, all);
        if (turn !== turns) return; // something else was asked meanwhile
        const { href, pathname } = document.activeElement, { scrollTop } = list;
        answer({ type: RESULT, data: { items: found.items, suggest: [] } });
        const links = href && all ? [...list.querySelectorAll("a")] : []; // those before are no more
        (links.find(link => link.href === href) ?? links.find(link => link.pathname === pathname))?.focus();
        if (all) list.scrollTop = scrollTop;
        if (!found.more) return;
        await lookedFurther(list);
      }
    }
  };
})();
