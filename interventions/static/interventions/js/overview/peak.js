/** How many requests the fullest part of a picture holds. */

const PART_PX = 24;

/** Of these features (one, or `properties.count` together), each put on screen by `project([lon, lat])` → {x, y}. */
export function peakOf(features, project) {
  const parts = new Map();
  let most = 0;
  for (const { geometry, properties } of features) {
    const { x, y } = project(geometry.coordinates);
    const part = `${Math.floor(x / PART_PX)} ${Math.floor(y / PART_PX)}`;
    const held = (parts.get(part) ?? 0) + (properties.count ?? 1);
    parts.set(part, held);
    most = Math.max(most, held);
  }
  return most;
}
