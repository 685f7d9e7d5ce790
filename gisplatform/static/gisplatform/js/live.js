/**
 * Pages that follow what happens. `<body data-live>` says where the news come from; an element with an `id` and
 * `data-live` is brought up to date, by any news or, where it names references, by news of those: the page is fetched
 * again (from `data-live-address` where an element has one) and the part morphed in place.
 *
 * Modules that show what no morphing can reach hear `live` (its `detail` is what happened), `live-reset` (much may
 * have), `live-notice` and `live-open` (of notices before it nothing is told) on the document, and `live-shown` on a
 * part brought up to date.
 */

import { getText } from "#gisplatform/api";
import { morph } from "#gisplatform/live-morph";
import { paced } from "#gisplatform/live-pace";
import { concerns } from "#gisplatform/live-parts";
import { state } from "#gisplatform/live-state";
import { stream } from "#gisplatform/live-stream";
import { isBegun } from "#gisplatform/live-touched";

const LEAVING_MS = 5000;
const GONE = [403, 404];

const { live: source, liveAfter: after } = document.body.dataset;
if (source) start();

function start() {
  const bar = state();
  let leftAt = Number.NEGATIVE_INFINITY;

  const news = stream(source, {
    after,
    opened: () => tell("live-open"),
    heard: (what) => {
      tell("live", what);
      if (parts().some((part) => concerns(part.dataset.live, what))) old();
    },
    missed: () => {
      tell("live-reset");
      if (parts().length) old();
    },
    noticed: (what) => tell("live-notice", what),
    state: bar.show,
    // A stream does not say why it is refused; the page does.
    refused: () => pageAt(addressNow()).catch(told),
  });
  // A form on its way has its answer soon: what the page would say meanwhile nobody reads.
  window.addEventListener("beforeunload", () => {
    leftAt = Date.now();
  });
  document.addEventListener("live-say", ({ detail }) => bar.say(detail));

  const old = paced(async () => {
    if (Date.now() - leftAt < LEAVING_MS) return false;
    const address = addressNow();
    try {
      const page = await pageAt(address);
      // Whoever chose something else meanwhile is shown that.
      if (address === addressNow()) bring(page);
    } catch (error) {
      return told(error);
    }
  });

  /** Answers false where it is worth another try. */
  function told(error) {
    if (error.name !== "ApiError") throw error;
    if (error.status !== 401 && !GONE.includes(error.status)) return false;
    news.close();
    bar.show(error.status === 401 ? "out" : "gone");
  }

  function bring(page) {
    let changed = false;
    for (const part of parts()) {
      const fresh = page.getElementById(part.id);
      if (fresh) changed = morph(part, fresh) || changed;
      // Where nothing can be lost, another page has come in its place.
      else if ("liveElse" in part.dataset && !isBegun(document.body)) location.assign(part.dataset.liveElse);
    }
    if (changed) bar.say();
  }
}

function parts() {
  return [...document.querySelectorAll("[data-live][id]")];
}

function addressNow() {
  const given = document.querySelector("[data-live-address]")?.dataset.liveAddress;
  return given ?? location.pathname + location.search;
}

async function pageAt(address) {
  // The header leaves to the next page the messages meant for it.
  return new DOMParser().parseFromString(await getText(address, { headers: { "X-Live": "1" } }), "text/html");
}

function tell(type, detail) {
  document.dispatchEvent(new CustomEvent(type, { detail }));
}
