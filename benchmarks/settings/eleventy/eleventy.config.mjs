// Eleventy with a layout of a few lines: an index, and lists by category. Code is not highlighted.

/** @typedef {{data: {category: string}}} Post
 *  @typedef {{getFilteredByTag(tag: string): Post[]}} Collection */

/** @param {{addPassthroughCopy(path: string): void,
 *    addCollection(name: string, posts: (all: Collection) => object[]): void}} eleventy */
export default function (eleventy) {
  eleventy.addPassthroughCopy("posts/pictures");
  eleventy.addCollection("categories", (all) => {
    /** @type {Map<string, Post[]>} */
    const posts = new Map();
    for (const post of all.getFilteredByTag("posts"))
      posts.set(post.data.category, [...(posts.get(post.data.category) ?? []), post]);
    return [...posts].map(([name, posts]) => ({ name, posts }));
  });
}
