/** The list of requests: its rows, their dots and the panel of one of them, kept in step. */

import { getJson, getText } from "#gisplatform/api";
import { openMap, showCrowd } from "#gisplatform/map";
import { middleOf } from "#gisplatform/map-geometry";
import { toast } from "#gisplatform/toast";
import { changed, inForm } from "#interventions/requests/address";
import { filters } from "#interventions/requests/filters";
import { following } from "#interventions/requests/following";
import { fillWith } from "#interventions/requests/fragment";
import { panel } from "#interventions/requests/panel";
import { rows } from "#interventions/requests/rows";
import { splitter } from "#interventions/requests/splitter";

const CLOSE = 15; // the zoom a request is looked at from its row
const NO_REFERENCE = "0000-000000-0"; // stands for one in the address the page gives

const section = document.querySelector("[data-rows]");
const aside = document.querySelector("[data-requests-map]");
if (section && aside) start(section, aside);

function start(list, side) {
  const said = document.querySelector("[data-said]");
  let map = null;
  let dots = null;
  let drawn = null; // the requests of this page of the list
  let tiles = null;
  let loading = null;

  const table = rows(list, {
    onLook: (id) => dots?.hover(id),
    onOpen: (link) => detail.open(link.href, link.closest("tr").dataset.row),
    onPage: (address) => show(address),
  });
  const detail = panel(side.querySelector("[data-panel]"), {
    onOpen: (id) => {
      mark(id);
      reveal(id);
    },
    onClose: (id) => {
      mark(null);
      table.focus(id);
    },
    onChange: () => show(location.href, { stay: true }),
  });
  filters(document.querySelector("[data-filters]"), { onChange: (address) => show(address) });
  splitter(document.querySelector("[data-splitter]"), document.querySelector("[data-split]"));
  following(list, {
    opened: detail.shown,
    busy: () => list.ariaBusy === "true",
    shown: () => {
      table.select(detail.shown());
      return redraw({ fit: false });
    },
  });
  list.addEventListener("click", (event) => {
    if (!event.target.closest("[data-new]")) return;
    event.preventDefault();
    list.scrollTop = 0;
    show(location.href, { stay: true });
    list.focus();
  });
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
      said.textContent = list.querySelector(".listed__count").textContent;
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
    map = await openMap(side.querySelector("[data-map]"));
    dots = showCrowd(map, { onHover: table.look, onSelect: openFromMap });
    try {
      await redraw({ fit: true });
    } catch (error) {
      if (error.name !== "ApiError") throw error;
      toast(error.message);
    }
    offerThisPart();
  }

  function openFromMap(id, reference) {
    if (!table.open(id)) detail.open(side.dataset.request.replace(NO_REFERENCE, reference), id);
  }

  /** Bring a request to the middle of what the panel leaves of the map. */
  function reveal(id) {
    const request = drawn?.features.find((each) => String(each.id) === id);
    if (!request) return;
    const [x, y] = hiddenBy(side.querySelector("[data-panel]"), map.getContainer());
    map.easeTo({ center: middleOf(request.geometry), zoom: Math.max(map.getZoom(), CLOSE), offset: [-x / 2, -y / 2] });
  }

  async function redraw({ fit }) {
    if (!dots) return;
    const bar = list.querySelector("[data-geojson]");
    const signal = loading?.signal;
    const found = await Promise.all([getJson(bar.dataset.tiles, { signal }), getJson(bar.dataset.geojson, { signal })]);
    // Another page of the same list is elsewhere on the same map.
    const same = found[0].tiles[0] === tiles?.tiles[0];
    [tiles, drawn] = found;
    dots.show(tiles, drawn);
    dots.select(detail.shown());
    if (fit && !same) dots.fit({ all: "all" in bar.dataset });
  }

  function offerThisPart() {
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

/** How many pixels of a box, from the right and from the bottom, another one on it covers. */
function hiddenBy(cover, box) {
  const [above, below] = [cover.getBoundingClientRect(), box.getBoundingClientRect()];
  const beside = above.left - below.left > below.width / 4;
  return beside ? [below.right - above.left, 0] : [0, below.bottom - above.top];
}
