/** Where the check found something: a ring on the map, red for an error, amber for a warning. */

import { collection, overlay } from "#gisplatform/map-overlays";
import { colour } from "#gisplatform/map-theme";

/** `findings` are `{ lon, lat, severity }`. */
export function showFindings(map, findings) {
  if (findings.length === 0) return;
  const features = findings.map(({ lon, lat, severity }) => ({
    type: "Feature",
    properties: { severity },
    geometry: { type: "Point", coordinates: [lon, lat] },
  }));
  overlay(map, "dots", (add) => {
    map.addSource("findings", { type: "geojson", data: collection(features) });
    const ink = ["match", ["get", "severity"], "error", colour("state-late"), colour("state-sort")];
    add({
      id: "findings",
      type: "circle",
      source: "findings",
      paint: {
        "circle-radius": 7,
        "circle-color": ink,
        "circle-opacity": 0.2,
        "circle-stroke-color": ink,
        "circle-stroke-width": 2.2,
      },
    });
  });
}
