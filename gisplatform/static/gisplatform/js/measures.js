/** Lengths and areas as people read them, in the language of the page. */

const number = (value, digits) =>
  new Intl.NumberFormat(document.documentElement.lang || undefined, { maximumFractionDigits: digits }).format(value);

/** « 142 m », « 1,2 km ». */
export function lengthInWords(metres) {
  return metres < 1000 ? `${number(metres, 0)}\u00a0m` : `${number(metres / 1000, 1)}\u00a0km`;
}

/** « 320 m² », « 1,4 ha ». */
export function areaInWords(squareMetres) {
  return squareMetres < 10_000 ? `${number(squareMetres, 0)}\u00a0m²` : `${number(squareMetres / 10_000, 1)}\u00a0ha`;
}
