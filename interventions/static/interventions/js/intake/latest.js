/**
 * Questions asked faster than they are answered: only the last one counts, the others are given up.
 *
 *   const ask = latest((signal, …) => promise, { show, fail })
 *
 * `show(answer)` and `fail(error)` are called for the last question only, never for one overtaken.
 */
export function latest(question, { show, fail }) {
  let current;
  return async (...about) => {
    current?.abort();
    const mine = new AbortController();
    current = mine;
    try {
      const answer = await question(mine.signal, ...about);
      if (!mine.signal.aborted) show(answer, ...about);
    } catch (error) {
      if (!mine.signal.aborted) fail(error, ...about);
    }
  };
}
