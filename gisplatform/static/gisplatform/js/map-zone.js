/** The zone of the answer: lightly filled, with its name. */

import { middleOf } from "#gisplatform/map-geometry";
import { collection, fill, overlay } from "#gisplatform/map-overlays";
import { colour, FONT } from "#gisplatform/map-theme";

const shown = new WeakMap();

/** Show this GeoJSON feature (its name in `properties.name`) instead of the one before; null shows none. */
export function showZone(map, feature) {
  const known = shown.has(map);
  shown.set(map, feature ? [feature, named(feature)] : []);
  if (known) fill(map, "zone", shown.get(map));
  else overlay(map, "zone", (add) => draw(map, add));
}

function named(feature) {
  return { ...feature, geometry: { type: "Point", coordinates: middleOf(feature.geometry) } };
}

function draw(map, add) {
  const isArea = ["!=", ["geometry-type"], "Point"];
  map.addSource("zone", { type: "geojson", data: collection(shown.get(map)) });
  add({
    id: "zone-fill",
    type: "fill",
    source: "zone",
    filter: isArea,
    paint: { "fill-color": colour("accent"), "fill-opacity": 0.12 },
  });
  add({
    id: "zone-edge",
    type: "line",
    source: "zone",
    filter: isArea,
    layout: { "line-join": "round" },
    paint: { "line-color": colour("accent"), "line-width": 1.8 },
  });
  add({
    id: "zone-name",
    type: "symbol",
    source: "zone",
    filter: ["==", ["geometry-type"], "Point"],
    layout: {
      "text-field": ["coalesce", ["get", "name"], ""],
      "text-font": FONT,
      "text-size": 14,
      "text-max-width": 9,
      "text-allow-overlap": true,
    },
    paint: { "text-color": colour("accent"), "text-halo-color": colour("paper"), "text-halo-width": 2 },
  });
}
