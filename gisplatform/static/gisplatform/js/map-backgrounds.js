/** The background under the data: light or dark with the page, and the choice of another where there is one. */

import { getJson } from "#gisplatform/api";
import { darkness } from "#gisplatform/map-theme";

/** The style the page wants now. */
export function styleUrl(frame) {
  return darkness.matches ? frame.dataset.styleDark : frame.dataset.style;
}

/** Keep the background as the person and their screen want it; `style` is the one shown first. */
export function keepBackground(map, frame, style, layers) {
  const { basemaps } = style.metadata;
  const choice = frame.querySelector("[data-map-backgrounds]");
  const schematicLayers = layers.some((layer) => layer.schematic);
  let chosen = 0;

  say(style);
  if (basemaps.length > 1) {
    const select = choice.querySelector("select");
    // The first is our own plan: the page names it.
    for (const [index, { name }] of basemaps.entries()) if (index > 0) select.add(new Option(name, String(index)));
    select.addEventListener("change", () => {
      chosen = Number(select.value);
      exchange();
    });
    choice.hidden = false;
  }
  darkness.addEventListener("change", exchange);
  map.on("remove", () => darkness.removeEventListener("change", exchange));

  async function exchange() {
    const next = await getJson(basemaps[chosen][darkness.matches ? "dark" : "light"]);
    map.setStyle(next, { diff: false });
    say(next);
  }

  function say({ metadata }) {
    frame.querySelector("[data-map-schematic]").hidden = !(metadata.schematic || schematicLayers);
  }
}
