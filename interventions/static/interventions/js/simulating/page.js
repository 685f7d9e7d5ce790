/** The requests that would move, on the map beside their list: each answers the other. */

import { getJson } from "#gisplatform/api";
import { fitTo, openMap } from "#gisplatform/map";
import { overlay } from "#gisplatform/map-overlays";
import { colour } from "#gisplatform/map-theme";

const side = document.querySelector(".layer-map");
if (side) start(side);

async function start(side) {
  const map = await openMap(side.querySelector("[data-map]"));
  if (!side.dataset.simulation) return;
  let moves;
  try {
    moves = await getJson(side.dataset.simulation);
  } catch (error) {
    if (error.name !== "ApiError") throw error;
    const failed = side.querySelector("[data-failed]");
    failed.textContent = failed.dataset.words;
    failed.className = "notice notice--warning simulation__failed";
    return;
  }
  overlay(map, "shapes", (add) => drawShapes(map, moves, add));
  overlay(map, "dots", drawDots);
  if (moves.features.length) fitTo(map, moves);
  for (const row of document.querySelectorAll("[data-move]")) {
    row.addEventListener("pointerenter", () => mark(row, true));
    row.addEventListener("pointerleave", () => mark(row, false));
    row.addEventListener("focusin", () => mark(row, true));
    row.addEventListener("focusout", () => mark(row, false));
  }

  function mark(row, hovered) {
    if (map.getSource("moves")) map.setFeatureState({ source: "moves", id: Number(row.dataset.move) }, { hovered });
  }
}

const HOVERED = ["boolean", ["feature-state", "hovered"], false];

function drawShapes(map, moves, add) {
  map.addSource("moves", { type: "geojson", data: moves });
  add({
    id: "moves-lines",
    type: "line",
    source: "moves",
    filter: ["!=", ["geometry-type"], "Point"],
    paint: { "line-color": colour("state-late"), "line-width": ["case", HOVERED, 5, 3] },
  });
}

function drawDots(add) {
  add({
    id: "moves-dots",
    type: "circle",
    source: "moves",
    filter: ["==", ["geometry-type"], "Point"],
    paint: {
      "circle-color": colour("state-late"),
      "circle-radius": ["case", HOVERED, 9, 5],
      "circle-stroke-color": colour("paper-raised"),
      "circle-stroke-width": 1.5,
    },
  });
}
