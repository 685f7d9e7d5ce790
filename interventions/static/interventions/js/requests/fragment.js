/** Put a piece of page, as the server renders it, in the place of what an element holds. */
export function fillWith(element, text) {
  const piece = new DOMParser().parseFromString(text, "text/html");
  element.replaceChildren(...piece.body.childNodes);
}
