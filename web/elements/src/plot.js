// <vitrine-plot>: a chart by Vega. `value` is JSON text: a Vega-Lite specification, or, with the attributes `mark`, `x`,
// `y` and `color`, a table `{headers, data}`. A click on a mark is told by the event `select` with its datum.
import { expressionInterpreter } from "vega-interpreter";
import { parse, View } from "vega";
import { compile } from "vega-lite";
import { specification } from "./lib/plot-table.js";
import { texts } from "./lib/texts.js";
import { colour, onTheme } from "./lib/theme.js";
import { ValueElement } from "./lib/value-element.js";

const HEIGHT = 320;

// A specification may name data and pictures of other servers, which would learn who reads the page.
const NO_LOADER = {
  load: async (uri) => { throw new Error(texts.plotLoads(uri)); },
  sanitize: async (uri) => {
    if (/^data:image\//.test(uri)) return { href: uri };
    throw new Error(texts.plotLinks);
  },
  http: async () => { throw new Error(texts.plotReads); },
  file: async () => { throw new Error(texts.plotReads); },
};

function look() {
  const [ink, soft, line, accent] = ["ink", "ink-soft", "line", "accent"].map(colour);
  const font = getComputedStyle(document.body).fontFamily;
  return {
    background: "transparent",
    font,
    view: { stroke: "transparent" },
    mark: { color: accent },
    range: { category: ["hue-0", "hue-1", "hue-2", "hue-3", "hue-4", "hue-5", "hue-6", "hue-7"].map(colour) },
    axis: {
      labelColor: soft, titleColor: soft, gridColor: line, domainColor: line, tickColor: line,
      labelFontSize: 12, titleFontSize: 12, titleFontWeight: 500,
    },
    legend: { labelColor: ink, titleColor: soft, labelFontSize: 12, titleFontSize: 12 },
    title: { color: ink, fontSize: 14, fontWeight: 600 },
  };
}

class Plot extends ValueElement {
  #view;
  #forget;

  connectedCallback() {
    this.#forget = onTheme(() => this.value !== undefined && this.draw(this.value));
    super.connectedCallback();
  }

  disconnectedCallback() {
    this.#forget?.();
    this.#view?.finalize();
    this.#view = undefined;
  }

  async draw(value) {
    try {
      const given = typeof value === "string" ? JSON.parse(value) : value;
      const spec = this.hasAttribute("mark") ? specification(this, given) : given;
      const isVega = String(spec.$schema ?? "").includes("/vega/");
      const sized = {
        // A chart of one view fills its place; facets and rows keep the size that they ask for.
        ...(spec.mark || spec.layer ? { width: "container", height: HEIGHT } : {}),
        autosize: { type: "fit-x", contains: "padding" },
        ...spec,
      };
      const vega = isVega ? spec : compile(sized, { config: look() }).spec;
      const place = document.createElement("div");
      place.className = "vega";
      this.#view?.finalize();
      this.replaceChildren(place);
      // The content policy forbids `eval`, by which Vega would run expressions.
      const runtime = parse(vega, isVega ? look() : undefined, { ast: true });
      const view = new View(runtime, {
        expr: expressionInterpreter, renderer: "svg", container: place, hover: true, loader: NO_LOADER,
        logLevel: 1, tooltip: (_, event, item, text) => this.#tip(place, event, item, text),
      });
      this.#view = view;
      view.addEventListener("click", (_, item) => {
        const { datum } = item ?? {};
        if (datum) this.dispatchEvent(new CustomEvent("select", { detail: plain(datum), bubbles: true }));
      });
      await view.runAsync();
    } catch (error) {
      const message = document.createElement("p");
      message.className = "field-error";
      message.textContent = texts.noPlot(error.message);
      this.replaceChildren(message);
    }
  }

  #tip(place, _event, _item, text) {
    const written = text && typeof text === "object"
      ? Object.entries(text).map(([name, value]) => `${name}: ${value}`).join("\n")
      : text ?? "";
    place.title = String(written);
  }
}

// Vega's marks hold what it needs itself beside the fields of the data.
function plain(datum) {
  const fields = Object.entries(datum).filter(([, value]) => value === null || typeof value !== "object");
  return Object.fromEntries(fields);
}

customElements.define("vitrine-plot", Plot);
