//! The Open Inference Protocol, version 2: what KServe's and Triton's clients speak.
//!
//! All of it hangs below `/v2`, and below a space's own URL for clients that are given that. One function takes all
//! paths, since a model's name may hold slashes and since each answer here, the one to an unknown path included, has
//! the protocol's own form of an error: `{"error": "text"}`.

mod answer;
mod body;
mod datatype;
mod describe;
mod elements;
pub(crate) mod grpc;
mod infer;
mod input;
mod model;
mod output;
mod request;
mod reports;
mod route;

use std::any::Any;
use std::sync::Arc;

use axum::Router;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::any;
use spaces::SpaceId;
use tower_http::catch_panic::CatchPanicLayer;

use self::model::Model;
use self::route::{Action, Route};
use super::error::{ApiError, panicked};
use super::extract::Session;
use crate::app::App;
use crate::auth::Caller;

/// All routes of the protocol.
pub(super) fn router() -> Router<Arc<App>> {
    Router::new()
        .route("/v2", any(serve))
        .route("/v2/", any(serve))
        .route("/v2/{*path}", any(serve))
        .route("/spaces/{owner}/{name}/v2", any(serve))
        .route("/spaces/{owner}/{name}/v2/{*path}", any(serve))
        .layer(CatchPanicLayer::custom(|panic: Box<dyn Any + Send>| flatten(panicked(panic))))
}

#[derive(serde::Deserialize)]
struct Place {
    /// With `name`, the space below whose URL the path is.
    owner: Option<String>,
    name: Option<String>,
    #[serde(default)]
    path: String,
}

async fn serve(
    State(app): State<Arc<App>>,
    caller: Result<Caller, ApiError>,
    session: Session,
    place: Result<Path<Place>, PathRejection>,
    request: Request,
) -> Response {
    match answer(app, caller, session, place, request).await {
        Ok(response) => response,
        Err(error) => plain(error),
    }
}

/// An error in the protocol's form.
fn plain(error: ApiError) -> Response {
    flatten(protocol_error(error).into_response())
}

/// The statuses that the protocol knows: what a client has sent wrong is 400, what a model does wrong 500.
fn protocol_error(mut error: ApiError) -> ApiError {
    error.status = match error.status {
        StatusCode::UNPROCESSABLE_ENTITY => StatusCode::BAD_REQUEST,
        StatusCode::BAD_GATEWAY => StatusCode::INTERNAL_SERVER_ERROR,
        other => other,
    };
    error
}

/// Puts an error's message where this protocol has it; headers and what the log wants stay.
fn flatten(response: Response) -> Response {
    let message = response.extensions().get::<super::error::Message>().cloned();
    let Some(super::error::Message(message)) = message else { return response };
    let (mut parts, _) = response.into_parts();
    parts.headers.remove(header::CONTENT_LENGTH);
    let body = serde_json::json!({ "error": message }).to_string();
    Response::from_parts(parts, body.into())
}

async fn answer(
    app: Arc<App>,
    caller: Result<Caller, ApiError>,
    session: Session,
    place: Result<Path<Place>, PathRejection>,
    request: Request,
) -> Result<Response, ApiError> {
    let Path(Place { owner, name, path }) =
        place.map_err(|error| ApiError::new(StatusCode::BAD_REQUEST, "invalid_path", error.body_text()))?;
    let caller = caller?;
    let only = match (owner, name) {
        (Some(owner), Some(name)) => Some(SpaceId::new(&owner, &name)?),
        _ => None,
    };
    let route = Route::parse(&path).ok_or_else(|| {
        let message = "there is nothing at this path of the Open Inference Protocol; see GET /v2";
        ApiError::new(StatusCode::NOT_FOUND, "unknown_path", message)
    })?;
    let method = route.method();
    let given = if request.method() == Method::HEAD { &Method::GET } else { request.method() };
    if method.as_ref().is_some_and(|method| method != given) {
        return Ok(wrong_method(method.as_ref()));
    }
    let find = async |name: &str, version: Option<&str>| {
        let model = Model::find(&app, caller, name, version).await?;
        match &only {
            Some(id) if *id != model.space.id => {
                let message = format!("there is no model `{model}` below the URL of space `{id}`");
                Err(ApiError::new(StatusCode::NOT_FOUND, "unknown_model", message))
            }
            _ => Ok(model),
        }
    };
    match route {
        Route::Server => Ok(reports::server()),
        Route::Live => Ok(reports::live()),
        Route::Ready => Ok(reports::ready(&app)),
        Route::Model { name, version, action } => {
            let model = find(&name, version.as_deref()).await?;
            match action {
                Action::Metadata => Ok(reports::metadata(&model)),
                Action::Ready => Ok(reports::model_ready(&model)),
                Action::Config => Ok(reports::config(&model)),
                Action::Stats => Ok(reports::statistics(&[model])),
                Action::Infer => infer::infer(app, model, session.id, request).await,
            }
        }
        Route::AllStats => Ok(reports::statistics(&reports::loaded_models(&app, caller, only.as_ref()).await?)),
        Route::Index => Ok(reports::index(reports::list(&app, caller, only.as_ref()).await?)),
        Route::Load { name } => {
            // Spaces are loaded by their calls; this is the same without one.
            find(&name, None).await?;
            Ok(reports::done())
        }
        Route::Unload { name } => {
            let model = find(&name, None).await?;
            if caller != Caller::Admin {
                return Err(ApiError::unauthorized("unloading a model needs the admin token"));
            }
            // Its next call loads it again.
            app.live.forget(&model.space.id);
            Ok(reports::done())
        }
        Route::Unsupported => {
            let message = "this server has no tracing, log settings or shared memory over the Open Inference Protocol";
            Err(ApiError::new(StatusCode::NOT_IMPLEMENTED, "unsupported", message))
        }
    }
}

fn wrong_method(allowed: Option<&Method>) -> Response {
    let allowed = allowed.map_or("", Method::as_str);
    let message = format!("this path takes {allowed}");
    let mut response = plain(ApiError::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", message));
    if let Ok(value) = HeaderValue::from_str(allowed) {
        response.headers_mut().insert(header::ALLOW, value);
    }
    response
}
