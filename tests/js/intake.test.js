/** The intake screen's own rules: late answers, drafts, and whose word counts for the place. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { differs, drafts, fill, gather } from "#interventions/intake/draft";
import { latest } from "#interventions/intake/latest";
import { afterTyping, anchor, atAddress, NOWHERE, named, onTheMap, point } from "#interventions/intake/placed";

function storage() {
  const kept = new Map();
  return {
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, value) => kept.set(name, value),
    removeItem: (name) => kept.delete(name),
    size: () => kept.size,
  };
}

function answerLater() {
  const waiting = new Map();
  const question = (signal, about) => new Promise((resolve, reject) => waiting.set(about, { resolve, reject, signal }));
  return { question, waiting };
}

test("a late answer never replaces a newer one", async () => {
  const { question, waiting } = answerLater();
  const shown = [];
  const ask = latest(question, { show: (answer) => shown.push(answer), fail: assert.fail });
  const first = ask("first");
  const second = ask("second");
  waiting.get("second").resolve("new");
  waiting.get("first").resolve("old");
  await Promise.all([first, second]);
  assert.deepEqual(shown, ["new"]);
  assert.equal(waiting.get("first").signal.aborted, true);
});

test("the failure of a question overtaken is not shown, that of the last one is", async () => {
  const { question, waiting } = answerLater();
  const failed = [];
  const ask = latest(question, { show: assert.fail, fail: (error) => failed.push(error.message) });
  const first = ask("first");
  const second = ask("second");
  waiting.get("first").reject(new Error("old"));
  waiting.get("second").reject(new Error("new"));
  await Promise.all([first, second]);
  assert.deepEqual(failed, ["new"]);
});

test("a draft comes back to its owner", () => {
  const kept = drafts(storage(), "7");
  assert.equal(kept.read(), null);
  kept.save({ description: "Sur le socle" });
  assert.deepEqual(kept.read(), { description: "Sur le socle" });
  kept.clear();
  assert.equal(kept.read(), null);
});

test("a draft of another account is thrown away unread", () => {
  const shared = storage();
  drafts(shared, "7").save({ name: "Mme Lemoine" });
  assert.equal(drafts(shared, "8").read(), null);
  assert.equal(shared.size(), 0);
});

test("a draft that cannot be read is none", () => {
  const broken = storage();
  broken.setItem("gisplatform.intake", "{");
  assert.equal(drafts(broken, "7").read(), null);
});

test("what was cleared can be brought back once", () => {
  const kept = drafts(storage(), "7");
  kept.save({ name: "a" });
  kept.setAside({ name: "a" });
  assert.equal(kept.read(), null);
  assert.deepEqual(kept.bringBack(), { name: "a" });
  assert.equal(kept.bringBack(), null);
});

test("what is typed is gathered without the token, the files and the photos to remove", () => {
  const fields = [
    ["csrfmiddlewaretoken", "x"],
    ["photos", { name: "a.jpg" }],
    ["removed", "3"],
    ["name", "Mme Lemoine"],
    ["channel", "phone"],
  ];
  assert.deepEqual(gather(fields), { name: "Mme Lemoine", channel: "phone" });
});

test("a draft fills the fields there are", () => {
  const elements = { name: { value: "" }, namedItem: (name) => elements[name] ?? null };
  fill(elements, { name: "Mme Lemoine", gone: "x" });
  assert.equal(elements.name.value, "Mme Lemoine");
});

test("a new key is not something typed", () => {
  assert.equal(differs({ key: "1", name: "" }, { key: "2", name: "" }), false);
  assert.equal(differs({ key: "1", name: "a" }, { key: "1", name: "" }), true);
  assert.equal(differs({ key: "1", said: "tag" }, { key: "1" }), true);
});

const CHOSEN = atAddress({ label: "12 Rue Saint-Pierre, Caen", lon: -0.36, lat: 49.18 });

test("more words about a chosen address keep its place", () => {
  assert.equal(afterTyping(CHOSEN, "12 Rue Saint-Pierre, Caen, derrière l’abri"), CHOSEN);
});

test("other words take away the place of a chosen address", () => {
  assert.deepEqual(afterTyping(CHOSEN, "14 Rue Saint-Pierre"), NOWHERE);
});

test("a place of the map stays whatever is written", () => {
  const clicked = onTheMap(NOWHERE, point(-0.36, 49.18));
  assert.equal(afterTyping(clicked, "derrière l’école"), clicked);
});

test("the map names its place, and never wipes out what a person wrote", () => {
  const clicked = { ...onTheMap(NOWHERE, point(-0.36, 49.18)), label: "Rue Écuyère, Caen" };
  assert.equal(named(clicked, "Rue Écuyère, Caen", "Place Bouchard, Caen"), "Place Bouchard, Caen");
  assert.equal(named(clicked, "Rue Écuyère, Caen", ""), "");
  assert.equal(named(clicked, "derrière l’école", ""), "derrière l’école");
});

test("a line and an area are named after their first vertex", () => {
  assert.deepEqual(anchor({ type: "Point", coordinates: [1, 2] }), [1, 2]);
  assert.deepEqual(
    anchor({
      type: "LineString",
      coordinates: [
        [3, 4],
        [5, 6],
      ],
    }),
    [3, 4],
  );
  assert.deepEqual(
    anchor({
      type: "Polygon",
      coordinates: [
        [
          [7, 8],
          [9, 9],
          [7, 9],
          [7, 8],
        ],
      ],
    }),
    [7, 8],
  );
});

test("a point is written to the centimetre", () => {
  assert.deepEqual(point(-0.36123456789, 49.18765432199).coordinates, [-0.3612346, 49.1876543]);
});
