/** When to ask: bursts are gathered, an answer that takes long is asked for less often, a server that is away is spared. */

const TOGETHER_MS = 100; // what happens at once is read at once
const JITTER_MS = 200; // many pages hear the same word at the same moment
const LEAST_MS = 1000;
const TIMES = 3; // the time the last answer took
const FIRST_MS = 1000;
const LONGEST_MS = 30_000;

/** How long to leave a server alone that failed so many times in a row: 1 s, 2 s, … half a minute, more or less. */
export function pauseAfter(failures, chance = Math.random()) {
  return Math.min(FIRST_MS * 2 ** (failures - 1), LONGEST_MS) * (0.5 + chance);
}

/** How long to wait before asking again, the last time `askedMs` ago (null: never) and answered in `tookMs`. */
export function waitBefore({ askedMs, tookMs }, chance = Math.random()) {
  const rest = askedMs === null ? 0 : Math.max(LEAST_MS, TIMES * tookMs) - askedMs;
  return Math.max(TOGETHER_MS, rest) + chance * Math.max(JITTER_MS, tookMs);
}

/**
 * `paced(ask)` gives a function to be called with every word that makes what is shown old: `ask()` is called soon, once
 * for all that was heard by then, and again for what is heard while it runs. Where it answers false it is tried again.
 */
export function paced(ask) {
  let asked = null;
  let tookMs = 0;
  let failures = 0;
  let waiting = false;
  let more = false;

  function heard() {
    more = true;
    if (!waiting) wait(waitBefore({ askedMs: asked === null ? null : Date.now() - asked, tookMs }));
  }

  function wait(ms) {
    waiting = true;
    setTimeout(run, ms);
  }

  async function run() {
    if (globalThis.document?.hidden) return document.addEventListener("visibilitychange", run, { once: true });
    let done = false;
    more = false;
    asked = Date.now();
    try {
      done = (await ask()) !== false;
    } finally {
      tookMs = Date.now() - asked;
      waiting = false;
      failures = done ? 0 : failures + 1;
      if (!done) wait(pauseAfter(failures));
      else if (more) heard();
    }
  }

  return heard;
}
