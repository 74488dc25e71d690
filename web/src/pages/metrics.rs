//! What the calls of a space have cost over time: charts, and the same as a table.

mod chart;

use leptos::prelude::*;
use spaces::SpaceId;
use spaces::view::{MetricsPoint, MetricsRange, MetricsView, Percentiles};

use crate::state::SpaceTab;
use crate::state::picked::size_text;
use crate::texts::metrics as texts;

use chart::{Chart, Series, Shape, Unit};

/// Drawn whole: another range is another address.
#[component]
pub fn MetricsCharts(id: SpaceId, metrics: MetricsView) -> impl IntoView {
    let range = metrics.range;
    let link = |target: MetricsRange| {
        let current = (target == range).then_some("true");
        view! { <a href=address(&id, target) aria-current=current>{title(target)}</a> }
    };
    let total = metrics.total.clone();
    let content = match total.requests {
        0 => view! { <p class="nothing">{texts::NO_CALLS}</p> }.into_any(),
        _ => view! { <Charts metrics=metrics /> }.into_any(),
    };
    view! {
        <div class="range-bar">
            <nav class="ranges" aria-label=texts::TIME_SHOWN>{MetricsRange::ALL.map(link).into_iter().collect_view()}</nav>
            <p class="muted">{texts::TIMES_ARE_UTC}<a href=address(&id, range)>{texts::REFRESH}</a></p>
        </div>
        {content}
    }
    .into_any()
}

#[component]
fn Charts(metrics: MetricsView) -> impl IntoView {
    let MetricsView { range, step_seconds: _, total, points } = metrics;
    let numbers = |name, class, shape, value: &dyn Fn(&MetricsPoint) -> Option<f64>| Series {
        name,
        class,
        shape,
        values: points.iter().map(value).collect(),
    };
    let percentiles = |of: fn(&MetricsPoint) -> Option<Percentiles>| {
        vec![
            numbers("p50", "first", Shape::Steps, &|point| Some(of(point)?.p50)),
            numbers("p95", "second", Shape::Steps, &|point| Some(of(point)?.p95)),
            numbers("p99", "third", Shape::Steps, &|point| Some(of(point)?.p99)),
        ]
    };
    let moments: Vec<String> = points.iter().map(|point| moment(range, &point.at)).collect();
    let chart = |id, title, unit, figures, series| {
        let chart = Chart { id, title, unit, moments: moments.clone(), series };
        view! { <ChartView chart=chart range=range figures=figures /> }
    };
    let share = 100.0 * total.errors as f64 / total.requests as f64;
    let requests = vec![(texts::IN_ALL, total.requests.to_string())];
    let errors = vec![(texts::IN_ALL, total.errors.to_string()), (texts::OF_THE_REQUESTS, format!("{share:.1} %"))];
    let memory = vec![(texts::MOST, total.memory_bytes.map_or("–".to_owned(), size_text))];
    view! {
        <div class="charts">
            {chart("requests", texts::REQUESTS, Unit::Count, requests, vec![
                numbers(texts::REQUESTS_SERIES, "first", Shape::Bars, &|point| Some(point.requests as f64)),
            ])}
            {chart("errors", texts::ERRORS, Unit::Count, errors, vec![
                numbers(texts::ERRORS_SERIES, "bad", Shape::Bars, &|point| Some(point.errors as f64)),
            ])}
            {chart("latency", texts::LATENCY, Unit::Milliseconds, in_all(total.latency_ms), percentiles(|point| point.latency_ms))}
            {chart(
                "instantiation",
                texts::INSTANTIATION,
                Unit::Milliseconds,
                in_all(total.instantiate_ms),
                percentiles(|point| point.instantiate_ms),
            )}
            {chart("memory", texts::MEMORY, Unit::Bytes, memory, vec![
                numbers(texts::MEMORY_SERIES, "first", Shape::Area, &|point| Some(point.memory_bytes? as f64)),
            ])}
        </div>
        <PointTable range=range points=points />
    }
    .into_any()
}

