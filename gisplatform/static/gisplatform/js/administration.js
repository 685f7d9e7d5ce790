// Django's searching lists do not say which field they are: each is given the name its label shows.
// They are made by jQuery once the page is ready; asked later, it calls us after them.
globalThis.django?.jQuery(() => {
  for (const select of document.querySelectorAll("select.admin-autocomplete")) {
    const label = select.labels[0];
    const box = select.nextElementSibling?.querySelector(".select2-selection");
    if (!label || !box) continue;
    label.id ||= `${select.id}_label`;
    const shown = box.querySelector(".select2-selection__rendered");
    shown.removeAttribute("role");
    shown.removeAttribute("aria-readonly");
    box.setAttribute("aria-labelledby", `${label.id} ${shown.id}`);
    box.setAttribute("aria-controls", `select2-${select.id}-results`);
  }
});

document.addEventListener("focusin", ({ target }) => {
  if (!target.matches(".select2-search__field")) return;
  const box = document.querySelector(".select2-container--open .select2-selection");
  target.setAttribute("aria-labelledby", box?.getAttribute("aria-labelledby") ?? "");
});
