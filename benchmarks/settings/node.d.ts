// What Eleventy's settings use of Node, so that no types of all of it are needed.
declare module "node:fs" {
  export function realpathSync(path: string): string;
}
declare module "node:module" {
  export function createRequire(path: string): (name: string) => unknown;
}
declare const process: { argv: string[] };
