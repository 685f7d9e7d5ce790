import assert from "node:assert/strict";
import { test } from "node:test";

import { told } from "#gisplatform/bell";

const SAID = { most: "99", none: "aucune", one: "une", some: "{count} non lues", more: "plus de {count}" };

test("none is said in words and by no number", () => {
  assert.deepEqual(told(SAID, 0), { words: "aucune", number: "" });
});

test("one has words of its own", () => {
  assert.deepEqual(told(SAID, 1), { words: "une", number: "1" });
});

test("some are counted", () => {
  assert.deepEqual(told(SAID, 99), { words: "99 non lues", number: "99" });
});

test("many are not counted to the end", () => {
  assert.deepEqual(told(SAID, 100), { words: "plus de 99", number: "99+" });
});
