//! What visitors flag: anybody sends, the author reads and deletes.

mod csv;

use std::sync::Arc;
use std::time::Instant;

use axum::Json;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use futures::{Stream, TryStreamExt as _, stream};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use spaces::SpaceId;
use spaces::interface::Endpoint;
use spaces::store::{FlagError, MAX_FLAG_BYTES, NewFlag, ReadError, Store};
use spaces::view::FlagView;
use time::OffsetDateTime;
use utoipa::{IntoParams, ToSchema};

use super::super::access::may_use;
use super::super::body;
use super::super::error::{ApiError, ErrorAnswer};
use super::super::extract::{Admin, Path, Query, Space};
use super::super::openapi::answers::{BadQuery, BadToken, NeedsToken, NoSpace};
use super::super::patience;
use crate::app::App;
use crate::auth::Caller;
use crate::temporary::Visitor;
use csv::Csv;

/// Flags read from the database at once.
const PAGE: usize = 20;
/// The body may be somewhat longer than what is kept of it: names and blanks.
const MAX_BODY_BYTES: u64 = (MAX_FLAG_BYTES + (64 << 10)) as u64;

/// What a visitor flags.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct FlagBody {
    endpoint: String,
    /// One of the space's `flagging_options`, where it has any.
    #[serde(default)]
    reason: Option<String>,
    /// What was entered, by name, as a call takes it.
    #[schema(value_type = BTreeMap<String, Value>)]
    inputs: Map<String, Value>,
    /// What was answered, one value per output.
    #[schema(value_type = Vec<Value>)]
    outputs: Vec<Value>,
}

/// A flag that is kept.
#[derive(Serialize, ToSchema)]
pub(super) struct Kept {
    flag: KeptFlag,
}

#[derive(Serialize, ToSchema)]
struct KeptFlag {
    id: u64,
}

/// How many flags are gone.
#[derive(Serialize, ToSchema)]
pub(super) struct Deleted {
    deleted: u64,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct FlagsQuery {
    /// `jsonl` has everything; `csv` has a column for each input and output, and names files instead of holding them.
    #[serde(default)]
    #[param(inline)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum Format {
    #[default]
    Jsonl,
    Csv,
}

/// Flags inputs and outputs for the author, where the space takes flags. Needs no token unless the space is private.
#[utoipa::path(
    post, path = "/api/v1/spaces/{owner}/{name}/flags", operation_id = "flag", tag = "flags",
    params(("owner" = String, Path), ("name" = String, Path)), security((), ("token" = [])),
    request_body = FlagBody,
    responses(
        (status = 201, description = "The flag is kept", body = Kept),
        (status = 403, description = "The space takes no flags", body = ErrorAnswer),
        (status = 408, description = "The body came too slowly", body = ErrorAnswer),
        (status = 413, description = "The flag is too large", body = ErrorAnswer),
        (status = 415, description = "The body is no JSON", body = ErrorAnswer),
        (status = 422, description = "The flag does not fit the space", body = ErrorAnswer),
        (status = 503, description = "The server is full; try again after `Retry-After`", body = ErrorAnswer),
        (status = 507, description = "The space keeps no more flags", body = ErrorAnswer),
        BadToken, NoSpace,
    ),
)]
pub(super) async fn create(
    State(app): State<Arc<App>>,
    caller: Caller,
    visitor: Visitor,
    Space(id): Space,
    request: Request,
) -> Result<(StatusCode, Json<Kept>), ApiError> {
    let detail = app.store.space(&id, &app.limits).await?.filter(|detail| may_use(caller, detail.summary.visibility));
    let detail = detail.ok_or_else(|| ApiError::no_space(&id))?;
    let Some(flagging) = detail.flagging else {
        let message = "this space takes no flags: its author has not set `flagging_mode = \"manual\"`";
        return Err(ApiError::new(StatusCode::FORBIDDEN, "flagging_off", message));
    };
    if !app.flag_pace.may_flag(visitor, Instant::now()) {
        let message = "too many flags in a short time; wait some seconds before the next";
        return Err(ApiError::new(StatusCode::TOO_MANY_REQUESTS, "too_many_flags", message));
    }
    let FlagBody { endpoint, reason, inputs, outputs } = read(&app, request).await?;
    let endpoint =
        detail.interface.endpoint(&endpoint).ok_or_else(|| misfit("endpoint", "there is no such endpoint"))?;
    let fits = match &reason {
        Some(reason) => flagging.options.contains(reason),
        None => flagging.options.is_empty(),
    };
    if !fits {
        let known = flagging.options.iter().map(|option| format!("`{option}`")).collect::<Vec<_>>();
        let known = if known.is_empty() { "no reasons".to_owned() } else { known.join(", ") };
        return Err(misfit("reason", &format!("the space's author offers {known}")));
    }
    let flag = NewFlag {
        at: OffsetDateTime::now_utc(),
        endpoint: endpoint.name.clone(),
        reason,
        inputs: ordered(endpoint, inputs)?,
        outputs: named(endpoint, outputs)?,
    };
    let id = app.store.add_flag(&id, &flag).await.map_err(refused)?;
    Ok((StatusCode::CREATED, Json(Kept { flag: KeptFlag { id } })))
}

