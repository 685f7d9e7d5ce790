/** The list of notifications follows what is told while it stays open; whoever stands on a line stays there. */

import { getText } from "#gisplatform/api";

const WAIT_MS = 500; // bursts are gathered

let asked = 0;

document.addEventListener("live-notice", () => {
  clearTimeout(asked);
  asked = setTimeout(refresh, WAIT_MS);
});

async function refresh() {
  const answer = await getText(location.href).catch(() => null); // the next news tries again
  const fresh = answer && new DOMParser().parseFromString(answer, "text/html").getElementById("notices");
  const list = document.getElementById("notices");
  if (!fresh || list.querySelector("select:focus")) return;
  const stood = list.contains(document.activeElement) ? document.activeElement.id : "";
  list.replaceChildren(...fresh.childNodes);
  if (stood) document.getElementById(stood)?.focus();
}
