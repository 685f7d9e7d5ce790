/** What the reader has begun on a page, and must not lose. */

const WRITTEN = "textarea, input:not([type=hidden], [type=checkbox], [type=radio], [type=submit], [type=button])";

/** Is there something typed, chosen or about to be typed under this element? */
export function isBegun(element) {
  const { activeElement } = element.ownerDocument;
  if (element.contains(activeElement) && activeElement.matches(`${WRITTEN}, select`)) return true;
  return [...element.querySelectorAll("form :is(textarea, input, select)")].some(isTouched);
}

function isTouched(field) {
  if (field.matches("select")) return isChosen([...field.options]);
  if (field.matches("[type=checkbox], [type=radio]")) return field.checked !== field.defaultChecked;
  // What the server wrote into a field is what was typed there before it was refused.
  return field.matches(WRITTEN) && !field.readOnly && field.value !== "";
}

function isChosen(options) {
  const marked = options.some((option) => option.defaultSelected);
  // Without a mark the first one is the usual one.
  return options.some((option, index) => option.selected !== (marked ? option.defaultSelected : index === 0));
}
