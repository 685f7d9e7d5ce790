/**
 * A word at the bottom of the page that goes away by itself, with one thing to press (undo) if there is one.
 *
 *   toast("Demande transférée.", { action: { label, run } })
 *
 * Returns a function that takes it away.
 */

const STAYS_MS = 6000;
const STAYS_WITH_ACTION_MS = 12000;

export function toast(message, { action } = {}) {
  const box = document.createElement("div");
  const words = document.createElement("p");
  box.className = "toast";
  words.textContent = message;
  box.append(words);

  let wait;
  const leave = () => {
    clearTimeout(wait);
    box.remove();
  };
  const stay = () => {
    clearTimeout(wait);
    wait = setTimeout(leave, action ? STAYS_WITH_ACTION_MS : STAYS_MS);
  };
  if (action) box.append(button(action, leave));
  // It waits for whoever is reading or about to press.
  for (const event of ["mouseenter", "focusin"]) box.addEventListener(event, () => clearTimeout(wait));
  for (const event of ["mouseleave", "focusout"]) box.addEventListener(event, stay);
  document.getElementById("toasts").append(box);
  stay();
  return leave;
}

function button({ label, run }, leave) {
  const element = document.createElement("button");
  element.type = "button";
  element.className = "button";
  element.textContent = label;
  element.addEventListener("click", () => {
    leave();
    run();
  });
  return element;
}
