/** The answer card: asked for again whenever the place or the subject changes; a late answer is never shown. */

import { getText } from "#gisplatform/api";
import { latest } from "#interventions/intake/latest";
import { clone } from "#interventions/intake/pieces";

/** `answers(form, { onZone })` gives `ask()`; `onZone(feature or null)` receives the zone of the answer. */
export function answers(form, { onZone }) {
  const card = form.querySelector('[data-part="answer"]');
  const ask = latest((signal) => getText(question(form), { signal }), {
    show: (html) => {
      const page = new DOMParser().parseFromString(html, "text/html");
      for (const part of page.querySelectorAll("[data-part]")) {
        form.querySelector(`[data-part="${part.dataset.part}"]`)?.replaceChildren(...part.childNodes);
      }
      card.ariaBusy = "false";
      onZone(zoneOf(page));
    },
    fail: (error) => {
      const failed = clone(form, "failed");
      failed.querySelector("[data-words]").textContent = error.message;
      failed.querySelector("[data-again]").addEventListener("click", again);
      card.replaceChildren(failed);
      card.ariaBusy = "false";
      onZone(null);
    },
  });
  function again() {
    card.ariaBusy = "true";
    return ask();
  }
  return again;
}

function question(form) {
  const asked = new URLSearchParams();
  for (const name of ["category", "geometry", "accuracy_m"]) {
    const { value } = form.elements[name];
    if (value) asked.set(name, value);
  }
  return `${form.dataset.answerUrl}?${asked}`;
}

function zoneOf(page) {
  const zone = page.querySelector("[data-zone]");
  if (!zone) return null;
  return { type: "Feature", properties: { name: zone.dataset.zone }, geometry: JSON.parse(zone.textContent) };
}
