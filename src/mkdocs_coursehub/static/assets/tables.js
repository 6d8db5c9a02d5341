// What is wider than the page scrolls in a box of its own: tables (Material makes theirs), formulas and code. Such
// a box shows at its edges that there is more (content.css), and the keyboard reaches and scrolls it.

(() => {
  const BOXES = ".md-typeset__scrollwrap, .hub-table, .md-typeset math[display=block], .md-typeset pre > code";
  const TABLE = { tabindex: "0", role: "region", "aria-label": "Table" };
  const OTHER = { tabindex: "0" }; // a formula says by itself what it is

  /** @param {Element} box */
  const mark = (box) => {
    const scrolls = box.scrollWidth > box.clientWidth;
    box.classList.toggle("hub-scrolls", scrolls);
    if (box.localName === "code") return; // Material makes these reachable
    for (const [name, value] of Object.entries(box.querySelector("table") ? TABLE : OTHER)) {
      if (scrolls) box.setAttribute(name, value);
      else box.removeAttribute(name);
    }
  };
  const sizes = new ResizeObserver((changes) => {
    for (const { target } of changes) mark(target);
  });
  document$.subscribe(() => requestAnimationFrame(() => {
    sizes.disconnect();
    for (const box of document.querySelectorAll(BOXES)) sizes.observe(box);
  }));
})();
