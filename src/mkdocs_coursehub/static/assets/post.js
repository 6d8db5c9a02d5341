// A video on a post's page is loaded when a reader asks for it; before that, nothing is asked of other hosts.
// Material replaces the page's content without loading it anew; `document$` gives each new page.

document$.subscribe(() => {
  /** @type {NodeListOf<HTMLElement>} */
  const boxes = document.querySelectorAll("[data-hub-video]");
  for (const box of boxes) {
    const button = box.querySelector("button");
    if (!button) continue;
    button.onclick = () => {
      const frame = Object.assign(document.createElement("iframe"), {
        src: box.dataset.hubVideo,
        title: `Video: ${box.dataset.title}`,
        allow: "autoplay; encrypted-media; fullscreen; picture-in-picture",
        referrerPolicy: "strict-origin-when-cross-origin", // without one, YouTube refuses to play
      });
      box.replaceChildren(frame);
      frame.focus();
    };
    box.hidden = false;
  }
});
