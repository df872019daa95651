// Around each copy button Material puts a landmark without a name; to a reader who goes from landmark to landmark it is none.
"use strict";

{
  const mend = () => document.querySelectorAll("nav.md-code__nav:not([role])").forEach(nav => nav.setAttribute("role", "presentation"));
  new MutationObserver(mend).observe(document.body, { childList: true, subtree: true });
  mend();
}
