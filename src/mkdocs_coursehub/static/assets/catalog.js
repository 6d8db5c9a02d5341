// What filters a list is loaded where there is one. Material replaces the page's content without loading it anew;
// `document$` gives each new page. These modules have to run in Safari and Firefox, too: patterns have no flag v there,
// nor is a scheduler everywhere.

document$.subscribe(async () => {
  /** @type {HTMLFormElement | null} */
  const catalog = document.querySelector("form[data-hub-catalog][hidden]");
  if (catalog) await (await import("./catalog-page.js")).start(catalog);
  /** @type {HTMLFormElement | null} */
  const rows = document.querySelector("form[data-hub-rows-form][hidden]");
  if (rows) (await import("./rows.js")).start(rows);
  document.documentElement.classList.remove("hub-asks-list");
});
