/** A large export on its way: the bar follows, and the page shows the file once it is there. */

import { getJson } from "#gisplatform/api";

const PAUSE_MS = 1500;
const UNDER_WAY = ["waiting", "working"];

const card = document.querySelector("[data-export]");
if (card && UNDER_WAY.includes(card.dataset.state)) follow(card);

async function follow(card) {
  const bar = card.querySelector("[data-progress]");
  try {
    const { state, done, total } = await getJson(card.dataset.url);
    bar.max = total;
    bar.value = done;
    if (!UNDER_WAY.includes(state)) return location.reload();
  } catch (error) {
    // The next look may well succeed.
    if (error.name !== "ApiError") throw error;
  }
  setTimeout(() => follow(card), PAUSE_MS);
}
