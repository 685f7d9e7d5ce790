/** What a file would become, over the version in force: its outlines on the map, those repaired apart. */

import { getJson } from "#gisplatform/api";
import { openMap } from "#gisplatform/map";
import { overlay } from "#gisplatform/map-overlays";
import { colour, FONT } from "#gisplatform/map-theme";
import "#layers/once";

const side = document.querySelector("[data-preview]");
if (side) start(side);

async function start(side) {
  const map = await openMap(side.querySelector("[data-map]"));
  if (!("drawn" in side.dataset)) return;
  const told = side.querySelector("[data-failed]");
  let outlines;
  try {
    outlines = await getJson(side.dataset.preview);
  } catch (error) {
    if (error.name !== "ApiError") throw error;
    told.textContent = told.dataset.words;
    return;
  }
  if (outlines.left_out) told.textContent = told.dataset.some;
  overlay(map, "shapes", (add) => draw(map, outlines, add));
}

function draw(map, outlines, add) {
  const ink = ["case", ["get", "repaired"], colour("state-sort"), colour("accent")];
  map.addSource("preview", { type: "geojson", data: outlines });
  add({
    id: "preview-fill",
    type: "fill",
    source: "preview",
    paint: { "fill-color": ink, "fill-opacity": ["case", ["get", "repaired"], 0.3, 0.12] },
  });
  add({
    id: "preview-edge",
    type: "line",
    source: "preview",
    layout: { "line-join": "round" },
    paint: { "line-color": ink, "line-width": 1.4 },
  });
  add({
    id: "preview-names",
    type: "symbol",
    source: "preview",
    layout: {
      "text-field": ["get", "name"],
      "text-font": FONT,
      "text-size": ["interpolate", ["linear"], ["zoom"], 9, 10.5, 13, 13.5],
      "text-max-width": 8,
    },
    paint: { "text-color": ink, "text-halo-color": colour("paper"), "text-halo-width": 1.8 },
  });
}
