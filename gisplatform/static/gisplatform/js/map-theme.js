/** Colours of the page for what is drawn on the map. */

export const darkness = matchMedia("(prefers-color-scheme: dark)");

/** The value of a design token, without its dashes: colour("accent"). */
export function colour(token) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${token}`).trim();
}

/** The colour the page gives each of these states: {state: colour}. */
export function coloursOfStates(map, states) {
  const probe = document.createElement("span");
  probe.hidden = true;
  map.getContainer().append(probe);
  const found = states.map((state) => {
    probe.dataset.state = state;
    return [state, getComputedStyle(probe).getPropertyValue("--state").trim()];
  });
  probe.remove();
  return Object.fromEntries(found);
}

// The style names the font by the name the page declares it under.
export const FONT = ["Inter Variable"];
