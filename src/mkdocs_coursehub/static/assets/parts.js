// The scripts of parts that only some pages have, each loaded where its part is. Material replaces the page's content
// without loading it anew; `document$` gives each new page, and gives the one that is shown to a script that comes later.

const SCRIPTS = {
  "[data-hub-ago], [data-hub-deadlines]": "./moments.js",
  "form[data-hub-free]": "./free.js",
  "form[data-hub-catalog], form[data-hub-rows-form]": "./catalog.js",
  "[data-hub-video]": "./post.js",
  "pre.diagram": "./diagrams.js",
  "section[data-hub-comments]": "./comments.js",
};

document$.subscribe(() => {
  for (const [part, script] of Object.entries(SCRIPTS)) {
    if (document.querySelector(part)) import(script);
  }
});
