/**
 * Search as you type, after the ARIA combobox pattern: arrows and Enter choose, Escape closes.
 *
 *   combobox(input, { search, choose })
 *
 * `search(text, { signal })` resolves to options `{ label, detail, … }`, best first; `choose(option)` receives the one
 * taken, whose label is by then in the input. `input` stands in a `.combobox`; its `data-empty` is the sentence for
 * no result. The input keeps what is typed: nothing is chosen that was not pressed.
 */

const PAUSE_MS = 120;
let made = 0;

export function combobox(input, { search, choose, minimum = 2 }) {
  made += 1;
  const id = `combobox-${made}`;
  const list = emptyList(id, input);
  let options = [];
  let at = -1;
  let pause;
  let asking;

  input.after(list);
  setAll(input, {
    role: "combobox",
    autocomplete: "off",
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    "aria-controls": id,
  });

  function close() {
    clearTimeout(pause);
    asking?.abort();
    show([], "");
  }

  async function ask() {
    asking?.abort();
    asking = new AbortController();
    const { signal } = asking;
    const text = input.value.trim();
    if (text.length < minimum) return show([], "");
    try {
      const found = await search(text, { signal });
      if (!signal.aborted) show(found, input.dataset.empty);
    } catch (error) {
      if (error.name !== "AbortError") show([], error.message);
    }
  }

  function show(found, sentence) {
    options = found;
    at = -1;
    input.removeAttribute("aria-activedescendant");
    list.replaceChildren(...found.map((option, index) => row(option, `${id}-${index}`)));
    if (!found.length && sentence) list.append(nothing(sentence));
    list.hidden = !list.childElementCount;
    input.setAttribute("aria-expanded", String(!list.hidden));
  }

  function move(to) {
    list.children[at]?.setAttribute("aria-selected", "false");
    at = (to + options.length) % options.length;
    const current = list.children[at];
    current.setAttribute("aria-selected", "true");
    current.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", current.id);
  }

  function take(index) {
    const option = options[index];
    input.value = option.label;
    close();
    choose(option);
  }

  const keys = {
    ArrowDown: () => (options.length ? move(at + 1) : ask()),
    ArrowUp: () => options.length && move(Math.max(at, 0) - 1),
    Enter: () => take(at),
    Escape: close,
  };

  input.addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(ask, PAUSE_MS);
  });
  input.addEventListener("keydown", (event) => {
    // Enter without a choice sends the form, Escape without a list leaves the field, as everywhere else.
    if (event.key === "Enter" && at < 0) return;
    if (event.key === "Escape" && list.hidden) return;
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
  input.addEventListener("blur", close);
  list.addEventListener("mousedown", (event) => event.preventDefault()); // the input keeps the focus
  list.addEventListener("click", (event) => {
    const index = [...list.children].indexOf(event.target.closest("[role=option]"));
    if (options[index]) take(index);
  });

  return { close, ask };
}

function emptyList(id, input) {
  const list = document.createElement("ul");
  list.className = "combobox__list";
  list.hidden = true;
  const label = input.getAttribute("aria-label") ?? input.labels?.[0]?.textContent.trim() ?? "";
  setAll(list, { id, role: "listbox", "aria-label": label });
  return list;
}

function row(option, id) {
  const item = document.createElement("li");
  item.className = "combobox__option";
  setAll(item, { id, role: "option", "aria-selected": "false" });
  item.append(piece("combobox__label", option.label));
  if (option.detail) item.append(piece("combobox__detail", option.detail));
  return item;
}

function nothing(sentence) {
  const item = document.createElement("li");
  item.className = "combobox__empty";
  setAll(item, { role: "option", "aria-disabled": "true", "aria-selected": "false" });
  item.textContent = sentence;
  return item;
}

function piece(name, text) {
  const span = document.createElement("span");
  span.className = name;
  span.textContent = text;
  return span;
}

function setAll(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
}
