/** Buttons that copy a link; they are hidden until now, since they do nothing without us. */

import { toast } from "#gisplatform/toast";

let listening = false;

/** Call again for what has come since. */
export function copyButtons(page) {
  if (!navigator.clipboard) return; // only on a secure origin; the link beside can be copied by hand
  for (const button of page.querySelectorAll("[data-copy]")) button.hidden = false;
  if (listening) return;
  listening = true;
  document.addEventListener("click", async ({ target }) => {
    const button = target.closest("[data-copy]");
    if (!button) return;
    await navigator.clipboard.writeText(button.dataset.copy);
    toast(button.dataset.copied);
  });
}
