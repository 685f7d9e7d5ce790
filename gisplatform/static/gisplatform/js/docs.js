/** The page of the OpenAPI schema. Calls tried on it carry the session's CSRF token. */

const frame = document.querySelector("[data-api-docs]");
if (frame) {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const dress = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
  dark.addEventListener("change", dress);
  dress();
  globalThis.SwaggerUIBundle({
    domNode: frame,
    url: frame.dataset.schema,
    deepLinking: true,
    requestInterceptor(call) {
      call.headers["X-CSRFToken"] = document.querySelector("[name=csrfmiddlewaretoken]").value;
      return call;
    },
  });
}
