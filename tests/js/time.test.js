import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { hour, inWords } from "#gisplatform/time";

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
