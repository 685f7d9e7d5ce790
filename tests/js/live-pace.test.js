import assert from "node:assert/strict";
import { test } from "node:test";
import { paced, pauseAfter, waitBefore } from "#gisplatform/live-pace";

const settled = () => new Promise((resolve) => setImmediate(resolve));
const clock = (t) => t.mock.timers.enable({ apis: ["setTimeout", "Date"] });

test("a first word is followed within a third of a second", () => {
  assert.equal(waitBefore({ askedMs: null, tookMs: 0 }, 0), 100);
  assert.ok(waitBefore({ askedMs: null, tookMs: 0 }, 1) <= 300);
});

test("a page asks about once a second, and less often where answers take long", () => {
  assert.equal(waitBefore({ askedMs: 100, tookMs: 50 }, 0), 900);
  assert.equal(waitBefore({ askedMs: 2000, tookMs: 2000 }, 0), 4000);
  assert.equal(waitBefore({ askedMs: 60_000, tookMs: 2000 }, 0), 100);
});

test("many pages that heard the same word do not all ask at once", () => {
  assert.ok(
    waitBefore({ askedMs: 60_000, tookMs: 2000 }, 1) - waitBefore({ askedMs: 60_000, tookMs: 2000 }, 0) >= 2000,
  );
});

test("a server that is away is left alone for longer each time, half a minute or so at most", () => {
  assert.deepEqual(
    [1, 2, 3, 20].map((failures) => pauseAfter(failures, 0.5)),
    [1000, 2000, 4000, 30_000],
  );
  assert.ok(pauseAfter(20, 1) <= 45_000);
});

test("a burst is read once", async (t) => {
  clock(t);
  let asked = 0;
  const heard = paced(async () => {
    asked += 1;
  });
  for (let i = 0; i < 50; i += 1) heard();
  t.mock.timers.tick(400);
  await settled();
  t.mock.timers.tick(5000);
  await settled();
  assert.equal(asked, 1);
});

test("what is heard while an answer is on its way is asked for again", async (t) => {
  clock(t);
  let asked = 0;
  let answer;
  const heard = paced(() => {
    asked += 1;
    return new Promise((resolve) => {
      answer = resolve;
    });
  });
  heard();
  t.mock.timers.tick(400);
  heard();
  answer();
  await settled();
  assert.equal(asked, 1);
  t.mock.timers.tick(2000);
  assert.equal(asked, 2);
});

test("what could not be read is tried again until it is", async (t) => {
  clock(t);
  const answers = [false, false, true];
  let asked = 0;
  const heard = paced(async () => answers[asked++]);
  heard();
  for (let second = 0; second < 30; second += 1) {
    t.mock.timers.tick(1000);
    await settled();
  }
  assert.equal(asked, 3);
});
