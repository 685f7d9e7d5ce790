/** A page of the list that has been read again: what of it may be shown under the eyes of its reader. */

/**
 * `shown` are the rows on the screen and `fresh` those of the answer, by their ids, in order. A reader who is `busy`
 * among them is shown no row that was not there (`held`), keeps at the end those that were only pushed off the page
 * (`pushed`), and those of `needed` that are on the list no more (`gone`, each with the row it came `after`).
 */
export function settle(shown, fresh, { busy = false, needed = [] } = {}) {
  const now = new Set(fresh);
  const before = new Set(shown);
  const held = busy ? fresh.filter((id) => !before.has(id)) : [];
  const last = shown.findLastIndex((id) => now.has(id));
  const absent = shown.map((id, index) => ({ id, index })).filter(({ id }) => !now.has(id));
  const isPushed = ({ index }) => held.length > 0 && index > last;
  const pushed = absent.filter(isPushed).slice(0, held.length);
  const gone = absent.filter((each) => !isPushed(each) && needed.includes(each.id));
  return {
    held,
    pushed: pushed.map(({ id }) => id),
    gone: gone.map(({ id, index }) => ({ id, after: index ? shown[index - 1] : null })),
  };
}
