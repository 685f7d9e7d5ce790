/** Emptying the outbox: one capture at a time, each under its own key, so that none is lost and none arrives twice. */

import { getJson, postForm } from "#gisplatform/api";
import { after, fieldsOf, isSignedOut, pauseAfter, toSend } from "#interventions/field/outbox";
import { captures, drop, keep } from "#interventions/field/store";

/**
 * `sending({ user, ticketUrl, requestsUrl, changed, sent, signedOut })`: `changed()` whenever the outbox is another one,
 * `sent(reference, capture)` for each that arrived, `signedOut(yes)`. Answers `flush()`.
 */
export function sending({ user, ticketUrl, requestsUrl, changed, sent, signedOut }) {
  let again = false;
  let busy = null;
  let failures = 0;
  let later;

  /** Send what waits. Asked for while it is under way, it looks once more afterwards; what failed is tried again later. */
  function flush() {
    again = true;
    clearTimeout(later);
    // Two tabs share one outbox.
    busy ??= navigator.locks.request("gisplatform-field", rounds).finally(() => {
      busy = null;
    });
    return busy;
  }

  async function rounds() {
    while (again) {
      again = false;
      const waiting = toSend(await captures(), user);
      failures = waiting.length === 0 || (await empty(waiting)) ? 0 : failures + 1;
    }
    // Without network it is the network that wakes us.
    if (failures && navigator.onLine) later = setTimeout(flush, pauseAfter(failures));
  }

  /** Send these one after the other, until there is no use in going on; false when trying again may help by itself. */
  async function empty(waiting) {
    let ticket;
    try {
      ticket = await getJson(ticketUrl);
    } catch (error) {
      if (error.name !== "ApiError") throw error;
      signedOut(isSignedOut(error));
      return isSignedOut(error);
    }
    // Somebody else signed in on this telephone: these are not theirs to send.
    signedOut(ticket.user !== user);
    if (ticket.user !== user) return true;
    for (const capture of waiting) if (!(await send(capture, ticket.token))) return false;
    return true;
  }

  /** False when the others would fare no better. */
  async function send(capture, token) {
    const form = new FormData();
    for (const [name, value] of Object.entries(fieldsOf(capture))) form.append(name, value);
    for (const { blob, name } of capture.photos) form.append("photos", blob, name);
    changed(capture.key);
    try {
      const headers = { "X-CSRFToken": token, "Idempotency-Key": capture.key };
      const answer = await postForm(requestsUrl, form, { headers });
      await drop(capture.key);
      sent(answer.properties.reference, capture);
      changed();
      return true;
    } catch (error) {
      if (error.name !== "ApiError") throw error;
      await keep(after(capture, error));
      signedOut(isSignedOut(error));
      changed();
      // A refusal is of this one alone; the others may well pass.
      return after(capture, error).state === "refused";
    }
  }

  return { flush };
}
