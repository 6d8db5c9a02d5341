// Comments on a post, by giscus or utterances. Nothing is loaded from them until the reader asks for it, unless the
// site or the reader said “always”. The plain link to GitHub is on the page whatever happens here.
// Material replaces the page's content without loading it anew; `document$` gives each new page.

import { find } from "./element.js";

/** @typedef {{discussion?: {url?: string, totalCommentCount: number, totalReplyCount: number}, error?: string}} News
 *    What a widget's frame sends; utterances sends nothing of this.
 *  @typedef {{origin: string, frame: string, theme: string, themes: {light: string, dark: string},
 *    setTheme: (theme: string) => object, read: (data?: {giscus?: News, type?: string}) => News | undefined}} Provider
 *  @typedef {"asking" | "loading" | "loaded" | "failed"} State */

const WAIT = 15; // seconds until we say that no answer came
const NEAR = "600px"; // what loads by itself begins when its place is that near
const REMEMBERED = "hub-comments"; // in the browser's storage: the provider that is always loaded

/** @type {Record<string, Provider>} */
const PROVIDERS = {
  giscus: {
    origin: "https://giscus.app",
    frame: "iframe.giscus-frame",
    theme: "data-theme",
    themes: { light: "light", dark: "dark" },
    setTheme: (theme) => ({ giscus: { setConfig: { theme } } }),
    read: (data) => data?.giscus,
  },
  utterances: {
    origin: "https://utteranc.es",
    frame: "iframe.utterances-frame",
    theme: "theme",
    themes: { light: "github-light", dark: "github-dark" },
    setTheme: (theme) => ({ type: "set-theme", theme }),
    read: (data) => (data?.type === "resize" ? {} : undefined),
  },
};

/** What was remembered; undefined where the browser keeps nothing. */
const recall = () => {
  try {
    return localStorage.getItem(REMEMBERED) ?? "";
  } catch {
    return undefined;
  }
};

/** @param {string} name of a provider, or nothing */
const remember = (name) => {
  try {
    if (name) localStorage.setItem(REMEMBERED, name);
    else localStorage.removeItem(REMEMBERED);
  } catch {
    // then the reader is asked again
  }
};

/** The comments of the page that is shown. */
class Comments {
  /** @param {HTMLElement} section */
  constructor(section) {
    this.section = section;
    this.name = section.dataset.hubComments ?? "";
    this.provider = PROVIDERS[this.name];
    this.host = new URL(this.provider.origin).host;
    this.ask = find(section, "[data-ask]", HTMLElement);
    this.again = find(section, "[data-again]", HTMLElement);
    this.always = find(section, "[data-always]", HTMLElement);
    this.status = find(section, "[data-said]", HTMLElement);
    this.box = find(section, "[data-box]", HTMLElement);
    this.link = find(section, "[data-link]", HTMLAnchorElement);
    const always = find(this.always, "input", HTMLInputElement);
    const known = recall();
    always.checked = known === this.name;
    always.addEventListener("change", () => remember(always.checked ? this.name : ""));
    for (const part of [this.ask, this.again]) {
      find(part, "button", HTMLButtonElement).addEventListener("click", () => this.load(true));
    }
    const isAutomatic = section.dataset.load === "automatic";
    this.canChoose = !isAutomatic && known !== undefined;
    if (new URLSearchParams(location.search).has(this.name)) this.load(); // back from signing in, to go on here
    else if (isAutomatic || always.checked) this.loadWhenNear();
    else this.show("asking");
  }

  /** Show what belongs to a state, and its words. @param {State} state */
  show(state, words = "") {
    this.section.dataset.state = this.state = state;
    this.ask.hidden = state !== "asking";
    this.again.hidden = state !== "failed";
    this.always.hidden = state === "failed" || !this.canChoose;
    this.box.hidden = !["loading", "loaded"].includes(state);
    this.status.textContent = words;
  }

  loadWhenNear() {
    this.watch = new IntersectionObserver((changes) => changes.some((each) => each.isIntersecting) && this.load(), {
      rootMargin: NEAR,
    });
    this.watch.observe(this.section);
  }

