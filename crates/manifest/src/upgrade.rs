//! Manifests of earlier formats, brought to the present one before they are read.
//!
//! This is the one place that knows what earlier formats looked like. Each step turns one format
//! into the next.

use toml::{Table, Value};

/// The text of a manifest in the present format; `None` when it has it already, or has one that
/// nobody knows, which validation will say.
pub(crate) fn upgraded(table: &Table) -> Option<String> {
    if table.get("manifest")?.as_integer()? != 0 {
        return None;
    }
    let mut table = table.clone();
    from_0(&mut table);
    Some(table.to_string())
}

/// Format 0 had one way of signing in, with the token endpoint's fields in it; paging by number
/// said `more`.
fn from_0(table: &mut Table) {
    if let Some(Value::Table(mut way)) = table.remove("sign_in") {
        let mut token = Table::new();
        for field in ["host", "path"] {
            if let Some(value) = way.remove(field) {
                token.insert(field.to_owned(), value);
            }
        }
        if !token.is_empty() {
            if let Some(value) = way.remove("expires_in") {
                token.insert("expires_in".to_owned(), value);
            }
            way.insert("token".to_owned(), token.into());
        }
        table.insert("sign_in".to_owned(), vec![Value::Table(way)].into());
    }
    for value in table.iter_mut().map(|(_, value)| value) {
        page_ends(value);
    }
    table.insert("manifest".to_owned(), 1.into());
}

/// Turns `paging = { kind = "page", more = "/…" }` into `end = { more = "/…" }`, everywhere.
fn page_ends(value: &mut Value) {
    match value {
        Value::Table(table) => {
            if table.get("kind").and_then(Value::as_str) == Some("page")
                && let Some(more) = table.remove("more")
            {
                let end = Table::from_iter([("more".to_owned(), more)]);
                table.insert("end".to_owned(), end.into());
            }
            for value in table.iter_mut().map(|(_, value)| value) {
                page_ends(value);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(page_ends),
        _ => {}
    }
}
