// The catalog's search and filters are loaded where there is a catalog. Material replaces the page's content without
// loading it anew; `document$` tells of each new page.

// @ts-ignore: Material's
document$.subscribe(async () => {
  /** @type {HTMLFormElement | null} */
  const form = document.querySelector("form[data-hub-catalog][hidden]");
  if (form) (await import("./catalog-page.js")).start(form);
});