/// Reads the flags of a space, the newest first.
#[utoipa::path(
    get, path = "/api/v1/spaces/{owner}/{name}/flags", operation_id = "read_flags", tag = "flags",
    params(("owner" = String, Path), ("name" = String, Path), FlagsQuery), security(("token" = [])),
    responses(
        (status = 200, description = "The flags, one a line", content(
            (FlagView = "application/x-ndjson"), (String = "text/csv"),
        )),
        BadQuery, NeedsToken, NoSpace,
    ),
)]
pub(super) async fn list(
    State(app): State<Arc<App>>,
    _: Admin,
    Space(id): Space,
    Query(FlagsQuery { format }): Query<FlagsQuery>,
) -> Result<Response, ApiError> {
    known(&app, &id).await?;
    let (body, media_type, ending) = match format {
        Format::Jsonl => {
            let lines = pages(app.store.clone(), id.clone()).map_ok(|flags| {
                let lines = flags.iter().map(|flag| serde_json::to_string(flag).expect("a flag is plain data") + "\n");
                Bytes::from(lines.collect::<String>())
            });
            (Body::from_stream(lines), "application/x-ndjson", "jsonl")
        }
        Format::Csv => {
            // Twice: a table says its columns before its rows.
            let columns = pages(app.store.clone(), id.clone()).try_fold(Csv::default(), async |mut csv, flags| {
                flags.iter().for_each(|flag| csv.meet(flag));
                Ok(csv)
            });
            let csv = columns.await.map_err(ApiError::from)?;
            let head = stream::iter([Ok(Bytes::from(csv.head()))]);
            let rows = pages(app.store.clone(), id.clone())
                .map_ok(move |flags| Bytes::from(flags.iter().map(|flag| csv.row(flag)).collect::<String>()));
            (Body::from_stream(futures::StreamExt::chain(head, rows)), "text/csv; charset=utf-8", "csv")
        }
    };
    let mut response =
        ([(header::CONTENT_TYPE, media_type), (header::CACHE_CONTROL, "no-store")], body).into_response();
    let disposition = format!("attachment; filename=\"{}-{}-flags.{ending}\"", id.owner(), id.name());
    if let Ok(value) = HeaderValue::from_str(&disposition) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, value);
    }
    Ok(response)
}

/// Deletes all flags of a space.
#[utoipa::path(
    delete, path = "/api/v1/spaces/{owner}/{name}/flags", operation_id = "delete_flags", tag = "flags",
    params(("owner" = String, Path), ("name" = String, Path)), security(("token" = [])),
    responses((status = 200, description = "They are gone", body = Deleted), NeedsToken, NoSpace),
)]
pub(super) async fn clear(State(app): State<Arc<App>>, _: Admin, Space(id): Space) -> Result<Json<Deleted>, ApiError> {
    known(&app, &id).await?;
    Ok(Json(Deleted { deleted: app.store.delete_flags(&id, None).await? }))
}

