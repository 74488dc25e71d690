//! Rows that cannot be tests yet, and what each is waiting for.

/// Row, and what is missing.
const GAPS: &[(&str, &str)] = &[
    ("P6", "exceptions are refused for every space: no runtime needs them yet"),
    ("W1 W3 W5", "raw web apps are not served yet"),
    ("W6", "guests have no outbound HTTP yet"),
    ("W7", "there are no cookies that authorise: the API takes only tokens"),
    ("W8", "there are no accounts yet, only the admin token"),
];

/// Not a row: prints what the suite does not cover, with `--nocapture` or when it fails.
#[test]
fn gaps_are_told() {
    let source = include_str!("publish.rs");
    for (rows, missing) in GAPS {
        eprintln!("gap: {rows}: {missing}");
    }
    let rows = (1..=13).map(|row| format!("fn p{row}_"));
    let untested: Vec<_> = rows.filter(|name| !source.contains(name.as_str())).collect();
    assert!(untested.is_empty(), "rows without a test: {untested:?}");
}
