// Eleventy with a layout of a few lines: an index, and lists by category. Code is not highlighted.
export default function (eleventy) {
  eleventy.addPassthroughCopy("posts/pictures");
  eleventy.addCollection("categories", (all) => {
    const found = new Map();
    for (const post of all.getFilteredByTag("posts"))
      found.set(post.data.category, [...(found.get(post.data.category) ?? []), post]);
    return [...found].map(([name, posts]) => ({ name, posts }));
  });
}
