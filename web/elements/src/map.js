// <vitrine-map>: GeoJSON over an outline of the world that is part of this file; no tile server learns who looks.
// A click on a feature is told by the event `select` with its properties. Where `editable`, a click sets a point or takes
// it away, and the new GeoJSON is told by the event `edit`.
import { geoBounds, geoEqualEarth, geoGraticule10, geoMercator, geoPath } from "d3-geo";
import { feature } from "topojson-client";
import world from "world-atlas/countries-110m.json";
import { texts } from "./lib/texts.js";
import { ValueElement } from "./lib/value-element.js";

const [WIDTH, HEIGHT, MARGIN] = [800, 440, 24];
const POINT_RADIUS = 5;
// Closer than this an outline of the world shows nothing any more, in degrees.
const LEAST_SPAN = 24;
const EMPTY = '{"type":"FeatureCollection","features":[]}';
const SVG = "http://www.w3.org/2000/svg";

const land = feature(world, world.objects.countries);

class WorldMap extends ValueElement {
  draw(value) {
    try {
      const given = typeof value === "string" ? JSON.parse(value || EMPTY) : value;
      this.replaceChildren(this.#picture(features(given)));
      if (this.#editable) this.append(hint());
    } catch (error) {
      const message = document.createElement("p");
      message.className = "field-error";
      message.textContent = texts.noGeoJson(error.message);
      this.replaceChildren(message);
    }
  }

  get #editable() {
    return this.hasAttribute("editable");
  }

  #edit(shapes) {
    const detail = JSON.stringify({ type: "FeatureCollection", features: shapes });
    this.value = detail;
    this.dispatchEvent(new CustomEvent("edit", { detail, bubbles: true }));
  }

  #picture(shapes) {
    // The whole world where points are set: anything nearer could not be left again.
    const seen = projection(this.#editable ? [] : shapes);
    const path = geoPath(seen).pointRadius(POINT_RADIUS);
    const svg = node("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": this.getAttribute("label") ?? label(shapes) });
    svg.append(node("path", { class: "map-grid", d: path(geoGraticule10()) ?? "" }));
    for (const country of land.features) svg.append(node("path", { class: "map-land", d: path(country) ?? "" }));
    for (const shape of shapes) {
      const isPoint = /Point$/.test(shape.geometry?.type ?? "");
      const drawn = node("path", { class: isPoint ? "map-point" : "map-shape", d: path(shape) ?? "" });
      const name = title(shape);
      if (name) drawn.append(node("title", {}, name));
      drawn.addEventListener("click", (event) => {
        event.stopPropagation();
        if (this.#editable) {
          if (isPoint) this.#edit(shapes.filter((other) => other !== shape));
          return;
        }
        this.dispatchEvent(new CustomEvent("select", { detail: shape.properties ?? {}, bubbles: true }));
      });
      svg.append(drawn);
    }
    if (this.#editable) {
      svg.addEventListener("click", ({ clientX, clientY }) => {
        const { left, top, width, height } = svg.getBoundingClientRect();
        const place = seen.invert([((clientX - left) / width) * WIDTH, ((clientY - top) / height) * HEIGHT]);
        if (!place?.every(Number.isFinite)) return;
        const coordinates = place.map((degrees) => Number(degrees.toFixed(4)));
        this.#edit([...shapes, { type: "Feature", properties: {}, geometry: { type: "Point", coordinates } }]);
      });
    }
    return svg;
  }
}

function hint() {
  return Object.assign(document.createElement("p"), { className: "field-info", textContent: texts.mapHint });
}

function features(json) {
  if (json?.type === "FeatureCollection" && Array.isArray(json.features)) return json.features;
  if (json?.type === "Feature") return [json];
  if (typeof json?.type === "string") return [{ type: "Feature", properties: {}, geometry: json }];
  throw new Error("`type` is missing");
}

// The whole world, or as much of it as what is shown lies in.
function projection(shapes) {
  const all = { type: "FeatureCollection", features: shapes };
  const frame = [[MARGIN, MARGIN], [WIDTH - MARGIN, HEIGHT - MARGIN]];
  const [[west, south], [east, north]] = geoBounds(all);
  const span = Math.max(east - west, north - south);
  if (!Number.isFinite(span) || east < west || span > 90) return geoEqualEarth().fitExtent(frame, { type: "Sphere" });
  const grow = Math.max(LEAST_SPAN - span, span * 0.2) / 2;
  const corners = [[west - grow, Math.max(south - grow, -85)], [east + grow, Math.min(north + grow, 85)]];
  return geoMercator().fitExtent(frame, { type: "MultiPoint", coordinates: corners });
}

function title({ properties }) {
  const named = ["name", "title", "label"].map((key) => properties?.[key]).find((text) => text !== undefined);
  return named === undefined ? "" : String(named);
}

function label(shapes) {
  const names = shapes.map(title).filter(Boolean);
  return names.length ? texts.mapOf(names.slice(0, 10)) : texts.mapWith(shapes.length);
}

function node(name, attributes, text) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text) made.textContent = text;
  return made;
}

customElements.define("vitrine-map", WorldMap);
