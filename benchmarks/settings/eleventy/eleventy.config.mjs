// Eleventy with a layout of a few lines: lists of all posts and by semester, topic, tool and author, a table of all posts,
// feeds, an index for a search, code highlighted by Eleventy's own plugin, from beside the program itself.
import { realpathSync } from "node:fs";
import { createRequire } from "node:module";

/** @typedef {{data: {semester: string, topics: string[], tool: string, author: string}}} Post
 *  @typedef {{kind: string, name: string, posts: Post[]}} List
 *  @typedef {{getFilteredByTag(tag: string): Post[]}} Collection */

const plugin = "@11ty/eleventy-plugin-syntaxhighlight";

/** @type {Record<string, (post: Post) => string[]>} */
const kinds = {
  semesters: (post) => [post.data.semester],
  topics: (post) => post.data.topics,
  tools: (post) => [post.data.tool],
  authors: (post) => [post.data.author],
};

/** @param {Post[]} posts
 *  @param {string} kind
 *  @returns {List[]} */
function listsOf(posts, kind) {
  /** @type {Map<string, Post[]>} */
  const byName = new Map();
  for (const post of posts)
    for (const name of kinds[kind]?.(post) ?? []) byName.set(name, [...(byName.get(name) ?? []), post]);
  return [...byName].map(([name, posts]) => ({ kind, name, posts: posts.reverse() }));
}

/** @param {{addPassthroughCopy(path: string): void, addPlugin(plugin: unknown): void,
 *    addFilter(name: string, filter: (value: any) => string): void,
 *    addCollection(name: string, posts: (all: Collection) => object[]): void}} eleventy */
export default function (eleventy) {
  eleventy.addPlugin(createRequire(realpathSync(process.argv[1] ?? ""))(plugin));
  eleventy.addPassthroughCopy("posts/pictures");
  eleventy.addFilter("json", (value) => JSON.stringify(value));
  eleventy.addFilter("text", (html) => html.replaceAll(/<[^>]*>/g, ""));
  eleventy.addFilter("utc", (date) => date.toUTCString());
  /** @param {Collection} all
   *  @param {string[]} names */
  const lists = (all, names) => names.flatMap((name) => listsOf(all.getFilteredByTag("posts"), name));
  eleventy.addCollection("lists", (all) => lists(all, Object.keys(kinds)));
  eleventy.addCollection("feeds", (all) => [
    { kind: "", name: "", posts: [...all.getFilteredByTag("posts")].reverse() },
    ...lists(all, ["semesters", "topics"]),
  ]);
  eleventy.addCollection("kinds", (all) => Object.keys(kinds).map((kind) => ({ kind, lists: lists(all, [kind]) })));
}
