/** The small map of the tracking page: a pin at the place. */

import { openMap, showPin } from "#gisplatform/map";

const box = document.querySelector("[data-tracking-map]");
if (box) draw(box);

async function draw(element) {
  const { lon, lat } = element.dataset;
  const map = await openMap(element.querySelector("[data-map]"));
  showPin(map, { lon: Number(lon), lat: Number(lat) });
}
