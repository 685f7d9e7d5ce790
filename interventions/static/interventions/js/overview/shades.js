/** Counts as shades: which class of `steps` (the least count of each) a count reaches, and what a legend says of them. */

export const SHADES = 5;

/** From 1 (few) to 5 (many), the darkest for the last step; 0 for nothing. */
export function shadeOf(count, steps) {
  const reached = steps.filter((least) => least <= count).length;
  return reached && reached + SHADES - steps.length;
}

/** One row a class: `{ shade, counts: "9–16" }`, then what is above. Begins with 0 where some zone has nothing. */
export function legendOf({ rows, steps }, measure) {
  const of = steps[measure];
  const most = Math.max(0, ...rows.map((row) => row[measure]));
  const told = of.map((least, index) => {
    const last = index + 1 < of.length ? of[index + 1] - 1 : most;
    return { shade: shadeOf(least, of), counts: last > least ? `${least}–${last}` : `${least}` };
  });
  return rows.some((row) => row[measure] === 0) ? [{ shade: 0, counts: "0" }, ...told] : told;
}
