/** How any number of requests looks: counts of cells, dots, lines and areas, in the colour of their state. */

import { collection } from "#gisplatform/map-overlays";
import { colour, FONT } from "#gisplatform/map-theme";

/** The layers that answer to the pointer: each request, and counts; the topmost first. */
export const DOTS = ["requests-marked", "requests-rows", "requests-dots"];
export const CELLS = ["requests-cells"];

const COUNT = ["get", "count"];

/** Requests that are lines or areas, under the dots. Brings the source of the tiles. */
export function drawCrowdShapes(map, { tiles, minzoom, maxzoom }, inks, add) {
  map.addSource("requests", { type: "vector", tiles, minzoom, maxzoom });
  add({
    id: "requests-shapes",
    type: "line",
    source: "requests",
    "source-layer": "requests-shapes",
    layout: { "line-cap": "round", "line-join": "round" },
    paint: { "line-color": inkOf(inks), "line-width": 3, "line-opacity": 0.8 },
  });
}

/** `content` holds the GeoJSON features of `requests-rows` and `requests-marked`, each with its `ink`. */
export function drawCrowd(map, { points_from: pointsFrom }, inks, content, add) {
  const ring = { "circle-stroke-color": colour("paper-raised"), "circle-stroke-width": 1.5 };
  for (const [source, features] of Object.entries(content)) {
    map.addSource(source, { type: "geojson", data: collection(features) });
  }
  // No layer ends at a zoom: while the tiles of the next one come, those of the last stay.
  const ofTiles = { source: "requests", "source-layer": "requests-cells" };
  add({
    id: "requests-cells",
    type: "circle",
    ...ofTiles,
    layout: { "circle-sort-key": COUNT },
    paint: { ...ring, "circle-color": inkOf(inks), "circle-radius": radius() },
  });
  add({
    id: "requests-counts",
    type: "symbol",
    ...ofTiles,
    filter: [">", COUNT, 1],
    layout: { "text-field": shortened(), "text-font": FONT, "text-size": 11, "text-allow-overlap": true },
    paint: { "text-color": colour("paper-raised") },
  });
  add({
    id: "requests-dots",
    type: "circle",
    source: "requests",
    "source-layer": "requests",
    paint: {
      "circle-color": inkOf(inks),
      "circle-radius": ["interpolate", ["linear"], ["zoom"], pointsFrom, 3.5, pointsFrom + 3, 5.5],
      "circle-stroke-color": colour("paper-raised"),
      "circle-stroke-width": ["interpolate", ["linear"], ["zoom"], pointsFrom, 0.8, pointsFrom + 3, 1.5],
    },
  });
  add({
    id: "requests-rows",
    type: "circle",
    source: "requests-rows",
    minzoom: pointsFrom,
    paint: {
      "circle-color": ["to-color", ["get", "ink"]],
      "circle-radius": 5.5,
      "circle-stroke-color": colour("ink"),
      "circle-stroke-width": 1.25,
    },
  });
  add({
    id: "requests-marked",
    type: "circle",
    source: "requests-marked",
    paint: {
      "circle-color": ["to-color", ["get", "ink"]],
      "circle-radius": 8,
      "circle-stroke-color": colour("ink"),
      "circle-stroke-width": 2,
    },
  });
}

/** The colour of what is late, else of the state; none for a cell of several. */
function inkOf({ late, ...inks }) {
  const byState = ["match", ["get", "state"], ...Object.entries(inks).flat(), colour("ink-muted")];
  return ["case", ["==", ["get", "late"], true], late, byState];
}

// One is a dot; ten times as many are a step larger, up to what a cell has room for.
function radius() {
  return ["interpolate", ["linear"], ["log10", COUNT], 0, 5.5, 0.3, 9, 1, 10.5, 2, 13, 4, 16];
}

function shortened() {
  const locale = document.documentElement.lang;
  const number = (of) => ["number-format", of, { locale, "max-fraction-digits": 1 }];
  return [
    "step",
    COUNT,
    ["to-string", COUNT],
    1000,
    ["concat", number(["/", ["round", ["/", COUNT, 100]], 10]), "k"],
    100_000,
    ["concat", number(["round", ["/", COUNT, 1000]]), "k"],
    1_000_000,
    ["concat", number(["/", ["round", ["/", COUNT, 100_000]], 10]), "M"],
  ];
}
