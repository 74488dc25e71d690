//! Builds the body of a call from what was entered.

use serde_json::{Map, Value as Json};
use spaces::view::ErrorBody;
use web_sys::FormData;

use super::CallError;
use crate::state::picked::size_text;
use crate::state::{Part, Picked};
use crate::texts::errors as texts;

/// Files up to this size together travel inside the JSON; larger ones as parts of a form, which needs no copy.
const MAX_INLINE_BYTES: u64 = 512 * 1024;

/// What one input sends, under its name.
#[derive(Debug, Clone)]
pub struct NamedPart {
    pub name: String,
    pub part: Part,
}

/// The body of a call.
pub enum Body {
    Json(String),
    Form(FormData),
}

/// Builds the body.
///
/// # Errors
/// [`CallError::Failed`] naming the input whose files are larger than `limit_bytes` or cannot be read.
pub async fn body(parts: Vec<NamedPart>, limit_bytes: u64) -> Result<Body, CallError> {
    let mut total_bytes = 0;
    for NamedPart { name, part } in &parts {
        let Part::Files { files, .. } = part else {
            continue;
        };
        total_bytes += local_bytes(files);
        if total_bytes > limit_bytes {
            let message = texts::files_too_large(&size_text(total_bytes), &size_text(limit_bytes));
            return Err(refused(name, "payload_too_large", message));
        }
    }
    match total_bytes > MAX_INLINE_BYTES {
        true => form(parts).await.map(Body::Form),
        false => inputs(parts).await.map(|object| Body::Json(Json::Object(object).to_string())),
    }
}

/// What `parts` send, as one object; files with their bytes.
///
/// # Errors
/// [`CallError::Failed`] when the browser cannot read a file.
pub async fn inputs(parts: Vec<NamedPart>) -> Result<Map<String, Json>, CallError> {
    let mut object = Map::new();
    for NamedPart { name, part } in parts {
        let value = match part {
            Part::Absent => continue,
            Part::Json(value) => value,
            Part::Files { files, multiple } => files_json(&name, &files, multiple).await?,
        };
        object.insert(name, value);
    }
    Ok(object)
}

async fn form(parts: Vec<NamedPart>) -> Result<FormData, CallError> {
    let form = FormData::new().map_err(|_| refused("", "browser", texts::CANNOT_BUILD_REQUEST.to_owned()))?;
    for NamedPart { name, part } in parts {
        let _ = match part {
            Part::Absent => Ok(()),
            Part::Json(Json::String(text)) => form.append_with_str(&name, &text),
            Part::Json(value) => form.append_with_str(&name, &value.to_string()),
            Part::Files { files, multiple } if files.iter().all(|file| file.local_file().is_some()) => {
                let _ = multiple;
                for file in &files {
                    if let Some(local) = file.local_file() {
                        let _ = form.append_with_blob_and_filename(&name, local, &file.name);
                    }
                }
                Ok(())
            }
            Part::Files { files, multiple } => {
                form.append_with_str(&name, &files_json(&name, &files, multiple).await?.to_string())
            }
        };
    }
    Ok(form)
}

async fn files_json(name: &str, files: &[Picked], multiple: bool) -> Result<Json, CallError> {
    let mut values = Vec::with_capacity(files.len());
    for file in files {
        values.push(file.to_json().await.map_err(|message| refused(name, "unreadable_file", message))?);
    }
    Ok(match multiple {
        true => Json::Array(values),
        false => values.into_iter().next().unwrap_or(Json::Null),
    })
}

fn local_bytes(files: &[Picked]) -> u64 {
    files.iter().filter(|file| !file.is_asset()).filter_map(|file| file.size_bytes).sum()
}

fn refused(field: &str, code: &str, message: String) -> CallError {
    CallError::Failed(ErrorBody { code: code.to_owned(), message, field: Some(field.to_owned()), request_id: None })
}
