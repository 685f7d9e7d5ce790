/** Saying where: by a click, or by keyboard with the crosshair in the middle of the map and the frame's button. */

import { getJson } from "#gisplatform/api";
import { isOnDot } from "#gisplatform/map-requests";

const PAUSE_MS = 500; // after the last key, before it is told where the map now is
const MOVES = new Set(["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "+", "-", "="]);

/** Hear of each place pressed on the map: `callback({lon, lat})`. Not while a shape is drawn, not on a request's dot. */
export function onPlace(map, callback) {
  const frame = frameOf(map);
  frame.dataset.mapPlaces = "";
  map.on("click", ({ lngLat, point, byKeyboard }) => {
    if ("mapDrawing" in frame.dataset || (!byKeyboard && isOnDot(map, point))) return;
    callback({ lon: lngLat.lng, lat: lngLat.lat });
  });
}

/** Make the map operable without a pointer. Called once for each map, by openMap. */
export function listenToKeys(map) {
  const frame = frameOf(map);
  const status = frame.querySelector("[data-map-status]");
  const words = JSON.parse(frame.dataset.words);
  let pause;
  let asking;

  frame.addEventListener("keydown", (event) => {
    if (event.target !== map.getCanvas() || !MOVES.has(event.key)) return;
    frame.dataset.mapKeyboard = "";
    clearTimeout(pause);
    pause = setTimeout(announce, PAUSE_MS);
  });
  // Where + and - lie differs from keyboard to keyboard: MapLibre looks at the key's place, we at its sign.
  map.getCanvasContainer().addEventListener("keydown", zoomBySign, { capture: true });
  frame.addEventListener("pointerdown", (event) => {
    if (event.target === map.getCanvas()) delete frame.dataset.mapKeyboard;
  });
  frame.querySelector("[data-map-place]").addEventListener("click", (originalEvent) => {
    const lngLat = map.getCenter();
    // A click like the mouse's: whoever listens for places needs to know of one way only. A pin already there looks
    // at the event it came from.
    map.fire("click", { lngLat, point: map.project(lngLat), byKeyboard: true, originalEvent });
    status.textContent = words.placed;
  });

  function zoomBySign(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const turn = { "+": 1, "=": 1, "-": -1 }[event.key];
    if (!turn) return;
    event.stopPropagation();
    event.preventDefault();
    map.easeTo({ zoom: Math.round(map.getZoom()) + turn, duration: 200 });
    frame.dataset.mapKeyboard = "";
    clearTimeout(pause);
    pause = setTimeout(announce, PAUSE_MS);
  }

  async function announce() {
    const { lng, lat } = map.getCenter();
    asking?.abort();
    asking = new AbortController();
    const place = (await nameOf(lng, lat, asking.signal)) ?? `${lat.toFixed(5)}, ${lng.toFixed(5)}`;
    status.textContent = words.centred.replace("%s", place);
  }

  async function nameOf(lon, lat, signal) {
    if (!frame.dataset.reverseUrl) return null;
    try {
      const found = await getJson(`${frame.dataset.reverseUrl}?lon=${lon}&lat=${lat}`, { signal });
      return found.features[0]?.properties.label ?? null;
    } catch (error) {
      // Without an answer the coordinates say it.
      if (error.name === "ApiError" || error.name === "AbortError") return null;
      throw error;
    }
  }
}

function frameOf(map) {
  return map.getContainer().closest("[data-map]");
}
