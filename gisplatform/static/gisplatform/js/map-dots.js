/** How requests look: each feature brings its colour in `properties.ink`. */

import { collection } from "#gisplatform/map-overlays";
import { colour, FONT } from "#gisplatform/map-theme";

/** The layers that answer to the pointer, the topmost first. */
export const PRESSED = ["requests-marked", "requests-dots", "requests-clusters"];

const INK = ["to-color", ["get", "ink"]];
const IS_CLUSTER = ["has", "point_count"];

/** Requests that are lines or areas, under the dots. */
export function drawShapes(map, content, add) {
  map.addSource("requests-shapes", { type: "geojson", data: collection(content["requests-shapes"]) });
  add({
    id: "requests-shapes",
    type: "line",
    source: "requests-shapes",
    layout: { "line-cap": "round", "line-join": "round" },
    paint: { "line-color": INK, "line-width": 3, "line-opacity": 0.8 },
  });
}

export function drawDots(map, content, add) {
  const ring = { "circle-stroke-color": colour("paper-raised"), "circle-stroke-width": 1.5 };
  // A crowd of one state keeps its colour, a mixed one has none.
  const sameInk = ["case", ["==", ["accumulated"], ["get", "ink"]], ["accumulated"], colour("ink-muted")];
  map.addSource("requests", {
    type: "geojson",
    data: collection(content.requests),
    cluster: true,
    clusterRadius: 28,
    clusterMaxZoom: 15,
    clusterProperties: { ink: [sameInk, ["get", "ink"]] },
  });
  map.addSource("requests-marked", { type: "geojson", data: collection(content["requests-marked"]) });
  add({
    id: "requests-clusters",
    type: "circle",
    source: "requests",
    filter: IS_CLUSTER,
    paint: { ...ring, "circle-color": INK, "circle-radius": ["step", ["get", "point_count"], 10, 10, 13, 100, 17] },
  });
  add({
    id: "requests-counts",
    type: "symbol",
    source: "requests",
    filter: IS_CLUSTER,
    layout: {
      "text-field": ["get", "point_count_abbreviated"],
      "text-font": FONT,
      "text-size": 11.5,
      "text-allow-overlap": true,
    },
    paint: { "text-color": colour("paper-raised") },
  });
  add({
    id: "requests-dots",
    type: "circle",
    source: "requests",
    filter: ["!", IS_CLUSTER],
    paint: { ...ring, "circle-color": INK, "circle-radius": 5.5 },
  });
  add({
    id: "requests-marked",
    type: "circle",
    source: "requests-marked",
    paint: { "circle-color": INK, "circle-radius": 8, "circle-stroke-color": colour("ink"), "circle-stroke-width": 2 },
  });
}
