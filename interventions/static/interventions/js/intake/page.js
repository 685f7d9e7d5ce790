/** The intake screen: its parts know only the form; here they meet. */

import { getJson } from "#gisplatform/api";
import { paced } from "#gisplatform/live-pace";
import { toast } from "#gisplatform/toast";
import { answers } from "#interventions/intake/answer";
import { choice } from "#interventions/intake/choice";
import { differs, drafts, fill, gather } from "#interventions/intake/draft";
import { map } from "#interventions/intake/map";
import { nearby } from "#interventions/intake/nearby";
import { photos } from "#interventions/intake/photos";
import { forgetError } from "#interventions/intake/pieces";
import { place } from "#interventions/intake/place";

const form = document.querySelector("[data-intake]");
if (form) start(form);

function start(form) {
  const words = form.dataset;
  form.classList.add("is-live");
  const typed = () => gather(new FormData(form));
  const draft = drafts(sessionStorage, words.owner);

  const behalf = choice(form.querySelector(".intake__behalf"));
  const what = choice(form.querySelector(".intake__what"), {
    keepsWords: true,
    search: async (text, { signal }) => {
      const found = await getJson(`${words.categoriesUrl}?${new URLSearchParams({ q: text })}`, { signal });
      return found.categories.map(({ code, name, family, synonym }) => ({
        value: code,
        label: name,
        detail: synonym ? `${family} · ${words.youSaid.replace("{words}", synonym)}` : family,
      }));
    },
  });
  const sent = photos(form);
  const drawing = map(document.querySelector(".intake__map"), {
    drawn: (shape) => where.draw(shape),
    hovered: (id) => known.light(id),
    picked: (id) => known.pick(id),
  });
  const known = nearby(form, { ask: () => ask(), light: drawing.light, fit: () => drawing.fit(where.current()) });
  const ask = answers(form, {
    show: ({ zone, neighbours }) => {
      drawing.zone(zone);
      drawing.neighbours(neighbours);
      known.shown();
    },
  });
  const where = place(form, {
    changed: (placed, { moveMap }) => {
      drawing.show(placed, { moveMap });
      ask();
    },
  });

  // What is open close by may change while the caller speaks; the form is the agent's alone.
  const old = paced(() => (form.elements.geometry.value ? ask({ quietly: true }) : undefined));
  for (const type of ["live", "live-reset"]) document.addEventListener(type, old);

  const initial = typed();
  const shownAgain = () => {
    what.sync();
    behalf.sync();
    where.reload();
    drawing.show(where.current(), { moveMap: true });
    if (["category", "geometry", "duplicate_of"].some((name) => form.elements[name].value)) ask();
  };
  const takeUp = (values) => {
    fill(form.elements, values);
    draft.save(values);
    shownAgain();
    sent.load();
  };
  const clear = () => {
    draft.setAside(typed());
    location.assign(form.querySelector("[data-clear]").href);
  };

  const kept = words.bound === undefined && draft.read();
  const aside = draft.bringBack();
  if (kept) {
    takeUp(kept);
    toast(words.restored, { action: { label: words.forget, run: clear } });
  } else {
    shownAgain();
    if (aside) toast(words.cleared, { action: { label: words.undo, run: () => takeUp(aside) } });
  }

  form.addEventListener("input", (event) => {
    const now = typed();
    if (differs(now, initial)) draft.save(now);
    else draft.clear();
    if (event.target !== form) forgetError(event.target);
  });
  what.select.addEventListener("change", () => {
    forgetError(what.input);
    form.dispatchEvent(new Event("input"));
    ask();
  });
  behalf.select.addEventListener("change", () => form.dispatchEvent(new Event("input")));
  form.querySelector("[data-clear]").addEventListener("click", (event) => {
    event.preventDefault();
    clear();
  });
  sendOnce(form, sent);
}

/** Control and Enter log the request; Enter alone, in the middle of a call, must not. A photo on its way is awaited. */
function sendOnce(form, sent) {
  const button = form.querySelector(".intake__end .button--primary");
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    if (event.ctrlKey || event.metaKey) form.requestSubmit();
    else if (event.target.matches("input")) event.preventDefault();
  });
  form.addEventListener("submit", async (event) => {
    if (button.ariaBusy === "true") {
      event.preventDefault();
    } else if (sent.busy()) {
      event.preventDefault();
      await sent.settled();
      form.requestSubmit();
    } else {
      button.ariaBusy = "true";
    }
  });
  globalThis.addEventListener("pageshow", () => {
    button.ariaBusy = "false";
  });
}
