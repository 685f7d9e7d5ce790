/** Rules of the outbox, apart from the page: who goes first, what an answer means, what is sent. */

// The server read it and said no: sending it again as it is would be answered the same.
const REFUSED = new Set([400, 404, 409, 413, 415, 422]);

/** Captures of this person that may leave now, the oldest first. */
export function toSend(captures, user) {
  return captures.filter((each) => each.user === user && each.state === "waiting").sort((a, b) => a.at - b.at);
}

/** What becomes of a capture whose sending failed: it waits, or it was refused and says why. */
export function after(capture, { status, message, fields = {} }) {
  if (!REFUSED.has(status)) return { ...capture, state: "waiting", sentence: "" };
  const sentences = Object.values(fields).flat();
  return { ...capture, state: "refused", sentence: sentences.length ? sentences.join(" ") : message };
}

/** Is it the session that ended, or the right that is missing? Then nothing leaves until somebody signs in. */
export function isSignedOut({ status }) {
  return status === 401 || status === 403;
}

/** How long to leave a server alone that failed so many times in a row: 4 s, 8 s, … five minutes at most. */
export function pauseAfter(failures) {
  return Math.min(2000 * 2 ** failures, 300_000);
}

/** The fields of `POST /api/v1/requests`, without the photos. */
export function fieldsOf({ place, category, nature, description, at }) {
  const fields = {
    category,
    channel: "technician",
    nature,
    geometry: JSON.stringify({ type: "Point", coordinates: [place.lon, place.lat] }),
    captured_at: new Date(at).toISOString(),
  };
  if (description.trim()) fields.description = description.trim();
  if (place.address) fields.address = place.address;
  if (place.source) fields.place_source = place.source;
  if (place.source === "fix") fields.accuracy_m = String(Math.round(place.accuracyM * 10) / 10);
  return fields;
}

/** The place after the pin was moved by hand: a correction of the fix when there was one. */
export function movedByHand(place, { lon, lat }) {
  return { lon, lat, source: place?.source ? "corrected" : "", fix: place?.fix ?? null, accuracyM: 0 };
}
