/** The answer card: asked for again whenever the place or the subject changes; a late answer is never shown. */

import { ApiError, getText } from "#gisplatform/api";
import { latest } from "#interventions/intake/latest";
import { clone } from "#interventions/intake/pieces";

const NOBODY = { type: "FeatureCollection", features: [] };

/**
 * `answers(form, { show })` gives `ask()`; `show({ zone, neighbours })` receives what belongs on the map. `ask({ quietly:
 * true })` asks the same again: nothing moves unless the answer is another one.
 */
export function answers(form, { show: onTheMap }) {
  const card = form.querySelector('[data-part="answer"]');
  let shown = "";
  const ask = latest(async (signal, _how) => parsed(await getText(question(form), { signal })), {
    show: (page, { quietly }) => {
      const told = wordsOf(page);
      if (quietly && told === shown) return;
      shown = told;
      const { activeElement: had } = document;
      for (const part of page.querySelectorAll("[data-part]")) {
        form.querySelector(`[data-part="${part.dataset.part}"]`)?.replaceChildren(...part.childNodes);
      }
      // What had the focus in a part has it in the new one.
      if (!had.isConnected && had.name) form.querySelector(`[name="${had.name}"][value="${had.value}"]`)?.focus();
      card.ariaBusy = "false";
      onTheMap({ zone: zoneOf(page), neighbours: neighboursOf(page) });
    },
    fail: (error, { quietly }) => {
      if (quietly) return;
      shown = "";
      const failed = clone(form, "failed");
      failed.querySelector("[data-words]").textContent = error.message;
      failed.querySelector("[data-again]").addEventListener("click", () => again());
      card.replaceChildren(failed);
      card.ariaBusy = "false";
      onTheMap({ zone: null, neighbours: NOBODY });
    },
  });
  function again({ quietly = false } = {}) {
    // A question under way is answered by what is true then.
    if (quietly && card.ariaBusy === "true") return;
    if (!quietly) card.ariaBusy = "true";
    return ask({ quietly });
  }
  return again;
}

/** All that an answer says and draws, the hours aside. */
function wordsOf(page) {
  const said = page.body.cloneNode(true);
  for (const time of said.querySelectorAll("time")) time.remove();
  return said.textContent;
}

// A session that has ended answers with the sign-in page.
function parsed(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  if (!page.querySelector('[data-part="answer"]')) throw new ApiError(document.body.dataset.signedOut, { status: 401 });
  return page;
}

function question(form) {
  const asked = new URLSearchParams();
  for (const name of ["category", "geometry", "accuracy_m", "duplicate_of", "within_m"]) {
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

function neighboursOf(page) {
  const dots = page.querySelector("[data-dots]");
  return dots ? JSON.parse(dots.textContent) : NOBODY;
}
