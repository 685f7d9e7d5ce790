/** The bar between list and map: moved by pointer or arrows, its place kept for the next time. */

const KEPT = "gisplatform.split.";
const STEP = 2; // percent

export function splitter(bar, split) {
  const least = Number(bar.getAttribute("aria-valuemin"));
  const most = Number(bar.getAttribute("aria-valuemax"));
  const usual = Number(bar.getAttribute("aria-valuenow"));
  const key = KEPT + split.dataset.split;
  const kept = Number(localStorage.getItem(key));
  if (kept) place(kept);

  bar.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    bar.setPointerCapture(event.pointerId);
    bar.focus();
  });
  bar.addEventListener("pointermove", (event) => {
    if (!bar.hasPointerCapture(event.pointerId)) return;
    const { left, width } = split.getBoundingClientRect();
    place(((event.clientX - left) / width) * 100);
  });
  bar.addEventListener("pointerup", keep);
  bar.addEventListener("dblclick", () => {
    place(usual);
    keep();
  });
  bar.addEventListener("keydown", (event) => {
    const now = Number(bar.getAttribute("aria-valuenow"));
    const next = { ArrowLeft: now - STEP, ArrowRight: now + STEP, Home: least, End: most }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    place(next);
    keep();
  });

  function place(percent) {
    const within = Math.round(Math.min(most, Math.max(least, percent)));
    split.style.setProperty("--split", `${within}%`);
    bar.setAttribute("aria-valuenow", within);
  }

  function keep() {
    localStorage.setItem(key, bar.getAttribute("aria-valuenow"));
  }
}
