/** Bring a part of the page up to date in place: only what differs is touched, and nothing the reader has begun. */

import { Idiomorph } from "idiomorph";
import { keepPlace } from "#gisplatform/live-place";
import { isBegun } from "#gisplatform/live-touched";

const OURS = "[data-map], dialog[open], details[data-menu][open]";
const MAY_BE_BEGUN = "form, details";
// Controls that say nothing without a script are shown by one.
const SHOWN_BY_US = "[data-copy], [data-opens], [data-apply]";

/** Make what `part` holds what `fresh` holds. */
export function morphInside(part, fresh) {
  const whole = part.cloneNode(false);
  whole.append(...fresh.childNodes);
  return morph(part, whole);
}

/** Make `part` what `fresh` is. True when it reads otherwise now. */
export function morph(part, fresh) {
  const before = wordsOf(part);
  keepPlace(part, () => {
    Idiomorph.morph(part, fresh, {
      ignoreActiveValue: true,
      callbacks: {
        beforeNodeMorphed: (node) => !stays(node),
        beforeNodeRemoved: (node) => !holdsWhatStays(node),
        beforeAttributeUpdated: (name, element) => !isTheReaders(name, element),
      },
    });
  });
  const changed = wordsOf(part) !== before;
  part.dispatchEvent(new CustomEvent("live-shown", { bubbles: true, detail: { changed } }));
  return changed;
}

function stays(node) {
  return node instanceof Element && (node.matches(OURS) || (node.matches(MAY_BE_BEGUN) && isBegun(node)));
}

function holdsWhatStays(node) {
  if (!(node instanceof Element)) return false;
  return stays(node) || [...node.querySelectorAll(`${OURS}, ${MAY_BE_BEGUN}`)].some(stays);
}

function isTheReaders(name, element) {
  if (name === "open") return element.matches("details");
  // What has become useless is not taken from who is writing in it.
  return name === "hidden" && (element.matches(SHOWN_BY_US) || isBegun(element));
}

/** All that is said, the hours aside: time passing is no news. */
function wordsOf(part) {
  const walker = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
  let words = "";
  while (walker.nextNode()) {
    const { nodeValue, parentElement } = walker.currentNode;
    if (!parentElement.closest("time, script, style")) words += ` ${nodeValue}`;
  }
  return words.replace(/\s+/g, " ");
}
