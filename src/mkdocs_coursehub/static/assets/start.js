// What has to run before the page is shown and before Material's script. Material itself writes this into every page,
// which the site's policy forbids (theme/partials/policy.html). Material knows these names; it keeps what readers
// chose under the site's path.

var __md_scope = new URL("../", /** @type {HTMLScriptElement} */ (document.currentScript).src);
var __md_hash = (/** @type {string} */ text) => [...text].reduce((hash, letter) => ((hash << 5) - hash + letter.charCodeAt(0)) | 0, 0);
var __md_get = (/** @type {string} */ name, storage = localStorage, scope = __md_scope) =>
  JSON.parse(storage.getItem(`${scope.pathname}.${name}`) ?? "null");
var __md_set = (/** @type {string} */ name, /** @type {unknown} */ value, storage = localStorage, scope = __md_scope) => {
  try {
    storage.setItem(`${scope.pathname}.${name}`, JSON.stringify(value));
  } catch {
    // then it is asked for again
  }
};

// What Material's script does late to the document as a whole: of each of these, every element would get its style anew.
// Here there is none yet.
(() => {
  const root = document.documentElement;
  root.classList.replace("no-js", "js");
  root.classList.add("js-focus-visible"); // by a part of that script for old browsers
  root.setAttribute("data-js-focus-visible", "");
  for (const link of document.querySelectorAll("link")) link.href = new URL(link.href).href; // and then reads them again
})();

// The palette that was chosen, or else that of the system, as soon as there is a body to have it: nothing flashes.
(() => {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const bar = document.head.appendChild(document.createElement("meta"));
  bar.name = "theme-color"; // of the bar that a phone's browser has above the page

  const wanted = () => {
    try {
      return __md_get("__palette")?.color?.scheme ?? ofSystem();
    } catch {
      return ofSystem(); // the browser keeps nothing
    }
  };
  const ofSystem = () => (system.matches ? "slate" : "default");
  const show = (/** @type {string} */ scheme) => {
    document.documentElement.style.colorScheme = scheme === "slate" ? "dark" : "light"; // scroll bars, too
    document.body.setAttribute("data-md-color-scheme", scheme);
  };
  const colourBar = () => {
    const header = document.querySelector(".md-header");
    if (header) bar.content = getComputedStyle(header).backgroundColor;
  };

  new MutationObserver((_, observer) => {
    if (!document.body) return;
    observer.disconnect();
    show(wanted());
  }).observe(document.documentElement, { childList: true });
  addEventListener("load", colourBar);
  system.addEventListener("change", () => {
    show(wanted());
    colourBar();
  });
  // Each palette has a button that leads to the other one; the one of the palette that is shown is seen.
  addEventListener("click", ({ target }) => {
    const button = target instanceof Element && target.closest("[data-hub-palette]");
    const other = button && (button.nextElementSibling ?? button.parentElement?.firstElementChild);
    if (!(other instanceof HTMLElement) || !other.dataset.hubPalette) return;
    document.body.setAttribute("data-md-color-switching", ""); // no colour takes its time
    show(other.dataset.hubPalette);
    __md_set("__palette", { color: { scheme: other.dataset.hubPalette } });
    other.focus();
    colourBar();
    requestAnimationFrame(() => document.body.removeAttribute("data-md-color-switching"));
  });
})();

// In a preview, opened from disk, no module runs; everywhere else what they will show has its room (hub.css). Below what
// an address asks for, a page shows nothing before it is there: or else all of that would move.
(() => {
  const { classList } = document.documentElement;
  classList.toggle("hub-live", location.protocol !== "file:");
  const asked = [...new URLSearchParams(location.search).keys()];
  classList.toggle("hub-asks-tool", asked.includes("tool"));
  classList.toggle("hub-asks-list", asked.some((name) => !["tool", "q", "h"].includes(name)));
})();

// How far down a page one was when one left it, for a script that first has to lay it out as it was (catalog-page.js).
// Material notes that in the history, and 100 milliseconds after whatever scrolls the page writes over it: on coming
// back the browser scrolls too, in a page that is not yet as long as it was.
const hub_place = { href: location.href, top: history.state?.y ?? 0 };
addEventListener("popstate", ({ state }) => Object.assign(hub_place, { href: location.href, top: state?.y ?? 0 }));

// Material asks for the search index on every page, and that of 2,000 posts has megabytes. Here it is asked for when
// somebody turns to the search, or comes with words to search for (?q=) or to mark (?h=).
(() => {
  const INDEX = new URL("search/search_index.json", __md_scope).href;
  /** @type {Promise<void>} */
  const isSearching = new Promise((resolve) => {
    if (/[?&][qh]=/.test(location.search)) resolve();
    addEventListener("focusin", ({ target }) => {
      if (target instanceof Element && target.matches("[data-md-component=search-query]")) resolve();
    });
  });
  window.XMLHttpRequest = class extends XMLHttpRequest {
    #waits = false;

    /** @param {string} method @param {string | URL} address @param {boolean} isAsync
     * @param {string | null} user @param {string | null} password */
    open(method, address, isAsync = true, user = null, password = null) {
      this.#waits = new URL(address, location.href).href === INDEX;
      super.open(method, address, isAsync, user, password);
    }

    /** @param {XMLHttpRequestBodyInit | Document | null} [body] */
    send(body) {
      if (this.#waits) isSearching.then(() => super.send(body));
      else super.send(body);
    }
  };
})();

// Its worker, of 40 kB, starts with the first message to it, which brings the index. Material listens for messages alone.
(() => {
  const Started = window.Worker;
  const Late = class extends EventTarget {
    /** @type {Worker | undefined} */
    #worker;
    #address;

    /** @param {string | URL} address */
    constructor(address) {
      super();
      this.#address = address;
    }

    /** @param {unknown} message */
    postMessage(message) {
      this.#worker ??= this.#start();
      this.#worker.postMessage(message);
    }

    #start() {
      const worker = new Started(this.#address);
      worker.addEventListener("message", ({ data }) => this.dispatchEvent(new MessageEvent("message", { data })));
      return worker;
    }
  };
  window.Worker = /** @type {typeof Worker} */ (/** @type {unknown} */ (Late));
})();
