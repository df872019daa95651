// Figures to touch: a figure that names an explorable gets it when it comes into view, and nothing of it is loaded before.
// Without scripts, on paper, and where a module cannot be loaded (from file://), the drawn figure stays as it is.
"use strict";
{
  const folder = new URL("explorables/", document.currentScript.src);
  const begin = async figure => {
    const still = document.createElement("div");
    still.className = "still";
    try {
      const { explore } = await import(new URL(`${figure.dataset.explorable}.js`, folder));
      const explorable = await explore(figure);
      still.append(...figure.querySelectorAll(":scope > img"));
      figure.prepend(explorable, still);
      figure.classList.add("explored");
    } catch (error) {
      figure.style.minHeight = 0;
      if (location.protocol !== "file:") throw error;
    }
  };
  const view = new IntersectionObserver(entries => {
    for (const entry of entries.filter(one => one.isIntersecting)) {
      view.unobserve(entry.target);
      begin(entry.target);
    }
  });
  for (const figure of document.querySelectorAll("figure[data-explorable]")) view.observe(figure);
}
