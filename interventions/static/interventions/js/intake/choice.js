/**
 * A select one types into. The select stays in the form and holds the answer; the words typed stand before it.
 *
 *   choice(field, { search, keepsWords })
 *
 * `search(text, { signal })` resolves to `{ value, label, detail }`; without it the select's own options are searched.
 * With `keepsWords`, words that were not chosen stay, and nothing is chosen; otherwise the last choice comes back.
 */

import { combobox } from "#gisplatform/combobox";
import { clone } from "#interventions/intake/pieces";

export function choice(field, { search = null, keepsWords = false } = {}) {
  const select = field.querySelector("select");
  const box = clone(select.form, "combobox");
  const input = box.querySelector("input");
  const chosen = () => (select.value ? select.selectedOptions[0].textContent.trim() : "");
  const sync = () => {
    if (select.value || !keepsWords) input.value = chosen();
  };

  input.id = `${select.id}_words`;
  input.name = field.dataset.words ?? "";
  input.placeholder = field.dataset.placeholder ?? "";
  input.value = field.dataset.said ?? "";
  for (const name of ["aria-invalid", "aria-describedby"]) {
    if (select.hasAttribute(name)) input.setAttribute(name, select.getAttribute(name));
  }
  field.querySelector("label").htmlFor = input.id;
  select.hidden = true;
  select.before(box);
  if (select.autofocus) input.focus();
  sync();

  const change = (value) => {
    select.value = value;
    select.dispatchEvent(new Event("change", { bubbles: true }));
  };
  combobox(input, {
    search: search ?? (async (text) => matching(select, text === chosen() ? "" : text)),
    choose: (option) => change(option.value),
    minimum: search ? 2 : 0,
  });
  input.addEventListener("focus", () => input.select());
  input.addEventListener("input", () => {
    if (keepsWords && select.value && input.value.trim() !== chosen()) change("");
  });
  input.addEventListener("blur", sync);
  return { sync, input, select };
}

function matching(select, text) {
  const words = plain(text).split(/\s+/);
  return [...select.options]
    .filter((option) => option.value && words.every((word) => plain(option.textContent).includes(word)))
    .map((option) => ({ value: option.value, label: option.textContent.trim() }));
}

/** Without accents and capitals. */
export function plain(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().trim();
}
