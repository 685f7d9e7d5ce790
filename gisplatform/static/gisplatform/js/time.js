/** Dates and times as people say them, as gisplatform/moments.py does on the server. */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
// What Intl leaves to typography, by language.
const HOUR_MARK = { fr: "\u00a0h\u00a0" };
const FIRST_DAY = { fr: "1er" };
const DAY_MARK = { fr: "j" };
const DAYS_COUNTED = 14;

/**
 * « hier 14 h 05 ». `moment` is an ISO string; a plain date ("2026-11-26") has no time. `zone` is the browser's unless
 * told otherwise.
 */
export function inWords(moment, { now = new Date(), language = pageLanguage(), zone } = {}) {
  const dateOnly = moment.length === 10;
  const instant = new Date(dateOnly ? `${moment}T12:00:00Z` : moment);
  const where = dateOnly ? "UTC" : zone;
  const away = instant - now;
  if (!dateOnly && Math.abs(away) < HOUR) return distance(away, language);
  const days = dayNumber(instant, where) - dayNumber(now, zone);
  if (Math.abs(days) <= 1) {
    const day = new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(days, "day");
    return dateOnly ? day : `${day} ${hour(instant, { language, zone })}`;
  }
  const shape = { day: "numeric", month: "long", timeZone: where };
  if (Math.abs(days) < 7) shape.weekday = "long";
  else if (year(instant, where) !== year(now, zone)) shape.year = "numeric";
  return dayInWords(instant, shape, language);
}

/** « 14 h 05 », « 9 h ». */
export function hour(instant, { language = pageLanguage(), zone } = {}) {
  const shape = { hour: "numeric", minute: "2-digit", hourCycle: "h23", timeZone: zone };
  const parts = new Intl.DateTimeFormat(language, shape).formatToParts(instant);
  const part = (type) => parts.find((one) => one.type === type).value;
  const hours = Number(part("hour"));
  const mark = HOUR_MARK[language.slice(0, 2)];
  if (!mark) return `${hours}:${part("minute")}`;
  return part("minute") === "00" ? hours + mark.trimEnd() : hours + mark + part("minute");
}

/** « 12 min », « 5 h », « 3 j »; null from two weeks on, when the server has written the day. */
export function age(moment, { now = new Date(), language = pageLanguage(), zone } = {}) {
  const instant = new Date(moment);
  const old = Math.max(0, now - instant);
  if (old < HOUR) return `${Math.floor(old / MINUTE)} min`;
  if (old < DAY) return `${Math.floor(old / HOUR)} h`;
  const days = Math.max(1, dayNumber(now, zone) - dayNumber(instant, zone));
  return days < DAYS_COUNTED ? `${days} ${DAY_MARK[language.slice(0, 2)] ?? "d"}` : null;
}

/** Keep the words of every <time title> and <time data-age> under `root` true while the page stays open. */
export function keepTrue(root = document) {
  const say = () => {
    for (const element of root.querySelectorAll("time[datetime]:is([title], [data-age])")) {
      const moment = element.getAttribute("datetime");
      const words = "age" in element.dataset ? age(moment) : inWords(moment);
      if (words && words !== element.textContent) element.textContent = words;
    }
  };
  return setInterval(say, MINUTE);
}

function distance(away, language) {
  const inSeconds = Math.abs(away) < MINUTE;
  const size = Math.trunc(away / (inSeconds ? SECOND : MINUTE));
  const words = new Intl.RelativeTimeFormat(language, { style: "short" });
  return words.format(size || -0, inSeconds ? "second" : "minute"); // -0 is said as the past: « il y a 0 s »
}

function dayInWords(instant, shape, language) {
  const first = FIRST_DAY[language.slice(0, 2)] ?? "1";
  const parts = new Intl.DateTimeFormat(language, shape).formatToParts(instant);
  return parts.map(({ type, value }) => (type === "day" && value === "1" ? first : value)).join("");
}

function dayNumber(instant, zone) {
  const day = new Intl.DateTimeFormat("en-CA", { timeZone: zone }).format(instant);
  return Math.round(Date.parse(`${day}T00:00:00Z`) / DAY);
}

function year(instant, zone) {
  return new Intl.DateTimeFormat("en", { year: "numeric", timeZone: zone }).format(instant);
}

function pageLanguage() {
  return globalThis.document?.documentElement.lang || "fr";
}
