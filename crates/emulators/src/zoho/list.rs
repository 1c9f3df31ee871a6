//! Lists of records and one record.

use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::errors::ApiError;
use super::modules::Module;
use super::people::People;
use super::product::Call;
use super::rows::{self, Row, only};
use super::users::{date_time, instant, number};
use crate::answer::Answer;

/// Records of a page at most, and unless fewer are asked for.
pub(crate) const PAGE: usize = 200;

/// Records that page numbers reach.
pub(crate) const REACH: usize = 2_000;

/// Fields that a list may ask for.
const FIELDS: usize = 50;

/// How long a page token works.
const TOKEN_LIFE: SignedDuration = SignedDuration::from_hours(24);

/// What a page is cut from and how.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) from: usize,
    pub(crate) number: usize,
    pub(crate) asked: usize,
    pub(crate) size: usize,
}

/// `GET /{module}`.
pub(crate) fn list(call: &Call<'_>, module: &Module) -> Result<Answer, ApiError> {
    let request = call.request;
    let fields = request
        .parameter("fields")
        .filter(|fields| !fields.is_empty());
    if fields.is_none() && call.is_strict() {
        return Err(ApiError::missing_parameter("fields"));
    }
    if fields.is_some_and(|fields| fields.split(',').count() > FIELDS) {
        return Err(ApiError::limit_exceeded("fields", FIELDS));
    }
    let page = page(call)?;
    let order = Order::of(call)?;
    let since = request
        .header("if-modified-since")
        .map(instant)
        .transpose()?;
    let ids: Option<Vec<&str>> = request.parameter("ids").map(|ids| ids.split(',').collect());
    let keep = |row: Row<'_>| {
        since.is_none_or(|since| row.modified() > since)
            && ids.as_ref().is_none_or(|ids| ids.contains(&row.id()))
    };
    Ok(rows::with(call, module, keep, |mut found| {
        if found.is_empty() && since.is_some() {
            return Answer::empty(StatusCode::NOT_MODIFIED);
        }
        order.sort(&mut found);
        shown(call, module, &found, &page, Some(&order))
    }))
}

/// `GET /{module}/{id}`; the id may be the value of an external field that a header names.
pub(crate) fn one(call: &Call<'_>, module: &Module, id: &str) -> Result<Answer, ApiError> {
    let id = call.own_id(module, id)?;
    let fields = call.request.parameter("fields");
    Ok(rows::with(
        call,
        module,
        |row| row.id() == id,
        |found| match found.first() {
            None => Answer::empty(StatusCode::NO_CONTENT),
            Some(row) => {
                let people = People::of(&call.estate.core, row.owner().into_iter());
                let record = only(row.record(module, &people), fields);
                Answer::json(StatusCode::OK, &json!({ "data": [record] }))
            }
        },
    ))
}

