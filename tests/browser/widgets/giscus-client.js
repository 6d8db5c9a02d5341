// A stand-in for https://giscus.app/client.js. Like it, it reads the script's data-* attributes, makes the frame in the
// first element of class “giscus”, keeps the session of who comes back from signing in, and takes heights from the frame.
(() => {
  const script = /** @type {HTMLScriptElement} */ (document.currentScript);
  const origin = new URL(script.src).origin;
  const here = new URL(location.href);
  const session = here.searchParams.get("giscus") || "";
  localStorage.getItem("giscus-session"); // which fails where the browser keeps nothing, as there
  here.searchParams.delete("giscus");
  here.hash = "";
  if (session) {
    localStorage.setItem("giscus-session", JSON.stringify(session));
    history.replaceState(undefined, document.title, here);
  }
  const box = document.querySelector(".giscus");
  const { mapping, ...attributes } = script.dataset;
  if (mapping !== "specific") throw new Error(`The stand-in knows no mapping “${mapping}”`);
  const names = ["repo", "repoId", "category", "categoryId", "term", "strict", "theme", "emitMetadata"];
  const query = new URLSearchParams(names.map((name) => [name, attributes[name] ?? ""]));
  query.set("session", session);
  query.set("origin", box?.id ? `${here}#${box.id}` : `${here}`);
  const frame = document.createElement("iframe");
  frame.className = "giscus-frame giscus-frame--loading";
  frame.title = "Comments";
  frame.setAttribute("scrolling", "no");
  frame.src = `${origin}/${script.dataset.lang}/widget?${query}`;
  frame.style.opacity = "0";
  frame.addEventListener("load", () => {
    frame.style.removeProperty("opacity");
    frame.classList.remove("giscus-frame--loading");
  });
  const style = document.getElementById("giscus-css") || document.createElement("link");
  Object.assign(style, { id: "giscus-css", rel: "stylesheet", href: `${origin}/default.css` });
  document.head.prepend(style);
  if (box) box.replaceChildren(frame);
  else {
    const place = document.createElement("div");
    place.className = "giscus";
    place.append(frame);
    script.insertAdjacentElement("afterend", place);
  }
  addEventListener("message", (event) => {
    if (event.origin !== origin || typeof event.data !== "object" || !event.data.giscus) return;
    if (event.data.giscus.resizeHeight) frame.style.height = `${event.data.giscus.resizeHeight}px`;
  });
})();
