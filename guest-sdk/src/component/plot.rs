//! Tables that are drawn as plots.

use super::draw::Drawn;
use super::output::{Output, OutputOptions};
use super::table::Table;
use crate::Value;
use crate::bindings::vitrine::space::description::Component;

macro_rules! plots {
    ($($(#[$doc:meta])* $type:ident, $kind:literal;)*) => {$(
        $(#[$doc])*
        ///
        /// The columns `x` and `y` are drawn, unless `#[output(x = "…", y = "…")]` names others; `color = "…"` names the one
        /// by which rows differ in colour.
        #[derive(Debug, Clone, PartialEq)]
        pub struct $type(pub Table);

        impl Output for $type {
            fn component() -> Component {
                <Table as Output>::component()
            }

            fn drawn(options: &OutputOptions) -> Option<Drawn> {
                let (x, y) = (options.x.as_deref().unwrap_or("x"), options.y.as_deref().unwrap_or("y"));
                let drawn = Drawn::new($kind).option("x", x).option("y", y);
                Some(match &options.color {
                    Some(color) => drawn.option("color", color.as_str()),
                    None => drawn,
                })
            }

            fn into_value(self) -> Value {
                self.0.into_value()
            }
        }
    )*};
}

plots! {
    /// A table drawn as lines.
    LinePlot, "line-plot";
    /// A table drawn as bars.
    BarPlot, "bar-plot";
    /// A table drawn as dots.
    ScatterPlot, "scatter-plot";
}