/// A chart with its figures and axes. The drawing stretches with the page; the texts around it do not.
#[component]
fn ChartView(chart: Chart, range: MetricsRange, figures: Vec<(&'static str, String)>) -> impl IntoView {
    let top = chart.top();
    let ticks = [top, top / 2.0, 0.0].map(|value| view! { <span>{chart.unit.text(value)}</span> });
    let n_moments = chart.moments.len();
    let moment = |index: usize| chart.moments.get(index).cloned().unwrap_or_default();
    let times = [moment(0), moment(n_moments / 2), texts::NOW.to_owned()].map(|time| view! { <span>{time}</span> });
    let keys = match chart.series.as_slice() {
        [_] => None,
        series => Some(series.iter().map(|series| series.class).collect::<Vec<_>>()),
    };
    let figures = figures.into_iter().enumerate().map(|(index, (name, value))| {
        let key = keys.as_ref().and_then(|keys| keys.get(index)).map(|class| format!("key-mark {class}"));
        view! { <div><dt>{key.map(|class| view! { <i class=class></i> })}{name}</dt><dd>{value}</dd></div> }
    });
    view! {
        <figure class="chart panel">
            <figcaption><h2>{chart.title}</h2><dl class="chart-figures">{figures.collect_view()}</dl></figcaption>
            <div class="ticks" aria-hidden="true">{ticks.into_iter().collect_view()}</div>
            <div class="plot" inner_html=chart.svg(title(range))></div>
            <div class="times" aria-hidden="true">{times.into_iter().collect_view()}</div>
        </figure>
    }
    .into_any()
}

/// For those who do not see the charts, and for those who want the numbers.
#[component]
fn PointTable(range: MetricsRange, points: Vec<MetricsPoint>) -> impl IntoView {
    let ms = |percentiles: Option<Percentiles>| match percentiles {
        Some(Percentiles { p50, p95, p99 }) => [p50, p95, p99].map(|ms| Unit::Milliseconds.text(ms)).join(" · "),
        None => "–".to_owned(),
    };
    let row = |point: MetricsPoint| {
        view! {
            <tr>
                <th scope="row"><time datetime=point.at.clone()>{moment(range, &point.at)}</time></th>
                <td class="numeral">{point.requests}</td>
                <td class="numeral">{point.errors}</td>
                <td class="numeral">{ms(point.latency_ms)}</td>
                <td class="numeral">{ms(point.instantiate_ms)}</td>
                <td class="numeral">{point.memory_bytes.map_or("–".to_owned(), size_text)}</td>
            </tr>
        }
    };
    let rows = points.into_iter().rev().filter(|point| point.requests > 0).map(row).collect_view();
    let columns = [
        texts::TIME_COLUMN,
        texts::REQUESTS,
        texts::ERRORS,
        texts::LATENCY_COLUMN,
        texts::INSTANTIATION,
        texts::MEMORY,
    ];
    let head = columns.map(|column| {
        let class = (column != columns[0]).then_some("numeral");
        view! { <th scope="col" class=class>{column}</th> }
    });
    view! {
        <details class="numbers">
            <summary>{texts::AS_TABLE}</summary>
            <div class="scroll" tabindex="0" role="region" aria-label=texts::TABLE_LABEL>
                <table><thead><tr>{head.into_iter().collect_view()}</tr></thead><tbody>{rows}</tbody></table>
            </div>
        </details>
    }
    .into_any()
}

fn in_all(percentiles: Option<Percentiles>) -> Vec<(&'static str, String)> {
    let Some(Percentiles { p50, p95, p99 }) = percentiles else {
        return Vec::new();
    };
    [("p50", p50), ("p95", p95), ("p99", p99)].map(|(name, ms)| (name, Unit::Milliseconds.text(ms))).into()
}

fn address(id: &SpaceId, range: MetricsRange) -> String {
    format!("{}&range={range}", SpaceTab::Metrics.url(id))
}

fn title(range: MetricsRange) -> &'static str {
    match range {
        MetricsRange::Hour => texts::LAST_HOUR,
        MetricsRange::Day => texts::LAST_DAY,
        MetricsRange::Week => texts::LAST_WEEK,
    }
}

/// `at` (RFC 3339, UTC) as short as the range allows.
fn moment(range: MetricsRange, at: &str) -> String {
    let (day, time) = (at.get(5..10).unwrap_or(at), at.get(11..16).unwrap_or(""));
    match range {
        MetricsRange::Hour | MetricsRange::Day => time.to_owned(),
        MetricsRange::Week => format!("{day} {time}"),
    }
}
