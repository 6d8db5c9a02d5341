// The catalog's search and filters are loaded where there is a catalog. Material replaces the page's content without
// loading it anew; `document$` gives each new page. These modules have to run in Safari and Firefox, too: patterns have
// no flag v there, nor is a scheduler everywhere.

document$.subscribe(async () => {
  /** @type {HTMLFormElement | null} */
  const form = document.querySelector("form[data-hub-catalog][hidden]");
  if (form) (await import("./catalog-page.js")).start(form);
});
