//! What can be drawn of a table.

use guest_sdk::{BarPlot, LinePlot, Map, Outputs, Plot, ScatterPlot, Table};

/// What is drawn of a table.
#[derive(Debug, PartialEq, Outputs)]
pub struct Tables {
    pub table: Table,
    #[output(x = "month", y = "sales", color = "region")]
    pub lines: LinePlot,
    #[output(x = "region", y = "sales")]
    pub bars: BarPlot,
    #[output(x = "month", y = "sales", color = "region")]
    pub dots: ScatterPlot,
    /// Vega-Lite, with data of its own.
    pub plot: Plot,
    pub map: Map,
}

/// Any Vega-Lite specification, with its data inside.
const PLOT: &str = r#"{
    "data": { "values": [{ "a": "A", "b": 28 }, { "a": "B", "b": 55 }, { "a": "C", "b": 43 }] },
    "mark": "bar",
    "encoding": { "x": { "field": "a", "type": "nominal" }, "y": { "field": "b", "type": "quantitative" } }
}"#;

/// Any GeoJSON object.
const MAP: &str = r#"{
    "type": "FeatureCollection",
    "features": [{
        "type": "Feature",
        "properties": { "name": "Oslo" },
        "geometry": { "type": "Point", "coordinates": [10.75, 59.91] }
    }]
}"#;

pub(crate) fn draw(table: Table) -> Tables {
    Tables {
        lines: LinePlot(table.clone()),
        bars: BarPlot(table.clone()),
        dots: ScatterPlot(table.clone()),
        table,
        plot: Plot(PLOT.to_owned()),
        map: Map(MAP.to_owned()),
    }
}
