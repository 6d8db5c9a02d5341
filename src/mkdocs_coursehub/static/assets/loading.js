// What a script needs once somebody asks for it: a file of data, and the module that reads it.

/** @typedef {() => Promise<unknown>} Pause  Lets the browser do what waits.
 *  @type {Pause} Not every browser has a scheduler. */
const pause = () => globalThis.scheduler?.yield?.() ?? new Promise((resolve) => setTimeout(resolve));

/** The function that gives what a reader makes of a file. Both are fetched when it is first called, and again only
 * after a failure.
 * @template Data, Result @param {string} file beside this one
 * @param {() => Promise<{read: (data: Data, pause: Pause) => Promise<Result>}>} reader @returns {() => Promise<Result>} */
export function loader(file, reader) {
  const address = new URL(file, import.meta.url);
  /** @type {Promise<Result> | undefined} */
  let loading;
  const load = async () => {
    // no-cache: the browser asks whether there is a newer one, so that a claim merged a minute ago counts
    const [{ read }, response] = await Promise.all([reader(), fetch(address, { cache: "no-cache" })]);
    if (!response.ok) throw new Error(`${address}: ${response.status}`);
    return read(await response.json(), pause);
  };
  return () => {
    loading ??= load();
    loading.catch(() => { loading = undefined; });
    return loading;
  };
}
