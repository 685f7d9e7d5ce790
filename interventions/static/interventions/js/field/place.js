/** The place of a capture: the fix, the fix corrected by hand, or an address; on the map and in words. */

import { getJson } from "#gisplatform/api";
import { onPlace, openMap, showPin } from "#gisplatform/map";
import { metresBetween } from "#gisplatform/map-geometry";
import { movedByHand } from "#interventions/field/outbox";
import { follow } from "#interventions/field/position";
import { piece, word } from "#interventions/field/words";

const VAGUE_M = 30;
const PAIR = /^\s*(-?\d+(?:\.\d+)?)\s*[,;\s]\s*(-?\d+(?:\.\d+)?)\s*$/;

/** `place(root, { changed })`: `changed(place or null)` whenever it is another one. Answers `{ current, set, release }`. */
export function place(root, { changed }) {
  const told = root.querySelector("[data-place]");
  const recentre = root.querySelector("[data-recentre]");
  const found = root.querySelector("[data-found]");
  const error = root.querySelector("[data-elsewhere-error]");
  let current = null;
  let fix = null;
  let map = null;

  const finder = follow({
    onFix: (position) => {
      fix = position;
      // A person's word stands until they take it back.
      if (!current || current.source === "fix") set(fromFix());
      else tell();
    },
    onFailure: (denied) => {
      if (current) return;
      say(denied ? word("denied") : word("unknown"), word("deniedMore"));
      changed(null);
    },
  });

  openMap(root.querySelector("[data-map]")).then(
    (opened) => {
      map = opened;
      onPlace(map, byHand);
      draw({ go: true });
    },
    // The frame says so itself; an address does without it.
    () => null,
  );

  recentre.addEventListener("click", () => {
    if (fix) set(fromFix(), { go: true });
    finder.again();
  });
  root.querySelector("[data-elsewhere]").addEventListener("submit", async (event) => {
    event.preventDefault();
    await search(event.target.elements.address.value);
  });

  function fromFix() {
    return { ...fix, source: "fix", fix };
  }

  function byHand({ lon, lat }) {
    set(movedByHand(current ?? (fix && fromFix()), { lon, lat }));
  }

  function set(next, { go = false } = {}) {
    const first = current === null;
    current = next;
    draw({ go: go || first });
    tell();
    changed(current);
  }

  function draw({ go }) {
    if (!map || !current) return;
    const { lon, lat, accuracyM } = current;
    showPin(map, { lon, lat, accuracyM, draggable: true, onMove: byHand });
    if (go) map.jumpTo({ center: [lon, lat], zoom: Math.max(map.getZoom(), 17) });
  }

  function tell() {
    recentre.hidden = !fix || current?.source === "fix";
    if (!current) return say(word("unknown"), word("deniedMore"));
    if (current.source === "fix") {
      const metres = Math.max(1, Math.round(current.accuracyM));
      return say(word("here", metres), metres > VAGUE_M ? word("vagueMore") : "");
    }
    if (current.address) return say(word("addressed"), current.address);
    const away = fix ? Math.round(metresBetween([fix.lon, fix.lat], [current.lon, current.lat])) : null;
    say(word("corrected"), away === null ? "" : word("correctedMore", away));
  }

  function say(title, more) {
    told.querySelector("[data-place-title]").textContent = title;
    told.querySelector("[data-place-more]").textContent = more;
  }

  /** Latitude and longitude are read here, an address by the server. */
  async function search(text) {
    error.textContent = "";
    found.replaceChildren();
    const pair = text.replaceAll("−", "-").match(PAIR);
    if (pair) return set(movedByHand(null, { lat: Number(pair[1]), lon: Number(pair[2]) }), { go: true });
    try {
      const { features } = await getJson(`${root.dataset.searchUrl}?${new URLSearchParams({ q: text })}`);
      if (!features.length) error.textContent = word("unread");
      found.replaceChildren(...features.slice(0, 5).map(choice));
    } catch (refusal) {
      if (refusal.name !== "ApiError") throw refusal;
      error.textContent = refusal.message || word("unread");
    }
  }

  function choice({ geometry, properties }) {
    const row = piece("foundRow");
    const button = row.querySelector("button");
    const [lon, lat] = geometry.coordinates;
    button.textContent = properties.label;
    button.addEventListener("click", () => {
      set({ lon, lat, source: "", fix: null, accuracyM: 0, address: properties.label }, { go: true });
      found.replaceChildren();
      root.querySelector(".field-elsewhere").open = false;
    });
    return row;
  }

  return {
    current: () => current,
    set: (next) => set(next, { go: true }),
    /** After a capture: the fix counts again. */
    release: () => {
      current = null;
      if (fix) set(fromFix(), { go: true });
      else tell();
    },
  };
}
