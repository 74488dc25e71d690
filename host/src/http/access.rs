//! Who may see and use a space.

use std::sync::Arc;

use axum::http::StatusCode;
use spaces::SpaceId;
use spaces::manifest::Visibility;

use super::error::ApiError;
use crate::app::App;
use crate::auth::Caller;
use crate::live::LiveSpace;

/// Who may see and use a space.
pub(super) fn may_use(caller: Caller, visibility: Visibility) -> bool {
    match (caller, visibility) {
        (Caller::Admin, _) | (_, Visibility::Public | Visibility::Unlisted) => true,
        (Caller::Anyone, Visibility::Private) => false,
    }
}

/// The space, ready to be called by this caller.
///
/// # Errors
/// Where there is none, which is also what those hear who may not use it, or where it cannot be loaded.
pub(super) async fn usable_space(app: &Arc<App>, caller: Caller, id: &SpaceId) -> Result<Arc<LiveSpace>, ApiError> {
    let space = app.live_space(id).await?;
    if may_use(caller, space.visibility) { Ok(space) } else { Err(ApiError::no_space(id)) }
}

/// The index of an endpoint.
///
/// # Errors
/// Where the space has none of that name; the message lists those that it has.
pub(super) fn endpoint_index(space: &LiveSpace, name: &str) -> Result<usize, ApiError> {
    let found = space.interface.endpoints.iter().position(|candidate| candidate.name == name);
    found.ok_or_else(|| {
        let known: Vec<_> = space.interface.endpoints.iter().map(|known| format!("`{}`", known.name)).collect();
        let message = format!("space `{}` has no endpoint `{name}`; it has {}", space.id, known.join(", "));
        ApiError::new(StatusCode::NOT_FOUND, "unknown_endpoint", message)
    })
}
