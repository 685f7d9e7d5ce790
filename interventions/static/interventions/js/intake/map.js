/** The map of the intake screen. */

export function map(_frame, { drawn: _drawn }) {
  return { show() {}, zone() {} };
}
