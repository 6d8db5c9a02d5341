// Diagrams in Mermaid's language. Mermaid is large and reads what strangers wrote: it is loaded when a diagram comes
// near, into a frame that can do nothing but draw (diagrams/draw.js), and what it drew is shown as a picture, in which
// nothing runs. Until then, without JavaScript, and where Mermaid finds a mistake, the page shows the diagram's text.
// Material replaces the page's content without loading it anew; `document$` gives each new page.

import { element } from "./element.js";

/** @typedef {{block: HTMLElement, text: string, picture: HTMLImageElement, box: HTMLElement, source: HTMLElement,
 *    figure: HTMLElement, note: HTMLElement, isAsked: boolean, id: number}} Diagram  What a page has for one: the text
 *    in its block, what stands in the block's place once it is drawn, and a note on a mistake.
 *  @typedef {{id: number, text: string, colours: Record<string, string>, isDark: boolean}} Task
 *  @typedef {{svg: string, width: number, height: number, words: string} | {error: string}} Drawing  `words` are the
 *    author's own on what it shows, sizes are in pixels. */

const NEAR = "600px";
const FRAME = new URL("diagrams/frame.htm", import.meta.url).href;
const MARGIN = 8; // around a diagram, in pixels
const LEAST = 0.75; // of its size: what is wider than the page becomes no smaller, and scrolls

/** What Mermaid colours by, and the site's colour for it. */
const COLOURS = {
  background: "--md-default-bg-color",
  primaryColor: "--hub-accent-soft",
  primaryBorderColor: "--hub-accent",
  primaryTextColor: "--md-default-fg-color",
  secondaryColor: "--md-code-bg-color",
  tertiaryColor: "--md-default-bg-color",
  lineColor: "--md-default-fg-color--light",
  textColor: "--md-default-fg-color",
  edgeLabelBackground: "--md-default-bg-color",
  noteBkgColor: "--md-code-bg-color",
  noteTextColor: "--md-default-fg-color",
  noteBorderColor: "--hub-rule",
};

/** The frame, once it listens. @type {Promise<Window> | undefined} */
let drawing;
/** @type {Diagram[]} */
let diagrams = [];
let tasks = 0;

const isDark = () => document.body.dataset.mdColorScheme === "slate";

const colours = () => {
  const style = getComputedStyle(document.body);
  return Object.fromEntries(
    Object.entries(COLOURS).map(([name, property]) => [name, style.getPropertyValue(property).trim()]),
  );
};

/** @returns {Promise<Window>} */
const start = () =>
  new Promise((resolve) => {
    const properties = { className: "hub-diagram__frame", title: "Draws diagrams", ariaHidden: "true", tabIndex: -1 };
    const frame = element("iframe", properties);
    frame.sandbox.add("allow-scripts");
    frame.addEventListener("load", () => frame.contentWindow && resolve(frame.contentWindow));
    frame.src = FRAME;
    document.body.append(frame);
  });

/** Ask for the picture of a diagram, in the colours of the palette that is shown. @param {Diagram} diagram */
const ask = async (diagram) => {
  diagram.isAsked = true;
  diagram.id = tasks++;
  drawing ??= start();
  const frame = await drawing;
  const { id, text } = diagram;
  /** @type {Task} */
  const task = { id, text, colours: colours(), isDark: isDark() };
  frame.postMessage(task, "*"); // the frame has no origin to name
};

/** Put the figure in the block's place. What is in sight does not move: there the figure is as high as the block was,
 * and scrolls, until it is out of sight or one clicks on it. @param {Diagram} diagram */
const takePlace = ({ block, figure }) => {
  const { top, bottom, height } = block.getBoundingClientRect();
  block.replaceWith(figure);
  if (bottom < 0 || top > innerHeight) return;
  figure.style.height = `${height}px`;
  const grow = () => {
    figure.style.height = "";
    sight.disconnect();
  };
  const sight = new IntersectionObserver((changes) => changes.some((each) => !each.isIntersecting) && grow());
  sight.observe(figure);
  figure.addEventListener("click", grow, { once: true });
};

/** @param {Diagram} diagram @param {Drawing} result */
const show = (diagram, result) => {
  if (!diagram.figure.isConnected) takePlace(diagram);
  if ("error" in result) {
    diagram.note.textContent = `Mermaid cannot read this diagram: ${result.error.split("\n").slice(0, 3).join("\n")}`;
    diagram.figure.replaceChildren(diagram.block, diagram.note);
    return;
  }
  const { svg, width, height, words } = result;
  diagram.picture.alt = words || "A diagram. You can open its text below.";
  diagram.picture.width = Math.ceil(width) + 2 * MARGIN;
  diagram.picture.height = Math.ceil(height) + 2 * MARGIN;
  diagram.picture.style.minWidth = `${width * LEAST}px`;
  diagram.picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  diagram.source.append(diagram.block);
  diagram.figure.replaceChildren(diagram.box, diagram.source);
  const scrolls = diagram.box.scrollWidth > diagram.box.clientWidth;
  diagram.box.classList.toggle("hub-scrolls", scrolls);
  if (scrolls) diagram.box.tabIndex = 0;
};

/** @param {Element} code @returns {Diagram} */
const prepare = (code) => {
  const block = /** @type {HTMLElement} */ (code.parentElement);
  const picture = element("img", {});
  const box = element("div", { className: "hub-diagram__box" }, picture);
  const summary = element("summary", {}, "The diagram as text");
  const source = element("details", { className: "hub-diagram__source" }, summary);
  const figure = element("figure", { className: "hub-diagram" });
  const note = element("p", { className: "hub-diagram__note" });
  return { block, text: code.textContent, picture, box, source, figure, note, isAsked: false, id: -1 };
};

addEventListener("message", async ({ source, data }) => {
  if (!drawing || source !== (await drawing)) return;
  const diagram = diagrams.find((each) => each.id === data.id);
  if (diagram) show(diagram, data);
});

const watch = new IntersectionObserver(
  (changes) => {
    const near = changes.filter((each) => each.isIntersecting).map((each) => each.target);
    for (const diagram of diagrams) if (near.includes(diagram.block) && !diagram.isAsked) ask(diagram);
  },
  { rootMargin: NEAR },
);

// in time for this print if Mermaid is there, and else for the next
addEventListener("beforeprint", () => diagrams.filter((each) => !each.isAsked).forEach(ask));
document$.subscribe(() => {
  watch.disconnect();
  if (location.protocol === "file:") return; // where such a frame may load nothing
  diagrams = [...document.querySelectorAll("pre.diagram > code")].map(prepare);
  for (const { block } of diagrams) watch.observe(block);
});
new MutationObserver(() => diagrams.filter((each) => each.isAsked).forEach(ask)).observe(document.body, {
  attributeFilter: ["data-md-color-scheme"],
});
