// “Is your tool still available?”: the answer below the box as one types. What was written by students goes in as text, never as HTML.
// Material replaces the page's content without loading it anew; `document$` gives each new page.

import { element, find } from "./element.js";
import { nameIn } from "./home-pages.js";
import { loader } from "./loading.js";
import { agoElement } from "./moments.js";

/** @typedef {import("./availability.js").Index} Index
 *  @typedef {import("./availability.js").Answer} Answer
 *  @typedef {import("./availability.js").Related} Related */

const QUIET = 700; // milliseconds after the last key, until the verdict is said aloud and the address carries the name
const MOST_MENTIONS = 3; // of one tool that are shown
const COPY = "Copy the text";
const SITE = new URL("../", import.meta.url);

const load = loader("free.json", async () => (await import("./availability.js")).Index);

/** Bring the box to life; done when it has answered what the page's address asks. @param {HTMLFormElement} form */
async function start(form) {
  const { pathname } = location;
  const input = find(form, "[data-hub-free-name]", HTMLInputElement);
  const output = find(form, "[data-hub-free-answer]", HTMLElement);
  const spoken = find(form, "[data-hub-free-spoken]", HTMLElement);
  const claim = find(form, "[data-hub-free-claim]", HTMLElement);
  const option = find(form, "[data-hub-free-option]", HTMLSelectElement);
  const authors = find(form, "[data-hub-free-authors]", HTMLInputElement);
  const link = find(form, "[data-hub-free-link]", HTMLAnchorElement);
  const long = find(form, "[data-hub-free-long]", HTMLElement);
  const filled = find(form, "[data-hub-free-filled]", HTMLElement);
  const empty = find(form, "[data-hub-free-empty]", HTMLAnchorElement);
  const file = find(form, "[data-hub-free-file]", HTMLElement);
  const copy = find(form, "[data-hub-free-copy]", HTMLButtonElement);
  const more = find(form, "[data-hub-free-more]", HTMLDetailsElement);
  const text = find(form, "[data-hub-free-text]", HTMLTextAreaElement);
  const isPartOfTheQuestion = !claim.contains(option); // where some options claim tools, and others titles
  /** @type {Index | undefined} */
  let index;
  let isLoading = false;
  let hasFailed = false;
  /** @type {Answer | undefined} */
  let answer;
  let sentence = "";
  let timer = 0;
  let meant = ""; // the name that somebody means, though one like it is known

  const isTitled = () => !!index?.isTitled(option.value);
  const name = () => {
    const written = input.value.replace(/\p{Surrogate}/gu, "\ufffd").trim();
    return isTitled() ? written : nameIn(written);
  };

  const show = () => {
    answer = index && name() ? index.ask(name(), option.value) : undefined;
    const isDoubtful = !!index && !!answer?.near.length && index.canBeClaimed(answer) && meant !== name();
    const isSpokenOf = answer?.status === "free" && answer.mentions.length > 0;
    if (!name()) sentence = "";
    else if (answer && isDoubtful) sentence = `Did you mean “${answer.near[0].name}”? ${answer.near[0].verdict}`;
    else if (index && answer) sentence = index.sentence(answer);
    else sentence = hasFailed ? "Could not load the list of claims." : "Loading the list of claims …";
    const word = index?.word(option.value) ?? "";
    const first = sentence && element("p", { className: "hub-free__verdict" }, sentence);
    output.dataset.status = isDoubtful || isSpokenOf ? "near" : answer?.status ?? "";
    output.replaceChildren(...(first ? [first] : []));
    if (answer && isDoubtful) output.append(...nearNames(answer, word, ask), element("p", {}, button(`I mean another ${word}`, insist)));
    else if (index && answer) output.append(...details(index, answer, word, ask));
    if (hasFailed && sentence) output.append(button("Try again", begin));
    claim.hidden = !index || !answer || isDoubtful || !index.canBeClaimed(answer);
    fill();
  };

  /** Bring the link and the text up to date with what is to be filled in. */
  const fill = () => {
    if (!index || !answer || claim.hidden) return link.removeAttribute("href");
    const logins = authors.value.split(/[\s,]+/).map((login) => login.replace(/^@/, ""));
    text.value = index.text(answer, name(), option.value, logins.filter(Boolean));
    copy.textContent = COPY;
    file.textContent = index.file(answer);
    empty.href = index.data.new_file;
    const address = index.newFile(answer, text.value);
    if (address) link.href = address;
    else link.removeAttribute("href");
    [link.hidden, filled.hidden, long.hidden] = [!address, !address, !!address];
  };

  /** Copy the text, or where the browser does not allow that, show it to be copied by hand. */
  const copyText = async () => {
    if (timer) settle(); // or else it would say the verdict over what is said here
    try {
      await navigator.clipboard.writeText(text.value);
      copy.textContent = spoken.textContent = "Copied";
    } catch {
      more.open = true;
      text.focus();
      text.select();
      spoken.textContent = "Your browser does not let this page copy. The text is selected, so you can copy it yourself.";
    }
  };

  /** Say the verdict to those who hear the page, and make the address one that can be sent to somebody. */
  const settle = () => {
    clearTimeout(timer);
    timer = 0;
    if (location.pathname !== pathname) return; // the address is already another page's
    spoken.textContent = sentence;
    const address = new URL(location.href);
    if (name()) address.searchParams.set("tool", name());
    else address.searchParams.delete("tool");
    if (isPartOfTheQuestion) address.searchParams.set("option", option.value);
    if (address.href !== location.href) history.replaceState(history.state, "", address);
  };

  const settleLater = () => {
    clearTimeout(timer);
    timer = setTimeout(settle, QUIET);
  };

  const begin = async () => {
    if (index || isLoading) return;
    [isLoading, hasFailed] = [true, false];
    show();
    try {
      index = await load();
    } catch {
      hasFailed = true;
    }
    isLoading = false;
    show();
    settleLater();
  };

  const update = () => {
    show();
    settleLater();
    return hasFailed ? undefined : begin();
  };

  /** Ask for another name that the answer offers. @param {string} other */
  const ask = (other) => {
    input.value = other;
    input.focus();
    show();
    settle();
  };

  /** Go on with a name that is like another one. */
  const insist = () => {
    meant = name();
    input.focus();
    show();
    settle();
  };

  if (isPartOfTheQuestion) option.addEventListener("change", update);
  input.addEventListener("focus", begin);
  input.addEventListener("input", update);
  claim.addEventListener("input", fill);
  copy.addEventListener("click", copyText);
  form.addEventListener("submit", (event) => event.preventDefault());
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.isComposing) settle();
  });
  form.hidden = false;
  const asked = new URLSearchParams(location.search).get("option");
  if (isPartOfTheQuestion && asked && [...option.options].some((each) => each.value === asked)) option.value = asked;
  input.value ||= new URLSearchParams(location.search).get("tool") ?? "";
  if (input.value) await update();
}

