//! `POST /spaces/{owner}/{name}/settings`: the forms of a space's page, for browsers with and without a script.
//!
//! Each does what the management API does. A form that was done leads back to its page; one that was refused shows the
//! page with the reason, and what was entered still there. What another site's page has sent counts as anybody's (see
//! [`sign_in`](super::sign_in)), and anybody is sent to sign in.

use std::sync::Arc;

use axum::Extension;
use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use spaces::SpaceId;
use spaces::limits::{Bytes, LimitsSpec};
use spaces::manifest::Visibility;
use spaces::store::ConfigEntry;
use web::server::{Pages, SentForm};

use super::error::ApiError;
use super::extract::Space;
use super::management::{config, revisions, settings, spaces as managed};
use super::patience;
use crate::app::App;
use crate::auth::Caller;

/// The longest form that is read: a description, each of whose bytes may be written as three.
const MAX_FORM_BYTES: usize = 256 << 10;
/// Fields of a form that are read.
const MAX_FIELDS: usize = 32;

/// What was entered.
struct Form(Vec<(String, String)>);

impl Form {
    /// A field; empty where there is none.
    fn text(&self, name: &str) -> &str {
        self.0.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value)
    }

    /// A field as something else; none where it is empty.
    fn parsed<T>(&self, name: &'static str, parse: impl FnOnce(&str) -> Option<T>) -> Result<Option<T>, ApiError> {
        match self.text(name).trim() {
            "" => Ok(None),
            text => parse(text).map(Some).ok_or_else(|| {
                let message = format!("`{name}`: write a number, or a size such as 512 MiB");
                ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_setting", message).with_field(Some(name))
            }),
        }
    }
}

pub(super) async fn settings_form(
    Extension(pages): Extension<Pages>,
    State(app): State<Arc<App>>,
    caller: Caller,
    Space(id): Space,
    parts: Parts,
    body: Body,
) -> Result<Response, ApiError> {
    if caller != Caller::Admin {
        return Ok(see_other(&format!("/login?next=/spaces/{id}%3Ftab%3Dsettings")));
    }
    let form = read(body).await?;
    match act(&app, &id, &form).await {
        Ok(address) => Ok(see_other(&address)),
        // Not of this page: there is no form to show it beside.
        Err(error) if error.status.is_server_error() || error.body.code == "unknown_space" => Err(error),
        Err(error) => {
            let sent = SentForm {
                form: Some(form.text("form").to_owned()),
                refused: Some(error.body.message.clone()),
                entered: form.0,
            };
            let mut page = pages.settings(&parts, &id, sent).await.map(Body::from);
            *page.status_mut() = error.status;
            Ok(page)
        }
    }
}

/// Does what a form asks for; where to go on.
async fn act(app: &Arc<App>, id: &SpaceId, form: &Form) -> Result<String, ApiError> {
    let name = form.text("form");
    let update = match name {
        "details" => settings::Update {
            title: Some(Some(form.text("title").to_owned())),
            description: Some(Some(form.text("description").replace("\r\n", "\n"))),
            tags: Some(tags(form.text("tags"))),
            ..settings::Update::default()
        },
        "visibility" => {
            let visibility = form.text("visibility").parse::<Visibility>().map_err(|error| {
                ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_setting", error.to_string())
            })?;
            settings::Update { visibility: Some(visibility), ..settings::Update::default() }
        }
        "limits" => settings::Update { limits: Some(limits(form)?), ..settings::Update::default() },
        "frames" => {
            let origins = form.text("frame_origins").split_whitespace().map(str::to_owned).collect();
            settings::Update { frame_origins: Some(origins), ..settings::Update::default() }
        }
        "config" => {
            let (key, value) = (form.text("key").trim().to_owned(), form.text("value").to_owned());
            let entry = ConfigEntry { key, value, secret: !form.text("secret").is_empty() };
            config::set_entry(app, id, entry).await?;
            return Ok(done(id, name));
        }
        "remove-config" => {
            config::remove_entry(app, id, form.text("key")).await?;
            return Ok(done(id, "config"));
        }
        "delete" => {
            if form.text("name").trim() != id.to_string() {
                let message = format!("This is not its name: type {id}.");
                return Err(ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "not_confirmed", message));
            }
            managed::remove(app, id).await?;
            // The owner's other spaces; or the page that says that there are none.
            return Ok(format!("/?q={}", id.owner()));
        }
        "duplicate" => {
            let copy = managed::copy(app, id, form.text("to")).await?;
            return Ok(format!("/spaces/{copy}"));
        }
        "activate" => {
            let number = form.parsed("number", |text| text.parse().ok())?.unwrap_or(0);
            revisions::make_live(app, id, number).await?;
            return Ok(format!("/spaces/{id}?tab=revisions"));
        }
        _ => return Err(ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "unknown_form", "there is no such form")),
    };
    settings::change(app, id, update).await?;
    Ok(done(id, name))
}

fn done(id: &SpaceId, form: &str) -> String {
    format!("/spaces/{id}?tab=settings&saved={form}#{form}")
}

/// Empty keeps the revision's tags; a dash is none at all.
fn tags(text: &str) -> Option<Vec<String>> {
    match text.trim() {
        "" => None,
        "-" => Some(Vec::new()),
        text => Some(text.split(',').map(str::trim).filter(|tag| !tag.is_empty()).map(str::to_owned).collect()),
    }
}

fn limits(form: &Form) -> Result<LimitsSpec, ApiError> {
    let bytes = |text: &str| serde_json::from_value::<Bytes>(serde_json::Value::from(text)).ok();
    Ok(LimitsSpec {
        memory: form.parsed("memory", bytes)?,
        deadline: form.parsed("deadline", |text| text.parse().ok().filter(|seconds: &f64| seconds.is_finite()))?,
        concurrency: form.parsed("concurrency", |text| text.parse().ok())?,
        max_body: form.parsed("max_body", bytes)?,
        max_log: form.parsed("max_log", bytes)?,
    })
}

async fn read(body: Body) -> Result<Form, ApiError> {
    let unreadable = |_| ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "invalid_form", "the form is too large");
    // Nobody holds a connection by writing a form slowly.
    let (body, _arrival) = patience::hurry(body);
    let body = to_bytes(body, MAX_FORM_BYTES).await.map_err(unreadable)?;
    Ok(Form(form_urlencoded::parse(&body).into_owned().take(MAX_FIELDS).collect()))
}

fn see_other(address: &str) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    if let Ok(value) = HeaderValue::from_str(address) {
        response.headers_mut().insert(header::LOCATION, value);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_read_as_people_write_them() {
        let check = |text: &str, expected: Option<&[&str]>| {
            assert_eq!(tags(text), expected.map(|tags| tags.iter().map(|tag| (*tag).to_owned()).collect()), "{text}");
        };
        check("", None);
        check(" - ", Some(&[]));
        check("flowers, two words,,", Some(&["flowers", "two words"]));
    }

    #[test]
    fn limits_are_read_as_people_write_them() {
        let form = |pairs: &[(&str, &str)]| {
            Form(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
        };
        let read = limits(&form(&[("memory", "512 MiB"), ("deadline", "2.5"), ("concurrency", "")])).unwrap();
        assert_eq!((read.memory, read.deadline, read.concurrency), (Some(Bytes(512 << 20)), Some(2.5), None));
        for (name, text) in [("memory", "much"), ("deadline", "NaN"), ("concurrency", "-1")] {
            assert_eq!(limits(&form(&[(name, text)])).unwrap_err().body.field.as_deref(), Some(name));
        }
    }
}
