/**
 * The check of a large version: its bar follows, and what was found takes its place on the page. Nothing else moves:
 * neither what is typed, nor the map, nor how far the page is scrolled.
 */

import { getJson, getText } from "#gisplatform/api";

const PAUSE_MS = 1500;
const UNDER_WAY = ["waiting", "working"];

/** `onEnd` is called when the check is over. */
export async function followCheck(onEnd) {
  const card = document.querySelector("[data-checking]");
  if (!card) return;
  const bar = card.querySelector("[data-progress]");
  try {
    const { state, done, total } = await getJson(card.dataset.checking);
    if (!UNDER_WAY.includes(state)) return onEnd();
    bar.max = total;
    bar.value = done;
  } catch (error) {
    // The next look may well succeed.
    if (error.name !== "ApiError") throw error;
  }
  setTimeout(() => followCheck(onEnd), PAUSE_MS);
}

/** Put what was found on the page; the address of its outlines, "" where there are none. */
export async function renew() {
  const told = new DOMParser().parseFromString(await getText(location.href), "text/html");
  for (const old of document.querySelectorAll("[data-renewed]")) {
    const anew = told.querySelector(`[data-renewed="${old.dataset.renewed}"]`);
    if (!anew) continue;
    for (const field of old.querySelectorAll("input, textarea, select")) {
      const same = anew.querySelector(`[name="${field.name}"]`);
      if (same && field.value && field.type !== "hidden") same.value = field.value;
    }
    old.replaceWith(document.adoptNode(anew));
  }
  return told.querySelector("[data-layer-map]")?.dataset.findings ?? "";
}
