// Material's search runs in a worker, which browsers do not start from disk: here a hidden frame stands in.

if (location.protocol === "file:") {
  class FrameWorker extends EventTarget {
    /** @param {string} address */
    constructor(address) {
      super();
      const frame = document.createElement("iframe");
      frame.hidden = true;
      /** @type {Promise<Window>} */
      this.inside = new Promise((resolve, reject) => {
        frame.onload = () => {
          const inside = /** @type {Window} */ (frame.contentWindow);
          inside.postMessage = (/** @type {unknown} */ data) => this.dispatchEvent(new MessageEvent("message", { data }));
          Object.assign(inside, { importScripts: (/** @type {string[]} */ ...scripts) => FrameWorker.#load(inside, address, scripts) });
          FrameWorker.#load(inside, address, [""]).then(() => resolve(inside), reject);
        };
      });
      document.body.append(frame);
    }

    /** Run scripts, one after the other; their addresses are relative to the worker's.
     * @param {Window} inside @param {string} address @param {string[]} scripts */
    static async #load(inside, address, scripts) {
      for (const each of scripts) {
        await new Promise((onload, onerror) => {
          const src = each ? new URL(each, new URL(address, location.href)).href : address;
          inside.document.head.append(Object.assign(inside.document.createElement("script"), { src, onload, onerror }));
        });
      }
    }

    /** @param {unknown} data */
    postMessage(data) {
      this.inside.then((inside) => inside.dispatchEvent(new MessageEvent("message", { data })));
    }
  }
  Object.assign(window, { Worker: FrameWorker }); // which has all of a worker that Material uses
}
