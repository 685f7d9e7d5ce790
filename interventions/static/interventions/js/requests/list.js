/** The list of requests: its rows, their dots and the panel of one of them, kept in step. */

import { getJson, getText } from "#gisplatform/api";
import { openMap, showRequests } from "#gisplatform/map";
import { toast } from "#gisplatform/toast";
import { changed, inForm } from "#interventions/requests/address";
import { filters } from "#interventions/requests/filters";
import { fillWith } from "#interventions/requests/fragment";
import { panel } from "#interventions/requests/panel";
import { rows } from "#interventions/requests/rows";
import { splitter } from "#interventions/requests/splitter";

const section = document.querySelector("[data-rows]");
const aside = document.querySelector("[data-requests-map]");
if (section && aside) start(section, aside);

function start(list, side) {
  let dots = null;
  let loading = null;

  const table = rows(list, {
    onLook: (id) => dots?.hover(id),
    onOpen: (link) => detail.open(link.href, link.closest("tr").dataset.row),
    onPage: (address) => show(address),
  });
  const detail = panel(side.querySelector("[data-panel]"), {
    onOpen: (id) => mark(id),
    onClose: (id) => {
      mark(null);
      table.focus(id);
    },
    onChange: () => show(location.href, { stay: true }),
  });
  filters(document.querySelector("[data-filters]"), { onChange: (address) => show(address) });
  splitter(document.querySelector("[data-splitter]"), document.querySelector("[data-split]"));
  window.addEventListener("popstate", () => location.reload());
  begin();

  function mark(id) {
    table.select(id);
    dots?.select(id);
  }

  /** Show another page of the list; with `stay`, the same one as it now is. */
  async function show(address, { stay = false } = {}) {
    loading?.abort();
    loading = new AbortController();
    list.setAttribute("aria-busy", "true");
    try {
      fillWith(list, await getText(inForm(address, "rows"), { signal: loading.signal }));
      if (!stay) {
        history.pushState(null, "", address);
        list.scrollTop = 0;
      }
      table.select(detail.shown());
      await redraw({ fit: !stay });
    } catch (error) {
      if (error.name === "AbortError") return;
      if (error.name !== "ApiError") throw error;
      toast(error.message);
    }
    list.removeAttribute("aria-busy");
  }

  async function begin() {
    const map = await openMap(side.querySelector("[data-map]"));
    dots = showRequests(map, await features(), { onHover: table.look, onSelect: table.open });
    dots.fit();
    offerThisPart(map);
  }

  async function redraw({ fit }) {
    if (!dots) return;
    dots.update(await features());
    dots.select(detail.shown());
    if (fit) dots.fit();
  }

  function features() {
    return getJson(list.querySelector("[data-geojson]").dataset.geojson, { signal: loading?.signal });
  }

  function offerThisPart(map) {
    const button = side.querySelector("[data-here]");
    // Only a person's own move has an event behind it.
    map.on("moveend", ({ originalEvent }) => {
      if (originalEvent) button.hidden = false;
    });
    button.addEventListener("click", () => {
      const box = map.getBounds().toArray().flat();
      location.assign(changed(location.href, "bbox", box.map((degrees) => degrees.toFixed(5)).join(",")));
    });
  }
}
