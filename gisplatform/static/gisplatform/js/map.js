/**
 * The map of every page.
 *
 *   const map = await openMap(document.querySelector("[data-map]"));
 *   onPlace(map, ({ lon, lat }) => showPin(map, { lon, lat, draggable: true, onMove }));
 *
 * The frame is made by `{% map_frame %}`, which brings the addresses and the words. It carries `data-map-ready` while
 * nothing is left to load or to draw.
 */

import { AttributionControl, Map as MapLibreMap, NavigationControl, ScaleControl } from "maplibre-gl";
import { getJson } from "#gisplatform/api";
import { keepBackground, styleUrl } from "#gisplatform/map-backgrounds";
import { showBorders } from "#gisplatform/map-borders";
import { prepare } from "#gisplatform/map-overlays";
import { listenToKeys } from "#gisplatform/map-place";

export { showCrowd } from "#gisplatform/map-crowd";
export { drawShape } from "#gisplatform/map-draw";
export { fitTo } from "#gisplatform/map-fit";
export { showNumbers } from "#gisplatform/map-numbers";
export { showPin } from "#gisplatform/map-pin";
export { onPlace } from "#gisplatform/map-place";
export { showRequests } from "#gisplatform/map-requests";
export { showZone } from "#gisplatform/map-zone";

const WORLD = [-180, -80, 180, 80];
const opened = new WeakMap();

/** The MapLibre map of a frame, ready to use; the same one each time. Rejects when the browser cannot draw maps. */
export function openMap(frame) {
  if (!opened.has(frame))
    opened.set(
      frame,
      open(frame).catch((error) => refuse(frame, error)),
    );
  return opened.get(frame);
}

async function open(frame) {
  const [style, layers] = await Promise.all([getJson(styleUrl(frame)), layersOf(frame)]);
  const words = JSON.parse(frame.dataset.words);
  const map = new MapLibreMap({
    container: frame.querySelector("[data-map-canvas]"),
    style,
    bounds: boundsFor(frame, style, layers),
    fitBoundsOptions: { padding: 24, maxZoom: 17 },
    locale: words.maplibre,
    cooperativeGestures: "cooperative" in frame.dataset,
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    maxPitch: 0,
    maxZoom: 20,
    renderWorldCopies: false,
    fadeDuration: 0,
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new NavigationControl({ showCompass: false }), "top-right");
  map.addControl(new ScaleControl({ maxWidth: 120 }), "bottom-left");
  map.addControl(new AttributionControl({ customAttribution: [] }), "bottom-right");
  await new Promise((resolve) => map.once("style.load", resolve));
  prepare(map);
  showBorders(map, layers);
  listenToKeys(map);
  keepBackground(map, frame, style, layers);
  tellWhenReady(map, frame);
  return map;
}

// A layer that is not in force, or not for this person, leaves the others.
async function layersOf(frame) {
  const urls = (frame.dataset.layers ?? "").split(" ").filter(Boolean);
  const answers = await Promise.allSettled(urls.map((url) => getJson(url)));
  const refused = answers.find((answer) => answer.status === "rejected" && answer.reason.name !== "ApiError");
  if (refused) throw refused.reason;
  return answers.filter((answer) => answer.status === "fulfilled").map((answer) => answer.value);
}

function boundsFor(frame, style, layers) {
  if (frame.dataset.bounds) return JSON.parse(frame.dataset.bounds);
  return style.metadata.bounds ?? layers[0]?.bounds ?? WORLD;
}

function tellWhenReady(map, frame) {
  const busy = () => delete frame.dataset.mapReady;
  map.on("idle", () => {
    frame.dataset.mapReady = "true";
  });
  map.on("dataloading", busy);
  map.on("movestart", busy);
}

function refuse(frame, error) {
  frame.querySelector("[data-map-failure]").hidden = false;
  frame.dataset.mapReady = "failed";
  throw error;
}
