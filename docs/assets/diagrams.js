// Diagrams in Mermaid's language. Mermaid is large and reads what strangers wrote: it is loaded when a diagram comes
// near, into a frame that can do nothing but draw (diagrams/draw.js), and what it drew is shown as a picture, in which
// nothing runs. Until then, without JavaScript, and where Mermaid finds a mistake, the page shows the diagram's text.
// Material replaces the page's content without loading it anew; `document$` tells of each new page.

(() => {
  const NEAR = "600px";
  const FRAME = new URL("diagrams/frame.htm", document.currentScript.src).href;
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
  let diagrams = [];
  let made = 0;

  const isDark = () => document.body.dataset.mdColorScheme === "slate";

  const colours = () => {
    const style = getComputedStyle(document.body);
    return Object.fromEntries(
      Object.entries(COLOURS).map(([name, property]) => [name, style.getPropertyValue(property).trim()]),
    );
  };

  const start = () =>
    new Promise((resolve) => {
      const frame = document.createElement("iframe");
      frame.className = "hub-diagram__frame";
      frame.sandbox = "allow-scripts";
      for (const [name, value] of [["aria-hidden", "true"], ["tabindex", "-1"], ["title", "Draws diagrams"]]) {
        frame.setAttribute(name, value);
      }
      frame.addEventListener("load", () => resolve(frame.contentWindow));
      frame.src = FRAME;
      document.body.append(frame);
    });

  /** Ask for the picture of a diagram, in the colours of the palette that is shown. */
  const ask = async (diagram) => {
    diagram.isAsked = true;
    diagram.id = made++;
    const frame = await (drawing ??= start());
    const { id, text } = diagram;
    frame.postMessage({ id, text, colours: colours(), isDark: isDark() }, "*"); // the frame has no origin to name
  };

  const show = (diagram, { svg, width, height, words, error }) => {
    if (error) {
      diagram.note.textContent = `Mermaid can not read this diagram: ${error.split("\n").slice(0, 3).join("\n")}`;
      diagram.block.after(diagram.note);
      return;
    }
    diagram.picture.alt = words || "A diagram; its text is below";
    diagram.picture.width = Math.ceil(width) + 2 * MARGIN;
    diagram.picture.height = Math.ceil(height) + 2 * MARGIN;
    diagram.picture.style.minWidth = `${width * LEAST}px`;
    diagram.picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
    if (diagram.figure.isConnected) return;
    diagram.block.replaceWith(diagram.figure);
    diagram.source.append(diagram.block);
    if (diagram.box.scrollWidth > diagram.box.clientWidth) diagram.box.tabIndex = 0;
  };

  const element = (tag, className, ...children) => {
    const made = Object.assign(document.createElement(tag), { className });
    made.append(...children);
    return made;
  };

  const prepare = (code) => {
    const block = code.parentElement;
    const picture = element("img", "");
    const box = element("div", "hub-diagram__box", picture);
    const source = element("details", "hub-diagram__source", element("summary", "", "The diagram as text"));
    const figure = element("figure", "hub-diagram", box, source);
    return { block, text: code.textContent, picture, box, source, figure, note: element("p", "hub-diagram__note") };
  };

  addEventListener("message", async ({ source, data }) => {
    if (!drawing || source !== (await drawing)) return;
    const diagram = diagrams.find((each) => each.id === data.id);
    if (diagram) show(diagram, data);
  });

  const watch = new IntersectionObserver(
    (seen) => {
      const near = seen.filter((each) => each.isIntersecting).map((each) => each.target);
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
})();
