/**
 * Drawing a line or an area by clicks.
 *
 * A double click or Enter ends it, Escape gives it up, Backspace takes the last point away, a corner is dragged. By
 * keyboard, the frame's button puts a point under the crosshair. A page offers the same as buttons: a finger has no
 * double click.
 */

import { draggedCorners } from "#gisplatform/map-corners";
import { collection, fill, overlay } from "#gisplatform/map-overlays";
import { Sketch } from "#gisplatform/map-sketch";
import { colour } from "#gisplatform/map-theme";

const SAME_PX = 6; // two clicks nearer than this are one
const drawings = new WeakMap();

/**
 * Begin a drawing, in the place of the one before. `type` is "line" or "area", `points` are those to go on from;
 * `onChange(geometry, { finished, points, lengthM, areaM2, valid })` gets the GeoJSON geometry after each step (null
 * while it is not yet one, and when it is given up) and how large it is; `onPointer(measure)` the same while the pointer
 * goes on. One that is not `valid`, an outline that crosses itself, cannot be finished.
 *
 * Answers `{ undo, finish, giveUp, remove }`; `remove` takes even a finished one off the map and `onChange` is not told.
 */
export function drawShape(map, { type, points = [], onChange, onPointer }) {
  drawings.get(map)?.now?.remove();
  const known = drawings.get(map);
  const state = known ?? { shown: [] };
  drawings.set(map, state);
  if (!known) overlay(map, "sketch", (add) => draw(map, state, add));

  const frame = map.getContainer().closest("[data-map]");
  const sketch = new Sketch(type, points);
  let pointer = null;

  const show = (features) => {
    state.shown = features;
    fill(map, "sketch", features);
  };
  const preview = () => show(sketch.preview(pointer).features);
  // On the map rather than on the screen: between two clicks the map may have moved below the same spot.
  const isOnLast = ({ x, y }) => {
    const last = sketch.points.at(-1);
    if (!last) return false;
    const drawn = map.project(last);
    return Math.hypot(drawn.x - x, drawn.y - y) < SAME_PX;
  };
  const tell = (finished = false) => onChange?.(sketch.geometry, { finished, ...sketch.measure(null) });
  const corners = draggedCorners(map, {
    points: () => sketch.points,
    moved: (number, place) => {
      sketch.move(number, place);
      pointer = null;
      preview();
      onPointer?.(sketch.measure(null));
    },
    left: () => tell(),
  });

  const on = {
    click({ point, lngLat }) {
      if (isOnLast(point) || !sketch.add([lngLat.lng, lngLat.lat])) return;
      preview();
      tell();
    },
    mousemove({ lngLat, originalEvent }) {
      if (corners.dragging() || originalEvent.sourceCapabilities?.firesTouchEvents) return;
      pointer = [lngLat.lng, lngLat.lat];
      preview();
      onPointer?.(sketch.measure(pointer));
    },
    mouseout() {
      pointer = null;
      preview();
      onPointer?.(sketch.measure(null));
    },
    dblclick(event) {
      event.preventDefault();
      finish();
    },
  };

  function onKey(event) {
    const act = { Enter: finish, Escape: giveUp, Backspace: undo }[event.key];
    if (!act || event.target.closest("button, input, select, textarea")) return;
    event.preventDefault();
    act();
  }

  function undo() {
    sketch.removeLast();
    preview();
    tell();
  }

  function finish() {
    if (!sketch.valid) return;
    pointer = null;
    preview();
    stop();
    tell(true);
  }

  function giveUp() {
    remove();
    onChange?.(null, { finished: true, ...sketch.measure(null) });
  }

  function stop() {
    for (const [name, listener] of Object.entries(on)) map.off(name, listener);
    frame.removeEventListener("keydown", onKey);
    corners.stop();
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
  frame.dataset.mapDrawing = type;
  if (points.length) preview();
  state.now = { undo, finish, giveUp, remove };
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
      "circle-radius": 5.5,
      "circle-stroke-color": accent,
      "circle-stroke-width": 2,
    },
  });
}
