/** The page of the OpenAPI schema. Calls made from it carry the session's CSRF token. */

const frame = document.querySelector("[data-api-docs]");
if (frame) {
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
