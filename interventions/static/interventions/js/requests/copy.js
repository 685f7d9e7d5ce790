/** Buttons that copy a link; they are hidden until now, since they do nothing without us. */

import { toast } from "#gisplatform/toast";

export function copyButtons(page) {
  if (!navigator.clipboard) return; // only on a secure origin; the link beside can be copied by hand
  for (const button of page.querySelectorAll("[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.dataset.copy);
      toast(button.dataset.copied);
    });
  }
}
