import assert from "node:assert/strict";
import { test } from "node:test";
import { addressOf, changed, inForm } from "#interventions/requests/address";

test("an address holds what is set, once, in the order of the form", () => {
  const entries = [
    ["state", "open"],
    ["category", ""],
    ["state", "closed"],
    ["state", "open"],
    ["q", "rue d'Auge & co"],
  ];
  assert.equal(addressOf("/demandes/", entries), "/demandes/?state=open&state=closed&q=rue+d%27Auge+%26+co");
});

test("an address without filters is the plain one", () => {
  assert.equal(addressOf("/demandes/", [["category", ""]]), "/demandes/");
});

test("a change replaces its value and forgets the page one was on", () => {
  const before = "/demandes/?state=open&bbox=1,2,3,4&cursor=abc&format=rows";
  assert.equal(changed(before, "bbox", "5,6,7,8"), "/demandes/?state=open&bbox=5%2C6%2C7%2C8");
  assert.equal(changed("/demandes/", "bbox", "5,6,7,8"), "/demandes/?bbox=5%2C6%2C7%2C8");
});

test("another form of the same page keeps everything else", () => {
  assert.equal(inForm("/demandes/?state=open&cursor=abc", "rows"), "/demandes/?state=open&cursor=abc&format=rows");
  assert.equal(inForm("/demandes/", "rows"), "/demandes/?format=rows");
});
