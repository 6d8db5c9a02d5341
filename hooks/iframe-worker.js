// Material's search runs in a worker, which browsers do not start from disk: here a hidden frame stands in.

if (location.protocol === "file:") {
  window.Worker = class extends EventTarget {
    constructor(/** @type {string} */ address) {
      super();
      const frame = document.createElement("iframe");
      frame.hidden = true;
      /** @type {Promise<Window>} */
      this.inside = new Promise((resolve, reject) => {
        frame.onload = () => {
          const inside = /** @type {any} */ (frame.contentWindow);
          inside.postMessage = (data) => this.dispatchEvent(new MessageEvent("message", { data }));
          const script = inside.document.createElement("script");
          Object.assign(script, { src: address, onload: () => resolve(inside), onerror: reject });
          inside.document.head.append(script);
        };
      });
      document.body.append(frame);
    }

    postMessage(data) {
      this.inside.then((inside) => inside.dispatchEvent(new MessageEvent("message", { data })));
    }
  };
}