#[derive(Deserialize)]
pub(super) struct FlagPath {
    flag: u64,
}

/// Deletes a flag.
#[utoipa::path(
    delete, path = "/api/v1/spaces/{owner}/{name}/flags/{flag}", operation_id = "delete_flag", tag = "flags",
    params(("owner" = String, Path), ("name" = String, Path), ("flag" = u64, Path)), security(("token" = [])),
    responses((status = 200, description = "It is gone", body = Deleted), NeedsToken, NoSpace),
)]
pub(super) async fn delete(
    State(app): State<Arc<App>>,
    _: Admin,
    Space(id): Space,
    Path(FlagPath { flag }): Path<FlagPath>,
) -> Result<Json<Deleted>, ApiError> {
    match app.store.delete_flags(&id, Some(flag)).await? {
        0 => Err(ApiError::new(StatusCode::NOT_FOUND, "unknown_flag", format!("space `{id}` has no flag {flag}"))),
        deleted => Ok(Json(Deleted { deleted })),
    }
}

async fn known(app: &App, id: &SpaceId) -> Result<(), ApiError> {
    if app.store.revisions(id).await?.is_empty() { Err(ApiError::no_space(id)) } else { Ok(()) }
}

async fn read(app: &App, request: Request) -> Result<FlagBody, ApiError> {
    let media_type = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    if media_type.split(';').next().map(str::trim) != Some("application/json") {
        let message = "send the flag as `application/json`";
        return Err(ApiError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", message));
    }
    let (request, arrival) = patience::bound(request, MAX_BODY_BYTES, &app.bodies)?;
    let bytes = body::read_bytes(request).await.map_err(|error| arrival.explain(error))?;
    serde_json::from_slice(&bytes)
        .map_err(|error| ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_flag", error.to_string()))
}

/// The inputs in the endpoint's order.
fn ordered(endpoint: &Endpoint, mut inputs: Map<String, Value>) -> Result<Map<String, Value>, ApiError> {
    let ordered =
        endpoint.inputs.iter().filter_map(|field| Some((field.name.clone(), inputs.remove(&field.name)?))).collect();
    if inputs.is_empty() { Ok(ordered) } else { Err(misfit("inputs", "the endpoint has no such inputs")) }
}

/// The outputs by name.
fn named(endpoint: &Endpoint, outputs: Vec<Value>) -> Result<Map<String, Value>, ApiError> {
    if outputs.len() > endpoint.outputs.len() {
        return Err(misfit("outputs", &format!("the endpoint has {} outputs", endpoint.outputs.len())));
    }
    Ok(endpoint.outputs.iter().map(|field| field.name.clone()).zip(outputs).collect())
}

fn misfit(field: &str, message: &str) -> ApiError {
    ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_flag", message).with_field(Some(field))
}

fn refused(error: FlagError) -> ApiError {
    let message = error.to_string();
    match error {
        FlagError::UnknownSpace { id } => ApiError::no_space(&id),
        FlagError::TooLarge { .. } => ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "flag_too_large", message),
        FlagError::Full { .. } => ApiError::new(StatusCode::INSUFFICIENT_STORAGE, "flags_full", message),
        FlagError::Database(_) => ApiError::internal(&error),
    }
}

/// All flags of a space, some at a time, the newest first.
fn pages(store: Store, id: SpaceId) -> impl Stream<Item = Result<Vec<FlagView>, ReadError>> + Send + 'static {
    stream::try_unfold(None, move |before: Option<u64>| {
        let (store, id) = (store.clone(), id.clone());
        async move {
            let flags = store.flags(&id, before, PAGE).await?;
            Ok(flags.last().map(|last| last.id).map(|last| (flags, Some(last))))
        }
    })
}
