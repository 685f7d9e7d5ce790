/** Figures: filters that show at once, and the map as heat or as counts of zones. */

import { getJson } from "#gisplatform/api";
import { paced } from "#gisplatform/live-pace";
import { openMap } from "#gisplatform/map";
import { refreshHeat, showHeat } from "#interventions/overview/heat";
import { legendOf } from "#interventions/overview/shades";
import { showZones } from "#interventions/overview/zones";

for (const form of document.querySelectorAll("[data-filters], [data-layer-form]")) {
  form.querySelector("[data-apply]").hidden = true;
  form.addEventListener("change", () => form.reportValidity() && form.requestSubmit());
}
const section = document.querySelector("[data-overview-map]");
if (section) start(section);

async function start(section) {
  const buttons = [...section.querySelectorAll("[data-show]")];
  const layer = section.querySelector("[data-layer]");
  const measure = section.querySelector("[data-measure]");
  const standAlone = document.querySelector("[data-stand-alone]");
  let shown = "heat";
  let asked = 0;

  for (const button of buttons) {
    button.addEventListener("click", () => {
      shown = button.dataset.show;
      for (const each of buttons) each.setAttribute("aria-pressed", String(each === button));
      for (const each of section.querySelectorAll("[data-for-zones]")) each.hidden = shown !== "zones";
      show();
    });
  }
  layer?.addEventListener("change", show);
  measure?.addEventListener("change", show);

  const map = await openMap(section.querySelector("[data-map]"));
  const tiles = section.dataset.heat ? await read(section.dataset.heat) : null;
  if (tiles?.crowd) map.fitBounds(boxOf(tiles.crowd), { padding: 32, maxZoom: 17, duration: 300 });
  await show();
  const old = paced(() => (shown === "heat" ? refreshHeat(map) : show()));
  for (const type of ["live", "live-reset"]) document.addEventListener(type, old);

  /** What is chosen now; an answer overtaken by another choice is dropped. */
  async function show() {
    const mine = ++asked;
    if (standAlone && layer)
      standAlone.href = withWords(standAlone.href, { layer: layer.value, measure: measure.value });
    const zones = shown === "zones" ? await read(withWords(section.dataset.zones, { layer: layer.value })) : null;
    if (mine !== asked || (shown === "zones" && !zones)) return;
    showHeat(map, shown === "heat" ? tiles : null);
    await showZones(map, zones, measure?.value);
    legend(zones);
  }

  function legend(zones) {
    const list = section.querySelector("[data-legend-zones]");
    section.querySelector("[data-legend]").hidden = false;
    section.querySelector("[data-legend-heat]").hidden = zones !== null;
    list.hidden = zones === null;
    list.replaceChildren(...(zones ? legendOf(zones, measure.value) : []).map(row));
  }

  function row({ shade, counts }) {
    const made = section.querySelector("[data-legend-row]").content.cloneNode(true);
    made.querySelector(".swatch").dataset.shade = shade;
    made.querySelector("[data-counts]").textContent = counts;
    return made;
  }

  async function read(url) {
    const refused = section.querySelector("[data-refused]");
    try {
      const answer = await getJson(url);
      refused.hidden = true;
      return answer;
    } catch (error) {
      if (error.name !== "ApiError") throw error;
      refused.hidden = false;
      return null;
    }
  }
}

function boxOf([west, south, east, north]) {
  return [
    [west, south],
    [east, north],
  ];
}

function withWords(url, words) {
  const address = new URL(url, location.href);
  for (const [name, value] of Object.entries(words)) address.searchParams.set(name, value);
  return address.href;
}
