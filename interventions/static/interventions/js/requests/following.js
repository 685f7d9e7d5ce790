/** The list follows what happens: its rows in place, the new ones offered rather than pushed under the reader's eyes. */

import { getText } from "#gisplatform/api";
import { morphInside } from "#gisplatform/live-morph";
import { paced } from "#gisplatform/live-pace";
import { inForm } from "#interventions/requests/address";
import { settle } from "#interventions/requests/fresh";

/**
 * `opened()` is the row that is open beside the list; `busy()` says that the list is being exchanged; `shown()` hears
 * that it is up to date.
 */
export function following(list, { opened, busy, shown }) {
  const old = paced(read);
  for (const type of ["live", "live-reset"]) document.addEventListener(type, old);

  async function read() {
    if (busy()) return false;
    const address = location.href;
    let page;
    try {
      page = new DOMParser().parseFromString(await getText(inForm(address, "rows")), "text/html");
    } catch (error) {
      if (error.name !== "ApiError") throw error;
      return error.status === 401 || error.status === 403;
    }
    // Somebody who has asked for another list meanwhile has it, or is about to.
    if (address !== location.href || busy()) return;
    const first = !new URLSearchParams(location.search).has("cursor");
    const needed = [opened(), rowOf(document.activeElement)].filter(Boolean);
    prepare(list, page.body, settle(ids(list), ids(page), { busy: first && isReading(list), needed }));
    const changed = morphInside(list, page.body);
    if (changed) document.dispatchEvent(new CustomEvent("live-say", { detail: list.dataset.changed }));
    await shown();
  }
}

/** Make the answer what is to be shown. */
function prepare(list, fresh, { held, pushed, gone }) {
  for (const id of held) find(fresh, id).remove();
  for (const { id, after } of gone) {
    const row = find(list, id).cloneNode(true);
    row.classList.add("is-gone");
    row.title = list.dataset.gone;
    const above = after && find(fresh, after);
    if (above) above.after(row);
    else fresh.querySelector("tbody")?.prepend(row);
  }
  fresh.querySelector("tbody")?.append(...pushed.map((id) => find(list, id).cloneNode(true)));
  const link = fresh.querySelector("[data-new]");
  if (!link || held.length === 0) return;
  link.hidden = false;
  link.querySelector("[data-words]").textContent =
    held.length === 1 ? link.dataset.one : link.dataset.many.replace("#", held.length);
}

/** Is somebody down the list, in one of its rows, pointing at one, or selecting its words? */
function isReading(list) {
  const table = list.querySelector("tbody");
  if (!table || list.scrollTop > 0 || list.getBoundingClientRect().top < 0) return true;
  const { anchorNode, type } = getSelection();
  if (type === "Range" && list.contains(anchorNode)) return true;
  return table.matches(":hover") || table.contains(document.activeElement);
}

function ids(root) {
  return [...root.querySelectorAll("tr[data-row]")].map((row) => row.dataset.row);
}

function find(root, id) {
  return root.querySelector(`tr[data-row="${CSS.escape(id)}"]`);
}

function rowOf(element) {
  return element?.closest("tr[data-row]")?.dataset.row ?? null;
}
