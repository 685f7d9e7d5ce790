import assert from "node:assert/strict";
import { test } from "node:test";
import { fits } from "#interventions/field/choice";
import { after, fieldsOf, isSignedOut, movedByHand, pauseAfter, toSend } from "#interventions/field/outbox";
import { fitting } from "#interventions/field/photos";

const FIX = {
  lon: -0.36,
  lat: 49.18,
  accuracyM: 8.24,
  source: "fix",
  fix: { lon: -0.36, lat: 49.18, accuracyM: 8.24 },
};
const CAPTURE = {
  key: "a",
  user: 1,
  at: 0,
  place: FIX,
  category: "graffiti",
  nature: "incident",
  description: " ",
  state: "waiting",
};

test("what waits leaves in the order it was captured, one's own only, refused ones not", () => {
  const all = [
    { key: "late", user: 1, at: 2, state: "waiting" },
    { key: "other", user: 2, at: 0, state: "waiting" },
    { key: "refused", user: 1, at: 0, state: "refused" },
    { key: "early", user: 1, at: 1, state: "waiting" },
  ];
  assert.deepEqual(
    toSend(all, 1).map(({ key }) => key),
    ["early", "late"],
  );
});

test("only an answer that would be the same again is a refusal", () => {
  for (const status of [0, 401, 403, 408, 429, 500, 503]) assert.equal(after(CAPTURE, { status }).state, "waiting");
  for (const status of [400, 409, 413, 415, 422])
    assert.equal(after(CAPTURE, { status, message: "Non." }).state, "refused");
});

test("a refusal says what its fields say, or else what the server says", () => {
  const fields = { photos: ["Trop lourde."], category: ["Inconnue."] };
  assert.equal(after(CAPTURE, { status: 400, message: "Vérifiez.", fields }).sentence, "Trop lourde. Inconnue.");
  assert.equal(after(CAPTURE, { status: 409, message: "Déjà servi." }).sentence, "Déjà servi.");
});

test("an ended session is not a refusal", () => {
  assert.ok(isSignedOut({ status: 401 }) && isSignedOut({ status: 403 }));
  assert.ok(!isSignedOut({ status: 0 }) && !isSignedOut({ status: 503 }));
});

test("a server that keeps failing is left alone longer and longer, never for more than five minutes", () => {
  assert.deepEqual([1, 2, 3].map(pauseAfter), [4000, 8000, 16000]);
  assert.equal(pauseAfter(1000), 300_000);
});

test("the fix is sent with its accuracy, a corrected place without", () => {
  const sent = fieldsOf(CAPTURE);
  assert.equal(sent.geometry, '{"type":"Point","coordinates":[-0.36,49.18]}');
  assert.deepEqual([sent.place_source, sent.accuracy_m, sent.captured_at], ["fix", "8.2", "1970-01-01T00:00:00.000Z"]);
  assert.ok(!("description" in sent));
  const moved = movedByHand(FIX, { lon: -0.37, lat: 49.19 });
  const corrected = fieldsOf({ ...CAPTURE, place: moved });
  assert.deepEqual([corrected.place_source, corrected.accuracy_m], ["corrected", undefined]);
  assert.equal(moved.fix, FIX.fix);
});

test("a place without a fix before it is no correction", () => {
  assert.equal(fieldsOf({ ...CAPTURE, place: movedByHand(null, { lon: 0, lat: 0 }) }).place_source, undefined);
});

test("each typed word begins a word of the category, whatever its accents", () => {
  assert.ok(fits("Éclairage public – lampadaire éteint", "ecl lamp"));
  assert.ok(fits("Graffiti", ""));
  assert.ok(!fits("Graffiti ou tag", "affiti"));
});

test("a photo keeps its shape and is never made larger", () => {
  assert.deepEqual(fitting(4000, 3000), [2048, 1536]);
  assert.deepEqual(fitting(300, 4000), [154, 2048]);
  assert.deepEqual(fitting(40, 30), [40, 30]);
  assert.deepEqual(fitting(9000, 1), [2048, 1]);
});
