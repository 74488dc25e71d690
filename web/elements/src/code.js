// <vitrine-code language="python">: source code in colours. Takes `value`, or the text that it holds.
import hljs from "highlight.js/lib/core";
import bash from "highlight.js/lib/languages/bash";
import c from "highlight.js/lib/languages/c";
import cpp from "highlight.js/lib/languages/cpp";
import css from "highlight.js/lib/languages/css";
import diff from "highlight.js/lib/languages/diff";
import dockerfile from "highlight.js/lib/languages/dockerfile";
import go from "highlight.js/lib/languages/go";
import ini from "highlight.js/lib/languages/ini";
import java from "highlight.js/lib/languages/java";
import javascript from "highlight.js/lib/languages/javascript";
import json from "highlight.js/lib/languages/json";
import latex from "highlight.js/lib/languages/latex";
import markdown from "highlight.js/lib/languages/markdown";
import python from "highlight.js/lib/languages/python";
import r from "highlight.js/lib/languages/r";
import rust from "highlight.js/lib/languages/rust";
import sql from "highlight.js/lib/languages/sql";
import typescript from "highlight.js/lib/languages/typescript";
import xml from "highlight.js/lib/languages/xml";
import yaml from "highlight.js/lib/languages/yaml";
import { ValueElement } from "./lib/value-element.js";

// Gradio's languages for Code and those that models write most; each brings its usual aliases, such as `py` and `html`.
const languages = {
  bash, c, cpp, css, diff, dockerfile, go, ini, java, javascript, json, latex, markdown, python, r, rust, sql,
  typescript, xml, yaml,
};
for (const [name, language] of Object.entries(languages)) hljs.registerLanguage(name, language);

class Code extends ValueElement {
  connectedCallback() {
    super.connectedCallback();
    // What the server has drawn is inside `pre` and `code`.
    if (this.value === undefined) this.draw((this.querySelector("code") ?? this).textContent);
  }

  draw(source) {
    const language = this.getAttribute("language") ?? "";
    const code = document.createElement("code");
    // The highlighter escapes what it is given.
    if (hljs.getLanguage(language)) code.innerHTML = hljs.highlight(source, { language, ignoreIllegals: true }).value;
    else code.textContent = source;
    const block = document.createElement("pre");
    // Wide lines scroll, and scrolling needs the keyboard too.
    block.tabIndex = 0;
    block.append(code);
    this.replaceChildren(block);
  }
}

customElements.define("vitrine-code", Code);
