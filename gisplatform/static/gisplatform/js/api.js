/**
 * The one way to the server. Every failure is an ApiError whose message is a sentence for the person; a request given
 * up through its `signal` rejects with the browser's AbortError.
 */

export class ApiError extends Error {
  /** `status` is 0 when no answer came; `fields` maps a field's name to its sentences. */
  constructor(message, { status = 0, fields = {} } = {}) {
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.fields = fields;
  }
}

export async function getJson(url, { signal } = {}) {
  const answer = await call(url, { signal, headers: { Accept: "application/json" } });
  return answer.json();
}

/** A piece of page as the server renders it. */
export async function getText(url, { signal, headers = {} } = {}) {
  const answer = await call(url, { signal, headers: { Accept: "text/html", ...headers } });
  return answer.text();
}

/** `headers` may carry an Idempotency-Key or an If-Match. */
export async function postJson(url, body, { signal, headers = {} } = {}) {
  return sent(url, JSON.stringify(body), { signal, headers: { "Content-Type": "application/json", ...headers } });
}

/** `form` is a FormData or a form element; files go with it. */
export async function postForm(url, form, { signal, headers = {} } = {}) {
  const body = form instanceof FormData ? form : new FormData(form);
  return sent(url, body, { signal, headers });
}

async function sent(url, body, { signal, headers }) {
  const token = document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
  const answer = await call(url, {
    method: "POST",
    body,
    signal,
    headers: { Accept: "application/json", "X-CSRFToken": token, ...headers },
  });
  return answer.status === 204 ? null : answer.json();
}

async function call(url, options) {
  let answer;
  try {
    answer = await fetch(url, { credentials: "same-origin", ...options });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new ApiError(sentence("noAnswer"));
  }
  // Our interfaces never redirect: it is the way to the sign-in page of somebody whose session has ended.
  if (answer.redirected) throw new ApiError(sentence("signedOut"), { status: 401 });
  if (!answer.ok) throw await refusal(answer);
  return answer;
}

async function refusal(answer) {
  const isProblem = answer.headers.get("Content-Type")?.includes("json");
  const problem = isProblem ? await answer.json() : {};
  const words = problem.detail ?? problem.title ?? sentence(answer.status === 401 ? "signedOut" : "refused");
  return new ApiError(words, { status: answer.status, fields: problem.errors });
}

// Sentences come from the page, in its language.
function sentence(name) {
  return document.body.dataset[name] ?? "";
}
