// The catalog's search, filters and order: the form has them, the address carries them, the table shows what is found.
// What was written by students goes in as text, never as HTML.

import { element, find } from "./element.js";
import { loader } from "./loading.js";
import { set, writeAddress } from "./question.js";

/** @typedef {import("./catalog-index.js").Catalog} Catalog
 *  @typedef {import("./catalog-index.js").Entry} Entry
 *  @typedef {import("./catalog-index.js").Question} Question */

const QUIET = 400; // milliseconds after the last key: then follows what a key need not wait for
const FIRST = 12; // rows: many more could not be shown within a key's time
const MORE = 100; // rows, once one pauses and with each “Show more”
const SITE = new URL("../", import.meta.url);

const load = loader("catalog.json", async () => (await import("./catalog-index.js")).Catalog);

/** Bring the form to life; done when the page shows what its address asks for. @param {HTMLFormElement} form */
export async function start(form) {
  const { pathname } = location;
  const top = takePlace();
  const fold = find(form, "[data-hub-catalog-fold]", HTMLButtonElement);
  const search = find(form, "[name=search]", HTMLInputElement);
  const sort = find(form, "[name=sort]", HTMLSelectElement);
  const filters = [...form.querySelectorAll("select")].filter((each) => each !== sort);
  const controls = [search, ...filters, sort];
  const titles = new Map(filters.flatMap(titlesOf));
  const line = find(document, "[data-hub-catalog-found]", HTMLElement);
  const number = find(line, "span", HTMLElement);
  const remark = element("span", { className: "hub-catalog__remark" });
  const spoken = find(document, "[data-hub-catalog-spoken]", HTMLElement);
  const table = find(document, "[data-hub-catalog-list]", HTMLTableElement);
  /** @type {HTMLElement | null} */
  const rest = document.querySelector("[data-hub-catalog-rest]"); // how many posts the page has no row of
  const heads = table.querySelectorAll("th");
  const body = find(table, "tbody", HTMLTableSectionElement);
  const clear = button("Clear all", () => {
    form.reset();
    show();
    settle();
    search.focus();
  });
  const more = find(document, "[data-hub-catalog-more]", HTMLButtonElement);
  /** @type {Catalog | undefined} */
  let catalog;
  /** @type {number[] | undefined} */
  let numbers;
  let unknown = ""; // what the address asks for that is not there
  let isLoading = false;
  let isAwaited = false;
  let timer = 0;

  /** What is searched for, without slips. */
  const meant = () => catalog?.meant(search.value) ?? search.value;

  /** @returns {Question} */
  const question = () => ({
    ...Object.fromEntries(filters.map(({ name, value }) => [name, value])), search: meant(), sort: sort.value,
  });

  const show = () => {
    if (!catalog) return number.replaceChildren("Loading the catalog …");
    numbers = catalog.find(question());
    const [some, all] = [numbers.length, catalog.entries.length];
    const chosen = sort.value && some > 1 ? `, ${withSmallStart(sort.selectedOptions[0].text)}` : "";
    const order = catalog.isRanked ? ", best matches first" : chosen;
    const posts = all === 1 ? "post" : "posts";
    number.textContent = some ? `${some === all ? all : `${some} of ${all}`} ${posts}${order}` : `None of the ${all} ${posts} matches your search`;
    showRemark();
    body.replaceChildren();
    addRows(FIRST);
    table.hidden = !some;
    clear.hidden = !search.value && filters.every(({ value }) => !value);
    for (const head of heads) mark(head, sort.value || (catalog.isRanked ? "" : "-semester"));
    rest?.remove();
  };

  /** Say what was asked for and makes no difference. */
  const showRemark = () => {
    const isMute = catalog && search.value.trim() && !catalog.hasWords(search.value);
    const [typed, shown] = [search.value, meant()].map((text) => text.trim().split(/\s+/));
    const slips = typed.flatMap((word, at) => (word === shown[at] ? [] : [`No post mentions “${word}”, so these results are for “${shown[at]}”`]));
    remark.textContent = isMute ? `“${search.value.trim()}” has no letters or digits to search for` : slips.join(". ") || unknown;
  };

  /** @param {number} count */
  const addRows = (count) => {
    if (!catalog || !numbers) return;
    const { entries } = catalog;
    const next = body.rows.length;
    body.append(...numbers.slice(next, next + count).map((at) => row(entries[at], titles)));
    offer(numbers.length - body.rows.length);
  };

  /** @param {number} left */
  const offer = (left) => {
    if (more.parentElement) more.parentElement.hidden = !left;
    more.textContent = `Show ${Math.min(left, MORE)} more of ${left}`;
  };

  const showMore = async () => {
    const next = body.rows.length;
    if (!numbers) await update();
    addRows(next + MORE - body.rows.length);
    (body.rows[next]?.querySelector("a") ?? more).focus();
  };

  /** What can wait until one pauses: more rows, the numbers in the filters; the number is said to those who hear the
   * page, and the address becomes one that can be sent to somebody. */
  const settle = () => {
    clearTimeout(timer);
    timer = 0;
    if (location.pathname !== pathname) return; // the address is already another page's
    if (catalog && numbers) {
      addRows(Math.max(0, MORE - body.rows.length));
      const counts = catalog.count(question());
      for (const each of filters) showCounts(each, counts.get(each.name) ?? new Map());
      spoken.textContent = [number, remark].map((each) => each.textContent).filter(Boolean).join(". ");
    }
    writeAddress(controls);
  };

  const begin = async () => {
    if (catalog || isLoading) return;
    isLoading = true;
    try {
      catalog = await load();
      if (isAwaited) show();
      settle();
    } catch {
      number.replaceChildren("Could not load the catalog. ", button("Try again", update));
    }
    isLoading = false;
  };

  const update = () => {
    isAwaited = true;
    show();
    clearTimeout(timer);
    timer = setTimeout(settle, QUIET);
    return begin();
  };

  /** Who comes back from a post finds the rows that were there, and the place. @param {number} top */
  const comeBackTo = async (top) => {
    const isShort = () => !more.parentElement?.hidden && document.documentElement.scrollHeight < top + innerHeight;
    if (isShort() && !numbers) await update();
    if (!form.isConnected) return; // one has left the page again
    while (numbers && isShort()) addRows(MORE);
    scrollTo(0, top);
  };

  /** Order by a column, or the other way round. @param {string} name */
  const order = (name) => {
    const next = sort.value === name ? `-${name}` : name;
    sort.value = next === "-semester" ? "" : next;
    update();
  };

  /** @param {boolean} isOpen */
  const unfold = (isOpen) => fold.setAttribute("aria-expanded", String(isOpen));

  fold.onclick = () => unfold(fold.getAttribute("aria-expanded") === "false");
  line.append(remark, clear);
  more.onclick = () => showMore();
  clear.hidden = true;
  offer(Number(rest?.dataset.hubCatalogRest));
  for (const head of heads) head.replaceChildren(button(head.textContent, () => order(head.dataset.sort ?? "")));
  form.addEventListener("focusin", begin);
  form.addEventListener("input", () => {
    unknown = "";
    update();
  });
  form.addEventListener("focusout", () => timer && settle()); // perhaps for a post, from which one will come back
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    settle();
  });
  const query = new URLSearchParams(location.search);
  const unfit = controls.filter((each) => !set(each, query.get(each.name) ?? ""));
  unknown = unfit.length ? `This catalog does not know: ${unfit.map(({ name }) => `${name} “${query.get(name)}”`).join(", ")}` : "";
  showRemark();
  if (unknown) settle();
  unfold([...filters, sort].some(({ value }) => value));
  form.hidden = line.hidden = false;
  if (top) history.scrollRestoration = "manual"; // or else the browser scrolls as well, perhaps later
  if (controls.some(({ value }) => value)) await update();
  if (top) await comeBackTo(top);
}

