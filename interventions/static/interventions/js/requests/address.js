/** The address of a list: its filters, and nothing that says nothing. */

// About one page of one list: they do not outlive a change of filters.
const PASSING = ["cursor", "format"];

/** The address of the list these form entries ask for: empty and repeated ones left out, in their order. */
export function addressOf(path, entries) {
  const query = new URLSearchParams();
  for (const [name, value] of entries) {
    if (value !== "" && !query.getAll(name).includes(value)) query.append(name, value);
  }
  return withQuery(path, query);
}

/** The same address with one thing about it changed; what is about one page only is left out. */
export function changed(address, name, value) {
  const [path, search = ""] = address.split("?");
  const query = new URLSearchParams(search);
  for (const passing of PASSING) query.delete(passing);
  query.set(name, value);
  return withQuery(path, query);
}

/** The same page in another form. */
export function inForm(address, form) {
  const [path, search = ""] = address.split("?");
  const query = new URLSearchParams(search);
  query.set("format", form);
  return withQuery(path, query);
}

function withQuery(path, query) {
  const search = query.toString();
  return search ? `${path}?${search}` : path;
}
