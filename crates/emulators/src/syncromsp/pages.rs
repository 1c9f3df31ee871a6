//! Pages by number with a `meta`, for everything but users.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::answer::{Answer, ApiRequest};
use crate::core::Core;
use crate::faults::Fault;

/// One page of the rows found, `per_page` to a page; the size cannot be asked for.
pub(crate) fn page<T>(
    core: &Core,
    request: &ApiRequest,
    member: &str,
    per_page: usize,
    mut found: Vec<T>,
    row: impl Fn(&T) -> Value,
) -> Answer {
    if request.suffers(&Fault::EmptyList) {
        found.clear();
    }
    let size = core.page_size(per_page);
    let number = request.parameter("page").and_then(|text| text.parse().ok());
    let number: usize = number.unwrap_or(1).max(1);
    let from = (number - 1).saturating_mul(size);
    let rows: Vec<Value> = found.iter().skip(from).take(size).map(row).collect();
    let body = json!({
        member: rows,
        "meta": {
            "total_pages": found.len().div_ceil(size),
            "total_entries": found.len(),
            "per_page": size,
            "page": number,
        },
    });
    Answer::json(StatusCode::OK, &body)
}
