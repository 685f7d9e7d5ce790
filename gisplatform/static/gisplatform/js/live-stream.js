/**
 * The news as they come: one connection while the page is seen, opened again after each break from where it ended. The
 * browser would try again by itself too, but at one pace for ever, and not after a refusal.
 */

import { pauseAfter } from "#gisplatform/live-pace";

const HIDDEN_MS = 10_000; // a browser grants all its pages together six connections
const BEAT_MS = 20_000;
const REFUSED = 3; // times in a row: a break of the network is over, or known, by then

/**
 * `heard(news)`, `noticed(news)` and `missed()` tell what comes: `missed` when something may have happened that is told
 * no more, so that all must be read again; `state("on" or "off")` says whether news come, `refused` that they still do
 * not after several tries. `opened()` tells of each connection: what was noticed before it is told no more. `after` is
 * the position the page was made at, where it is known. Gives `{ close }`.
 */
export function stream(address, { after = "", opened, heard, noticed, missed, state, refused }) {
  let source = null;
  let position = after;
  let failures = 0;
  let timer = null;
  let hiding = null;
  let closed = false;

  function open() {
    clearTimeout(timer);
    timer = null;
    if (source || closed || document.hidden) return;
    if (!navigator.onLine) return state("off");
    const known = position !== "";
    source = new EventSource(known ? `${address}?${new URLSearchParams({ after: position })}` : address);
    source.addEventListener("open", () => {
      failures = 0;
      state("on");
      opened();
      if (!known) missed();
    });
    source.addEventListener("message", ({ data, lastEventId }) => {
      position = lastEventId;
      heard(JSON.parse(data));
    });
    source.addEventListener("reset", ({ lastEventId }) => {
      position = lastEventId;
      missed();
    });
    source.addEventListener("notice", ({ data }) => noticed(JSON.parse(data)));
    source.addEventListener("error", again);
  }

  function again() {
    shut();
    state("off");
    failures += 1;
    if (failures === REFUSED) refused();
    timer = setTimeout(open, pauseAfter(failures));
  }

  function shut() {
    source?.close();
    source = null;
    clearTimeout(timer);
    timer = null;
  }

  document.addEventListener("visibilitychange", () => {
    clearTimeout(hiding);
    if (document.hidden) hiding = setTimeout(shut, HIDDEN_MS);
    else open();
  });
  window.addEventListener("online", () => {
    failures = 0;
    open();
  });
  window.addEventListener("offline", () => {
    shut();
    state("off");
  });
  window.addEventListener("pagehide", shut);
  window.addEventListener("pageshow", ({ persisted }) => persisted && open());
  watchSleep(() => {
    if (!source) return;
    shut();
    open();
  });
  open();

  return {
    close() {
      closed = true;
      shut();
    },
  };
}

/** After a machine has slept, its connection may be dead without knowing. */
function watchSleep(woken) {
  let beat = Date.now();
  setInterval(() => {
    if (Date.now() - beat > 3 * BEAT_MS) woken();
    beat = Date.now();
  }, BEAT_MS);
}
