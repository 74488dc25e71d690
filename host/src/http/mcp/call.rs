//! Calling an endpoint as a tool.

use std::pin::pin;
use std::sync::Arc;

use futures::StreamExt as _;
use rmcp::model::{CallToolResult, JsonObject};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer};
use spaces::value::Value;

use super::progress::Progress;
use super::{Visit, files, result};
use crate::calling::{Call, Update};
use crate::http::call::decode;
use crate::http::error::ApiError;
use crate::http::patience;
use crate::live::LiveSpace;

/// Calls an endpoint; a client that cancels or goes away stops the guest.
///
/// # Errors
/// Where the call was cancelled. What goes wrong in it is a result, for the model to read.
pub(super) async fn run(
    visit: &Visit,
    space: Arc<LiveSpace>,
    endpoint: usize,
    arguments: JsonObject,
    context: &RequestContext<RoleServer>,
) -> Result<CallToolResult, ErrorData> {
    let place = visit.running.enter(visit.key);
    let call = call(visit, space, endpoint, arguments, Progress::new(context));
    tokio::select! {
        result = call => Ok(result.unwrap_or_else(|error| failed(visit, &error))),
        () = context.ct.cancelled() => Err(cancelled()),
        () = place.token.cancelled() => Err(cancelled()),
    }
}

/// The result of a call that failed.
pub(super) fn failed(visit: &Visit, error: &ApiError) -> CallToolResult {
    error.log(&visit.origin.id);
    result::error(error, &visit.origin.id)
}

async fn call(
    visit: &Visit,
    space: Arc<LiveSpace>,
    endpoint: usize,
    arguments: JsonObject,
    mut progress: Progress,
) -> Result<CallToolResult, ApiError> {
    let in_bytes = visit.arrival.bytes();
    if in_bytes > space.limits.max_body_bytes {
        return Err(patience::too_large(space.limits.max_body_bytes));
    }
    let body = files::body(&space.interface.endpoints[endpoint], arguments);
    let inputs = decode(&space, endpoint, body, Vec::new()).await?;
    let described = Arc::clone(&space);
    let endpoint_of = || &described.interface.endpoints[endpoint];
    let call = Call {
        app: Arc::clone(&visit.app),
        space,
        endpoint,
        session: visit.session.clone(),
        origin: visit.origin.clone(),
        arrived: visit.arrived,
        in_bytes,
    };
    let mut updates = pin!(call.updates(inputs));
    let mut shown = vec![Value::Null; endpoint_of().outputs.len()];
    while let Some(update) = updates.next().await {
        match update {
            Update::Queued { position: 0 } => {}
            Update::Queued { position } => progress.tell(None, &format!("waiting: {position} in line")).await,
            Update::Progress { fraction, message } => progress.tell(fraction, &message).await,
            Update::Output(values) => {
                if progress.is_wanted() {
                    let message = result::partial(endpoint_of(), values.clone());
                    progress.tell(None, &message).await;
                }
                replace(&mut shown, values);
            }
            Update::Done(values, _) => {
                replace(&mut shown, values?);
                break;
            }
        }
    }
    let result = result::outputs(endpoint_of(), shown);
    described.meters.answered(result::size_bytes(&result));
    Ok(result)
}

/// Null leaves an output as it was.
fn replace(shown: &mut [Value], values: Vec<Value>) {
    for (shown, value) in shown.iter_mut().zip(values) {
        if value != Value::Null {
            *shown = value;
        }
    }
}

fn cancelled() -> ErrorData {
    ErrorData::internal_error("the call was cancelled", None)
}
