/**
 * Any number of requests, from vector tiles: counts from afar, each one from near. Those of a list beside the map are
 * ringed, and linked with it both ways.
 */

import { CELLS, DOTS, drawCrowd, drawCrowdShapes } from "#gisplatform/map-crowd-style";
import { fitTo } from "#gisplatform/map-fit";
import { middleOf } from "#gisplatform/map-geometry";
import { collection, fill, overlay } from "#gisplatform/map-overlays";
import { coloursOfStates } from "#gisplatform/map-theme";

const CLOSER = 2; // zooms a count is brought closer by

/**
 * `onHover(id or null)` and `onSelect(id, reference)` tell what the pointer does on the map. Of the answer,
 * `show(tiles, rows)` takes the TileJSON document of the requests and the GeoJSON features of the list; `hover(id or
 * null)` and `select(id or null)` come from the list; `fit()` brings into view the rows when they are `all`, else where
 * nearly all requests are.
 */
export function showCrowd(map, { onHover, onSelect }) {
  const now = { tiles: null, rows: [], seen: new Map(), hovered: null, selected: null };

  function show(tiles, rows) {
    const first = !now.tiles;
    Object.assign(now, { tiles, rows: rows.features.map(identified) });
    if (first) {
      overlay(map, "shapes", (add) => drawCrowdShapes(map, now.tiles, inks(), add));
      overlay(map, "dots", (add) => drawCrowd(map, now.tiles, inks(), content(), add));
      listen();
    } else {
      // The same address too: what was held is asked for again.
      map.getSource("requests")?.setTiles(tiles.tiles);
      fillAll();
    }
  }

  /** The colour of each state, of the moment. */
  function inks() {
    return coloursOfStates(map, [...now.tiles.states, "late"]);
  }

  function content() {
    const ink = inks();
    const inked = (each) => ({ ...each, properties: { ...each.properties, ink: ink[each.properties.state] } });
    const marked = [...new Set([now.hovered, now.selected])].map((id) => known(id)).filter(Boolean);
    return { "requests-rows": now.rows.map(inked), "requests-marked": marked.map(inked) };
  }

  function known(id) {
    return now.rows.find((each) => each.properties.id === id) ?? now.seen.get(id);
  }

  function fillAll() {
    if (!now.tiles) return; // a row of the list may be pointed at before the map has anything to show
    for (const [source, features] of Object.entries(content())) fill(map, source, features);
  }

  function mark(marks) {
    Object.assign(now, marks);
    fillAll();
  }

  function listen() {
    map.on("mousemove", ({ point }) => {
      const hit = hitAt(point);
      map.getCanvas().style.cursor = hit ? "pointer" : "";
      hover(dotOf(hit));
    });
    map.on("mouseout", () => hover(null));
    map.on("click", ({ point }) => {
      const hit = hitAt(point);
      const dot = dotOf(hit);
      if (dot) {
        mark({ selected: dot.properties.id });
        onSelect(dot.properties.id, dot.properties.reference);
      } else if (hit) {
        map.easeTo({ center: hit.geometry.coordinates, zoom: map.getZoom() + CLOSER });
      }
    });
  }

  function hover(dot) {
    const id = dot?.properties.id ?? null;
    if (id === now.hovered) return;
    mark({ hovered: id });
    onHover(id);
  }

  /** The request under the pointer, remembered: it may be none of the list's. Null for a count. */
  function dotOf(hit) {
    if (!hit || CELLS.includes(hit.layer.id)) return null;
    const { id, reference, state, late } = hit.properties;
    const dot = known(String(id)) ?? identified({ properties: { id, reference, state, late }, geometry: hit.geometry });
    now.seen.set(dot.properties.id, dot);
    return dot;
  }

  function hitAt(point) {
    const layers = [...DOTS, ...CELLS].filter((id) => map.getLayer(id));
    return map.queryRenderedFeatures(point, { layers })[0];
  }

  return {
    show,
    hover: (id) => mark({ hovered: id }),
    select: (id) => mark({ selected: id }),
    fit({ all }) {
      if (all && now.rows.length) fitTo(map, collection(now.rows));
      else if (now.tiles.crowd) fitTo(map, corners(now.tiles.crowd));
    },
  };
}

function identified({ id, properties, geometry }) {
  const { reference, state, late } = properties;
  const place = { type: "Point", coordinates: middleOf(geometry) };
  const facts = { id: String(id ?? properties.id), reference, state: late ? "late" : state };
  return { type: "Feature", properties: facts, geometry: place };
}

function corners([west, south, east, north]) {
  return {
    type: "MultiPoint",
    coordinates: [
      [west, south],
      [east, north],
    ],
  };
}
