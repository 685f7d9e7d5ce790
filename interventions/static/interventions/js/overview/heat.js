/** Where requests crowd, as a heatmap that turns into dots when the map comes close. */

import { collection, fill, overlay } from "#gisplatform/map-overlays";
import { colour } from "#gisplatform/map-theme";

const CLOSE = 15; // from here on single places are told apart
const shown = new WeakMap();

/** `cells` are [longitude, latitude, count]. */
export function heatOf(cells) {
  return collection(
    cells.map(([lon, lat, count]) => ({
      type: "Feature",
      properties: { count },
      geometry: { type: "Point", coordinates: [lon, lat] },
    })),
  );
}

/** Show this collection instead of the one before; null shows none. */
export function showHeat(map, cells) {
  const known = shown.has(map);
  shown.set(map, cells?.features ?? []);
  if (known) fill(map, "heat", shown.get(map));
  else overlay(map, "zone", (add) => draw(map, add));
}

function draw(map, add) {
  map.addSource("heat", { type: "geojson", data: collection(shown.get(map)) });
  add({
    id: "heat",
    type: "heatmap",
    source: "heat",
    paint: {
      "heatmap-weight": ["min", ["sqrt", ["get", "count"]], 4],
      "heatmap-intensity": ["interpolate", ["linear"], ["zoom"], 9, 0.4, 13, 0.8, 17, 2],
      "heatmap-radius": ["interpolate", ["linear"], ["zoom"], 9, 10, 13, 24, 17, 60],
      "heatmap-opacity": ["interpolate", ["linear"], ["zoom"], CLOSE, 0.8, CLOSE + 2, 0.35],
      "heatmap-color": [
        "interpolate",
        ["linear"],
        ["heatmap-density"],
        0,
        `${colour("shade-2")}00`,
        0.15,
        colour("shade-2"),
        0.4,
        colour("shade-4"),
        0.7,
        colour("state-sort"),
        1,
        colour("heat"),
      ],
    },
  });
  add({
    id: "heat-dots",
    type: "circle",
    source: "heat",
    minzoom: CLOSE,
    paint: {
      "circle-radius": ["min", ["+", 3, ["sqrt", ["get", "count"]]], 12],
      "circle-color": colour("accent"),
      "circle-stroke-color": colour("paper-raised"),
      "circle-stroke-width": 1.5,
      "circle-opacity": ["interpolate", ["linear"], ["zoom"], CLOSE, 0, CLOSE + 1, 1],
      "circle-stroke-opacity": ["interpolate", ["linear"], ["zoom"], CLOSE, 0, CLOSE + 1, 1],
    },
  });
}
