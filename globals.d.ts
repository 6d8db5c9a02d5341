// What other people's scripts add to a page, as far as the site's own scripts use it.

/** Material's: the page that is shown, and then each one that takes its place. */
declare const document$: { subscribe(show: (page: Document) => unknown): unknown };

declare const mermaid: {
  initialize(settings: object): void;
  render(id: string, text: string): Promise<{ svg: string }>;
};
