/** Whether news come, said in the bar; and, to a screen reader alone, that the page has changed. */

const PATIENCE_MS = 1500; // shorter breaks are nobody's concern
const SILENCE_MS = 15_000; // between two words about the page

/** Gives `{ show, say }`: `show("on", "off" or "out")` and `say(words)`. */
export function state(element = document.querySelector("[data-live-state]")) {
  const words = element?.querySelector("[data-words]");
  const told = element?.querySelector("[data-told]");
  let shown = "";
  let waiting = null;
  let saidAt = Number.NEGATIVE_INFINITY;

  function put(next) {
    if (next === shown) return;
    // A page that opens says nothing; that the news stop, and that they are back, is said.
    if (shown) told.textContent = element.dataset[next];
    shown = next;
    element.dataset.state = next;
    words.textContent = element.dataset[next];
    element.hidden = false;
  }

  return {
    show(next) {
      if (!element) return;
      clearTimeout(waiting);
      if (next === "off" && shown !== "off") waiting = setTimeout(put, PATIENCE_MS, next);
      else put(next);
    },
    say(sentence = element?.dataset.changed) {
      if (!told || Date.now() - saidAt < SILENCE_MS) return;
      saidAt = Date.now();
      told.textContent = sentence;
    },
  };
}
