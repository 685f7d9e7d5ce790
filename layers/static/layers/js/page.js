/** A layer or one of its versions: the zones and the findings of its lists on its map, kept in step both ways. */

import { openMap } from "#gisplatform/map";
import { showFindings } from "#layers/findings";
import { showZones } from "#layers/zones";
import "#layers/once";

const LOOK = 16; // the zoom a finding is looked at from its row

const side = document.querySelector("[data-layer-map]");
if (side?.querySelector("[data-map][data-layers]")) start(side);

async function start(aside) {
  const map = await openMap(aside.querySelector("[data-map]"));
  const rows = new Map([...document.querySelectorAll("[data-zone]")].map((row) => [Number(row.dataset.zone), row]));
  const zones = showZones(map, aside.dataset.collection, { onHover: light, onSelect: choose });
  const findings = [...document.querySelectorAll("[data-finding]")];
  showFindings(
    map,
    findings.map(({ dataset: { lon, lat, severity } }) => ({ lon: Number(lon), lat: Number(lat), severity })),
  );

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
  for (const row of findings) {
    row.querySelector("[data-look]").addEventListener("click", () => {
      inView();
      const { lon, lat } = row.dataset;
      map.easeTo({ center: [Number(lon), Number(lat)], zoom: Math.max(map.getZoom(), LOOK), duration: 300 });
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
