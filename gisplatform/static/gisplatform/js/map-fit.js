/** Bring things into view. */

import { boundsOf } from "#gisplatform/map-geometry";

const PADDING = 48;
const CLOSEST = 17; // a single point is not looked at closer than this

/** Show all of a GeoJSON collection, feature or geometry, from no closer than `closest`; nothing when it is empty. */
export function fitTo(map, geojson, closest = CLOSEST) {
  const bounds = boundsOf(geojson);
  if (bounds) map.fitBounds(bounds, { padding: PADDING, maxZoom: closest, duration: 300 });
}
