/**
 * The requests already open close by. The list is exchanged with every answer: what is chosen in it (`duplicate_of`) and
 * how far it looks (`within_m`) stand in fields of the form, which are sent, drafted and restored with the others.
 */

const FAR = "gisplatform.nearby-m"; // how far this person wants to look, from one request to the next

/**
 * `nearby(form, { ask, light, fit })`: `ask()` again from another distance and `fit()` the map to what is then found,
 * `light(id or null)` a number on the map.
 */
export function nearby(form, { ask, light, fit }) {
  const part = form.querySelector('[data-part="nearby"]');
  const { duplicate_of: joins, within_m: within } = form.elements;
  for (const field of [joins, within]) field.disabled = false;
  within.value ||= localStorage.getItem(FAR) ?? "";

  part.addEventListener("change", ({ target }) => {
    if (target.name === "within") {
      within.value = target.value;
      localStorage.setItem(FAR, target.value);
      wider = true;
      ask();
    } else if (target.name === "same") {
      for (const other of part.querySelectorAll("[name=same]")) if (other !== target) other.checked = false;
      joins.value = target.checked ? target.value : "";
      part.querySelector(".field__error")?.remove();
      form.dispatchEvent(new Event("input"));
    }
  });
  const rowOf = ({ target }) => target.closest("[data-neighbour]")?.dataset.neighbour ?? null;
  for (const type of ["pointerover", "focusin"]) part.addEventListener(type, (event) => light(rowOf(event)));
  for (const type of ["pointerleave", "focusout"]) part.addEventListener(type, () => light(null));

  let askedFor = "";
  let wider = false;
  const row = (id) => part.querySelector(`[data-neighbour="${id}"]`);
  return {
    /** A new list is shown: it may have been asked for before the last choice was made. */
    shown: () => {
      if (wider) fit();
      wider = false;
      const boxes = [...part.querySelectorAll("[name=same]")];
      for (const each of boxes) each.checked = each.value === joins.value;
      if (!joins.value || boxes.some((each) => each.checked)) return;
      // Once more with the choice in the question; what is not there even then can no longer be joined.
      if (askedFor === joins.value) joins.value = "";
      else ask();
      askedFor = joins.value;
    },
    /** What the pointer is over on the map. */
    light: (id) => {
      for (const each of part.querySelectorAll(".is-lit")) each.classList.remove("is-lit");
      if (id) row(id)?.classList.add("is-lit");
    },
    /** A number was pressed on the map. */
    pick: (id) => row(id)?.querySelector("[name=same]").focus(),
  };
}
