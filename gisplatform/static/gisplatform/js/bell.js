/** The bell of the bar: its number follows what is told while the page stays open (`live-notice`, see live.js). */

import { getJson } from "#gisplatform/api";

export function bell(root = document) {
  const link = root.querySelector("[data-bell]");
  if (!link) return;
  // Without an answer the old number stands: the next news asks again.
  const ask = async () => (await getJson(link.dataset.bell).catch(() => null))?.unread;
  const follow = async (unread) => {
    const count = unread ?? (await ask());
    if (count !== undefined) say(link, count);
  };
  root.addEventListener("live-notice", (event) => follow(event.detail?.unread));
  // What was told between the making of the page, or a break, and now: a list that is open hears of it too.
  root.addEventListener("live-open", async () => {
    const unread = await ask();
    if (unread === undefined || told(link.dataset, unread).number === shownBy(link)) return;
    root.dispatchEvent(new CustomEvent("live-notice", { detail: { unread } }));
  });
  // A page that the browser kept and shows again tells what was true when it was left.
  globalThis.addEventListener?.("pageshow", (event) => event.persisted && follow());
}

/** `count` in the number and in the words of a bell. */
export function say(link, count) {
  const { words, number } = told(link.dataset, count);
  const shown = link.querySelector("[data-bell-count]");
  shown.textContent = number;
  shown.hidden = count === 0;
  link.querySelector("[data-bell-words]").textContent = words;
}

function shownBy(link) {
  const shown = link.querySelector("[data-bell-count]");
  return shown.hidden ? "" : shown.textContent.trim();
}

/** What a bell says of `count`; its words, and the most it says exactly, are `said`. */
export function told(said, count) {
  const most = Number(said.most);
  if (count === 0) return { words: said.none, number: "" };
  if (count === 1) return { words: said.one, number: "1" };
  const more = count > most;
  const words = more ? said.more.replace("{count}", most) : said.some.replace("{count}", count);
  return { words, number: more ? `${most}+` : String(count) };
}
