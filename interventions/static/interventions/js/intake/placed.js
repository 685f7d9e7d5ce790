/**
 * Where the request is, as three facts: `geometry` (GeoJSON or null), `by` ("map", "address" or ""), and `label`, the
 * words the platform wrote into the address field ("" when it wrote none).
 */

export const NOWHERE = { geometry: null, by: "", label: "" };

/** After a click, a drag or a drawing: the map is right, whatever is written. */
export function onTheMap(placed, geometry) {
  return { geometry, by: "map", label: placed.label };
}

/** After an address was chosen from the list. */
export function atAddress({ label, lon, lat }) {
  return { geometry: point(lon, lat), by: "address", label };
}

/**
 * After somebody typed in the address field. More words about a chosen address keep its place; other words take it
 * away, or the request would go where the former address was.
 */
export function afterTyping(placed, text) {
  return placed.by === "address" && !text.trim().startsWith(placed.label) ? NOWHERE : placed;
}

/** What the address field holds once the place on the map has been named `found` ("" when no street is near). */
export function named(placed, text, found) {
  return found || (text === placed.label ? "" : text);
}

export function point(lon, lat) {
  return { type: "Point", coordinates: [rounded(lon), rounded(lat)] };
}

/** The first vertex: the place a line or an area is named after. */
export function anchor(geometry) {
  let place = geometry.coordinates;
  while (Array.isArray(place[0])) place = place[0];
  return place;
}

// A centimetre: as fine as anybody clicks.
function rounded(degrees) {
  return Math.round(degrees * 1e7) / 1e7;
}
