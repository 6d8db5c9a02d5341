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
          const script = inside.document.createElement("script");
          Object.assign(script, { src: address, onload: () => resolve(inside), onerror: reject });
          inside.document.head.append(script);
        };
      });
      document.body.append(frame);
    }

    /** @param {unknown} data */
    postMessage(data) {
      this.inside.then((inside) => inside.dispatchEvent(new MessageEvent("message", { data })));
    }
  }
  Object.assign(window, { Worker: FrameWorker }); // which has all of a worker that Material uses
}
