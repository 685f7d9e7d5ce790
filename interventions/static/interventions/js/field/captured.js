/** “My captures”: what waits on this telephone, what the server has, and how many wait. */

import { getText } from "#gisplatform/api";
import { morphInside } from "#gisplatform/live-morph";
import { paced } from "#gisplatform/live-pace";
import { inWords } from "#gisplatform/time";
import { captures, drop } from "#interventions/field/store";
import { piece, word } from "#interventions/field/words";

/** `captured(root, { user, correct, retry })`. Answers `{ draw(sendingKey), read(), signedOut(yes) }`. */
export function captured(root, { user, correct, retry }) {
  const panel = root.querySelector("[data-panel=captures]");
  const waiting = panel.querySelector("[data-waiting]");
  const sent = panel.querySelector("[data-sent]");
  const count = document.querySelector("[data-waiting-count]");

  panel.querySelector("[data-retry]").addEventListener("click", retry);
  const old = paced(read);
  document.addEventListener("live", ({ detail: { reference } }) => {
    if (sent.querySelector(`[data-reference="${CSS.escape(reference)}"]`)) old();
  });
  document.addEventListener("live-reset", old);

  /** The outbox as it is now; `sendingKey` is the one on its way. */
  async function draw(sendingKey) {
    const all = await captures();
    const mine = all.filter((each) => each.user === user).sort((a, b) => b.at - a.at);
    waiting.hidden = all.length === 0;
    count.hidden = mine.length === 0;
    count.textContent = mine.length || "";
    const rows = mine.map((each) => row(each, each.key === sendingKey));
    if (mine.length < all.length) rows.push(others());
    panel.querySelector("[data-waiting-rows]").replaceChildren(...rows);
  }

  function row(capture, onItsWay) {
    const made = piece("waitingRow");
    const refused = capture.state === "refused";
    made.querySelector("[data-name]").textContent = capture.categoryName;
    made.querySelector("[data-badge]").dataset.state = refused ? "late" : "to_evaluate";
    made.querySelector("[data-state-text]").textContent = onItsWay
      ? word("sending")
      : refused
        ? word("refused", capture.sentence)
        : word("waiting");
    made.querySelector("[data-more]").textContent = inWords(new Date(capture.at).toISOString());
    made.querySelector("[data-acts]").hidden = !refused;
    made.querySelector("[data-correct]").addEventListener("click", () => correct(capture));
    made.querySelector("[data-delete]").addEventListener("click", async () => {
      await drop(capture.key);
      draw();
    });
    return made;
  }

  function others() {
    const made = piece("waitingRow");
    made.querySelector("[data-badge]").remove();
    made.querySelector("[data-name]").textContent = word("others");
    return made;
  }

  async function read() {
    const unread = panel.querySelector("[data-sent-unread]");
    try {
      const page = new DOMParser().parseFromString(await getText(root.dataset.capturesUrl), "text/html");
      morphInside(sent, page.body);
      unread.hidden = true;
    } catch (error) {
      if (error.name !== "ApiError") throw error;
      unread.hidden = false;
    }
    sent.removeAttribute("aria-busy");
  }

  return {
    draw,
    read,
    signedOut: (yes) => {
      panel.querySelector("[data-signed-out]").hidden = !yes;
    },
  };
}
