/** The map beside the form: a click is a place, a line and an area are drawn, the answer's zone lies below. */

import { fitTo, onPlace, openMap, showNumbers, showPin, showZone } from "#gisplatform/map";
import { collection, fill, overlay } from "#gisplatform/map-overlays";
import { colour } from "#gisplatform/map-theme";
import { point } from "#interventions/intake/placed";
import { tools } from "#interventions/intake/tools";

/**
 * `map(root, { drawn, hovered, picked })`: `drawn(geometry)` hears of each place set on the map, `picked(id)` of a
 * neighbour pressed, `hovered(id or null)` of one under the pointer. What is shown before the map is there, or when it cannot be, waits without harm.
 */
export function map(root, { drawn, hovered, picked }) {
  const frame = root.querySelector("[data-map]");
  const bar = root.querySelector("[data-tools]");
  const shown = { shape: null, neighbours: [] };
  const ready = openMap(frame).then(
    (opened) => {
      bar.hidden = false;
      overlay(opened, "shapes", (add) => drawOutline(opened, shown, add));
      onPlace(opened, ({ lon, lat }) => {
        // A click must not wipe out the line or the area that somebody has drawn.
        if (drawing.chosen() === "point") drawn(point(lon, lat));
      });
      return opened;
    },
    // The frame says so itself; the form needs no map.
    () => null,
  );
  const whenReady = async (act) => {
    const opened = await ready;
    if (opened) act(opened);
  };
  const drawing = tools(bar, {
    whenReady,
    drawn,
    // The shape there was is not shown while another one is drawn.
    sketching: (under) => whenReady((opened) => fill(opened, "intake-shape", under ? [] : features(shown))),
  });
  let numbers = null;

  return {
    show: ({ geometry }, { moveMap }) =>
      whenReady((opened) => {
        const isPoint = geometry?.type === "Point";
        const [lon, lat] = isPoint ? geometry.coordinates : [];
        shown.shape = isPoint ? null : geometry;
        drawing.shown(geometry);
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
