/** The technician's telephone: where, what, the rest; then it waits in the outbox until the server has it. */

import { toast } from "#gisplatform/toast";
import { captured } from "#interventions/field/captured";
import { choice } from "#interventions/field/choice";
import { place } from "#interventions/field/place";
import { rest } from "#interventions/field/rest";
import { sending } from "#interventions/field/sending";
import { draftOf, keepDraft, takeOver } from "#interventions/field/store";
import { word } from "#interventions/field/words";

const root = document.querySelector("[data-field]");
if (root) start(root);

async function start(root) {
  const user = Number(root.dataset.user);
  const report = root.querySelector("[data-report]");
  let draft = { user };
  let step = "place";

  const where = place(root, {
    changed: (current) => {
      report.disabled = !current;
      if (step !== "place") remember();
    },
  });
  const what = choice(root, {
    chosen: ({ code, name }) => {
      draft = { ...draft, category: code, categoryName: name };
      go("rest");
      remember();
    },
  });
  const more = rest(root, { changed: remember, saved: save });
  const list = captured(root, { user, correct, retry: () => outbox.flush() });
  const outbox = sending({
    user,
    ticketUrl: root.dataset.ticketUrl,
    requestsUrl: root.dataset.requestsUrl,
    changed: (key) => list.draw(key),
    sent: (reference) => {
      toast(word("sent", reference));
      list.read();
    },
    signedOut: list.signedOut,
  });

  report.addEventListener("click", () => {
    go("what");
    remember();
    what.offer(where.current());
  });
  for (const back of root.querySelectorAll("[data-back]")) back.addEventListener("click", () => go(back.dataset.back));
  window.addEventListener("hashchange", view);
  window.addEventListener("online", () => outbox.flush());
  document.addEventListener("visibilitychange", () => document.hidden || outbox.flush());
  view();
  more.fill();
  await restore();
  list.draw();
  list.read();
  outbox.flush();
  await navigator.serviceWorker?.register(root.dataset.workerUrl, { scope: root.dataset.scope });

  function view() {
    const wanted = location.hash === "#captures" ? "captures" : "capture";
    for (const panel of root.querySelectorAll("[data-panel]")) panel.hidden = panel.dataset.panel !== wanted;
    root.dataset.view = wanted;
    for (const link of document.querySelectorAll("[data-view][href]")) {
      if (link.dataset.view === wanted) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    if (wanted === "captures") list.read();
  }

  function go(next) {
    step = next;
    root.dataset.step = next;
    for (const each of root.querySelectorAll("[data-step]")) each.hidden = each.dataset.step !== next;
    root.querySelector("[data-chosen]").textContent = draft.categoryName ?? "";
    const told = root.querySelector("[data-place-title]").textContent;
    root.querySelector("[data-summary]").textContent = told;
    root.querySelector(`[data-step=${next}] h2`)?.focus({ preventScroll: true });
  }

  /** A telephone that opens its camera may forget the page: what was typed is on the disk. */
  function remember() {
    draft = { ...draft, ...more.read(), place: where.current(), step };
    return keepDraft(draft);
  }

  async function restore() {
    const kept = await draftOf(user);
    if (!kept?.place || kept.step === "place") return;
    draft = kept;
    where.set(kept.place);
    more.fill(kept);
    go(kept.category ? "rest" : "what");
    if (!kept.category) what.offer(kept.place);
  }

  async function save() {
    const current = where.current();
    if (!current || !draft.category) return;
    const { category, categoryName, replaces } = draft;
    const key = crypto.randomUUID();
    await takeOver(
      {
        key,
        user,
        at: Date.now(),
        place: current,
        category,
        categoryName,
        state: "waiting",
        sentence: "",
        ...more.read(),
      },
      replaces,
    );
    draft = { user };
    more.fill();
    where.release();
    go("place");
    await list.draw();
    if (!navigator.onLine) toast(word("kept"));
    outbox.flush();
  }

  /** A refused capture opens again; saved, it leaves under a new key. */
  function correct(capture) {
    draft = { ...capture, replaces: capture.key };
    where.set(capture.place);
    more.fill(capture);
    location.hash = "#signaler";
    go("rest");
    remember();
  }
}
