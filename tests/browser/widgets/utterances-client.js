// A stand-in for https://utteranc.es/client.js. Like it, it reads all attributes of the script, puts a lazy frame in the
// script's place, and takes heights from it.
(() => {
  const script = /** @type {HTMLScriptElement} */ (document.currentScript);
  const here = new URL(location.href);
  const session = here.searchParams.get("utterances") || "";
  localStorage.getItem("utterances-session");
  if (session) {
    localStorage.setItem("utterances-session", session);
    here.searchParams.delete("utterances");
    history.replaceState(undefined, document.title, here);
  }
  /** @type {Record<string, string>} */
  const attributes = {};
  for (const { name, value } of script.attributes) attributes[name.replace(/^data-/, "")] = value;
  Object.assign(attributes, { origin: here.origin, pathname: here.pathname, title: document.title, session });
  document.head.insertAdjacentHTML("afterbegin", `<style>
    .utterances { position: relative; box-sizing: border-box; width: 100%; max-width: 760px; margin: 0 auto; }
    .utterances-frame { color-scheme: light; position: absolute; left: 0; right: 0; width: 1px; min-width: 100%;
      max-width: 100%; height: 100%; border: 0; }</style>`);
  const origin = new URL(script.src).origin;
  script.insertAdjacentHTML("afterend", `<div class="utterances"><iframe class="utterances-frame" title="Comments"
    scrolling="no" src="${origin}/utterances.html?${new URLSearchParams(attributes)}" loading="lazy"></iframe></div>`);
  const container = /** @type {HTMLElement} */ (script.nextElementSibling);
  script.remove();
  addEventListener("message", ({ origin: from, data }) => {
    if (from === origin && data?.type === "resize" && data.height) container.style.height = `${data.height}px`;
  });
})();
