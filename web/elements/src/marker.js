// <vitrine-marker>: a text of which parts are marked as of a class. `value` is JSON text, a list of
// `{token, class_or_confidence}`. Type the text, select a part of it and name its class; a mark goes when it is pressed.
// The whole list is told by the event `edit` after each change.
import { texts } from "./lib/texts.js";
import { ValueElement } from "./lib/value-element.js";

let serial = 0;

class Marker extends ValueElement {
  #text;
  #class;
  #list;
  #message;
  // Of the text, without overlaps, in order: `{start, end, said}`.
  #marks = [];

  connectedCallback() {
    if (!this.#text) this.#build();
    super.connectedCallback();
  }

  draw(value) {
    if (value === this.#whole()) return;
    let spans = [];
    try {
      spans = JSON.parse(value || "[]");
    } catch {
      return; // It is being typed as JSON.
    }
    if (!Array.isArray(spans) || !spans.every((span) => typeof span?.token === "string")) return;
    this.#marks = [];
    let text = "";
    for (const { token, class_or_confidence: said } of spans) {
      if (said !== null && said !== undefined) this.#marks.push({ start: text.length, end: text.length + token.length, said });
      text += token;
    }
    this.#text.value = text;
    this.#show();
  }

  #build() {
    const label = this.getAttribute("label") ?? "";
    const listId = `marker-${(serial += 1)}`;
    this.#text = make("textarea", { className: "control", rows: 4 });
    this.#text.setAttribute("aria-label", texts.markerText(label));
    this.#class = make("input", { className: "control" });
    this.#class.setAttribute("list", listId);
    this.#class.setAttribute("aria-label", texts.markerClass(label));
    this.#class.placeholder = texts.markerClassHint;
    this.#list = make("datalist", { id: listId });
    this.#message = make("p", { className: "highlighted" });
    const mark = make("button", { type: "button", className: "quiet", textContent: texts.mark });
    mark.addEventListener("click", () => this.#mark());
    this.#class.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault(); // It would send the form.
      this.#mark();
    });
    // The selection is the text's own, so it outlives the click on the button.
    this.#text.addEventListener("input", () => this.#retype());
    const bar = make("div", { className: "marker-bar" });
    bar.append(this.#class, this.#list, mark);
    this.replaceChildren(this.#text, bar, this.#message);
    this.addEventListener("click", ({ target }) => {
      const chip = target.closest("[data-mark]");
      if (!chip) return;
      this.#marks.splice(Number(chip.dataset.mark), 1);
      this.#changed();
    });
  }

  #mark() {
    const { selectionStart: start, selectionEnd: end } = this.#text;
    const said = this.#class.value.trim();
    if (start === end || !said) {
      (start === end ? this.#text : this.#class).focus();
      return;
    }
    this.#marks = this.#marks.filter((mark) => mark.end <= start || mark.start >= end);
    this.#marks.push({ start, end, said });
    this.#marks.sort((one, other) => one.start - other.start);
    this.#changed();
  }

  // Marks before a change of the text stay, those behind it move, and one that it cuts goes.
  #retype() {
    const [before, now] = [this.#before, this.#text.value];
    let head = 0;
    while (head < Math.min(before.length, now.length) && before[head] === now[head]) head += 1;
    let tail = 0;
    while (tail < Math.min(before.length, now.length) - head && before.at(-1 - tail) === now.at(-1 - tail)) tail += 1;
    const [cutEnd, shift] = [before.length - tail, now.length - before.length];
    this.#marks = this.#marks.flatMap((mark) => {
      if (mark.end <= head) return [mark];
      if (mark.start >= cutEnd) return [{ ...mark, start: mark.start + shift, end: mark.end + shift }];
      return [];
    });
    this.#changed();
  }

  #before = "";

  #changed() {
    this.#show();
    this.dispatchEvent(new CustomEvent("edit", { detail: this.#whole(), bubbles: true }));
  }

  #pieces() {
    const text = this.#text?.value ?? "";
    const pieces = [];
    let at = 0;
    this.#marks.forEach(({ start, end, said }, index) => {
      if (start > at) pieces.push({ token: text.slice(at, start), said: null });
      pieces.push({ token: text.slice(start, end), said, index });
      at = end;
    });
    if (at < text.length) pieces.push({ token: text.slice(at), said: null });
    return pieces;
  }

  #whole() {
    return JSON.stringify(this.#pieces().map(({ token, said }) => ({ token, class_or_confidence: said })));
  }

  #show() {
    this.#before = this.#text.value;
    const classes = [...new Set(this.#marks.map(({ said }) => String(said)))];
    this.#list.replaceChildren(...classes.map((value) => make("option", { value })));
    this.#message.hidden = this.#marks.length === 0;
    this.#message.replaceChildren(...this.#pieces().map(({ token, said, index }) => {
      if (said === null) return token;
      const chip = make("button", { type: "button", className: "tag", title: texts.removeMark });
      chip.classList.add(`hue-${classes.indexOf(String(said)) % 8}`);
      chip.dataset.mark = index;
      chip.append(token, make("span", { className: "class-name", textContent: String(said) }));
      return chip;
    }));
  }
}

function make(name, properties) {
  return Object.assign(document.createElement(name), properties);
}

customElements.define("vitrine-marker", Marker);
