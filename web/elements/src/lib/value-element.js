// An element with a `value` that may come before its class, since a page sets it as soon as an answer is there while
// the browser still loads this script.
export class ValueElement extends HTMLElement {
  #value;

  get value() {
    return this.#value;
  }

  set value(value) {
    this.#value = value;
    if (this.isConnected) this.draw(value);
  }

  connectedCallback() {
    if (Object.hasOwn(this, "value")) {
      const { value } = this;
      delete this.value;
      this.#value = value;
    }
    if (this.#value !== undefined) this.draw(this.#value);
  }

  // Draws `value`; a class of an element says how.
  draw(value) {
    this.textContent = String(value);
  }
}
