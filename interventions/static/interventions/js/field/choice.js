/** What it is: the categories used lately, those asked for around, and all of them under a search. */

import { getJson } from "#gisplatform/api";
import { piece } from "#interventions/field/words";

const MARKS = /\p{Mark}/gu;

/** Without accents and capitals. */
export function plain(text) {
  return text.normalize("NFD").replace(MARKS, "").toLowerCase();
}

/** Does every word of `typed` begin a word of `words`? */
export function fits(words, typed) {
  const known = plain(words).split(/[^\p{Letter}\p{Number}]+/u);
  const wanted = plain(typed).split(/[^\p{Letter}\p{Number}]+/u);
  return wanted.every((each) => known.some((word) => word.startsWith(each)));
}

/** `choice(root, { chosen })`: `chosen({ code, name })`. Answers `{ offer(place), name(code) }`. */
export function choice(root, { chosen }) {
  const step = root.querySelector("[data-step=what]");
  const families = [...step.querySelectorAll("[data-family]")];
  const search = step.querySelector("[data-category-search]");
  const none = step.querySelector("[data-no-category]");
  const names = new Map(
    [...step.querySelectorAll("[data-category]")].map((each) => [each.dataset.category, each.textContent.trim()]),
  );

  step.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-category]");
    if (button) chosen({ code: button.dataset.category, name: names.get(button.dataset.category) });
  });
  search.addEventListener("input", narrow);

  function narrow() {
    let left = 0;
    for (const family of families) {
      const buttons = [...family.querySelectorAll("[data-category]")];
      for (const each of buttons) each.parentElement.hidden = !fits(each.dataset.words, search.value);
      const shown = buttons.filter((each) => !each.parentElement.hidden).length;
      family.hidden = shown === 0;
      left += shown;
    }
    none.hidden = left > 0;
    for (const usual of step.querySelectorAll("[data-usual]")) {
      usual.hidden = search.value.trim() !== "" || !usual.querySelector("li");
    }
  }

  async function offer(place) {
    search.value = "";
    narrow();
    const where = new URLSearchParams(place ? { lon: place.lon, lat: place.lat } : {});
    try {
      const usual = await getJson(`${root.dataset.usualUrl}?${where}`);
      for (const [kind, codes] of Object.entries(usual)) show(kind, codes);
      narrow();
    } catch (error) {
      // Without network the whole list is there.
      if (error.name !== "ApiError") throw error;
    }
  }

  function show(kind, codes) {
    const rows = codes
      .filter((code) => names.has(code))
      .map((code) => {
        const row = piece("choiceRow");
        row.append(step.querySelector(`[data-family] [data-category="${code}"]`).cloneNode(true));
        return row;
      });
    step.querySelector(`[data-usual="${kind}"] ul`).replaceChildren(...rows);
  }

  return { offer, name: (code) => names.get(code) ?? code };
}
