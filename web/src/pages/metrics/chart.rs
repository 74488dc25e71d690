//! One chart as SVG: a column for each point, which says its values when the pointer is on it.

use std::fmt::Write as _;

use crate::escape::escaped;
use crate::state::picked::size_text;
use crate::texts::metrics as texts;

/// The height of the drawing, in its own units; a point is one unit wide. The page stretches both.
const HEIGHT: f64 = 100.0;

/// A chart over all points.
#[derive(Debug, Clone)]
pub(super) struct Chart {
    /// Sets the elements of one page apart.
    pub(super) id: &'static str,
    pub(super) title: &'static str,
    pub(super) unit: Unit,
    /// When each point begins, as people read it.
    pub(super) moments: Vec<String>,
    pub(super) series: Vec<Series>,
}

/// Values over time, of one kind.
#[derive(Debug, Clone)]
pub(super) struct Series {
    pub(super) name: &'static str,
    /// The class that colours it.
    pub(super) class: &'static str,
    pub(super) shape: Shape,
    /// One for each point; none where there is nothing to say.
    pub(super) values: Vec<Option<f64>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Bars,
    /// A line that holds each value for its whole point.
    Steps,
    /// The same, filled.
    Area,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Count,
    Milliseconds,
    Bytes,
}

impl Unit {
    /// A value as people read it.
    pub(super) fn text(self, value: f64) -> String {
        match self {
            Self::Count if value.fract() == 0.0 => format!("{value:.0}"),
            Self::Count => format!("{value:.1}"),
            Self::Bytes => size_text(value as u64),
            Self::Milliseconds if value == 0.0 => "0".to_owned(),
            Self::Milliseconds if value < 1.0 => format!("{} µs", digits(value * 1e3)),
            Self::Milliseconds if value < 1e3 => format!("{} ms", digits(value)),
            Self::Milliseconds => format!("{} s", digits(value / 1e3)),
        }
    }
}

/// Three digits, of those before the point all.
fn digits(value: f64) -> String {
    let text = match value {
        0.0..10.0 => format!("{value:.2}"),
        10.0..100.0 => format!("{value:.1}"),
        _ => return format!("{value:.0}"),
    };
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

impl Chart {
    /// Where the axis ends: above every value, and a number that people like.
    pub(super) fn top(&self) -> f64 {
        let values = self.series.iter().flat_map(|series| series.values.iter().flatten());
        let most = values.fold(0.0_f64, |most, value| most.max(*value));
        if most <= 0.0 {
            return 1.0;
        }
        let magnitude = 10_f64.powf(most.log10().floor());
        let step = [1.0, 2.0, 4.0, 6.0, 10.0].into_iter().find(|step| step * magnitude >= most);
        let top = step.unwrap_or(10.0) * magnitude;
        // Half of a call is none.
        if self.unit == Unit::Count { top.max(2.0) } else { top }
    }

    /// The drawing. `range` says what time it covers.
    pub(super) fn svg(&self, range: &str) -> String {
        let (top, n_points) = (self.top(), self.moments.len());
        let (id, title) = (self.id, texts::chart_title(self.title, range));
        let y = |value: f64| HEIGHT * (1.0 - value / top);
        let mut svg = format!(
            r#"<svg role="img" aria-labelledby="{id}-title {id}-desc" viewBox="0 0 {n_points} {HEIGHT}" preserveAspectRatio="none"><title id="{id}-title">{}</title><desc id="{id}-desc">{}</desc>"#,
            escaped(&title),
            escaped(&self.description()),
        );
        for line in [0.0, HEIGHT / 2.0, HEIGHT] {
            let _ = write!(svg, r#"<path class="grid-line" d="M0 {line}H{n_points}"/>"#);
        }
        for series in &self.series {
            let mut path = String::new();
            for (index, value) in series.values.iter().enumerate() {
                let Some(value) = *value else { continue };
                let (x, end, y) = (index as f64, index + 1, y(value));
                let goes_on = index > 0 && series.values[index - 1].is_some();
                let _ = match series.shape {
                    Shape::Bars if value > 0.0 => {
                        write!(path, "M{:.1} {HEIGHT}V{y:.2}H{:.1}V{HEIGHT}Z", x + 0.1, x + 0.9)
                    }
                    Shape::Bars => Ok(()),
                    Shape::Area => write!(path, "M{x} {HEIGHT}V{y:.2}H{end}V{HEIGHT}Z"),
                    Shape::Steps if goes_on => write!(path, "V{y:.2}H{end}"),
                    Shape::Steps => write!(path, "M{x} {y:.2}H{end}"),
                };
            }
            let class = if series.shape == Shape::Steps { "line-mark" } else { "area-mark" };
            let _ = write!(svg, r#"<path class="{class} {}" d="{path}"/>"#, series.class);
        }
        for (index, moment) in self.moments.iter().enumerate() {
            let Some(values) = self.values_at(index) else { continue };
            let _ = write!(
                svg,
                r#"<rect class="hit" x="{index}" y="0" width="1" height="{HEIGHT}"><title>{moment}: {values}</title></rect>"#
            );
        }
        svg.push_str("</svg>");
        svg
    }

    /// What the pointer is told at a point.
    fn values_at(&self, index: usize) -> Option<String> {
        let value = |series: &Series| {
            let text = self.unit.text((*series.values.get(index)?)?);
            Some(if self.series.len() == 1 { text } else { format!("{} {text}", series.name) })
        };
        let values: Vec<String> = self.series.iter().filter_map(value).collect();
        (!values.is_empty()).then(|| values.join(", "))
    }

    /// What the chart shows, for those who do not see it.
    fn description(&self) -> String {
        let peak = |series: &Series| {
            let values = series.values.iter().enumerate().filter_map(|(index, value)| Some((index, (*value)?)));
            let (index, value) = values.max_by(|(_, a), (_, b)| a.total_cmp(b))?;
            let moment = self.moments.get(index)?;
            Some(texts::peak(series.name, &self.unit.text(value), moment))
        };
        let peaks: Vec<String> = self.series.iter().filter_map(peak).collect();
        format!("{} {}", peaks.join(" "), texts::SEE_TABLE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_short() {
        let check = |unit: Unit, value: f64, expected: &str| assert_eq!(unit.text(value), expected);
        check(Unit::Milliseconds, 0.0021, "2.1 µs");
        check(Unit::Milliseconds, 12.34, "12.3 ms");
        check(Unit::Milliseconds, 400.0, "400 ms");
        check(Unit::Milliseconds, 2_000.0, "2 s");
        check(Unit::Count, 1_234.0, "1234");
        check(Unit::Bytes, 2_100_000.0, "2.1 MB");
    }

    #[test]
    fn steps_break_where_there_is_nothing() {
        let values = vec![Some(1.0), Some(2.0), None, Some(4.0)];
        let series = Series { name: "p50", class: "first", shape: Shape::Steps, values };
        let moments = (0..4).map(|hour| format!("0{hour}:00")).collect();
        let chart = Chart { id: "latency", title: "Latency", unit: Unit::Milliseconds, moments, series: vec![series] };
        let svg = chart.svg("Last day");
        assert!(svg.contains(r#"d="M0 75.00H1V50.00H2M3 0.00H4""#), "{svg}");
        assert_eq!(svg.matches("class=\"hit\"").count(), 3);
        assert!(svg.contains("<title>03:00: 4 ms</title>"), "{svg}");
        assert!(svg.contains("The most p50 are 4 ms at 03:00."), "{svg}");
    }
}
