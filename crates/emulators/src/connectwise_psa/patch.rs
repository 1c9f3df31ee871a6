//! JSON Patch as the vendor has it: whole fields, or one part of a reference.

use serde_json::{Value, json};

use super::errors::Violation;

/// Applies the operations in their order.
pub(crate) fn apply(operations: &Value, row: &mut Value) -> Result<(), Violation> {
    let wrong = |field: &str, message: &str| Violation::new("InvalidPatch", field, message);
    let Some(operations) = operations.as_array() else {
        return Err(wrong("", "An array of patch operations is expected."));
    };
    for operation in operations {
        let path = operation["path"].as_str().unwrap_or_default();
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        let Some(field) = parts.first().filter(|field| !field.starts_with('_')) else {
            return Err(wrong(path, "The path is missing or cannot be changed."));
        };
        let value = match operation["op"].as_str().map(str::to_lowercase).as_deref() {
            Some("add" | "replace") => operation["value"].clone(),
            Some("remove") => Value::Null,
            _ => return Err(wrong(path, "The op must be add, replace or remove.")),
        };
        match parts.len() {
            1 => row[*field] = value,
            // A part of a reference chooses another record: the other parts are no longer true.
            2 => row[*field] = json!({ parts[1]: value }),
            _ => return Err(wrong(path, "The path leads too deep.")),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_a_reference_chooses_another_record() {
        let mut row = json!({ "owner": { "id": 5, "identifier": "a" }, "summary": "x" });
        let patch = json!([
            { "op": "replace", "path": "owner/identifier", "value": "b" },
            { "op": "replace", "path": "/summary", "value": "y" },
        ]);
        apply(&patch, &mut row).expect("a good patch");
        assert_eq!(
            row,
            json!({ "owner": { "identifier": "b" }, "summary": "y" })
        );
        assert!(apply(&json!({ "op": "replace" }), &mut row).is_err());
    }
}