/** What stands below the verdict.
 * @param {Index} index @param {Answer} answer @param {string} word @param {(name: string) => void} ask */
function* details(index, answer, word, ask) {
  const posts = (/** @type {Related[]} */ each) => element("ul", {}, ...each.map((post) => postLine(index, post)));
  if (answer.asked) {
    const { pull } = answer.asked;
    const request = element("a", { href: `${index.data.pulls}/${pull}`, rel: "noopener" }, `pull request #${pull}`);
    yield element("p", {}, "It is free again if ", request, " is closed without being merged.");
  }
  if (answer.posts.length) yield posts(answer.posts);
  yield* nearNames(answer, word, ask);
  yield* mentions(index, answer);
  if (answer.overlaps.length) {
    yield element("p", {}, "These overlap with it, which is allowed:");
    yield posts(answer.overlaps);
  }
  if (answer.alternatives.length && answer.status !== "free") {
    const buttons = answer.alternatives.flatMap((name) => [", ", button(name, () => ask(name))]);
    yield element("p", {}, "Free on the same topic: ", ...buttons.slice(1), ".");
  }
  if (index.canBeClaimed(answer)) {
    yield element("p", { className: "hub-free__file" }, "Its file is ", element("code", {}, index.file(answer)), ".");
  }
  if (index.canBeClaimed(answer) || answer.asked) yield asOf(index, answer);
}

/** Names that might mean the same. @param {Answer} answer @param {string} word for what is claimed @param {(name: string) => void} ask */
function* nearNames(answer, word, ask) {
  for (const { name, why } of answer.near) {
    yield element("p", {}, button(`“${name}”`, () => ask(name)), ` ${why}. If you mean that ${word}, choose its name.`);
  }
}

/** Earlier posts that may be about the tool. @param {Index} index @param {Answer} answer */
function* mentions(index, answer) {
  for (const name of new Set(answer.mentions.map((each) => each.name))) {
    const posts = answer.mentions.filter((each) => each.name === name);
    const more = posts.length - MOST_MENTIONS;
    yield element("p", {}, `${posts.length === 1 ? "An earlier post mentions" : "Earlier posts mention"} ${name}:`);
    yield element("ul", {}, ...posts.slice(0, MOST_MENTIONS).map((each) => postLine(index, {
      ...each, authors: [], status: "published", path: null, hasPage: false,
    })));
    if (more > 0) yield element("p", {}, `And ${more} more.`);
  }
}

/** How old the answer is. @param {Index} index @param {Answer} answer */
function asOf(index, answer) {
  const hint = { className: "hub-free__hint" };
  if (answer.as_of) return element("p", hint, "Open pull requests last checked ", agoElement(answer.as_of), ".");
  const list = element("a", { href: `${index.data.pulls}s`, rel: "noopener" }, "open pull request");
  return element("p", hint, "This only covers what is merged. Somebody may already have asked for it in an ", list, ".");
}

/** @param {Index} index @param {Related} post */
function postLine(index, post) {
  const address = addressOf(index, post);
  const text = index.headline(post.url) || post.title;
  const title = address ? element("a", { href: address, rel: "noopener nofollow" }, text) : `“${text}”`;
  const authors = post.authors.length ? ` by ${post.authors.join(", ")}` : "";
  const status = post.status === "published" ? "" : `, ${post.status}`;
  return element("li", {}, `${post.semester}: `, title, authors, status, address ? "" : ", no known link");
}

/** The post's page, its file where it has no page, or where else it is. @param {Index} index @param {Related} post */
function addressOf(index, post) {
  if (!post.path) return /^https?:\/\//i.test(post.url ?? "") ? post.url : null;
  const path = post.path.split("/").map(encodeURIComponent).join("/");
  return post.hasPage ? new URL(path.replace(/\.md$/, "/"), SITE).href : `${index.data.files}/${path}`;
}

/** @param {string} label @param {() => void} onclick */
const button = (label, onclick) => element("button", { type: "button", className: "hub-free__name", onclick }, label);

document$.subscribe(async () => {
  /** @type {NodeListOf<HTMLFormElement>} */
  const forms = document.querySelectorAll("form[data-hub-free][hidden]");
  await Promise.all([...forms].map(start));
  document.documentElement.classList.remove("hub-asks-tool");
});
