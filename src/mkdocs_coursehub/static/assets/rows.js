// Filters and order of tables whose rows are all in the page (templates/rows.html): the form has them, and the address
// carries them, so that it can be sent to somebody. A row has what it is filtered and ordered by as `data-NAME`.

import { find } from "./element.js";
import { set, writeAddress } from "./question.js";

const QUIET = 400; // milliseconds after the last key, until the address follows
const { compare } = new Intl.Collator("en", { numeric: true });

/** The text as it is compared: without case and accents. @param {string} text */
const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

/** @param {HTMLFormElement} form */
export function start(form) {
  const { pathname } = location;
  const search = find(form, "[name=search]", HTMLInputElement);
  const sort = find(form, "[name=sort]", HTMLSelectElement);
  const filters = [...form.querySelectorAll("select")].filter((each) => each !== sort);
  /** @type {import("./question.js").Control[]} */
  const controls = [search, ...filters, sort];
  const count = find(document, "[data-hub-rows-count]", HTMLElement);
  const all = count.textContent ?? "";
  const tables = [...document.querySelectorAll("table[data-hub-rows]")].map((table) => {
    const body = find(table, "tbody", HTMLTableSectionElement);
    return { body, rows: [...body.rows] };
  });
  const rows = tables.flatMap((table) => table.rows);
  const texts = new Map(rows.map((row) => [row, plain(row.textContent ?? "")]));
  let timer = 0;

  const show = () => {
    const words = plain(search.value).split(/\s+/);
    for (const row of rows) {
      // a row without such a value is of a table that this filter is not for
      const fits = filters.every(({ name, value }) => !value || (row.dataset[name]?.split(" ").includes(value) ?? true));
      row.hidden = !fits || !words.every((word) => texts.get(row)?.includes(word));
    }
    for (const table of tables) table.body.append(...ordered(table.rows, sort.value));
    const shown = rows.filter((row) => !row.hidden).length;
    count.textContent = shown === rows.length ? all : `${shown || "None"} of ${all}`;
  };

  const settle = () => {
    if (location.pathname !== pathname) return; // the address is already another page's
    writeAddress(controls);
  };

  form.addEventListener("input", () => {
    show();
    clearTimeout(timer);
    timer = setTimeout(settle, QUIET);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  const query = new URLSearchParams(location.search);
  for (const each of controls) set(each, query.get(each.name) ?? "");
  if (controls.some(({ value }) => value)) show();
  form.hidden = count.hidden = false;
}

/** The rows by one of their values, backwards with “-” before its name; those without it last. Without a name, as they
 * were. @param {HTMLTableRowElement[]} rows @param {string} order */
function ordered(rows, order) {
  if (!order) return rows;
  const name = order.replace(/^-/, "");
  const sign = name === order ? 1 : -1;
  const value = (/** @type {HTMLTableRowElement} */ row) => row.dataset[name] ?? "";
  return rows.toSorted((one, other) =>
    Number(!value(one)) - Number(!value(other)) || sign * compare(value(one), value(other)));
}
