import assert from "node:assert/strict";
import { test } from "node:test";
import { concerns } from "#gisplatform/live-parts";

const news = { reference: "2026-000123-7", work: "I-2026-000012-3", kind: "moved" };

test("a part that names nothing follows everything", () => {
  assert.ok(concerns("", news));
});

test("a part follows the references it names, of a request or of work", () => {
  assert.ok(concerns("2026-000001-1 2026-000123-7", news));
  assert.ok(concerns("I-2026-000012-3 ", news));
  assert.ok(!concerns("2026-000001-1", news));
});

test("a reference is known whole", () => {
  assert.ok(!concerns("2026-000123-70", news));
});

test("news of no request concern who names one only by the work", () => {
  assert.ok(!concerns("2026-000123-7", { reference: null, work: "I-2026-000012-3" }));
});
