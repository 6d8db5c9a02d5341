// Draws what a page sends (see diagrams.js), and sends it back with the same id. It runs in a frame of its own that may
// load nothing, store nothing and reach no page, for the text is a stranger's.

/** @typedef {import("../diagrams.js").Task} Task
 *  @typedef {import("../diagrams.js").Drawing} Drawing */

let last = Promise.resolve();

addEventListener("message", ({ source, data }) => {
  if (source !== parent) return;
  last = last.then(() => draw(data)).then((drawing) => parent.postMessage({ id: data.id, ...drawing }, "*"));
});

/** @param {Task} task @returns {Promise<Drawing>} */
async function draw({ id, text, colours, isDark }) {
  mermaid.initialize({
    startOnLoad: false,
    securityLevel: "strict",
    htmlLabels: false, // a picture has no HTML in it
    theme: "base",
    themeVariables: { ...colours, darkMode: isDark, fontSize: "16px" },
  });
  try {
    const { svg: html } = await mermaid.render(`diagram-${id}`, text);
    // a picture has to be XML, and what Mermaid writes is HTML
    const picture = new DOMParser().parseFromString(html, "text/html").querySelector("svg");
    const size = picture?.getAttribute("viewBox");
    if (!picture || !size) return { error: "nothing was drawn" };
    const svg = new XMLSerializer().serializeToString(picture);
    const [, , width, height] = size.split(/[\s,]+/).map(Number);
    const words = ["title", "desc"].map((name) => picture.querySelector(`:scope > ${name}`)?.textContent.trim());
    return { svg, width, height, words: words.filter(Boolean).join(". ") };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}