/// The page of what was found, or 204.
pub(crate) fn shown(
    call: &Call<'_>,
    module: &Module,
    found: &[Row<'_>],
    page: &Page,
    order: Option<&Order>,
) -> Answer {
    let core = &call.estate.core;
    let end = (page.from + page.size).min(found.len());
    let Some(cut) = found.get(page.from..end).filter(|cut| !cut.is_empty()) else {
        return Answer::empty(StatusCode::NO_CONTENT);
    };
    let people = People::of(core, cut.iter().filter_map(|row| row.owner()));
    let fields = call.request.parameter("fields");
    let data: Vec<Value> = cut
        .iter()
        .map(|row| only(row.record(module, &people), fields))
        .collect();
    let more = end < found.len();
    let mut info = json!({
        "per_page": page.asked, "count": data.len(), "page": page.number, "more_records": more,
    });
    if let Some(order) = order {
        info["sort_by"] = json!(order.by);
        info["sort_order"] = json!(if order.ascending { "asc" } else { "desc" });
        if call.is_strict() {
            info["previous_page_token"] = Value::Null;
            info["next_page_token"] = Value::Null;
            info["page_token_expiry"] = Value::Null;
        }
        if call.is_strict() && more {
            let expires = core.clock.now().checked_add(TOKEN_LIFE);
            let expires = expires.unwrap_or(Timestamp::MAX);
            info["next_page_token"] = json!(token(end, page.number + 1, expires));
            info["page_token_expiry"] = json!(date_time(expires));
        }
    }
    Answer::json(StatusCode::OK, &json!({ "data": data, "info": info }))
}

fn token(from: usize, number: usize, expires: Timestamp) -> String {
    URL_SAFE_NO_PAD.encode(format!("{from}.{number}.{}", expires.as_second()))
}

/// Which page a list asks for, by number or by token.
fn page(call: &Call<'_>) -> Result<Page, ApiError> {
    let Some(token) = call.request.parameter("page_token") else {
        return numbered(call);
    };
    if !call.is_strict() {
        return Err(ApiError::invalid_data("page_token", "page_token"));
    }
    if call.request.parameter("page").is_some() {
        let mut error = ApiError::new(
            StatusCode::BAD_REQUEST,
            "AMBIGUITY_DURING_PROCESSING",
            "page and page_token cannot be given together",
        );
        error.details = json!({ "ambiguity_due_to": [
            { "param_name": "page" }, { "param_name": "page_token" },
        ] });
        return Err(error);
    }
    let parts = URL_SAFE_NO_PAD
        .decode(token)
        .ok()
        .and_then(|bytes| String::from_utf8(bytes).ok());
    let mut parts = parts.iter().flat_map(|text| text.split('.'));
    let mut next = || parts.next().and_then(|part| part.parse::<i64>().ok());
    let (Some(from), Some(number), Some(expires)) = (next(), next(), next()) else {
        return Err(ApiError::invalid_data("page_token", "page_token"));
    };
    if expires <= call.estate.core.clock.now().as_second() {
        let message = "The given page_token is expired";
        return Err(ApiError::new(
            StatusCode::BAD_REQUEST,
            "EXPIRED_VALUE",
            message,
        ));
    }
    let asked = asked(call)?;
    Ok(Page {
        from: usize::try_from(from).unwrap_or(usize::MAX),
        number: usize::try_from(number).unwrap_or(1),
        asked,
        size: call.estate.core.page_size(asked),
    })
}

/// Which page a list asks for by number. Numbers reach 2,000 records and no further.
pub(crate) fn numbered(call: &Call<'_>) -> Result<Page, ApiError> {
    let number = number(call.request, "page", 1)?;
    let asked = asked(call)?;
    if number.saturating_mul(asked) > REACH {
        return Err(ApiError {
            details: json!({ "limit": REACH, "param": "page" }),
            ..ApiError::new(
                StatusCode::BAD_REQUEST,
                "DISCRETE_PAGINATION_LIMIT_EXCEEDED",
                "The limit of records that page numbers reach is exceeded. Use page_token",
            )
        });
    }
    let size = call.estate.core.page_size(asked);
    Ok(Page {
        from: (number - 1) * size,
        number,
        asked,
        size,
    })
}

fn asked(call: &Call<'_>) -> Result<usize, ApiError> {
    let asked = number(call.request, "per_page", PAGE)?;
    if asked > PAGE {
        return Err(ApiError::invalid_data("per_page", "integer, at most 200"));
    }
    Ok(asked)
}

/// In which order a list comes: the newest first unless something else is asked for.
#[derive(Debug)]
pub(crate) struct Order {
    by: &'static str,
    ascending: bool,
}

impl Order {
    fn of(call: &Call<'_>) -> Result<Self, ApiError> {
        let by = match call.request.parameter("sort_by") {
            None | Some("id") => "id",
            Some("Created_Time") => "Created_Time",
            Some("Modified_Time") => "Modified_Time",
            Some(_) => return Err(ApiError::invalid_data("sort_by", "sortable field")),
        };
        let ascending = match call.request.parameter("sort_order") {
            None | Some("desc") => false,
            Some("asc") => true,
            Some(_) => return Err(ApiError::invalid_data("sort_order", "asc or desc")),
        };
        Ok(Self { by, ascending })
    }

    fn sort(&self, rows: &mut [Row<'_>]) {
        // Ids are digits only, of one length or longer for later ones.
        let id = |row: &Row<'_>| (row.id().len(), row.id().to_owned());
        match self.by {
            "Created_Time" => rows.sort_by_cached_key(|row| (row.created(), id(row))),
            "Modified_Time" => rows.sort_by_cached_key(|row| (row.modified(), id(row))),
            _ => rows.sort_by_cached_key(id),
        }
        if !self.ascending {
            rows.reverse();
        }
    }
}
