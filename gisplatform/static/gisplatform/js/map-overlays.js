/**
 * What lies above the background, in a fixed order whatever comes first, and back again after a change of style.
 *
 * A style that replaces another (dark for light, one background for another) takes all layers with it: each overlay
 * therefore says how it is drawn, and is drawn again with the colours of the moment.
 */

const SLOTS = ["borders", "zone", "shapes", "dots", "sketch"];
const drawn = new WeakMap();

/** Call once a map, when its first style is there. */
export function prepare(map) {
  drawn.set(map, []);
  placeSlots(map);
  map.on("style.load", () => {
    placeSlots(map);
    for (const draw of drawn.get(map)) draw();
  });
}

/**
 * Draw now and after each change of style. `draw(add)` adds its sources to the map and its layers with `add(layer)`,
 * which puts them into `slot`.
 */
export function overlay(map, slot, draw) {
  const again = () => draw((layer) => map.addLayer(layer, name(slot)));
  drawn.get(map).push(again);
  if (map.getLayer(name(slot))) again();
}

/** Give a GeoJSON source new content; nothing when the style that holds it is still being exchanged. */
export function fill(map, source, features) {
  map.getSource(source)?.setData(collection(features));
}

export function collection(features) {
  return { type: "FeatureCollection", features };
}

// Empty layers that mark the places. Borders lie under the names of streets, all else above.
function placeSlots(map) {
  const firstName = map.getStyle().layers.find((layer) => layer.type === "symbol")?.id;
  for (const slot of SLOTS) {
    const layer = { id: name(slot), type: "background", layout: { visibility: "none" } };
    map.addLayer(layer, slot === "borders" || slot === "zone" ? firstName : undefined);
  }
}

function name(slot) {
  return `slot-${slot}`;
}
