/** The map beside the form: a click is a place, a line and an area are drawn, the answer's zone lies below. */

import { drawShape, fitTo, onPlace, openMap, showNumbers, showPin, showZone } from "#gisplatform/map";
import { collection, fill, overlay } from "#gisplatform/map-overlays";
import { colour } from "#gisplatform/map-theme";
import { point } from "#interventions/intake/placed";

/**
 * `map(root, { drawn, hovered, picked })`: `drawn(geometry)` hears of each place set on the map, `picked(id)` of a
 * neighbour pressed, `hovered(id or null)` of one under the pointer. What is shown before the map is there, or when it cannot be, waits without harm.
 */
export function map(root, { drawn, hovered, picked }) {
  const frame = root.querySelector("[data-map]");
  const tools = root.querySelector("[data-tools]");
  const shown = { shape: null, neighbours: [] };
  const ready = openMap(frame).then(
    (opened) => {
      tools.hidden = false;
      overlay(opened, "shapes", (add) => drawOutline(opened, shown, add));
      onPlace(opened, ({ lon, lat }) => drawn(point(lon, lat)));
      return opened;
    },
    // The frame says so itself; the form needs no map.
    () => null,
  );
  const whenReady = async (act) => {
    const opened = await ready;
    if (opened) act(opened);
  };

  let numbers = null;
  let sketch = null;
  const backToPoint = () => {
    sketch?.remove();
    sketch = null;
    tools.querySelector("input[value=point]").checked = true;
  };
  tools.addEventListener("change", ({ target }) => {
    sketch?.remove();
    sketch = null;
    if (target.value === "point") return;
    whenReady((opened) => {
      sketch = drawShape(opened, {
        type: target.value,
        onChange: (geometry, { finished }) => {
          if (!finished) return;
          backToPoint();
          if (geometry) drawn(geometry);
        },
      });
    });
  });

  return {
    show: ({ geometry }, { moveMap }) =>
      whenReady((opened) => {
        const isPoint = geometry?.type === "Point";
        const [lon, lat] = isPoint ? geometry.coordinates : [];
        shown.shape = isPoint ? null : geometry;
        fill(opened, "intake-shape", features(shown));
        showPin(
          opened,
          isPoint ? { lon, lat, draggable: true, onMove: (moved) => drawn(point(moved.lon, moved.lat)) } : null,
        );
        if (moveMap && geometry) fitTo(opened, geometry);
      }),
    zone: (feature) => whenReady((opened) => showZone(opened, feature)),
    neighbours: ({ features: found }) =>
      whenReady((opened) => {
        numbers = showNumbers(opened, found, { onHover: hovered, onSelect: picked });
        shown.neighbours = found;
      }),
    /** The place and all its neighbours. */
    fit: ({ geometry }) =>
      whenReady((opened) => {
        const place = geometry ? [{ type: "Feature", properties: {}, geometry }] : [];
        fitTo(opened, collection([...place, ...shown.neighbours]));
      }),
    light: (id) => numbers?.light(id),
  };
}

function features({ shape }) {
  return shape ? [{ type: "Feature", properties: {}, geometry: shape }] : [];
}

function drawOutline(map, shown, add) {
  map.addSource("intake-shape", { type: "geojson", data: collection(features(shown)) });
  const source = "intake-shape";
  add({
    id: "intake-shape-fill",
    type: "fill",
    source,
    filter: ["==", ["geometry-type"], "Polygon"],
    paint: { "fill-color": colour("accent"), "fill-opacity": 0.25 },
  });
  add({
    id: "intake-shape-line",
    type: "line",
    source,
    layout: { "line-cap": "round", "line-join": "round" },
    paint: { "line-color": colour("accent"), "line-width": 4 },
  });
}
