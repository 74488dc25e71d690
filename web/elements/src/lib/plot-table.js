// The Vega-Lite specification of Gradio's LinePlot, BarPlot and ScatterPlot: columns of a table along the axes.

export function specification(element, { headers, data }) {
  const attribute = (name) => element.getAttribute(name) || undefined;
  const values = data.map((row) => Object.fromEntries(headers.map((header, column) => [header, row[column]])));
  const mark = attribute("mark");
  const channel = (header) => {
    const filled = values.map((row) => row[header]).filter((value) => value !== null && value !== undefined);
    // The dots and brackets of a header are no path to Vega.
    return { field: header.replace(/[.[\]\\]/g, "\\$&"), title: header, type: type(filled, mark) };
  };
  const [x, y, color] = ["x", "y", "color"].map(attribute);
  const encoding = { x: channel(x ?? headers[0]), y: channel(y ?? headers[1] ?? headers[0]) };
  if (color) encoding.color = { ...channel(color), type: "nominal" };
  if (mark === "bar" && encoding.x.type === "quantitative") encoding.x.type = "ordinal";
  if (mark !== "bar" && encoding.x.type === "quantitative") encoding.x.scale = { zero: false };
  if (mark === "point") encoding.y.scale = { zero: false };
  return {
    mark: { type: mark, tooltip: true, ...(mark === "line" ? { point: values.length <= 60 } : {}), ...(mark === "point" ? { filled: true, size: 60 } : {}) },
    encoding,
    data: { values },
  };
}

function type(values) {
  if (values.length > 0 && values.every((value) => typeof value === "number")) return "quantitative";
  const isDate = (value) => typeof value === "string" && /^\d{4}-\d{2}(-\d{2})?([T ]|$)/.test(value);
  return values.length > 0 && values.every(isDate) ? "temporal" : "nominal";
}
