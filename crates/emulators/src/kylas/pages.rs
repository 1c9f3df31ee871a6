//! Pages as Spring makes them: `page` from 0, `size`, `sort`.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::answer::{Answer, ApiRequest};
use crate::core::Core;
use crate::faults::Fault;

/// Rows of a page when nobody says how many, and at most: Spring lowers what is above.
const UNASKED: usize = 10;
const MOST: usize = 100;

/// A number of the query; Spring takes the default for what is none.
fn number(request: &ApiRequest, name: &str, otherwise: usize) -> usize {
    request
        .parameter(name)
        .and_then(|text| text.parse().ok())
        .unwrap_or(otherwise)
}

/// The number of the page a request asks for, counted from 1.
pub(crate) fn page_number(request: &ApiRequest) -> u32 {
    u32::try_from(number(request, "page", 0) + 1).unwrap_or(u32::MAX)
}

/// The property to sort by and whether it is descending.
pub(crate) fn sort(request: &ApiRequest) -> Option<(&str, bool)> {
    let text = request.parameter("sort").filter(|text| !text.is_empty())?;
    let (property, direction) = text.split_once(',').unwrap_or((text, "asc"));
    Some((property, direction.eq_ignore_ascii_case("desc")))
}

/// One page of what was found.
pub(crate) fn page<T>(
    core: &Core,
    request: &ApiRequest,
    mut found: Vec<T>,
    row: impl Fn(&T) -> Value,
) -> Answer {
    if request.suffers(&Fault::EmptyList) {
        found.clear();
    }
    if request.suffers(&Fault::HalfPages) {
        found.truncate(found.len() / 2);
    }
    let asked = number(request, "size", UNASKED).clamp(1, MOST);
    let mut size = core.page_size(asked);
    if request.suffers(&Fault::ShortPages) {
        size = (size / 2).max(1);
    }
    let number = number(request, "page", 0);
    // A page counter has no cursor; what it can do is to be answered with the first page for good.
    let repeated = request.suffers(&Fault::RepeatedCursor);
    let from = if repeated {
        0
    } else {
        number.saturating_mul(size)
    };
    let mut rows: Vec<Value> = found.iter().skip(from).take(size).map(row).collect();
    let mut last = !repeated && from + size >= found.len();
    if request.suffers(&Fault::TruncatedList) {
        rows.truncate(rows.len() / 2);
        last = true;
    }
    if request.suffers(&Fault::IdType) {
        for row in &mut rows {
            row["id"] = json!(row["id"].to_string());
        }
    }
    let count = rows.len();
    let body = json!({
        "content": rows,
        "pageable": { "pageNumber": number, "pageSize": size, "offset": from, "paged": true, "unpaged": false },
        "totalElements": found.len(),
        "totalPages": found.len().div_ceil(size),
        "number": number,
        "size": size,
        "numberOfElements": count,
        "first": number == 0,
        "last": last,
        "empty": count == 0,
    });
    Answer::json(StatusCode::OK, &body)
}
