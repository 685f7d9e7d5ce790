/** The filters above the list: each change shows the list it asks for; the address always tells it. */

import { addressOf } from "#interventions/requests/address";

const PAUSE_MS = 300; // after the last letter of a search

export function filters(form, { onChange }) {
  let pause;
  form.querySelector("[data-apply]").hidden = true;

  // The search of the bar belongs to the form without standing in it.
  document.addEventListener("change", ({ target }) => target.form === form && target.type !== "search" && apply());
  document.addEventListener("input", ({ target }) => {
    if (target.form !== form || target.type !== "search") return;
    clearTimeout(pause);
    pause = setTimeout(apply, PAUSE_MS);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    apply();
  });

  function apply() {
    clearTimeout(pause);
    const address = addressOf(form.getAttribute("action"), new FormData(form));
    form.querySelector("[data-clear]").hidden = !address.includes("?");
    count(form);
    onChange(address);
  }
}

/** How many of the folded filters are set. */
function count(form) {
  const folded = form.querySelector("[data-folded]");
  const set = [...folded.querySelectorAll("select, input:checked")].filter((control) => control.value !== "");
  const badge = form.querySelector("[data-count]");
  badge.textContent = set.length || "";
  badge.hidden = set.length === 0;
}
