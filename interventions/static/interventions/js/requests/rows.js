/** The rows of the list: pointer and arrows go along them, Enter or a press opens one. */

/**
 * `onLook(id or null)` hears which row is looked at, `onOpen(link)` which is to be opened, `onPage(address)` that a
 * neighbouring page is wanted. The answer does the same from outside.
 */
export function rows(list, { onLook, onOpen, onPage }) {
  // What the pointer leaves, the keyboard may still be on.
  const focused = () => (list.contains(document.activeElement) ? idOf(document.activeElement) : null);
  list.addEventListener("mouseover", ({ target }) => onLook(idOf(target) ?? focused()));
  list.addEventListener("mouseleave", () => onLook(focused()));
  list.addEventListener("focusin", ({ target }) => onLook(idOf(target)));
  list.addEventListener("focusout", () => onLook(null));
  list.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const page = event.target.closest("a[rel=next], a[rel=prev]");
    const row = event.target.closest("tr[data-row]");
    if (!page && !row) return;
    if (!page && getSelection().type === "Range") return; // copying words of a row is not opening it
    event.preventDefault();
    if (page) onPage(page.href);
    else onOpen(linkIn(row));
  });
  list.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const row = event.target.closest("tr[data-row]");
    if (!step || !row || event.ctrlKey || event.metaKey || event.altKey) return;
    const next = step > 0 ? row.nextElementSibling : row.previousElementSibling;
    if (!next) return;
    event.preventDefault();
    linkIn(next).focus();
  });

  return {
    /** A dot is looked at on the map. */
    look(id) {
      for (const each of list.querySelectorAll("tr.is-hovered")) each.classList.remove("is-hovered");
      const row = find(list, id);
      row?.classList.add("is-hovered");
      row?.scrollIntoView({ block: "nearest" });
    },
    select(id) {
      for (const each of list.querySelectorAll("tr[aria-current]")) each.removeAttribute("aria-current");
      find(list, id)?.setAttribute("aria-current", "true");
    },
    /** Open the row; false when it is not of this page. */
    open(id) {
      const row = find(list, id);
      if (row) onOpen(linkIn(row));
      return row !== null;
    },
    focus(id) {
      const row = find(list, id);
      if (row) linkIn(row).focus();
      else list.focus();
    },
  };
}

function idOf(element) {
  return element.closest("tr[data-row]")?.dataset.row ?? null;
}

function find(list, id) {
  return id ? list.querySelector(`tr[data-row="${CSS.escape(id)}"]`) : null;
}

function linkIn(row) {
  return row.querySelector("a");
}
