/**
 * Drawing a line or an area by clicks.
 *
 * A double click or Enter ends it, Escape gives it up, Backspace takes the last point away. By keyboard, the frame's
 * button puts a point under the crosshair.
 */

import { collection, fill, overlay } from "#gisplatform/map-overlays";
import { Sketch } from "#gisplatform/map-sketch";
import { colour } from "#gisplatform/map-theme";

const SAME_PX = 6; // two clicks nearer than this are one
const drawings = new WeakMap();

/**
 * Begin a drawing, in the place of the one before. `type` is "line" or "area"; `onChange(geometry, {finished})` gets the
 * GeoJSON geometry after each step, null while it is not yet one and when it is given up.
 *
 * Answers `{ cancel, remove }`: give it up, or take a finished one off the map; `onChange` is not told.
 */
export function drawShape(map, { type, onChange }) {
  drawings.get(map)?.now?.remove();
  const known = drawings.get(map);
  const state = known ?? { shown: [] };
  drawings.set(map, state);
  if (!known) overlay(map, "sketch", (add) => draw(map, state, add));

  const frame = map.getContainer().closest("[data-map]");
  const sketch = new Sketch(type);
  let pointer = null;
  let lastClick = null;

  const show = (features) => {
    state.shown = features;
    fill(map, "sketch", features);
  };
  const preview = () => show(sketch.preview(pointer).features);
  const tell = (finished = false) => onChange?.(sketch.geometry, { finished });

  const on = {
    click({ point, lngLat }) {
      const isSecond = lastClick && Math.hypot(point.x - lastClick.x, point.y - lastClick.y) < SAME_PX;
      lastClick = point;
      if (isSecond || !sketch.add([lngLat.lng, lngLat.lat])) return;
      preview();
      tell();
    },
    mousemove({ lngLat }) {
      pointer = [lngLat.lng, lngLat.lat];
      preview();
    },
    dblclick(event) {
      event.preventDefault();
      finish();
    },
  };

  function onKey(event) {
    const act = { Enter: finish, Escape: giveUp, Backspace: back }[event.key];
    if (!act || event.target.closest("button, input, select, textarea")) return;
    event.preventDefault();
    act();
  }

  function back() {
    sketch.removeLast();
    lastClick = null;
    preview();
    tell();
  }

  function finish() {
    if (!sketch.complete) return;
    pointer = null;
    preview();
    stop();
    tell(true);
  }

  function giveUp() {
    remove();
    onChange?.(null, { finished: true });
  }

  function stop() {
    for (const [name, listener] of Object.entries(on)) map.off(name, listener);
    frame.removeEventListener("keydown", onKey);
    map.getCanvas().style.cursor = "";
    delete frame.dataset.mapDrawing;
  }

  function remove() {
    stop();
    show([]);
  }

  for (const [name, listener] of Object.entries(on)) map.on(name, listener);
  frame.addEventListener("keydown", onKey);
  map.getCanvas().style.cursor = "crosshair";
  map.getCanvas().focus();
  frame.dataset.mapDrawing = type;
  state.now = { cancel: remove, remove };
  return state.now;
}

function draw(map, state, add) {
  const isPoint = ["==", ["geometry-type"], "Point"];
  const accent = colour("accent");
  map.addSource("sketch", { type: "geojson", data: collection(state.shown) });
  add({
    id: "sketch-fill",
    type: "fill",
    source: "sketch",
    filter: ["==", ["geometry-type"], "Polygon"],
    paint: { "fill-color": accent, "fill-opacity": 0.15 },
  });
  add({
    id: "sketch-line",
    type: "line",
    source: "sketch",
    filter: ["!", isPoint],
    layout: { "line-cap": "round", "line-join": "round" },
    paint: { "line-color": accent, "line-width": 3 },
  });
  add({
    id: "sketch-corners",
    type: "circle",
    source: "sketch",
    filter: isPoint,
    paint: {
      "circle-color": colour("paper-raised"),
      "circle-radius": 4.5,
      "circle-stroke-color": accent,
      "circle-stroke-width": 2,
    },
  });
}
