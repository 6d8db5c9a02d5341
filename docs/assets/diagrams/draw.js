// Draws what a page sends: { id, text, colours, isDark } → { id, svg, width, height, words } or { id, error }; `words`
// are the author's own on what it shows, sizes are in pixels. It runs in a frame of its own that may load
// nothing, store nothing and reach no page, for the text is a stranger's.

let last = Promise.resolve();

addEventListener("message", ({ source, data }) => {
  last = last.then(() => draw(data)).then((made) => source.postMessage({ id: data.id, ...made }, "*"));
});

async function draw({ id, text, colours, isDark }) {
  mermaid.initialize({
    startOnLoad: false,
    securityLevel: "strict",
    htmlLabels: false, // a picture has no HTML in it
    theme: "base",
    themeVariables: { ...colours, darkMode: isDark, fontSize: "16px" },
  });
  try {
    const { svg: written } = await mermaid.render(`diagram-${id}`, text);
    // a picture has to be XML, and what Mermaid writes is HTML
    const drawn = new DOMParser().parseFromString(written, "text/html").querySelector("svg");
    const svg = new XMLSerializer().serializeToString(drawn);
    const [, , width, height] = drawn.getAttribute("viewBox").split(/[\s,]+/).map(Number);
    const said = ["title", "desc"].map((name) => drawn.querySelector(`:scope > ${name}`)?.textContent.trim());
    return { svg, width, height, words: said.filter(Boolean).join(". ") };
  } catch (error) {
    return { error: error.message };
  }
}
