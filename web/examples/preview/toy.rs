//! Made-up answers in the form of real ones.

use std::convert::Infallible;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::body::Body;
use axum::extract::{FromRequest, Multipart, Path, Request};
use axum::http::{StatusCode, header};
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

static CALLS: AtomicU64 = AtomicU64::new(0);

/// Answers a call of any endpoint in `spaces.json`.
pub(crate) async fn answer(Path((_, _, endpoint)): Path<(String, String, String)>, request: Request) -> Response {
    let inputs = inputs(request).await;
    let confidences = |names: &[(&str, f64)]| {
        let list: Vec<_> =
            names.iter().map(|(label, confidence)| json!({ "label": label, "confidence": confidence })).collect();
        json!({ "label": names[0].0, "confidences": list })
    };
    match endpoint.as_str() {
        "predict" => complete(vec![confidences(&[("virginica", 0.883), ("versicolor", 0.1167), ("setosa", 0.0003)])]),
        "classify" => complete(vec![confidences(&[
            ("daisy", 0.9912),
            ("bee", 0.0041),
            ("sea anemone, anemone", 0.0021),
            ("picket fence, paling", 0.0006),
            ("hummingbird", 0.00001),
        ])]),
        "write" => write(inputs.get("text").and_then(Value::as_str).unwrap_or_default().to_owned()),
        "inputs" => complete(vec![Value::Object(inputs)]),
        "outputs" => complete(outputs(confidences(&[("cat", 0.9), ("dog", 0.08), ("bird", 0.02)]))),
        "square" => {
            let x = inputs.get("x").and_then(Value::as_f64).unwrap_or_default();
            complete(vec![json!(x * x)])
        }
        "clock" => complete(vec![json!(CALLS.fetch_add(1, Ordering::Relaxed))]),
        "echo" => complete(vec![inputs.get("text").cloned().unwrap_or_default()]),
        _ => {
            let error = json!({ "code": "invalid_input", "message": "`age` is 200: it must be at most 120", "field": "age", "request_id": "01JD" });
            (StatusCode::UNPROCESSABLE_ENTITY, axum::Json(json!({ "error": error }))).into_response()
        }
    }
}

async fn inputs(request: Request<Body>) -> Map<String, Value> {
    let is_form =
        request.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"multipart/"));
    let mut inputs = Map::new();
    if is_form {
        let Ok(mut form) = Multipart::from_request(request, &()).await else {
            return inputs;
        };
        while let Ok(Some(part)) = form.next_field().await {
            let name = part.name().unwrap_or_default().to_owned();
            let file = part.file_name().map(str::to_owned);
            let length = part.bytes().await.map(|bytes| bytes.len()).unwrap_or_default();
            inputs.insert(name, json!({ "part": file, "length": length }));
        }
        return inputs;
    }
    let bytes = axum::body::to_bytes(request.into_body(), 10_000_000).await.unwrap_or_default();
    match serde_json::from_slice(&bytes) {
        Ok(Value::Object(inputs)) => inputs,
        _ => inputs,
    }
}

fn complete(data: Vec<Value>) -> Response {
    let timings = json!({ "queue_ms": 0.01, "instantiate_ms": 0.05, "call_ms": 3.2, "total_ms": 3.4 });
    let body = format!("event: complete\ndata: {}\n\n", json!({ "data": data, "timings": timings }));
    ([(header::CONTENT_TYPE, "text/event-stream")], body).into_response()
}

fn write(subject: String) -> Response {
    let (sender, receiver) = tokio::sync::mpsc::channel::<Event>(8);
    tokio::spawn(async move {
        let words: Vec<_> = format!("Once there was **{subject}**. It stood very still, and everybody who came by looked at it for a while, and then went on their way.")
            .split(' ')
            .map(str::to_owned)
            .collect();
        for n_words in 1..=words.len() {
            tokio::time::sleep(Duration::from_millis(120)).await;
            let progress = json!({ "fraction": n_words as f64 / words.len() as f64, "message": format!("word {n_words} of {}", words.len()) });
            let data = vec![json!(words[..n_words].join(" ")), json!(n_words)];
            let last = n_words == words.len();
            let timings = json!({ "queue_ms": 0.01, "instantiate_ms": 0.05, "call_ms": 3200.0, "total_ms": 3200.4 });
            let event = match last {
                true => {
                    Event::default().event("complete").data(json!({ "data": data, "timings": timings }).to_string())
                }
                false => Event::default().event("output").data(json!({ "data": data }).to_string()),
            };
            let progress = Event::default().event("progress").data(progress.to_string());
            if sender.send(progress).await.is_err() || sender.send(event).await.is_err() {
                return;
            }
        }
    });
    let stream = futures::stream::unfold(receiver, async |mut receiver| {
        receiver.recv().await.map(|event| (Ok::<_, Infallible>(event), receiver))
    });
    Sse::new(stream).into_response()
}

fn outputs(label: Value) -> Vec<Value> {
    let svg = STANDARD.encode(picture("output"));
    vec![
        label,
        json!(1_234.567_891_2),
        json!("Plain text.\nWith two lines, and <b>no markup</b>."),
        json!(
            "Some *Markdown* with `code`, a [link](https://example.org), <i>raw HTML</i> and\n\n1. one\n2. two\n\n> a quotation"
        ),
        json!({ "name": "Ada", "born": 1815, "works": ["Note G", null, true], "deep": { "er": { "est": [1, 2.5, "x"] } } }),
        json!({ "headers": ["species", "count", "mean"], "data": [["setosa", 50, 1.462], ["versicolor", 50, 4.26], ["virginica", 50, null]] }),
        json!({ "url": format!("data:image/svg+xml;base64,{svg}"), "mime_type": "image/svg+xml", "name": "picture.svg", "size": 412 }),
        json!({ "url": "data:text/csv;base64,YSxiCjEsMgo=", "mime_type": "text/csv", "name": "table.csv", "size": 8 }),
        json!("def greet(name):\n    return f\"Hello, {name}\"\n"),
        json!({ "dtype": "f32", "shape": [2, 50], "data": (0..100).map(|index| f64::from(index).sin()).collect::<Vec<_>>() }),
        json!(true),
        json!(["a", "b"]),
    ]
}

/// A drawing that differs by `name`.
pub(crate) fn picture(name: &str) -> String {
    let hue = name.bytes().map(u32::from).sum::<u32>() * 7 % 360;
    format!(
        "<svg xmlns='http://www.w3.org/2000/svg' width='320' height='240'><rect width='320' height='240' fill='hsl({hue} 40% 80%)'/>\
         <circle cx='160' cy='120' r='70' fill='hsl({hue} 60% 50%)'/><circle cx='160' cy='120' r='25' fill='hsl({} 80% 60%)'/></svg>",
        (hue + 60) % 360
    )
}