  load(isAsked = false) {
    this.stop();
    if (isAsked) this.section.focus({ preventScroll: true }); // its button goes; Tab leads on to what comes instead
    this.show("loading", `Loading comments from ${this.host} …`);
    // giscus takes the page's first element of this class, which could be one in the post
    for (const other of document.querySelectorAll(".giscus")) other.classList.remove("giscus");
    this.box.classList.add("giscus");
    const script = document.createElement("script");
    this.script = script;
    /** @type {Record<string, string>} */
    const attributes = JSON.parse(this.section.dataset.attributes ?? "{}");
    for (const [name, value] of Object.entries(attributes)) script.setAttribute(name, value);
    script.setAttribute(this.provider.theme, this.theme);
    Object.assign(script, { crossOrigin: "anonymous", async: true, src: `${this.provider.origin}/client.js` });
    script.addEventListener("error", () => script === this.script && this.fail());
    script.addEventListener("load", () => script === this.script && !this.frame && this.fail());
    this.box.replaceChildren(script);
    this.timer = setTimeout(() => this.fail(), WAIT * 1000);
  }

  fail() {
    clearTimeout(this.timer);
    const words = `Could not load the comments. Either ${this.host} is down, or something in your browser blocks it. You can still read them on GitHub: use the link below.`;
    this.show("failed", words);
  }

  /** End what is under way. A script that comes late would fill the next post's box: in another document it never runs. */
  stop() {
    clearTimeout(this.timer);
    this.watch?.disconnect();
    if (this.script) new Document().adoptNode(this.script);
  }

  /** @returns {HTMLIFrameElement | null} */
  get frame() {
    return this.box.querySelector(this.provider.frame);
  }

  get theme() {
    const scheme = document.body.dataset.mdColorScheme;
    const isDark = scheme ? scheme === "slate" : matchMedia("(prefers-color-scheme: dark)").matches;
    return this.provider.themes[isDark ? "dark" : "light"];
  }

  /** Give the frame the palette of the page; before it has sent a word, nobody in it listens. */
  follow() {
    if (this.state === "loaded") {
      this.frame?.contentWindow?.postMessage(this.provider.setTheme(this.theme), this.provider.origin);
    }
  }

  /** @param {MessageEvent} event */
  hear({ origin, source, data }) {
    const frame = this.frame?.contentWindow;
    if (!frame || source !== frame || origin !== this.provider.origin) return;
    const news = this.provider.read(data);
    if (!news) return;
    if (this.state !== "loaded") {
      clearTimeout(this.timer);
      this.show("loaded", "Comments loaded.");
      this.follow();
    }
    if (news.discussion) {
      const { url, totalCommentCount: count, totalReplyCount: replies } = news.discussion;
      if (url?.startsWith("https://github.com/")) this.link.href = url;
      this.section.dataset.state = "loaded";
      this.status.textContent = `Comments loaded: ${count + replies}.`;
    } else if (news.error) this.complain(news.error);
  }

  /** @param {string} error */
  complain(error) {
    if (error.includes("Discussion not found")) this.status.textContent = "Nobody has commented yet.";
    // with these the widget signs the reader out and begins anew
    else if (!/Bad credentials|Invalid state value|State has expired/.test(error)) {
      this.section.dataset.state = "troubled";
      this.status.textContent = `${this.host} says: “${error}”. You can still read the comments on GitHub: use the link below.`;
    }
  }
}

/** @type {Comments | undefined} */
let comments;
document$.subscribe(() => {
  comments?.stop();
  /** @type {HTMLElement | null} */
  const section = document.querySelector("section[data-hub-comments]");
  comments = section ? new Comments(section) : undefined;
});
// These live as long as the page, however many posts are read in it.
addEventListener("message", (event) => comments?.hear(event));
new MutationObserver(() => comments?.follow()).observe(document.body, { attributeFilter: ["data-md-color-scheme"] });
