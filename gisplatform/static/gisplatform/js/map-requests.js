/** Requests as small dots in the colour of their state, with counts where they crowd; linked both ways with a list. */

import { drawDots, drawShapes, PRESSED } from "#gisplatform/map-dots";
import { fitTo } from "#gisplatform/map-fit";
import { middleOf } from "#gisplatform/map-geometry";
import { collection, fill, overlay } from "#gisplatform/map-overlays";
import { coloursOfStates } from "#gisplatform/map-theme";

const shown = new WeakMap();

/**
 * Show these GeoJSON features, each with an id (its own, or `properties.reference`), `properties.state` and, when it
 * is late, `properties.late`.
 *
 * `onHover(id or null)` and `onSelect(id)` tell what the pointer does on the map; the answer's `hover(id or null)` and
 * `select(id or null)` do the same from a list, `update(featureCollection)` shows others, `fit()` brings all into view.
 */
export function showRequests(map, featureCollection, { onHover, onSelect } = {}) {
  const known = shown.get(map);
  const now = known ?? { hovered: null, selected: null };
  Object.assign(now, { onHover, onSelect });
  shown.set(map, now);

  function update(next) {
    now.features = next.features.filter((each) => each.geometry).map(identified);
    fillAll(map, now);
  }

  update(featureCollection);
  if (!known) {
    overlay(map, "shapes", (add) => drawShapes(map, contentOf(map, now), add));
    overlay(map, "dots", (add) => drawDots(map, contentOf(map, now), add));
    listen(map, now);
  }
  return {
    update,
    hover: (id) => mark(map, now, { hovered: id }),
    select: (id) => mark(map, now, { selected: id }),
    fit: () => fitTo(map, collection(now.features)),
  };
}

/** Does a dot lie under this point of the screen? */
export function isOnDot(map, point) {
  return hits(map, point).length > 0;
}

function identified(feature) {
  const id = String(feature.id ?? feature.properties.reference);
  const { state, late } = feature.properties;
  return { ...feature, properties: { id, state: late ? "late" : state } };
}

/** What is drawn, in the colours of the moment. Marked dots stand apart: one inside a cluster is shown all the same. */
function contentOf(map, { features, hovered, selected }) {
  const ink = coloursOfStates(map, [...new Set(features.map(({ properties }) => properties.state))]);
  const inked = features.map((each) => ({
    ...each,
    properties: { ...each.properties, ink: ink[each.properties.state] },
  }));
  const dots = inked.map((each) => ({ ...each, geometry: { type: "Point", coordinates: middleOf(each.geometry) } }));
  return {
    requests: dots,
    "requests-marked": dots.filter(({ properties: { id } }) => id === hovered || id === selected),
    "requests-shapes": inked.filter(({ geometry }) => !geometry.type.endsWith("Point")),
  };
}

function fillAll(map, now, sources) {
  const content = contentOf(map, now);
  for (const source of sources ?? Object.keys(content)) fill(map, source, content[source]);
}

function mark(map, now, marks) {
  Object.assign(now, marks);
  fillAll(map, now, ["requests-marked"]);
}

function hits(map, point) {
  return map.queryRenderedFeatures(point, { layers: PRESSED.filter((id) => map.getLayer(id)) });
}

function listen(map, now) {
  map.on("mousemove", ({ point }) => {
    const [hit] = hits(map, point);
    map.getCanvas().style.cursor = hit ? "pointer" : "";
    hover(hit?.properties.id ?? null);
  });
  map.on("mouseout", () => hover(null));
  map.on("click", async ({ point }) => {
    const [hit] = hits(map, point);
    if (!hit) return;
    if (hit.properties.cluster) {
      const zoom = await map.getSource("requests").getClusterExpansionZoom(hit.properties.cluster_id);
      map.easeTo({ center: hit.geometry.coordinates, zoom });
    } else {
      mark(map, now, { selected: hit.properties.id });
      now.onSelect?.(hit.properties.id);
    }
  });

  function hover(id) {
    if (id === now.hovered) return;
    mark(map, now, { hovered: id });
    now.onHover?.(id);
  }
}
