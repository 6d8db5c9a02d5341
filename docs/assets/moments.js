// Moments as people say them: “5 minutes ago”. The page is as old as its last build, so only the browser knows.
// Material replaces the page's content without loading it anew; `document$` gives each new page.

import { element } from "./element.js";

/** @type {[Intl.RelativeTimeFormatUnit, number][]} */
const UNITS = [["year", 31_557_600], ["month", 2_629_800], ["day", 86_400], ["hour", 3_600], ["minute", 60]];

/** How long ago a moment was, in words; a clock that is slow makes it no future. @param {Date} moment */
function ago(moment) {
  const seconds = (Date.now() - moment.getTime()) / 1000;
  const unit = UNITS.find(([, length]) => seconds >= length);
  return unit ? new Intl.RelativeTimeFormat("en").format(-Math.floor(seconds / unit[1]), unit[0]) : "just now";
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

document$.subscribe(() => {
  /** @type {NodeListOf<HTMLTimeElement>} */
  const times = document.querySelectorAll("time[data-hub-ago]");
  times.forEach(tell);
});
