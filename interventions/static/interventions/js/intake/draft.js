/**
 * What is being typed, kept while the tab lives: it survives an expired session or a crash, never the next person.
 * Desks are shared, so it lies in sessionStorage, under the account it belongs to.
 */

const DRAFT = "gisplatform.intake";
const ASIDE = "gisplatform.intake.aside";
const NOT_TYPED = new Set(["csrfmiddlewaretoken", "removed", "photos", "same", "within"]);

/** `{ read, save, clear, setAside, bringBack }`; a draft of another account is thrown away unread. */
export function drafts(storage, owner) {
  const read = (slot) => {
    const kept = parsed(storage.getItem(slot));
    if (kept && kept.owner === owner) return kept.values;
    storage.removeItem(slot);
    return null;
  };
  const write = (slot, values) => storage.setItem(slot, JSON.stringify({ owner, values }));
  return {
    read: () => read(DRAFT),
    save: (values) => write(DRAFT, values),
    clear: () => storage.removeItem(DRAFT),
    setAside: (values) => {
      write(ASIDE, values);
      storage.removeItem(DRAFT);
    },
    /** What was set aside, once. */
    bringBack: () => {
      const values = read(ASIDE);
      storage.removeItem(ASIDE);
      return values;
    },
  };
}

/** The fields of a form as `{ name: text }`; files stay where they are. */
export function gather(fields) {
  const values = {};
  for (const [name, value] of fields) if (typeof value === "string" && !NOT_TYPED.has(name)) values[name] = value;
  return values;
}

export function fill(elements, values) {
  for (const [name, value] of Object.entries(values)) {
    const element = elements.namedItem(name);
    if (element) element.value = value;
  }
}

// The key differs on every page, how far one looks is a habit: neither is typed.
const OF_THE_PAGE = new Set(["key", "within_m"]);

/** Has somebody typed anything? */
export function differs(values, initial) {
  return Object.keys({ ...values, ...initial }).some(
    (name) => !OF_THE_PAGE.has(name) && values[name] !== initial[name],
  );
}

function parsed(text) {
  try {
    return text && JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
