/** Where requests crowd, from their vector tiles: a heatmap that turns into dots when the map comes close. */

import { overlay } from "#gisplatform/map-overlays";
import { colour } from "#gisplatform/map-theme";
import { peakOf } from "#interventions/overview/peak";

const CLOSE = 15; // from here on single places are told apart
const FROM_CELLS = { source: "heat", "source-layer": "requests-cells" };
const FROM_POINTS = { source: "heat", "source-layer": "requests" };
const LAYERS = ["heat-cells", "heat-points", "heat-dots"];
const FEW = 4; // a crowd of fewer is not shown as hot as can be

const shown = new WeakMap();

/** Show the requests of this TileJSON document, or with null nothing for the moment. */
export function showHeat(map, tiles) {
  const known = shown.get(map);
  if (!known && !tiles) return;
  shown.set(map, { peak: FEW, ...known, tiles: tiles ?? known.tiles, visible: tiles !== null });
  if (known) applyVisibility(map);
  else {
    overlay(map, "zone", (add) => draw(map, add));
    map.on("idle", () => temper(map));
  }
}

function applyVisibility(map) {
  const visibility = shown.get(map).visible ? "visible" : "none";
  for (const id of LAYERS) if (map.getLayer(id)) map.setLayoutProperty(id, "visibility", visibility);
}

/** The same requests as they are now. */
export function refreshHeat(map) {
  const now = shown.get(map);
  // The same address too: what was held is asked for again.
  if (now) map.getSource("heat")?.setTiles(now.tiles.tiles);
}

/** The hottest place of what is in view has the hottest colour, whether ten requests make it or ten thousand. */
function temper(map) {
  const now = shown.get(map);
  if (!now.visible || !map.getLayer("heat-cells")) return;
  const features = ["requests-cells", "requests"].flatMap((layer) =>
    map.querySourceFeatures("heat", { sourceLayer: layer }),
  );
  const fullest = peakOf(features, (place) => map.project(place));
  const peak = Math.max(fullest, FEW);
  // A little more or less is no reason to draw again.
  if (Math.abs(Math.log2(peak / now.peak)) < 0.25) return;
  now.peak = peak;
  for (const id of ["heat-cells", "heat-points"]) map.setPaintProperty(id, "heatmap-intensity", intensity(peak));
}

function intensity(peak) {
  return 3 / peak;
}

function draw(map, add) {
  const { tiles, peak } = shown.get(map);
  map.addSource("heat", { type: "vector", tiles: tiles.tiles, minzoom: tiles.minzoom, maxzoom: tiles.maxzoom });
  add({ id: "heat-cells", type: "heatmap", ...FROM_CELLS, paint: heat(["get", "count"], peak) });
  add({ id: "heat-points", type: "heatmap", ...FROM_POINTS, paint: heat(1, peak) });
  const appearing = ["interpolate", ["linear"], ["zoom"], CLOSE, 0, CLOSE + 1, 1];
  add({
    id: "heat-dots",
    type: "circle",
    ...FROM_POINTS,
    minzoom: CLOSE,
    paint: {
      "circle-radius": 4.5,
      "circle-color": colour("accent"),
      "circle-stroke-color": colour("paper-raised"),
      "circle-stroke-width": 1.5,
      "circle-opacity": appearing,
      "circle-stroke-opacity": appearing,
    },
  });
  applyVisibility(map);
}

function heat(weight, peak) {
  return {
    "heatmap-weight": weight,
    "heatmap-intensity": intensity(peak),
    "heatmap-radius": ["interpolate", ["linear"], ["zoom"], 9, 14, 13, 24, 17, 48],
    "heatmap-opacity": ["interpolate", ["linear"], ["zoom"], CLOSE, 0.8, CLOSE + 2, 0.35],
    "heatmap-color": [
      "interpolate",
      ["linear"],
      ["heatmap-density"],
      0,
      `${colour("shade-2")}00`,
      0.04,
      `${colour("shade-2")}99`,
      0.15,
      colour("shade-2"),
      0.4,
      colour("shade-4"),
      0.7,
      colour("state-sort"),
      1,
      colour("heat"),
    ],
  };
}
