/**
 * What the check found: its outline, and a ring where it is too small to be seen; red for an error, amber for a
 * warning, grey for what the layer allows.
 */

import { getJson } from "#gisplatform/api";
import { fitTo } from "#gisplatform/map-fit";
import { collection, overlay } from "#gisplatform/map-overlays";
import { colour } from "#gisplatform/map-theme";

const CLOSE = 19; // the zoom at which a finding alone fills the map at most
const SOURCES = ["finding-outlines", "finding-spots"];

/** Draw those of `side` (`data-findings` is their address) and keep them in step with the rows of the page. */
export function showFindings(map, side, { onLook }) {
  const rows = new Map(
    [...document.querySelectorAll("[data-finding]")].map((row) => [Number(row.dataset.finding), row]),
  );
  const drawn = draw(map, side);
  let chosen = null;
  for (const [id, row] of rows) {
    // Rows answer at once, the map as soon as it has the outlines.
    row.querySelector("[data-look]").addEventListener("click", async () => {
      choose(id);
      const outline = (await drawn).get(id);
      if (!outline || chosen !== id) return;
      mark(id, "selected", true);
      onLook();
      fitTo(map, outline, CLOSE);
    });
    row.addEventListener("pointerenter", () => mark(id, "hovered", true));
    row.addEventListener("pointerleave", () => mark(id, "hovered", false));
  }
  map.on("click", ({ point: { x, y } }) => {
    const layers = ["finding-fill", "finding-edge", "finding-spot"].filter((id) => map.getLayer(id));
    const reach = [
      [x - 4, y - 4],
      [x + 4, y + 4],
    ];
    const [hit] = map.queryRenderedFeatures(reach, { layers });
    if (hit) choose(hit.id);
  });

  function choose(id) {
    if (chosen !== null) {
      mark(chosen, "selected", false);
      rows.get(chosen)?.removeAttribute("aria-selected");
    }
    chosen = id;
    mark(id, "selected", true);
    const row = rows.get(id);
    row?.setAttribute("aria-selected", "true");
    row?.scrollIntoView({ block: "nearest" });
  }

  function mark(id, name, value) {
    for (const source of SOURCES) if (map.getSource(source)) map.setFeatureState({ source, id }, { [name]: value });
  }
}

/** The findings by their id, once they are on the map; none where they do not come, which is said. */
async function draw(map, side) {
  let found;
  try {
    found = await getJson(side.dataset.findings);
  } catch (error) {
    if (error.name !== "ApiError") throw error;
    const failed = side.querySelector("[data-failed]");
    failed.textContent = failed.dataset.words;
    failed.className = "notice notice--warning layer-map__failed";
    return new Map();
  }
  overlay(map, "shapes", (add) => drawOutlines(map, found, add));
  overlay(map, "dots", (add) => drawSpots(map, found, add));
  return new Map(found.features.map((each) => [each.id, each]));
}

const is = (mark) => ["boolean", ["feature-state", mark], false];

function ink() {
  return [
    "match",
    ["get", "severity"],
    "error",
    colour("state-late"),
    "warning",
    colour("state-sort"),
    colour("state-off"),
  ];
}

function drawOutlines(map, found, add) {
  // Simplified, a gap some millimetres wide would be dropped.
  map.addSource("finding-outlines", { type: "geojson", data: found, tolerance: 0 });
  add({
    id: "finding-fill",
    type: "fill",
    source: "finding-outlines",
    filter: ["!=", ["geometry-type"], "Point"],
    paint: { "fill-color": ink(), "fill-opacity": ["case", is("selected"), 0.6, is("hovered"), 0.5, 0.3] },
  });
  add({
    id: "finding-edge",
    type: "line",
    source: "finding-outlines",
    filter: ["!=", ["geometry-type"], "Point"],
    layout: { "line-join": "round", "line-cap": "round" },
    paint: { "line-color": ink(), "line-width": ["case", is("selected"), 4, is("hovered"), 3, 1.8] },
  });
}

function drawSpots(map, found, add) {
  const spots = found.features.map(({ id, properties }) => ({
    type: "Feature",
    id,
    properties,
    geometry: { type: "Point", coordinates: [properties.lon, properties.lat] },
  }));
  map.addSource("finding-spots", { type: "geojson", data: collection(spots) });
  add({
    id: "finding-spot",
    type: "circle",
    source: "finding-spots",
    paint: {
      "circle-radius": ["case", is("selected"), 10, 7],
      "circle-color": ink(),
      "circle-opacity": 0.15,
      "circle-stroke-color": ink(),
      "circle-stroke-width": 2.2,
    },
  });
}
