/** Numbered places on a map, the numbers of the list beside it: dot and line of the list light up together. */

import { Marker } from "maplibre-gl";
import { middleOf } from "#gisplatform/map-geometry";
import { collection, fill, overlay } from "#gisplatform/map-overlays";
import { colour } from "#gisplatform/map-theme";

const shown = new WeakMap();

/**
 * Show these GeoJSON features, numbered from 1 in their order; each has an `id`, `properties.state` and, when it is
 * late, `properties.late`. A line or an area is drawn under its number.
 *
 * `onHover(id or null)` and `onSelect(id)` tell what the pointer does; the answer's `light(id or null)` does it from the
 * list.
 */
export function showNumbers(map, features, { onHover, onSelect } = {}) {
  const now = shown.get(map) ?? begun(map);
  for (const { marker } of now.numbers) marker.remove();
  now.shapes = features.filter(({ geometry }) => !geometry.type.endsWith("Point"));
  fill(map, "numbers", now.shapes);
  now.numbers = features.map((feature, i) => {
    const id = String(feature.id);
    const element = drawn(map, i + 1, feature.properties);
    element.addEventListener("mouseenter", () => onHover?.(id));
    element.addEventListener("mouseleave", () => onHover?.(null));
    element.addEventListener("click", (event) => {
      // While a shape is drawn, a click here is one of its points.
      if ("mapDrawing" in frameOf(map).dataset) return;
      event.stopPropagation();
      onSelect?.(id);
    });
    const marker = new Marker({ element }).setLngLat(middleOf(feature.geometry)).addTo(map);
    return { id, element, marker };
  });
  return {
    light: (wanted) => {
      for (const { id, element } of now.numbers) element.classList.toggle("is-lit", id === wanted);
    },
  };
}

function begun(map) {
  const now = { numbers: [], shapes: [] };
  shown.set(map, now);
  overlay(map, "shapes", (add) => {
    map.addSource("numbers", { type: "geojson", data: collection(now.shapes) });
    add({
      id: "numbers-shapes",
      type: "line",
      source: "numbers",
      layout: { "line-cap": "round", "line-join": "round" },
      paint: { "line-color": colour("ink-muted"), "line-width": 3, "line-opacity": 0.7 },
    });
  });
  return now;
}

// The same element as in the list: the page brings its looks.
function drawn(map, number, { state, late }) {
  const template = frameOf(map).querySelector("template[data-map-number]");
  const element = template.content.firstElementChild.cloneNode(true);
  element.textContent = number;
  element.dataset.state = late ? "late" : state;
  return element;
}

function frameOf(map) {
  return map.getContainer().closest("[data-map]");
}
