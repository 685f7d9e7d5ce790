/** The bell of the bar: its number follows what is told while the page stays open (`live-notice`, see live.js). */

import { getJson } from "#gisplatform/api";

export function bell(root = document) {
  const link = root.querySelector("[data-bell]");
  if (!link) return;
  const follow = async (unread) => {
    // The number comes with the news, or is asked for. Without an answer the old one stands: the next news asks again.
    const count = unread ?? (await getJson(link.dataset.bell).catch(() => null))?.unread;
    if (count !== undefined) say(link, count);
  };
  root.addEventListener("live-notice", (event) => follow(event.detail?.unread));
  root.addEventListener("live-reset", () => follow());
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

/** What a bell says of `count`; its words, and the most it says exactly, are `said`. */
export function told(said, count) {
  const most = Number(said.most);
  if (count === 0) return { words: said.none, number: "" };
  if (count === 1) return { words: said.one, number: "1" };
  const more = count > most;
  const words = more ? said.more.replace("{count}", most) : said.some.replace("{count}", count);
  return { words, number: more ? `${most}+` : String(count) };
}
