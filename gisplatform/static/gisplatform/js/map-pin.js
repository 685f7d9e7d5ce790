/** One pin on a map, with the circle of how exactly the place is known. */

import { Marker } from "maplibre-gl";
import { circle } from "#gisplatform/map-geometry";
import { collection, fill, overlay } from "#gisplatform/map-overlays";
import { colour } from "#gisplatform/map-theme";

const CLOSE = 16; // the zoom a map is brought to when it must go and see the pin
const pins = new WeakMap();

/**
 * Put the pin there, or take it away with null; the map follows when the place is out of its view.
 * `onMove({lon, lat})` hears of a pin dragged by hand; its accuracy is then no longer known.
 */
export function showPin(map, place) {
  const pin = pins.get(map) ?? made(map);
  if (!place) return pin.marker.remove() && fill(map, "pin", []);
  const { lon, lat, accuracyM = 0, draggable = false, onMove } = place;
  Object.assign(pin, { accuracyM, onMove });
  pin.marker.setLngLat([lon, lat]).setDraggable(draggable).addTo(map);
  drawCircle(map, pin);
  if (!map.getBounds().contains([lon, lat])) map.easeTo({ center: [lon, lat], zoom: Math.max(map.getZoom(), CLOSE) });
}

function made(map) {
  const element = map.getContainer().closest("[data-map]").querySelector("template[data-map-pin]");
  const marker = new Marker({ element: element.content.firstElementChild.cloneNode(true), anchor: "bottom" });
  const pin = { marker, accuracyM: 0, onMove: undefined };
  pins.set(map, pin);
  marker.on("dragstart", () => {
    pin.accuracyM = 0;
    drawCircle(map, pin);
  });
  marker.on("dragend", () => {
    const { lng, lat } = marker.getLngLat();
    pin.onMove?.({ lon: lng, lat });
  });
  overlay(map, "shapes", (add) => draw(map, pin, add));
  return pin;
}

function circleOf({ marker, accuracyM }) {
  const at = marker.getLngLat();
  if (!at || accuracyM <= 0) return [];
  return [{ type: "Feature", properties: {}, geometry: circle(at.lng, at.lat, accuracyM) }];
}

function drawCircle(map, pin) {
  fill(map, "pin", circleOf(pin));
}

function draw(map, pin, add) {
  map.addSource("pin", { type: "geojson", data: collection(circleOf(pin)) });
  add({
    id: "pin-accuracy",
    type: "fill",
    source: "pin",
    paint: { "fill-color": colour("accent"), "fill-opacity": 0.14, "fill-outline-color": colour("accent") },
  });
}
