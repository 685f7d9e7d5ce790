/** Which parts of a page news concern. */

/** Does a part that follows `references` (separated by spaces; none: everything) concern this news? */
export function concerns(references, { reference, work }) {
  const followed = references.split(" ").filter(Boolean);
  return followed.length === 0 || followed.includes(reference) || followed.includes(work);
}
