/**
 * Keys that work anywhere but in a field: whatever carries `data-shortcut="k"` is focused if it takes text and pressed
 * otherwise; `?` opens the list of them. Escape leaves the field one is in.
 */

const TAKES_TEXT = "input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select";
const FIELD = `${TAKES_TEXT}, [contenteditable]`;

/** Which key asks for a shortcut; null while typing, with a modifier, or under an open dialog. */
export function keyOf(event, { typing = false, underDialog = false } = {}) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return null;
  return typing || underDialog ? null : event.key;
}

export function listen(page = document) {
  page.addEventListener("keydown", (event) => {
    const field = event.target.closest?.(FIELD);
    if (event.key === "Escape" && field && !event.defaultPrevented) field.blur();
    const key = keyOf(event, { typing: Boolean(field), underDialog: Boolean(page.querySelector("dialog:modal")) });
    const target = key === "?" ? page.getElementById("shortcuts") : key && find(page, key);
    if (!target) return;
    event.preventDefault();
    press(target);
  });
}

function find(page, key) {
  return [...page.querySelectorAll("[data-shortcut]")].find((element) => element.dataset.shortcut === key);
}

function press(target) {
  if (target.matches("dialog")) target.showModal();
  else if (target.matches(TAKES_TEXT)) target.focus();
  else target.click();
}
