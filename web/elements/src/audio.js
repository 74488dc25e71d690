// <vitrine-audio src="…">: a player under the sound's waveform; a click on it goes there.
import { colour, onTheme } from "./lib/theme.js";

const [HEIGHT, BAR, GAP] = [64, 2, 1];

class Audio extends HTMLElement {
  static observedAttributes = ["src"];
  #peaks = [];
  #canvas;
  #player;
  #forget = () => {};
  #resized = new ResizeObserver(() => this.#paint());

  connectedCallback() {
    this.#canvas = document.createElement("canvas");
    this.#canvas.className = "waveform";
    this.#canvas.setAttribute("aria-hidden", "true");
    this.#player = document.createElement("audio");
    this.#player.controls = true;
    this.#player.addEventListener("timeupdate", () => this.#paint());
    this.#canvas.addEventListener("click", (event) => {
      const { left, width } = this.#canvas.getBoundingClientRect();
      if (this.#player.duration) this.#player.currentTime = ((event.clientX - left) / width) * this.#player.duration;
    });
    this.replaceChildren(this.#canvas, this.#player);
    this.#resized.observe(this.#canvas);
    this.#forget = onTheme(() => this.#paint());
    this.#load();
  }

  disconnectedCallback() {
    this.#resized.disconnect();
    this.#forget();
  }

  attributeChangedCallback() {
    if (this.#player) this.#load();
  }

  async #load() {
    const source = this.getAttribute("src");
    this.#player.src = source ?? "";
    this.#peaks = [];
    if (!source) return;
    try {
      const context = new OfflineAudioContext(1, 1, 8000);
      const sound = await context.decodeAudioData(await (await fetch(source)).arrayBuffer());
      this.#peaks = peaks(sound.getChannelData(0));
      this.dataset.drawn = "true";
    } catch {
      // The player says what it cannot play; the waveform is an extra.
    }
    this.#paint();
  }

  #paint() {
    const { clientWidth: width } = this.#canvas;
    const ratio = devicePixelRatio || 1;
    this.#canvas.width = width * ratio;
    this.#canvas.height = HEIGHT * ratio;
    const context = this.#canvas.getContext("2d");
    context.scale(ratio, ratio);
    const [done, rest] = [colour("accent"), colour("line-strong")];
    const n = Math.floor(width / (BAR + GAP));
    const part = this.#player.duration ? this.#player.currentTime / this.#player.duration : 0;
    for (let bar = 0; bar < n && this.#peaks.length; bar += 1) {
      const from = Math.floor((bar * this.#peaks.length) / n);
      const to = Math.max(from + 1, Math.floor(((bar + 1) * this.#peaks.length) / n));
      const height = Math.max(1, Math.max(...this.#peaks.slice(from, to)) * HEIGHT);
      context.fillStyle = bar / n < part ? done : rest;
      context.fillRect(bar * (BAR + GAP), (HEIGHT - height) / 2, BAR, height);
    }
  }
}

// The loudest sample of each of some hundred pieces, in 0..1.
function peaks(samples, n = 600) {
  const size = Math.max(1, Math.ceil(samples.length / n));
  const found = [];
  for (let from = 0; from < samples.length; from += size) {
    let peak = 0;
    for (let at = from; at < Math.min(from + size, samples.length); at += 1) peak = Math.max(peak, Math.abs(samples[at]));
    found.push(Math.min(peak, 1));
  }
  return found;
}

customElements.define("vitrine-audio", Audio);
