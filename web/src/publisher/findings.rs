//! What was found in what was dropped.

use leptos::prelude::*;
use spaces::inspection::{InspectedApp, InspectedFile, Inspection, ModelFacts, OperatorFact, Problem, TensorFact};
use spaces::view::AppKind;

use crate::state::picked::size_text;
use crate::texts::{common, publisher as texts};

/// The app with its facts, and what keeps it from being published.
#[component]
pub fn Findings(name: String, inspection: Inspection) -> impl IntoView {
    let Inspection { app, files, problems, .. } = inspection;
    let verdict = match problems.is_empty() {
        true => view! { <p class="verdict good" role="status">{texts::PUBLISHABLE}</p> }.into_any(),
        false => view! { <div role="alert">{problems.into_iter().map(problem).collect_view()}</div> }.into_any(),
    };
    view! {
        <section class="panel findings" aria-label=texts::FOUND>
            <h2>{name}</h2>
            {verdict}
            {app.map(facts)}
            {files_list(files)}
        </section>
    }
    .into_any()
}

fn problem(problem: Problem) -> AnyView {
    let Problem { message, advice, .. } = problem;
    let advice = advice.map(|advice| view! { <p><strong>{texts::WHAT_TO_DO}</strong>{advice}</p> });
    view! {
        <div class="notice error problem">
            <p class="verdict">{texts::NOT_PUBLISHABLE}</p>
            <p class="message">{message}</p>
            {advice}
        </div>
    }
    .into_any()
}

fn facts(app: InspectedApp) -> AnyView {
    let InspectedApp { kind, size_bytes, model, .. } = app;
    let kind = match kind {
        AppKind::Onnx => texts::ONNX_MODEL,
        AppKind::Component => texts::COMPONENT,
    };
    let fact = |title: &'static str, value: String| {
        (!value.is_empty()).then(|| view! { <div><dt>{title}</dt><dd>{value}</dd></div> })
    };
    let of_model = model.as_ref().map(|model| {
        view! {
            {fact(texts::OPERATOR_SET, model.opsets.join(", "))}
            {fact(texts::PARAMETERS, grouped(model.n_parameters))}
            {fact(texts::NODES, grouped(model.n_nodes))}
            {fact(texts::WRITTEN_BY, model.producer.clone())}
        }
    });
    view! {
        <dl class="facts">{fact(texts::KIND, kind.to_owned())}{fact(texts::SIZE, size_text(size_bytes))}{of_model}</dl>
        {model.map(details)}
    }
    .into_any()
}

fn details(model: ModelFacts) -> AnyView {
    let has_unsupported = model.operators.iter().any(|operator| !operator.supported);
    let tensors = |title: &'static str, tensors: Vec<TensorFact>| {
        let row = |tensor: TensorFact| {
            view! { <tr><td><code>{tensor.name}</code></td><td>{tensor.dtype}</td><td>{tensor.shape.join(" × ")}</td></tr> }
        };
        view! {
            <div class="scroll">
                <table>
                    <thead><tr><th scope="col">{title}</th><th scope="col">{common::TYPE}</th><th scope="col">{texts::SHAPE}</th></tr></thead>
                    <tbody>{tensors.into_iter().map(row).collect_view()}</tbody>
                </table>
            </div>
        }
    };
    let operator = |operator: OperatorFact| {
        let mark = (!operator.supported).then(|| view! { <span class="visually-hidden">{texts::NOT_SUPPORTED}</span> });
        view! {
            <li class="chip" class:missing=!operator.supported>
                {operator.name}{mark}<span class="count">{operator.n_nodes}</span>
            </li>
        }
    };
    view! {
        <details class="fold" open=has_unsupported>
            <summary>{texts::IN_THE_FILE}</summary>
            {tensors(texts::GRAPH_INPUT, model.inputs)}
            {tensors(texts::GRAPH_OUTPUT, model.outputs)}
            <h3>{texts::OPERATORS}</h3>
            <ul class="operators">{model.operators.into_iter().map(operator).collect_view()}</ul>
        </details>
    }
    .into_any()
}

fn files_list(files: Vec<InspectedFile>) -> Option<AnyView> {
    let row = |file: InspectedFile| view! { <li><code>{file.path}</code>" "<span class="muted">{size_text(file.size_bytes)}</span></li> };
    let count = files.len();
    (count > 0).then(|| {
        view! {
            <details class="fold">
                <summary>{texts::n_more_files(count)}</summary>
                <ul>{files.into_iter().map(row).collect_view()}</ul>
            </details>
        }
        .into_any()
    })
}

/// `1234567` → `1 234 567`, with spaces that do not break.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push('\u{202f}');
        }
        out.push(digit);
    }
    out
}
