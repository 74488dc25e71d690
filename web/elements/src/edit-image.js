// <vitrine-edit-image src="…" name="photo.jpg">: buttons that crop a picture or draw on it; the result is told by the
// event `picked` with a `File`.
import { button, open } from "./lib/dialog.js";
import { field, file, sketchpad } from "./lib/sketch.js";
import { texts } from "./lib/texts.js";

// The longest side that is drawn on: a photograph of 100 megapixels would take a gigabyte of undoing.
const MAX_PIXELS = 2048;

class EditImage extends HTMLElement {
  connectedCallback() {
    this.replaceChildren(button(texts.crop, () => this.#crop()), button(texts.drawOnIt, () => this.#draw()));
  }

  async #canvas() {
    const image = new Image();
    image.src = this.getAttribute("src");
    await image.decode();
    const scale = Math.min(1, MAX_PIXELS / Math.max(image.naturalWidth, image.naturalHeight));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(image.naturalWidth * scale));
    canvas.height = Math.max(1, Math.round(image.naturalHeight * scale));
    canvas.getContext("2d", { willReadFrequently: true }).drawImage(image, 0, 0, canvas.width, canvas.height);
    return canvas;
  }

  async #give(canvas, close) {
    const stem = (this.getAttribute("name") ?? "picture").replace(/\.\w+$/, "");
    const picked = await file(canvas, `${stem}-edited.png`);
    close();
    this.dispatchEvent(new CustomEvent("picked", { detail: picked, bubbles: true }));
  }

  async #draw() {
    const canvas = await this.#canvas();
    const content = document.createElement("div");
    content.append(sketchpad(canvas), canvas);
    open(texts.draw, content, [{ text: texts.useDrawing, act: (close) => this.#give(canvas, close) }]);
  }

  async #crop() {
    const canvas = await this.#canvas();
    const { width, height } = canvas;
    canvas.classList.add("sketch");
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", texts.cropArea);
    const whole = canvas.getContext("2d").getImageData(0, 0, width, height);
    const edges = [texts.left, texts.top, texts.right, texts.bottom].map((name, i) => field(name, {
      type: "number", min: 0, max: i % 2 ? height : width, value: [0, 0, width, height][i],
    }));
    const box = () => {
      const [left, top, right, bottom] = edges.map(({ input }) => Number(input.value) || 0);
      const [x, y] = [Math.max(0, Math.min(left, right)), Math.max(0, Math.min(top, bottom))];
      return [x, y, Math.max(1, Math.min(Math.abs(right - left), width - x)), Math.max(1, Math.min(Math.abs(bottom - top), height - y))];
    };
    const show = () => {
      const context = canvas.getContext("2d");
      const [x, y, w, h] = box();
      context.putImageData(whole, 0, 0);
      context.fillStyle = "rgb(0 0 0 / 55%)";
      context.beginPath();
      context.rect(0, 0, width, height);
      context.rect(x, y, w, h);
      context.fill("evenodd");
    };
    const set = (values) => {
      values.forEach((value, i) => { edges[i].input.value = String(Math.round(value)); });
      show();
    };
    let from;
    const at = (event) => {
      const { left, top, width: shown, height: tall } = canvas.getBoundingClientRect();
      return [((event.clientX - left) * width) / shown, ((event.clientY - top) * height) / tall];
    };
    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      from = at(event);
    });
    canvas.addEventListener("pointermove", (event) => { if (from) set([...from, ...at(event)]); });
    canvas.addEventListener("pointerup", () => { from = undefined; });
    const fields = document.createElement("div");
    fields.className = "sketch-tools";
    fields.append(...edges.map(({ label }) => label));
    fields.addEventListener("input", show);
    const content = document.createElement("div");
    content.append(fields, canvas);
    show();
    open(texts.crop, content, [{ text: texts.crop, act: (close) => {
      const [x, y, w, h] = box().map(Math.round);
      const part = document.createElement("canvas");
      [part.width, part.height] = [w, h];
      part.getContext("2d").putImageData(whole, -x, -y);
      return this.#give(part, close);
    } }]);
  }
}

customElements.define("vitrine-edit-image", EditImage);
