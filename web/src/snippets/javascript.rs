//! JavaScript with Gradio's client.

use serde_json::Value as Json;

use super::Target;
use super::given::Given;
use super::gradio::{argument, imported, names, text};

pub(super) fn program(target: Target<'_>, given: &[Given]) -> String {
    let arguments: String = given
        .iter()
        .map(|given| format!("  {}: {},\n", key(&given.name), argument(target, &given.value, Json::to_string)))
        .collect();
    let (imported, (url, endpoint)) = (imported(given), names(target));
    format!(
        "import {{ {imported} }} from \"@gradio/client\";\n\nconst client = await Client.connect({url});\n\
         const result = await client.predict({endpoint}, {{\n{arguments}}});\nconsole.log(result.data);"
    )
}

fn key(name: &str) -> String {
    let is_identifier = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && !name.starts_with(|first: char| first.is_ascii_digit());
    if is_identifier { name.to_owned() } else { text(name) }
}
