// <vitrine-html>: what a guest wrote as HTML, without anything that acts or fetches.
import { safe } from "./lib/safe-html.js";
import { ValueElement } from "./lib/value-element.js";

class Html extends ValueElement {
  draw(html) {
    this.classList.add("prose");
    this.replaceChildren(safe(html));
  }
}

customElements.define("vitrine-html", Html);
