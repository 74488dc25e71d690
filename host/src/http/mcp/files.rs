//! Files as language models write them: bare base64 and `asset:NAME`, made into what the JSON API takes.

use rmcp::model::JsonObject;
use serde_json::{Value as Json, json};
use spaces::interface::Endpoint;
use spaces::value::decode::ASSET_PREFIX;

/// The arguments of a tool as the body of a call.
pub(super) fn body(endpoint: &Endpoint, mut arguments: JsonObject) -> Json {
    for field in endpoint.inputs.iter().filter(|field| field.component.takes_media()) {
        match arguments.get_mut(&field.name) {
            Some(Json::Array(items)) => items.iter_mut().for_each(settle),
            Some(single) => settle(single),
            None => {}
        }
    }
    Json::Object(arguments)
}

/// An address stays as it is: the decoder refuses it, since the server fetches nothing that a stranger names.
fn settle(value: &mut Json) {
    let Json::String(text) = value else { return };
    if let Some(name) = text.strip_prefix(ASSET_PREFIX) {
        *value = json!({ "asset": name });
    } else if !text.contains(':') {
        let text = std::mem::take(text);
        // Moved into place: it may be megabytes.
        *value = Json::Object([("data".to_owned(), Json::String(text))].into_iter().collect());
    }
}
