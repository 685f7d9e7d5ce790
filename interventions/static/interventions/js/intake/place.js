/** Where it is: the address field and the map say the same place, and this holds it. */

import { getJson } from "#gisplatform/api";
import { combobox } from "#gisplatform/combobox";
import { latest } from "#interventions/intake/latest";
import { forgetError } from "#interventions/intake/pieces";
import { afterTyping, anchor, atAddress, NOWHERE, named, onTheMap } from "#interventions/intake/placed";

/**
 * `place(form, { changed })`: `changed(placed, { moveMap })` whenever the place is another one; `moveMap` when it did
 * not come from the map. Gives `{ current, point, draw, reload }`.
 */
export function place(form, { changed }) {
  const { address, geometry, accuracy_m: accuracy, placed_by: by } = form.elements;
  const field = address.closest(".field");
  const note = field.querySelector("[data-note]");
  let placed = NOWHERE;

  function reload() {
    placed = {
      geometry: geometry.value ? JSON.parse(geometry.value) : null,
      by: by.value,
      label: by.value ? address.value : "",
    };
  }

  function settle(next, { moveMap, asked = false }) {
    placed = next;
    note.textContent = "";
    geometry.value = next.geometry ? JSON.stringify(next.geometry) : "";
    by.value = next.by;
    accuracy.value = "";
    forgetError(address);
    if (!asked) field.querySelector(".intake__candidates")?.remove();
    form.dispatchEvent(new Event("input"));
    changed(placed, { moveMap });
  }

  const name = latest(
    (signal, [lon, lat]) => getJson(`${form.dataset.reverseUrl}?${new URLSearchParams({ lon, lat })}`, { signal }),
    {
      show: ({ features }) => {
        const label = features[0]?.properties.label ?? "";
        address.value = named(placed, address.value, label);
        placed = { ...placed, label };
        form.dispatchEvent(new Event("input"));
      },
      fail: (error) => {
        note.textContent = error.message;
      },
    },
  );

  function draw(shape) {
    settle(onTheMap(placed, shape), { moveMap: false });
    name(anchor(shape));
  }

  combobox(address, {
    search: async (text, { signal }) => {
      const url = `${form.dataset.addressesUrl}?${new URLSearchParams({ q: text })}`;
      const { features, notice } = await getJson(url, { signal });
      if (notice) throw new Error(notice);
      return features.map(({ geometry: where, properties }) => ({
        label: properties.label,
        detail: properties.detail,
        lon: where.coordinates[0],
        lat: where.coordinates[1],
      }));
    },
    choose: (found) => settle(atAddress(found), { moveMap: true }),
  });
  address.addEventListener("input", () => {
    forgetError(address);
    const next = afterTyping(placed, address.value);
    if (next !== placed) settle(next, { moveMap: false });
  });
  function confirm(target) {
    const [lon, lat] = target.dataset.position.split(",").map(Number);
    address.value = target.dataset.label;
    settle(atAddress({ label: target.dataset.label, lon, lat }), { moveMap: true, asked: true });
  }

  field.addEventListener("change", ({ target }) => {
    if (target.name === "candidate") confirm(target);
  });
  reload();
  const checked = field.querySelector("[name=candidate]:checked");
  if (checked) confirm(checked);
  return { current: () => placed, draw, reload };
}
