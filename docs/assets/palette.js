// Light or dark: a button leaves the one for the other, and that is kept where Material's script kept it. Who has not chosen follows
// the system. Which of them a page begins with is said in snippets/site/theme, which button is seen in note.css.
"use strict";

{
  const wears = document.body.dataset, buttons = [...document.querySelectorAll("[data-leaves]")], bar = document.createElement("meta");
  const color = () => bar.content = getComputedStyle(document.querySelector(".md-header")).backgroundColor;
  const wear = scheme => {
    Object.assign(wears, { mdColorSwitching: "", mdColorScheme: scheme }); // the first of them, so that no colour fades
    color();
    setTimeout(() => delete wears.mdColorSwitching);
  };
  for (const button of buttons) {
    button.onclick = () => {
      const other = buttons.find(one => one !== button);
      __md_set("__palette", { color: { scheme: other.dataset.leaves } });
      wear(other.dataset.leaves);
      other.focus();
    };
  }
  matchMedia("(prefers-color-scheme: dark)").onchange = ({ matches }) => __md_get("__palette") ?? wear(matches ? "slate" : "default");
  bar.name = "theme-color"; // a phone's browser has it around the page
  document.head.append(bar);
  requestAnimationFrame(color);
}