/** How far down this page one was when one left it, once; 0 where one comes to it anew. @returns {number} */
function takePlace() {
  const { href, top } = hub_place;
  hub_place.top = 0;
  return href === location.href ? top : 0;
}

/** @param {string} text */
const withSmallStart = (text) => text[0].toLowerCase() + text.slice(1);

/** What a filter's values are called. @param {HTMLSelectElement} select @returns {[string, string][]} */
const titlesOf = (select) =>
  [...select.options].filter(({ dataset }) => dataset.title).map(({ value, dataset }) => [value, dataset.title ?? ""]);

/** Show how many each value would find; what would find nothing cannot be chosen.
 * @param {HTMLSelectElement} select @param {Map<string, number>} counts */
function showCounts(select, counts) {
  for (const option of select.options) {
    if (!option.value) continue;
    const number = counts.get(option.value) ?? 0;
    const text = `${option.dataset.title} (${number})`;
    if (option.text !== text) option.text = text;
    option.disabled = !number && !option.selected;
  }
}

/** Say on a column's head whether the table is in its order. @param {HTMLTableCellElement} head @param {string} sort */
function mark(head, sort) {
  const order = sort === head.dataset.sort ? "ascending" : sort === `-${head.dataset.sort}` ? "descending" : null;
  if (head.ariaSort !== order) head.ariaSort = order;
}

/** An entry as templates/catalog.md shows it. @param {Entry} entry @param {Map<string, string>} titles */
function row(entry, titles) {
  const { named } = entry;
  const line = [
    ...(!named || named.toLowerCase() === entry.title.toLowerCase() ? [] : [named]),
    ...(entry.authors.length ? [`by ${entry.authors.join(", ")}`] : []),
    ...(entry.isFromAddress ? ["title from its address"] : []),
  ];
  const option = titles.get(entry.option) ?? entry.option;
  return element(
    "tr", {},
    element("td", {},
      element("span", { dir: "auto" }, ...title(entry)),
      ...(line.length ? [" ", element("small", {}, line.join(", "))] : [])),
    element("td", {}, entry.topics.map((topic) => titles.get(topic) ?? topic).join(", ")),
    element("td", {}, option.toLowerCase().includes(entry.format) ? option : `${option}, ${entry.format}`),
    element("td", {}, entry.semester),
    element("td", {}, ...where(entry)),
  );
}

/** @param {Entry} entry */
function title({ title, href, isPage, dead }) {
  if (isPage) return [element("a", { href: new URL(href, SITE).href }, title)];
  if (!/^https?:\/\//i.test(href)) return [title];
  const link = element("a", { href, rel: "noopener nofollow" }, title);
  if (!dead) return [link];
  link.title = `${dead} is no longer online. This link leads to an archived copy, if there is one.`;
  link.append(" ", element("span", { className: "hub-archived" }, "archived"));
  return [link];
}

/** @param {Entry} entry */
function where({ title, hosted, host, dead, archived }) {
  if (hosted === "here") return ["this site"];
  if (!host) return ["no known link"];
  if (dead) return [`was on ${host}`];
  if (!archived) return [host];
  const copy = { href: archived, rel: "noopener nofollow", ariaLabel: `archived copy of ${title}` };
  return [host, ", ", element("a", copy, "archived copy")];
}

/** @param {string} label @param {() => void} onclick */
const button = (label, onclick) => element("button", { type: "button", onclick }, label);
