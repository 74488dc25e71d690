//! JavaScript with Gradio's client.

use super::Target;
use super::given::{File, Given, Sent};
use super::python::text;

pub(super) fn program(target: Target<'_>, given: &[Given]) -> String {
    let has_files = given.iter().any(|given| matches!(given.value, Sent::Files { .. }));
    let imported = if has_files { "Client, handle_file" } else { "Client" };
    let mut arguments = String::new();
    for Given { name, value } in given {
        let value = match value {
            Sent::Json(json) => json.to_string(),
            Sent::Files { files, multiple: false } => {
                files.first().map_or_else(|| "null".to_owned(), |file| handled(target, file))
            }
            Sent::Files { files, multiple: true } => {
                let files: Vec<_> = files.iter().map(|file| handled(target, file)).collect();
                format!("[{}]", files.join(", "))
            }
        };
        arguments.push_str(&format!("  {}: {value},\n", key(name)));
    }
    let (url, endpoint) = (text(&format!("{}/", target.space_url)), text(&format!("/{}", target.endpoint)));
    format!(
        "import {{ {imported} }} from \"@gradio/client\";\n\nconst client = await Client.connect({url});\n\
         const result = await client.predict({endpoint}, {{\n{arguments}}});\nconsole.log(result.data);"
    )
}

fn handled(target: Target<'_>, file: &File) -> String {
    match file {
        File::Asset(name) => format!("handle_file({})", text(&target.asset_url(name))),
        File::Own(name) => format!("handle_file({})", text(name)),
    }
}

fn key(name: &str) -> String {
    let is_identifier = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && !name.starts_with(|first: char| first.is_ascii_digit());
    if is_identifier { name.to_owned() } else { text(name) }
}
