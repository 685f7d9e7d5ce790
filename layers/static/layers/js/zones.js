/** Zones as the matter of the page: filled, edged, named; on the source that their borders are drawn from. */

import { overlay } from "#gisplatform/map-overlays";
import { colour, FONT } from "#gisplatform/map-theme";

/**
 * Show the zones of a collection whose borders the map of the page draws. `onHover(id or null)` and `onSelect(id)` tell
 * what the pointer does; the answer's `hover(id or null)` and `select(id or null)` do the same from a list.
 */
export function showZones(map, collection, { onHover, onSelect }) {
  const source = `borders-${collection}`;
  const now = { hovered: null, selected: null };

  overlay(map, "zone", (add) => {
    draw(source, collection, add);
    for (const [mark, id] of Object.entries(now)) if (id !== null) set(id, mark, true);
  });

  const fill = `${source}-fill`;
  map.on("mousemove", ({ point }) => {
    const [hit] = map.getLayer(fill) ? map.queryRenderedFeatures(point, { layers: [fill] }) : [];
    map.getCanvas().style.cursor = hit ? "pointer" : "";
    const id = hit?.id ?? null;
    if (id === now.hovered) return;
    move("hovered", id);
    onHover(id);
  });
  map.on("mouseout", () => {
    move("hovered", null);
    onHover(null);
  });
  map.on("click", ({ point }) => {
    const [hit] = map.getLayer(fill) ? map.queryRenderedFeatures(point, { layers: [fill] }) : [];
    if (hit) onSelect(hit.id);
  });

  function move(mark, id) {
    if (now[mark] !== null) set(now[mark], mark, false);
    now[mark] = id;
    if (id !== null) set(id, mark, true);
  }

  function set(id, mark, value) {
    if (map.getSource(source)) map.setFeatureState({ source, sourceLayer: collection, id }, { [mark]: value });
  }

  return { hover: (id) => move("hovered", id), select: (id) => move("selected", id) };
}

function draw(source, collection, add) {
  const is = (mark) => ["boolean", ["feature-state", mark], false];
  const accent = colour("accent");
  add({
    id: `${source}-fill`,
    type: "fill",
    source,
    "source-layer": collection,
    paint: {
      "fill-color": accent,
      "fill-opacity": ["case", is("selected"), 0.32, is("hovered"), 0.22, 0.1],
    },
  });
  add({
    id: `${source}-edge`,
    type: "line",
    source,
    "source-layer": collection,
    layout: { "line-join": "round" },
    paint: { "line-color": accent, "line-width": ["case", is("selected"), 2.6, 1.2] },
  });
  add({
    id: `${source}-own-names`,
    type: "symbol",
    source,
    "source-layer": `${collection}-names`,
    layout: {
      "text-field": ["get", "name"],
      "text-font": FONT,
      "text-size": ["interpolate", ["linear"], ["zoom"], 9, 10.5, 13, 13.5],
      "text-max-width": 8,
    },
    paint: { "text-color": accent, "text-halo-color": colour("paper"), "text-halo-width": 1.8 },
  });
}
