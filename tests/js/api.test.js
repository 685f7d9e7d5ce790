import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { ApiError, getJson, getText, postForm, postJson } from "#gisplatform/api";

const realFetch = globalThis.fetch;
let asked;

/** The network, faked: the only thing here that leaves the machine. */
function answers(body, { status = 200, type = "application/json", redirected = false } = {}) {
  globalThis.fetch = async (url, options) => {
    asked = { url, ...options };
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const response = new Response(status === 204 ? null : text, { status, headers: { "Content-Type": type } });
    Object.defineProperty(response, "redirected", { value: redirected });
    return response;
  };
}

beforeEach(() => {
  globalThis.document = {
    body: { dataset: { noAnswer: "Pas de réponse.", refused: "Refusé.", signedOut: "Déconnecté." } },
    querySelector: (selector) => (selector === "[name=csrfmiddlewaretoken]" ? { value: "jeton" } : null),
  };
});

afterEach(() => {
  globalThis.fetch = realFetch;
  delete globalThis.document;
});

test("reading gives what the server says", async () => {
  answers({ state: "routed" });
  assert.deepEqual(await getJson("/api/v1/routing/preview"), { state: "routed" });
  answers("<li>une ligne</li>", { type: "text/html" });
  assert.equal(await getText("/demandes/"), "<li>une ligne</li>");
  assert.equal(asked.headers.Accept, "text/html");
});

test("writing carries the page's token, and the caller's own headers", async () => {
  answers({ reference: "2026-000001-3" }, { status: 201 });
  const made = await postJson("/api/v1/requests", { category: "tag" }, { headers: { "Idempotency-Key": "k" } });
  assert.equal(made.reference, "2026-000001-3");
  assert.equal(asked.method, "POST");
  assert.equal(asked.headers["X-CSRFToken"], "jeton");
  assert.equal(asked.headers["Idempotency-Key"], "k");
  assert.equal(asked.body, '{"category":"tag"}');
});

test("a form goes as a form, for its files", async () => {
  answers("", { status: 204 });
  const form = new FormData();
  form.set("text", "note");
  assert.equal(await postForm("/demandes/notes/", form), null);
  assert.equal(asked.body, form);
  assert.equal(asked.headers["Content-Type"], undefined);
});

const refusals = [
  [
    "the sentence of a problem",
    { title: "Ce lieu est hors du territoire." },
    { status: 422 },
    "Ce lieu est hors du territoire.",
  ],
  ["its detail before its title", { title: "Refusé", detail: "Trop tard." }, { status: 409 }, "Trop tard."],
  ["the page's own words for a failure", "<h1>panne</h1>", { status: 500, type: "text/html" }, "Refusé."],
  [
    "the way back for whoever is signed out",
    "<form>",
    { status: 200, type: "text/html", redirected: true },
    "Déconnecté.",
  ],
];
for (const [name, body, how, sentence] of refusals) {
  test(`a refusal says ${name}`, async () => {
    answers(body, how);
    await assert.rejects(getJson("/x"), (error) => error instanceof ApiError && error.message === sentence);
  });
}

test("a refusal keeps its status and the faults of each field", async () => {
  answers({ title: "Des champs ne vont pas.", errors: { category: ["Inconnu."] } }, { status: 400 });
  await assert.rejects(postJson("/x", {}), (error) => {
    assert.equal(error.status, 400);
    assert.deepEqual(error.fields, { category: ["Inconnu."] });
    return true;
  });
});

test("no network is an ApiError with the page's words", async () => {
  globalThis.fetch = async () => {
    throw new TypeError("Failed to fetch");
  };
  await assert.rejects(getJson("/x"), { name: "ApiError", message: "Pas de réponse.", status: 0 });
});

test("a request given up stays the browser's own error", async () => {
  globalThis.fetch = async () => {
    throw new DOMException("given up", "AbortError");
  };
  await assert.rejects(getJson("/x"), { name: "AbortError" });
});
