/** The page of one request: its map, and the link to copy. */

import { getJson } from "#gisplatform/api";
import { fitTo, openMap, showPin, showRequests, showZone } from "#gisplatform/map";
import { copyButtons } from "#interventions/requests/copy";

const box = document.querySelector("[data-request-map]");
if (box) draw(box);
copyButtons(document);

// Brought up to date, the page has its map follow, which stays where its reader left it.
document.addEventListener("live-shown", ({ target, detail: { changed } }) => {
  copyButtons(target);
  if (box && changed) draw(box, { again: true });
});

async function draw(element, { again = false } = {}) {
  const [map, { features }] = await Promise.all([
    openMap(element.querySelector("[data-map]")),
    getJson(element.dataset.geojson),
  ]);
  const zone = features.find(({ properties }) => properties.role === "zone");
  const place = features.find(({ properties }) => properties.role === "place");
  const neighbours = features.filter(({ properties }) => properties.role === "neighbour");
  if (zone) showZone(map, zone);
  const isPoint = place.geometry.type === "Point";
  // A line or an area is drawn as it is; a point has its pin.
  const drawn = isPoint ? neighbours : [place, ...neighbours];
  showRequests(map, { type: "FeatureCollection", features: drawn }, { onSelect: open });
  if (again) return;
  if (!isPoint) fitTo(map, place);
  else {
    const [lon, lat] = place.geometry.coordinates;
    showPin(map, { lon, lat, accuracyM: place.properties.accuracy_m ?? 0 });
  }

  function open(id) {
    const { reference } = neighbours.find((each) => String(each.id) === id)?.properties ?? {};
    if (reference) location.assign(element.dataset.request.replace("REFERENCE", reference));
  }
}
