/** Pieces of the page: clones of its templates, fields without their error. */

export function clone(root, name) {
  return root.querySelector(`template[data-template="${name}"]`).content.firstElementChild.cloneNode(true);
}

/** Once a field is being corrected its error has been read. */
export function forgetError(input) {
  if (!input.hasAttribute("aria-invalid")) return;
  input.removeAttribute("aria-invalid");
  for (const id of (input.getAttribute("aria-describedby") ?? "").split(" ")) {
    if (id.endsWith("_error")) document.getElementById(id)?.remove();
  }
}
