import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { age, hour, inWords } from "#gisplatform/time";

const { now, zone, moments } = JSON.parse(readFileSync(new URL("../pages/moments.json", import.meta.url)));
const plain = (text) => text.replace(/\s/g, " ");

for (const [moment, words] of moments) {
  test(`${moment} is said « ${words} »`, () => {
    assert.equal(plain(inWords(moment, { now: new Date(now), language: "fr", zone })), words);
  });
}

test("the words of a time do not break over two lines", () => {
  assert.equal(hour(new Date(now), { language: "fr", zone }), "14\u00a0h\u00a005");
});

test("another language keeps its own hours", () => {
  assert.equal(hour(new Date(now), { language: "en", zone }), "14:05");
});

// As tests/interventions/test_ages.py has them.
test("an age is short, and left to the server where it is a day", () => {
  const at = new Date("2026-03-02T09:30:00Z");
  const before = (seconds) =>
    age(new Date(at - seconds * 1000).toISOString(), { now: at, language: "fr", zone: "Europe/Paris" });
  assert.deepEqual([-5, 59 * 60 + 59, 3600, 24 * 3600 - 60, 24 * 3600, 13 * 24 * 3600, 14 * 24 * 3600].map(before), [
    "0 min",
    "59 min",
    "1 h",
    "23 h",
    "1 j",
    "13 j",
    null,
  ]);
});
