// <vitrine-markdown>: CommonMark with tables and maths, as the server draws an author's own texts. Raw HTML is shown as
// text, and pictures only where their bytes are in the text.
import { Marked } from "marked";
import { safe } from "./lib/safe-html.js";
import { ValueElement } from "./lib/value-element.js";

// Headings of a text start below those of the page.
const HEADING_OFFSET = 2;

const escaped = (text) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

const maths = (name, level, pattern, display) => ({
  name,
  level,
  // Where the text may be cut: of a block only before a line of its own.
  start: (text) => (level === "block" ? text.search(/\n\$\$/) : text.indexOf("$")),
  tokenizer(text) {
    const found = pattern.exec(text);
    return found ? { type: name, raw: found[0], source: found[1].trim() } : undefined;
  },
  renderer: ({ source }) => `<vitrine-maths${display ? ' display=""' : ""}>${escaped(source)}</vitrine-maths>`,
});

const marked = new Marked({
  gfm: true,
  extensions: [
    maths("mathsBlock", "block", /^\$\$([^$]+)\$\$(?:\n|$)/, true),
    maths("mathsDisplay", "inline", /^\$\$([^$]+)\$\$/, true),
    // A dollar before a digit after the end is money: `$5 or $6`.
    maths("mathsInline", "inline", /^\$((?:[^$\s\\]|\\.)(?:[^$\n]*[^$\s])?)\$(?!\d)/, false),
  ],
  renderer: {
    html: ({ text }) => escaped(text),
    heading({ tokens, depth }) {
      const level = Math.min(depth + HEADING_OFFSET, 6);
      return `<h${level}>${this.parser.parseInline(tokens)}</h${level}>\n`;
    },
    code: ({ text, lang }) => {
      const language = /^[\w+#-]+/.exec(lang ?? "")?.[0] ?? "";
      return `<vitrine-code language="${language}">${escaped(text)}</vitrine-code>\n`;
    },
  },
});

class Markdown extends ValueElement {
  draw(text) {
    const drawn = safe(marked.parse(text), {
      ADD_TAGS: ["vitrine-maths", "vitrine-code"],
      ADD_ATTR: ["display", "language"],
    });
    this.classList.add("prose");
    this.replaceChildren(drawn);
  }
}

customElements.define("vitrine-markdown", Markdown);
