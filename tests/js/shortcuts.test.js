import assert from "node:assert/strict";
import { test } from "node:test";
import { keyOf } from "#gisplatform/shortcuts";

const pressed = (key, more = {}) => ({ key, ...more });

test("a key alone asks for its shortcut", () => {
  assert.equal(keyOf(pressed("n")), "n");
  assert.equal(keyOf(pressed("?", { shiftKey: true })), "?");
});

test("a key typed in a field is only a letter", () => {
  assert.equal(keyOf(pressed("n"), { typing: true }), null);
});

test("a dialog that is open keeps its keys", () => {
  assert.equal(keyOf(pressed("n"), { underDialog: true }), null);
});

for (const modifier of ["ctrlKey", "metaKey", "altKey", "isComposing", "defaultPrevented"]) {
  test(`a key with ${modifier} belongs to somebody else`, () => {
    assert.equal(keyOf(pressed("n", { [modifier]: true })), null);
  });
}
