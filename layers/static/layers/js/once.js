/** Forms that take a while (`data-once`): sent once, and the page says that it is under way. */

for (const form of document.querySelectorAll("form[data-once]")) {
  const status = form.querySelector("[data-once-status]");
  let button = form.querySelector("[type=submit]");
  form.addEventListener("submit", (event) => {
    if (form.hasAttribute("aria-busy")) {
      event.preventDefault();
      return;
    }
    form.setAttribute("aria-busy", "true");
    button = event.submitter ?? button;
    button.setAttribute("aria-busy", "true");
    status.textContent = status.dataset.words;
  });
  // A page shown again by the browser's own memory is ready to be sent again.
  window.addEventListener("pageshow", () => {
    form.removeAttribute("aria-busy");
    button.removeAttribute("aria-busy");
    status.textContent = "";
  });
}

// A page that answers a form bears the address of the page it shows (`data-address`): who comes back to it asks for it
// again, and is not asked whether to send the form once more.
const answering = document.querySelector("[data-address]");
if (answering) history.replaceState(history.state, "", answering.dataset.address);
