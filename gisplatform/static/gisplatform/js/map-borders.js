/** Thin borders of the layers in force, with the names of their zones. */

import { overlay } from "#gisplatform/map-overlays";
import { colour, FONT } from "#gisplatform/map-theme";

/** `layers` are TileJSON documents of ours. The first is drawn as a line, the others dashed. */
export function showBorders(map, layers) {
  for (const [index, layer] of layers.entries()) overlay(map, "borders", (add) => draw(map, layer, index, add));
}

function draw(map, layer, index, add) {
  const source = `borders-${layer.collection}`;
  const { tiles, bounds, minzoom, maxzoom, attribution } = layer;
  map.addSource(source, { type: "vector", tiles, minzoom, maxzoom, bounds, attribution: attribution || undefined });
  add({
    id: source,
    type: "line",
    source,
    "source-layer": layer.collection,
    layout: { "line-join": "round" },
    paint: {
      "line-color": colour("ink-muted"),
      "line-opacity": 0.55,
      "line-width": ["interpolate", ["linear"], ["zoom"], 9, 0.6, 14, 1.1, 18, 1.6],
      ...(index > 0 && { "line-dasharray": [4, 2] }),
    },
  });
  add({
    id: `${source}-names`,
    type: "symbol",
    source,
    "source-layer": `${layer.collection}-names`,
    maxzoom: 14,
    layout: {
      "text-field": ["get", "name"],
      "text-font": FONT,
      "text-size": ["interpolate", ["linear"], ["zoom"], 9, 9.5, 13, 12],
      "text-max-width": 7,
      "text-padding": 6,
    },
    paint: {
      "text-color": colour("ink-muted"),
      "text-halo-color": colour("paper"),
      "text-halo-width": 1.4,
      "text-opacity": ["interpolate", ["linear"], ["zoom"], 12.5, 1, 14, 0],
    },
  });
}
