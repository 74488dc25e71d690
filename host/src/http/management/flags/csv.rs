//! Flags as a table for spreadsheets, which take some texts for formulas: those are marked as text.

use serde_json::{Map, Value as Json};
use spaces::view::{FlagView, file_name};

/// The columns that every flag has.
const FIXED: [&str; 5] = ["id", "at", "revision", "endpoint", "reason"];

/// A table in the making: its columns are those of the flags that it has met.
#[derive(Debug, Default)]
pub(super) struct Csv {
    inputs: Vec<String>,
    outputs: Vec<String>,
}

impl Csv {
    /// Makes columns for what the flag has.
    pub(super) fn meet(&mut self, flag: &FlagView) {
        for (columns, values) in [(&mut self.inputs, &flag.inputs), (&mut self.outputs, &flag.outputs)] {
            for name in values.keys() {
                if !columns.contains(name) {
                    columns.push(name.clone());
                }
            }
        }
    }

    /// The line of headers.
    pub(super) fn head(&self) -> String {
        let inputs = self.inputs.iter().map(|name| format!("input {name}"));
        let outputs = self.outputs.iter().map(|name| format!("output {name}"));
        line(FIXED.into_iter().map(str::to_owned).chain(inputs).chain(outputs))
    }

    /// The line of a flag.
    pub(super) fn row(&self, flag: &FlagView) -> String {
        let FlagView { id, at, revision, endpoint, reason, inputs, outputs } = flag;
        let fixed =
            [id.to_string(), at.clone(), revision.to_string(), endpoint.clone(), reason.clone().unwrap_or_default()];
        let cells = |columns: &[String], values: &Map<String, Json>| {
            columns.iter().map(|name| values.get(name).map(text).unwrap_or_default()).collect::<Vec<_>>()
        };
        line(fixed.into_iter().chain(cells(&self.inputs, inputs)).chain(cells(&self.outputs, outputs)))
    }
}

fn line(cells: impl Iterator<Item = String>) -> String {
    cells.map(|cell| escaped(&cell)).collect::<Vec<_>>().join(",") + "\r\n"
}

/// A value in a cell; a file is named.
fn text(value: &Json) -> String {
    match value {
        Json::Null => String::new(),
        Json::String(text) => file_name(value).unwrap_or_else(|| text.clone()),
        Json::Array(items) if items.iter().all(|item| item.is_string() || file_name(item).is_some()) => {
            items.iter().map(text).collect::<Vec<_>>().join(", ")
        }
        value => file_name(value).unwrap_or_else(|| value.to_string()),
    }
}

/// A cell that no spreadsheet computes: OWASP's advice on CSV injection.
fn escaped(cell: &str) -> String {
    let begins_formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    let is_formula = begins_formula && cell.parse::<f64>().is_err();
    let mark = if is_formula { "'" } else { "" };
    if is_formula || cell.contains(['"', ',', '\n', '\r', ';', '\t']) {
        format!("\"{mark}{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn flag(inputs: Json, outputs: Json) -> FlagView {
        let map = |json| serde_json::from_value(json).expect("an object");
        FlagView {
            id: 7,
            at: "2026-01-02T03:04:05Z".to_owned(),
            revision: 2,
            endpoint: "predict".to_owned(),
            reason: Some("=wrong()".to_owned()),
            inputs: map(inputs),
            outputs: map(outputs),
        }
    }

    #[test]
    fn no_cell_is_a_formula() {
        let check = |cell: &str, expected: &str| assert_eq!(escaped(cell), expected);
        check("plain", "plain");
        check("a \"b\", c", "\"a \"\"b\"\", c\"");
        check("two\nlines", "\"two\nlines\"");
        check("-1.5e3", "-1.5e3");
        check("+49 30", "\"'+49 30\"");
        check("=HYPERLINK(\"http://x\";\"y\")", "\"'=HYPERLINK(\"\"http://x\"\";\"\"y\"\")\"");
        check("@SUM(A1)", "\"'@SUM(A1)\"");
        check("-2+3+cmd|' /C calc'!A0", "\"'-2+3+cmd|' /C calc'!A0\"");
        check("\t=1", "\"'\t=1\"");
        check("＝1+1", "\"'＝1+1\"");
    }

    #[test]
    fn each_input_and_output_has_a_column_and_files_are_named() {
        let file = json!({ "data": "AAAA", "mime_type": "image/png", "name": "cat.png" });
        let flags = [
            flag(json!({ "x": 1.5, "photo": file }), json!({ "label": [{ "label": "a" }] })),
            flag(
                json!({ "words": ["a", "b"] }),
                json!({ "image": { "url": "data:image/png;base64,AAAA", "mime_type": "image/png", "name": null } }),
            ),
        ];
        let mut csv = Csv::default();
        flags.iter().for_each(|flag| csv.meet(flag));
        assert_eq!(
            csv.head(),
            "id,at,revision,endpoint,reason,input x,input photo,input words,output label,output image\r\n"
        );
        let start = "7,2026-01-02T03:04:05Z,2,predict,\"'=wrong()\",";
        assert_eq!(csv.row(&flags[0]), format!("{start}1.5,cat.png,,\"[{{\"\"label\"\":\"\"a\"\"}}]\",\r\n"));
        assert_eq!(csv.row(&flags[1]), format!("{start},,\"a, b\",,image/png\r\n"));
    }
}
