// Moments as people say them: “5 minutes ago”, “in 5 days”. The page is as old as its last build, so only the browser
// knows. Material replaces the page's content without loading it anew; `document$` gives each new page.

import { element, find } from "./element.js";

/** @type {[Intl.RelativeTimeFormatUnit, number][]} */
const UNITS = [["year", 31_557_600], ["month", 2_629_800], ["day", 86_400], ["hour", 3_600], ["minute", 60]];
const MINUTE = 60_000; // milliseconds

/** How long ago a moment was, in words; a clock that is slow makes it no future. @param {Date} moment */
function ago(moment) {
  const seconds = (Date.now() - moment.getTime()) / 1000;
  const unit = UNITS.find(([, length]) => seconds >= length);
  return unit ? new Intl.RelativeTimeFormat("en").format(-Math.floor(seconds / unit[1]), unit[0]) : "just now";
}

/** How long it is until a moment, in words: days, the last two in hours, and the last two hours in minutes.
 * @param {Date} moment */
function until(moment) {
  const seconds = (moment.getTime() - Date.now()) / 1000;
  const unit = UNITS.find(([name, length]) => ["day", "hour"].includes(name) && seconds >= 2 * length) ?? UNITS[UNITS.length - 1];
  return new Intl.RelativeTimeFormat("en").format(Math.max(1, Math.floor(seconds / unit[1])), unit[0]);
}

/** Show how long ago it was, and when on pointing at it. @param {HTMLTimeElement} time */
function tell(time) {
  const moment = new Date(time.dateTime);
  if (Number.isNaN(moment.getTime())) return;
  time.textContent = ago(moment);
  time.title = moment.toLocaleString("en", {
    year: "numeric", month: "long", day: "numeric", hour: "2-digit", minute: "2-digit", timeZoneName: "short",
  });
}

/** The element for a moment. @param {string} dateTime as JSON has it */
export function agoElement(dateTime) {
  const time = element("time", { dateTime }, dateTime);
  tell(time);
  return time;
}

/** Say of each deadline how far off it is, and mark the next one and those that have passed, which the front page hides;
 * once all have, the last one stays. The list keeps its height, so that nothing moves. @param {HTMLElement} list */
function pick(list) {
  list.style.minHeight ||= `${list.offsetHeight}px`;
  const rows = [...list.children].filter((row) => row instanceof HTMLElement);
  const moments = rows.map((row) => new Date(find(row, "time", HTMLTimeElement).dateTime));
  const next = moments.findIndex((moment) => moment.getTime() > Date.now());
  for (const [at, row] of rows.entries()) {
    const hasPassed = next < 0 || at < next;
    const term = find(row, "dt", HTMLElement);
    term.dataset.before ??= term.textContent ?? "";
    term.textContent = hasPassed ? `${term.dataset.after} ${ago(moments[at])}` : `${term.dataset.before} ${until(moments[at])}`;
    row.classList.toggle("hub-deadlines__past", hasPassed && !(next < 0 && at === rows.length - 1));
    row.classList.toggle("hub-deadlines__next", at === next);
  }
}

function show() {
  /** @type {NodeListOf<HTMLTimeElement>} */
  const times = document.querySelectorAll("time[data-hub-ago]");
  times.forEach(tell);
  /** @type {NodeListOf<HTMLElement>} */
  const lists = document.querySelectorAll("[data-hub-deadlines]");
  lists.forEach(pick);
}

document$.subscribe(show);
setInterval(show, MINUTE); // who leaves the page open reads what is true
