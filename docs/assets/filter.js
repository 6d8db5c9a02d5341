// The filter above the earlier posts. Without JavaScript it stays hidden, and the page is a plain table.
// Material replaces the page's content without loading it anew; `document$` tells of each new page.

document$.subscribe(() => {
  const form = document.querySelector("[data-hub-filter]");
  if (!form) return;
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const input = form.querySelector("input");
  const output = form.querySelector("output");
  const sections = [...document.querySelectorAll("[data-hub-rows]")].map((section) => ({
    parts: [section, section.previousElementSibling],
    rows: [...section.querySelectorAll("tbody tr")].map((row) => ({ row, text: fold(row.textContent) })),
  }));

  const update = () => {
    const words = fold(input.value).split(/\s+/).filter(Boolean);
    let found = 0;
    for (const { parts, rows } of sections) {
      const matches = rows.filter(({ row, text }) => !(row.hidden = !words.every((word) => text.includes(word))));
      parts.forEach((part) => (part.hidden = !matches.length));
      found += matches.length;
    }
    output.textContent = words.length ? `${found || "No"} ${found === 1 ? "post matches" : "posts match"}` : "";
  };

  input.addEventListener("input", update);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
  update(); // the browser may have put back what was typed before
});
