/** Two versions held against each other: the ground that changed hands on the map, and its rows beside it. */

import { getJson } from "#gisplatform/api";
import { fitTo, openMap } from "#gisplatform/map";
import { overlay } from "#gisplatform/map-overlays";
import { colour } from "#gisplatform/map-theme";

const form = document.querySelector("form[data-filters]");
if (form) {
  form.querySelector("[data-apply]").hidden = true;
  form.addEventListener("change", () => form.requestSubmit());
}
const side = document.querySelector("[data-compare]");
if (side) start(side);

async function start(side) {
  const map = await openMap(side.querySelector("[data-map]"));
  let ground;
  try {
    ground = await getJson(side.dataset.compare);
  } catch (error) {
    if (error.name !== "ApiError") throw error;
    const failed = side.querySelector("[data-failed]");
    failed.textContent = failed.dataset.words;
    failed.className = "notice notice--warning compare__failed";
    return;
  }
  overlay(map, "shapes", (add) => draw(map, ground, add));
  if (ground.features.length) fitTo(map, ground);
  const pieces = new Map(ground.features.map((piece) => [String(piece.id), piece]));
  for (const row of document.querySelectorAll("[data-passage]")) {
    const piece = pieces.get(row.dataset.passage);
    const look = row.querySelector("[data-look]");
    if (!piece) {
      look.disabled = true;
      continue;
    }
    look.addEventListener("click", () => {
      side.scrollIntoView({ block: "nearest" }); // on a telephone it lies above the list
      fitTo(map, piece);
    });
    row.addEventListener("pointerenter", () => mark(piece.id, true));
    row.addEventListener("pointerleave", () => mark(piece.id, false));
  }

  function mark(id, hovered) {
    if (map.getSource("ground")) map.setFeatureState({ source: "ground", id }, { hovered });
  }
}

function draw(map, ground, add) {
  const ink = colour("state-sort");
  map.addSource("ground", { type: "geojson", data: ground });
  add({
    id: "ground-fill",
    type: "fill",
    source: "ground",
    paint: {
      "fill-color": ink,
      "fill-opacity": ["case", ["boolean", ["feature-state", "hovered"], false], 0.6, 0.3],
    },
  });
  add({
    id: "ground-edge",
    type: "line",
    source: "ground",
    layout: { "line-join": "round" },
    paint: { "line-color": ink, "line-width": 1.2 },
  });
}
