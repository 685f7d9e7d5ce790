/** Zones of a layer in the shade of their count, each with its name and number. */

import { getJson } from "#gisplatform/api";
import { overlay } from "#gisplatform/map-overlays";
import { colour, FONT } from "#gisplatform/map-theme";
import { SHADES, shadeOf } from "#interventions/overview/shades";

const shown = new WeakMap();

/** Show the counts of `zones` ({rows, steps, tiles}) by `measure` instead of those before; null shows none. */
export async function showZones(map, zones, measure) {
  const layer = zones?.tiles ? await getJson(zones.tiles) : null;
  const known = shown.has(map);
  if (layer && shown.get(map)?.layer.collection !== layer.collection) {
    map.fitBounds(layer.bounds, { padding: 32, duration: 300 });
  }
  shown.set(map, layer && { layer, counts: countsOf(zones, measure) });
  if (known) replace(map);
  else {
    overlay(map, "zone", (add) => draw(map, add));
    // Above the names of the background, which give way to these.
    overlay(map, "dots", (add) => drawNames(map, add));
  }
}

function countsOf({ rows, steps }, measure) {
  return rows.map((row) => ({ code: row.key, count: row[measure], shade: shadeOf(row[measure], steps[measure]) }));
}

function replace(map) {
  for (const id of ["counts-names", "counts-edge", "counts"]) if (map.getLayer(id)) map.removeLayer(id);
  if (map.getSource("counts")) map.removeSource("counts");
  draw(map, (layer) => map.addLayer(layer, "slot-zone"));
  drawNames(map, (layer) => map.addLayer(layer, "slot-dots"));
}

function draw(map, add) {
  const now = shown.get(map);
  if (!now) return;
  const { tiles, bounds, minzoom, maxzoom, attribution, collection } = now.layer;
  map.addSource("counts", { type: "vector", tiles, minzoom, maxzoom, bounds, attribution: attribution || undefined });
  add({
    id: "counts",
    type: "fill",
    source: "counts",
    "source-layer": collection,
    paint: { "fill-color": byCode(now.counts, "shade", inks(), "rgba(0, 0, 0, 0)"), "fill-opacity": 0.62 },
  });
  add({
    id: "counts-edge",
    type: "line",
    source: "counts",
    "source-layer": collection,
    layout: { "line-join": "round" },
    paint: { "line-color": colour("ink-muted"), "line-width": 1 },
  });
}

function drawNames(map, add) {
  const now = shown.get(map);
  if (!now) return;
  const { collection } = now.layer;
  add({
    id: "counts-names",
    type: "symbol",
    source: "counts",
    "source-layer": `${collection}-names`,
    layout: {
      "text-field": [
        "format",
        ["get", "name"],
        { "font-scale": 0.8 },
        "\n",
        {},
        byCode(now.counts, "count", null, ""),
        {},
      ],
      "text-font": FONT,
      "text-size": 14,
      "text-max-width": 9,
    },
    paint: { "text-color": colour("ink"), "text-halo-color": colour("paper-raised"), "text-halo-width": 1.6 },
  });
}

function inks() {
  return ["rgba(0, 0, 0, 0)", ...Array.from({ length: SHADES }, (_, index) => colour(`shade-${index + 1}`))];
}

/** For each code its count as text, or the ink of its shade. */
function byCode(counts, what, among, otherwise) {
  const cases = counts.flatMap((each) => [each.code, among ? among[each[what]] : String(each[what])]);
  return cases.length ? ["match", ["get", "code"], ...cases, otherwise] : otherwise;
}
