// What filters a list is loaded where there is one. Material replaces the page's content without loading it anew;
// `document$` gives each new page. These modules have to run in Safari and Firefox, too: patterns have no flag v there,
// nor is a scheduler everywhere.

document$.subscribe(async () => {
  /** @type {HTMLFormElement | null} */
  const catalog = document.querySelector("form[data-hub-catalog][hidden]");
  if (catalog) await begin(catalog, await import("./catalog-page.js"));
  /** @type {HTMLFormElement | null} */
  const rows = document.querySelector("form[data-hub-rows-form][hidden]");
  if (rows) await begin(rows, await import("./rows.js"));
  document.documentElement.classList.remove("hub-asks-list");
});

/** Start the filters, unless one has left the page while their module was loaded.
 * @param {HTMLFormElement} form @param {{start: (form: HTMLFormElement) => void | Promise<void>}} module */
async function begin(form, { start }) {
  if (form.isConnected) await start(form);
}
