/** Pieces of the page: clones of its templates, fields without their error. */

export function clone(root, name) {
  return root.querySelector(`template[data-template="${name}"]`).content.firstElementChild.cloneNode(true);
}

/** Once a field is being corrected its error has been read. */
export function forgetError(field) {
  field.querySelector(".field__error:not([data-photo-error])")?.remove();
  for (const input of field.querySelectorAll("[aria-invalid]")) input.removeAttribute("aria-invalid");
}
