/** A change that leaves the reader where they are: what they look at stays under their eyes, the focus where it was. */

/** Make the change of what `part` holds, and answer what it answers. */
export function keepPlace(part, change) {
  const { activeElement: focused } = document;
  const hadFocus = part.contains(focused);
  const scroller = scrollerOf(part);
  const anchor = anchorOf(part, scroller, hadFocus && focused);
  const before = anchor?.getBoundingClientRect().top;
  const answer = change();
  if (anchor?.isConnected) scroller.scrollTop += anchor.getBoundingClientRect().top - before;
  if (hadFocus && !document.contains(focused)) giveFocus(part);
  return answer;
}

function scrollerOf(part) {
  for (let each = part; each; each = each.parentElement) {
    if (each.scrollHeight > each.clientHeight && /auto|scroll/.test(getComputedStyle(each).overflowY)) return each;
  }
  return document.scrollingElement;
}

/** What has the focus, else the pointer, else comes first on the screen; nothing for who stands at the top. */
function anchorOf(part, scroller, focused) {
  if (focused && focused !== part) return focused;
  const named = [...part.querySelectorAll("[id]")];
  const pointed = named.findLast((each) => each.matches(":hover"));
  if (pointed) return pointed;
  if (scroller.scrollTop <= 0) return null;
  const top = scroller === document.scrollingElement ? 0 : scroller.getBoundingClientRect().top;
  return named.find((each) => each.getBoundingClientRect().top >= top) ?? null;
}

function giveFocus(part) {
  if (!part.hasAttribute("tabindex")) part.tabIndex = -1;
  part.focus({ preventScroll: true });
}
