import assert from "node:assert/strict";
import { test } from "node:test";
import { peakOf } from "#interventions/overview/peak";

const at = (x, y, count) => ({
  geometry: { coordinates: [x, y] },
  properties: count === undefined ? {} : { count },
});
const asIs = ([x, y]) => ({ x, y });

test("the fullest part counts cells by what they hold and points as one", () => {
  assert.equal(peakOf([at(1, 1, 5), at(2, 3, 7), at(300, 300, 11), at(301, 301)], asIs), 12);
});

test("an empty picture holds nothing", () => {
  assert.equal(peakOf([], asIs), 0);
});
