//! The description of the API is checked in, and true.

use std::path::Path;

use serde_json::Value;

#[test]
fn the_checked_in_description_is_that_of_the_routes() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/openapi.json");
    let now = counterpart_api::openapi().expect("a description");
    if std::env::var_os("UPDATE_OPENAPI").is_some() {
        std::fs::write(&path, &now).expect("docs/openapi.json can be written");
        return;
    }
    let checked_in = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        checked_in == now,
        "docs/openapi.json is out of date; refresh it with \
         `UPDATE_OPENAPI=1 cargo test -p counterpart-api description` and look at the difference"
    );
}

#[test]
fn every_operation_has_a_name_of_its_own_a_summary_and_its_path_parameters() {
    let openapi: Value =
        serde_json::from_str(&counterpart_api::openapi().expect("a description")).expect("JSON");
    let mut names = Vec::new();
    for (path, item) in openapi["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            let what = format!("{method} {path}");
            names.push(operation["operationId"].to_string());
            assert!(operation["summary"].is_string(), "{what} has no summary");
            assert!(
                operation["responses"]["default"].is_object(),
                "{what} does not say that it fails with problems"
            );
            let described = operation["parameters"].as_array().into_iter().flatten();
            let described: Vec<&str> = described
                .filter(|parameter| parameter["in"] == "path")
                .inspect(|parameter| assert!(parameter["description"].is_string(), "{what}"))
                .filter_map(|parameter| parameter["name"].as_str())
                .collect();
            let in_path: Vec<&str> = path
                .split('/')
                .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
                .collect();
            assert_eq!(described, in_path, "{what}");
        }
    }
    let count = names.len();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), count, "two operations have one name");
}

#[test]
fn every_reference_leads_somewhere() {
    let openapi: Value =
        serde_json::from_str(&counterpart_api::openapi().expect("a description")).expect("JSON");
    let mut pending = vec![&openapi];
    while let Some(value) = pending.pop() {
        if let Some(reference) = value.get("$ref").and_then(Value::as_str) {
            let pointer = reference.strip_prefix('#').expect("a local reference");
            assert!(openapi.pointer(pointer).is_some(), "{reference}");
        }
        match value {
            Value::Object(members) => pending.extend(members.values()),
            Value::Array(items) => pending.extend(items),
            _ => {}
        }
    }
}
