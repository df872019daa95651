// Point at a symbol, in a formula, in code or in the page's list, and all its twins on the page are lit. A click or a tap, or Enter
// on the list, keeps them lit; Escape, or a click elsewhere, puts them out. The build has marked what belongs together: data-twin.
"use strict";

let kept = "", lit = "";

function light(twin) {
  if (twin === lit) return;
  lit = twin;
  for (const symbol of document.querySelectorAll(".lit")) symbol.classList.remove("lit");
  if (twin) for (const symbol of document.querySelectorAll(`[data-twin="${CSS.escape(twin)}"]`)) symbol.classList.add("lit");
}

function keep(twin) {
  kept = twin;
  light(twin);
  for (const button of document.querySelectorAll("button.symbol")) button.setAttribute("aria-pressed", String(twinOf(button) === twin));
}

// What an event means: the symbol itself, or the one that a button of the list names.
function twinOf(target) {
  const button = target.closest?.("button.symbol");
  return (button ? button.querySelector("[data-twin]") : target.closest?.("[data-twin]"))?.dataset.twin ?? "";
}

// Without this script the list is a list; with it each symbol in it is a button.
for (const name of document.querySelectorAll("span.symbol")) {
  if (!name.querySelector("[data-twin]")) continue;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "symbol";
  button.setAttribute("aria-pressed", "false");
  const drawn = [...name.querySelectorAll(".katex-html")].map(formula => formula.textContent.replaceAll("\u200b", ""));
  if (!name.querySelector("code")) button.setAttribute("aria-label", drawn.join(", ")); // a formula alone is no name to every reader
  button.append(...name.childNodes);
  name.replaceWith(button);
}

document.addEventListener("pointerover", event => {
  if (event.pointerType === "mouse") light(twinOf(event.target) || kept);
});
document.addEventListener("focusin", event => light((event.target.matches("button.symbol") && twinOf(event.target)) || kept));
document.addEventListener("focusout", () => light(kept));
document.addEventListener("click", event => {
  const twin = twinOf(event.target);
  if (!event.target.closest("a, summary, label, .md-clipboard")) keep(twin === kept ? "" : twin);
});
document.addEventListener("keydown", event => {
  if (event.key === "Escape") keep("");
});
