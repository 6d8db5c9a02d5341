// Wide tables scroll in a box of their own (Material makes it); this lets the keyboard reach and scroll that box.

document$.subscribe(() => requestAnimationFrame(() => {
  for (const box of document.querySelectorAll(".md-typeset__scrollwrap")) {
    new ResizeObserver(() => {
      const scrolls = box.scrollWidth > box.clientWidth;
      for (const [name, value] of [["tabindex", "0"], ["role", "region"], ["aria-label", "Table"]]) {
        scrolls ? box.setAttribute(name, value) : box.removeAttribute(name);
      }
    }).observe(box);
  }
}));
