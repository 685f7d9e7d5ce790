/** A layer or one of its versions: the zones and the findings of its lists on its map, kept in step both ways. */

import { openMap } from "#gisplatform/map";
import { followCheck, renew } from "#layers/checking";
import { showFindings } from "#layers/findings";
import { showZones } from "#layers/zones";
import "#layers/once";

const LOOK = 16; // the zoom at which a small zone is looked at from its row

const side = document.querySelector("[data-layer-map]");
if (side) start(side);

async function start(aside) {
  const map = await openMap(aside.querySelector("[data-map]"));
  if (!aside.querySelector("[data-map][data-layers]")) return; // a layer without a version yet
  const rows = new Map([...document.querySelectorAll("[data-zone]")].map((row) => [Number(row.dataset.zone), row]));
  const zones = showZones(map, aside.dataset.collection, { onHover: light, onSelect: choose });
  if (aside.dataset.findings) showFindings(map, aside, { onLook: inView });
  followCheck(async () => {
    if (aside.dataset.findings) return location.reload(); // the map draws those of the check before
    aside.dataset.findings = await renew();
    if (aside.dataset.findings) showFindings(map, aside, { onLook: inView });
  });

  for (const [id, row] of rows) {
    row.addEventListener("pointerenter", () => zones.hover(id));
    row.addEventListener("pointerleave", () => zones.hover(null));
    row.querySelector("[data-look]").addEventListener("click", () => {
      choose(id);
      inView();
      const [west, south, east, north] = row.dataset.box.split(",").map(Number);
      map.fitBounds([west, south, east, north], { padding: 48, maxZoom: LOOK, duration: 300 });
    });
  }
  /** On a telephone the map lies above the list. */
  function inView() {
    aside.scrollIntoView({ block: "nearest" });
  }

  /** The row of the zone under the pointer on the map. */
  function light(id) {
    for (const [each, row] of rows) row.classList.toggle("is-hovered", each === id);
  }

  function choose(id) {
    zones.select(id);
    for (const [each, row] of rows) {
      if (each === id) row.setAttribute("aria-selected", "true");
      else row.removeAttribute("aria-selected");
    }
    rows.get(id)?.scrollIntoView({ block: "nearest" });
  }
}
