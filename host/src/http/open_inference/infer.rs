//! `POST …/infer`: one request, one answer.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};

use super::answer::{Answer, JSON_LENGTH};
use super::body::{Coding, Source};
use super::input;
use super::model::Model;
use super::output::Output;
use super::request::{InferRequest, WantedOutputs};
use crate::app::App;
use crate::batching;
use crate::calling::Call;
use crate::http::call::server_timing;
use crate::http::error::ApiError;
use crate::http::patience;
use crate::origin::Origin;

/// Answers one request.
///
/// # Errors
/// What keeps it from being called; the call's own errors are in the response.
pub(super) async fn infer(
    app: Arc<App>,
    model: Model,
    session: String,
    request: Request,
) -> Result<Response, ApiError> {
    let arrived = Instant::now();
    let space = &model.space;
    app.refuse_if_full(space)?;
    let head_bytes = json_length(request.headers())?;
    let coding = Coding::wanted(request.headers());
    let max_bytes = space.limits.max_body_bytes;
    let (request, arrival) = patience::bound(request, max_bytes, &app.bodies)?;
    let arrival = Arc::new(arrival);
    let source = Source::of(request, Arc::clone(&arrival), max_bytes).await?;
    let InferRequest { id, inputs, outputs } = InferRequest::read(source, head_bytes).await?;
    let wanted = Wanted::of(&model, &outputs)?;
    let inputs = input::decode(&model, inputs).await?;
    let call = Call {
        app,
        space: Arc::clone(space),
        endpoint: model.index,
        session,
        origin: Origin::current(),
        arrived,
        in_bytes: arrival.bytes(),
    };
    let (result, cost) = batching::run(&call, inputs).await;
    let (mut response, out_bytes) = match result {
        Ok(values) => {
            let mut answer = Answer::new(model.to_string(), model.version(), id);
            let mut values: Vec<_> = values.into_iter().map(Some).collect();
            for (index, binary) in wanted.0 {
                if let Some(value) = values[index].take() {
                    answer.push(Output::of(&model.endpoint().outputs[index], value), binary);
                }
            }
            answer.into_response(coding).await
        }
        Err(error) => (super::plain(ApiError::from(&*error)), 0),
    };
    space.meters.answered(out_bytes);
    if let Ok(value) = HeaderValue::from_str(&server_timing(&cost, out_bytes)) {
        response.headers_mut().insert("server-timing", value);
    }
    Ok(response.into_response())
}

/// The outputs to answer, each once: its index, and whether as bytes.
pub(super) struct Wanted(pub(super) Vec<(usize, bool)>);

impl Wanted {
    /// # Errors
    /// 400 for an output that the model does not have.
    pub(super) fn of(model: &Model, wanted: &WantedOutputs) -> Result<Self, ApiError> {
        let outputs = &model.endpoint().outputs;
        let wanted = match wanted {
            WantedOutputs::All { binary } => {
                return Ok(Self((0..outputs.len()).map(|index| (index, *binary)).collect()));
            }
            WantedOutputs::These(wanted) => wanted,
        };
        let mut found: Vec<(usize, bool)> = Vec::with_capacity(wanted.len());
        for output in wanted {
            let index = outputs.iter().position(|field| field.name == output.name).ok_or_else(|| {
                let known: Vec<_> = outputs.iter().map(|field| format!("`{}`", field.name)).collect();
                let given: String = output.name.chars().filter(|c| !c.is_control()).take(80).collect();
                let message = format!("there is no output `{given}`; the outputs are {}", known.join(", "));
                ApiError::new(StatusCode::BAD_REQUEST, "unknown_output", message)
            })?;
            if !found.iter().any(|(other, _)| *other == index) {
                found.push((index, output.binary));
            }
        }
        Ok(Self(found))
    }
}

/// How long the JSON in front of the tensors is, where there are any.
fn json_length(headers: &HeaderMap) -> Result<Option<usize>, ApiError> {
    let Some(value) = headers.get(JSON_LENGTH) else { return Ok(None) };
    let length = value.to_str().ok().and_then(|text| text.trim().parse().ok());
    length.map(Some).ok_or_else(|| {
        let message = "`Inference-Header-Content-Length` must be the length of the JSON in bytes";
        ApiError::new(StatusCode::BAD_REQUEST, "invalid_header", message)
    })
}
