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

// Its search box is named by a picture whose words are English, and by nothing else that can be seen.
const search = document.querySelector("#searchbar");
search?.setAttribute("aria-label", search.form.querySelector("[type=submit]").value);

// A heading without a word heads nothing.
for (const heading of document.querySelectorAll("#content th:empty")) {
  const cell = document.createElement("td");
  cell.className = heading.className;
  heading.replaceWith(cell);
}

// A table wider than a telephone, with nothing in it to press, is moved by the keys once it can be reached.
for (const group of document.querySelectorAll(".inline-group")) group.tabIndex = 0;
