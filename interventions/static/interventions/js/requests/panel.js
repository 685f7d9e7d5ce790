/** The panel of one request beside the list: what its page holds, without leaving the list. */

import { getText, postForm } from "#gisplatform/api";
import { morphInside } from "#gisplatform/live-morph";
import { paced } from "#gisplatform/live-pace";
import { toast } from "#gisplatform/toast";
import { inForm } from "#interventions/requests/address";
import { copyButtons } from "#interventions/requests/copy";
import { fillWith } from "#interventions/requests/fragment";

/** `onOpen(id)`, `onClose(id)` and `onChange()` tell what becomes of the panel and of the request in it. */
export function panel(element, { onOpen, onClose, onChange }) {
  let current = null; // { address, id }
  let loading = null;

  element.addEventListener("click", (event) => {
    if (event.target.closest("[data-close]")) close();
  });
  document.addEventListener("keydown", (event) => {
    const open = current && !event.defaultPrevented && event.key === "Escape";
    if (open && !event.target.closest("input, textarea, select, dialog, [data-menu][open]")) close();
  });
  element.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-request-form]")) return;
    event.preventDefault();
    send(event.target, event.submitter);
  });

  const old = paced(follow);
  document.addEventListener("live", ({ detail: { reference } }) => current?.address.includes(reference) && old());
  document.addEventListener("live-reset", () => current && old());

  async function open(address, id) {
    current = { address, id };
    element.hidden = false;
    onOpen(id);
    await load();
    element.querySelector("[data-close]")?.focus();
  }

  async function load() {
    loading?.abort();
    loading = new AbortController();
    element.setAttribute("aria-busy", "true");
    try {
      fillWith(element, await getText(inForm(current.address, "panel"), { signal: loading.signal }));
      copyButtons(element);
    } catch (error) {
      if (error.name === "AbortError") return;
      if (error.name !== "ApiError") throw error;
      toast(error.message);
      close();
    }
    element.removeAttribute("aria-busy");
  }

  /** As it is now; what is being typed in it stays. */
  async function follow() {
    if (!current) return;
    if (element.ariaBusy === "true") return false;
    const { address } = current;
    try {
      const page = new DOMParser().parseFromString(await getText(inForm(address, "panel")), "text/html");
      if (current?.address === address) morphInside(element, page.body);
    } catch (error) {
      if (error.name !== "ApiError") throw error;
      // What may be seen no more is left for its reader to close.
      return [401, 403, 404].includes(error.status);
    }
  }

  function close() {
    if (!current) return;
    const { id } = current;
    loading?.abort();
    current = null;
    element.hidden = true;
    element.replaceChildren();
    onClose(id);
  }

  async function send(form, button) {
    const sent = new FormData(form, button);
    for (const each of form.querySelectorAll("[data-error], [data-error-of]")) each.textContent = "";
    if (button) button.disabled = true;
    try {
      const done = await postForm(form.action, sent);
      if (done.sentence) toast(`${done.reference} – ${done.sentence}`);
      if (done.visible) await load();
      else close();
      onChange();
    } catch (error) {
      if (error.name !== "ApiError") throw error;
      refuse(form, error);
    }
    if (button) button.disabled = false;
  }

  /** At the field it is about, else below the form. */
  function refuse(form, { message, fields = {} }) {
    const at = Object.keys(fields)
      .map((name) => form.querySelector(`[data-error-of="${name}"]`))
      .find(Boolean);
    (at ?? form.querySelector("[data-error]")).textContent = message;
    if (!at) return;
    form.elements[at.dataset.errorOf].focus();
    at.scrollIntoView({ block: "nearest" });
  }

  return { open, close, shown: () => current?.id ?? null };
}
