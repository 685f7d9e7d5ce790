import assert from "node:assert/strict";
import { test } from "node:test";
import { settle } from "#interventions/requests/fresh";

test("a reader at the top is shown the list as it is", () => {
  assert.deepEqual(settle(["3", "2", "1"], ["4", "3", "2"]), { held: [], pushed: [], gone: [] });
});

test("a reader among the rows is shown no new one, and keeps those it would push off the page", () => {
  const { held, pushed, gone } = settle(["3", "2", "1"], ["5", "4", "3"], { busy: true });
  assert.deepEqual(held, ["5", "4"]);
  assert.deepEqual(pushed, ["2", "1"]);
  assert.deepEqual(gone, []);
});

test("a row that answers the filters no more goes, whoever reads", () => {
  assert.deepEqual(settle(["3", "2", "1"], ["3", "1"], { busy: true }), { held: [], pushed: [], gone: [] });
});

test("the last row too, when nothing pushed it", () => {
  assert.deepEqual(settle(["3", "2", "1"], ["3", "2"], { busy: true }).pushed, []);
});

test("the row one is at stays where it was", () => {
  assert.deepEqual(settle(["3", "2", "1"], ["3", "1"], { needed: ["2"] }).gone, [{ id: "2", after: "3" }]);
  assert.deepEqual(settle(["3", "2", "1"], ["2", "1"], { needed: ["3"] }).gone, [{ id: "3", after: null }]);
});

test("a request that is needed and on the list is nothing special", () => {
  assert.deepEqual(settle(["2", "1"], ["2", "1"], { busy: true, needed: ["2"] }), { held: [], pushed: [], gone: [] });
});
