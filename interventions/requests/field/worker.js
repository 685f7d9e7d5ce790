/*
 * Keeps the telephone's page and all it loads, so that it opens without network. Two lines before this one, written by
 * the server, say what to keep (KEPT) and name the version (VERSION).
 *
 * The page itself and what lies beneath the map come from the network when it answers, from here when it does not;
 * files whose name carries their content come from here first. Nothing else is touched: captures wait in the page's
 * own outbox.
 */

const SHELL = `field-${VERSION}`;
const BENEATH = "field-map";
const BENEATH_AT_MOST = 800; // tiles and styles kept, the oldest go first
const PATIENCE_MS = 4000;

self.addEventListener("install", (event) => event.waitUntil(keepAll().then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(dropOthers().then(() => self.clients.claim())));
self.addEventListener("fetch", (event) => {
  const answer = answerTo(event.request);
  if (answer) event.respondWith(answer);
});

function answerTo(request) {
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return null;
  if (request.mode === "navigate") return url.pathname === KEPT.page ? networkFirst(request, SHELL, KEPT.page) : null;
  if (url.pathname.startsWith("/static/")) return keptFirst(request);
  if (url.pathname.startsWith("/tiles/") || url.pathname.startsWith("/fonds/")) {
    return networkFirst(request, BENEATH, request.url);
  }
  return null;
}

async function keepAll() {
  const cache = await caches.open(SHELL);
  await Promise.all(
    KEPT.files.map(async (address) => {
      const answer = await self.fetch(address, { credentials: "same-origin" });
      if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
      await cache.put(address, answer);
    }),
  );
  // Somebody signed out is shown the sign-in page: that is not what is to be kept.
  const page = await self.fetch(KEPT.page, { credentials: "same-origin" });
  if (page.ok && !page.redirected) await cache.put(KEPT.page, page);
}

async function dropOthers() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("field-") && ![SHELL, BENEATH].includes(name)).map((name) => caches.delete(name)));
}

async function keptFirst(request) {
  const kept = await caches.match(request);
  if (kept) return kept;
  const answer = await self.fetch(request);
  if (answer.ok) await keep(SHELL, request.url, answer);
  return answer;
}

async function networkFirst(request, cache, key) {
  const kept = await caches.match(key);
  try {
    // Without something to fall back on, however slow the answer is, it is waited for.
    const answer = await (kept ? inTime(self.fetch(request)) : self.fetch(request));
    if (answer.ok && !answer.redirected) await keep(cache, key, answer);
    return answer;
  } catch (error) {
    if (kept) return kept;
    throw error;
  }
}

function inTime(answer) {
  return Promise.race([
    answer,
    new Promise((_resolve, reject) => {
      setTimeout(() => reject(new Error("too late")), PATIENCE_MS);
    }),
  ]);
}

async function keep(name, key, answer) {
  const cache = await caches.open(name);
  await cache.put(key, answer.clone());
  if (name !== BENEATH) return;
  const keys = await cache.keys();
  await Promise.all(keys.slice(0, Math.max(0, keys.length - BENEATH_AT_MOST)).map((each) => cache.delete(each)));
}
