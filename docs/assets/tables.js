// Wide tables scroll in a box of their own (Material makes it), and wide formulas in theirs; this lets the keyboard reach
// and scroll that box.

document$.subscribe(() => requestAnimationFrame(() => {
  const table = { tabindex: "0", role: "region", "aria-label": "Table" };
  const formula = { tabindex: "0" }; // which says by itself what it is
  for (const box of document.querySelectorAll(".md-typeset__scrollwrap, .md-typeset math[display=block]")) {
    const attributes = Object.entries(box.localName === "math" ? formula : table);
    new ResizeObserver(() => {
      const scrolls = box.scrollWidth > box.clientWidth;
      for (const [name, value] of attributes) {
        if (scrolls) box.setAttribute(name, value);
        else box.removeAttribute(name);
      }
    }).observe(box);
  }
}));
