// <vitrine-maths [display]>TeX</vitrine-maths>: MathML, which browsers draw without fonts or styles of ours.
import DOMPurify from "dompurify";
import katex from "katex";

class Maths extends HTMLElement {
  connectedCallback() {
    const source = this.textContent;
    if (this.dataset.source === source) return;
    try {
      const displayMode = this.hasAttribute("display");
      const html = katex.renderToString(source, {
        output: "mathml", displayMode, throwOnError: true, strict: "ignore",
        // In ems: a guest's `\rule` may not push the page away.
        maxSize: 50,
      });
      const drawn = DOMPurify.sanitize(html, {
        USE_PROFILES: { mathMl: true },
        // The source stays with the formula, for who copies it.
        ADD_TAGS: ["semantics", "annotation"],
        ADD_ATTR: ["encoding"],
        FORBID_ATTR: ["style", "class"],
        RETURN_DOM_FRAGMENT: true,
      });
      this.replaceChildren(drawn);
      this.dataset.source = source;
    } catch {
      // What is no formula stays as it was written.
      this.dataset.source = source;
    }
  }
}

customElements.define("vitrine-maths", Maths);
