//! `GET /spaces/{owner}/{name}/card.png`: the picture that stands for a space where its address is shared.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use spaces::manifest::Visibility;

use super::access::may_use;
use super::error::ApiError;
use super::extract::Space;
use crate::app::App;
use crate::auth::Caller;
use crate::card::{Card, DrawnCard};

/// The card; of a private space only for those who may see the space.
pub(super) async fn card(
    State(app): State<Arc<App>>,
    caller: Caller,
    Space(id): Space,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let detail = app.store.space(&id, &app.limits).await?.filter(|detail| may_use(caller, detail.summary.visibility));
    let summary = detail.ok_or_else(|| ApiError::no_space(&id))?.summary;
    let caching = match summary.visibility {
        Visibility::Public | Visibility::Unlisted => "public, max-age=300",
        Visibility::Private => "private, no-store",
    };
    let DrawnCard { digest, png } = app.cards.get(Card::of(&summary)).await;
    let tag = format!("\"{digest}\"");
    let is_known = headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes());
    let mut response = match is_known {
        true => StatusCode::NOT_MODIFIED.into_response(),
        false => ([(header::CONTENT_TYPE, "image/png")], png).into_response(),
    };
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    Ok(response)
}
