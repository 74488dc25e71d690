// A canvas to draw on, over white or over a picture. The answer gives the canvas, and undoes.
import { button } from "./dialog.js";
import { texts } from "./texts.js";

const MAX_UNDO = 20;

export function sketchpad(canvas) {
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const before = [];
  const tools = document.createElement("div");
  tools.className = "sketch-tools";
  const colour = field(texts.colour, { type: "color", value: "#111111" });
  const size = field(texts.brush, { type: "range", min: 1, max: 60, value: 12 });
  const undo = () => {
    const last = before.pop();
    if (last) context.putImageData(last, 0, 0);
  };
  tools.append(colour.label, size.label, button(texts.undo, undo));
  canvas.classList.add("sketch");
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", texts.drawingArea);

  let last;
  // Where the pointer is in the picture's own pixels: the page may show it smaller.
  const at = (event) => {
    const { left, top, width, height } = canvas.getBoundingClientRect();
    return [((event.clientX - left) * canvas.width) / width, ((event.clientY - top) * canvas.height) / height];
  };
  const stroke = (from, to) => {
    context.strokeStyle = colour.input.value;
    context.lineWidth = Number(size.input.value);
    context.lineCap = "round";
    context.beginPath();
    context.moveTo(...from);
    context.lineTo(...to);
    context.stroke();
  };
  canvas.addEventListener("pointerdown", (event) => {
    before.push(context.getImageData(0, 0, canvas.width, canvas.height));
    if (before.length > MAX_UNDO) before.shift();
    canvas.setPointerCapture(event.pointerId);
    last = at(event);
    stroke(last, last);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!last) return;
    const now = at(event);
    stroke(last, now);
    last = now;
  });
  for (const name of ["pointerup", "pointercancel"]) canvas.addEventListener(name, () => { last = undefined; });
  return tools;
}

export function field(text, attributes) {
  const label = document.createElement("label");
  const input = document.createElement("input");
  for (const [name, value] of Object.entries(attributes)) input.setAttribute(name, value);
  label.append(text, " ", input);
  return { label, input };
}

// The canvas as a file.
export async function file(canvas, name, type = "image/png") {
  const blob = await new Promise((resolve) => { canvas.toBlob(resolve, type, 0.92); });
  return new File([blob], name, { type });
}
