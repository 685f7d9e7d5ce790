/** What every page of the staff does: keys, menus, dates that stay true. */

import { bell } from "#gisplatform/bell";
import { menus, openers } from "#gisplatform/menu";
import { listen } from "#gisplatform/shortcuts";
import { keepTrue } from "#gisplatform/time";

listen();
bell();
menus();
openers();
keepTrue();
// Where nothing is followed, nothing of it is loaded.
if (document.body.dataset.live) import("#gisplatform/live");

// The address of a page holds its filters: skipping to the content leaves it as it is.
document.querySelector(".skip-link").addEventListener("click", (event) => {
  event.preventDefault();
  document.getElementById("main").focus();
});

// Desks and telephones are shared: what was kept for one person goes when they sign out. Captures that wait stay: they
// are nobody else's to send, and lost otherwise.
document.querySelector("[data-sign-out]")?.addEventListener("submit", async () => {
  sessionStorage.clear();
  for (const name of (await window.caches?.keys()) ?? []) caches.delete(name);
});
