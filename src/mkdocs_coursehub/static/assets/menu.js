// The menu of small screens, for those who use keys or hear the page: what opens it is a label, in whose place a button
// is put here. Without JavaScript the label remains.

(() => {
  /** @type {HTMLInputElement | null} */
  const toggle = document.querySelector("#__drawer");
  const label = document.querySelector(".md-header label[for=__drawer]");
  if (!toggle || !label) return;

  const button = document.createElement("button");
  button.type = "button";
  button.className = `${label.className} hub-menu`;
  button.setAttribute("aria-label", "Menu");
  button.append(...label.childNodes);
  label.replaceWith(button);

  const update = () => button.setAttribute("aria-expanded", String(toggle.checked));
  toggle.addEventListener("change", update);
  update();

  button.addEventListener("click", () => {
    toggle.click();
    /** @type {HTMLAnchorElement | null} */
    const first = document.querySelector(".md-sidebar--primary .md-nav__list a");
    first?.focus();
  });
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !toggle.checked) return;
    toggle.click();
    button.focus();
  });
  addEventListener("focusin", ({ target }) => {
    const isInMenu = target instanceof Element && target.closest(".md-sidebar--primary");
    if (toggle.checked && !isInMenu) toggle.click();
  });

  // Which of the links to sections leads to where one is; Material shows it by colour alone.
  document$.subscribe(() => {
    for (const link of document.querySelectorAll(".md-tabs__item--active > a, a.md-nav__link--active")) {
      link.setAttribute("aria-current", "true");
    }
  });
})();
