/** The request is logged: its draft has served, its address goes to the clipboard when asked. */

import { drafts } from "#interventions/intake/draft";

const page = document.querySelector("[data-received]");
if (page) {
  drafts(sessionStorage, page.dataset.received).clear();
  const link = page.querySelector("[data-link]");
  const copy = page.querySelector("[data-copy]");
  copy.hidden = false;
  copy.addEventListener("click", async () => {
    link.select();
    // Without HTTPS browsers keep the clipboard to themselves: what is selected can be copied by hand.
    if (!navigator.clipboard) return;
    await navigator.clipboard.writeText(link.value);
    copy.querySelector("[data-words]").textContent = copy.dataset.copied;
  });
}
