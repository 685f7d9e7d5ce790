/** Menus made of details and summary open without us; here they close when one looks elsewhere. */

export function menus(page = document) {
  const open = () => page.querySelectorAll("details[data-menu][open]");
  for (const event of ["pointerdown", "focusin"]) {
    page.addEventListener(event, ({ target }) => {
      for (const menu of open()) if (!menu.contains(target)) menu.open = false;
    });
  }
  page.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of open()) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
}

/** Buttons that open a dialog by its id; hidden until now, since they do nothing without us. */
export function openers(page = document) {
  for (const button of page.querySelectorAll("[data-opens]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      button.closest("details")?.removeAttribute("open");
      page.getElementById(button.dataset.opens).showModal();
    });
  }
}
