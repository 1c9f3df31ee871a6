//! `/{module}/{id}/Notes`: the notes under a record.

use axum::http::{Method, StatusCode};
use serde_json::json;

use super::errors::ApiError;
use super::list::{numbered, shown};
use super::modules::Module;
use super::product::Call;
use super::rows::{self, Row};
use super::write;
use crate::answer::Answer;

/// Lists the notes of a record or adds some.
pub(crate) fn of(call: &Call<'_>, module: &Module, id: &str) -> Result<Answer, ApiError> {
    let notes = call.product.module("Notes")?;
    let is_there = rows::with(
        call,
        module,
        |row| row.id() == id,
        |found| !found.is_empty(),
    );
    if !is_there {
        return Err(ApiError {
            details: json!({ "resource_path_index": 1 }),
            ..ApiError::new(
                StatusCode::BAD_REQUEST,
                "INVALID_DATA",
                "the related id given seems to be invalid",
            )
        });
    }
    if call.request.method == Method::POST {
        let parent = json!({ "id": id, "module": { "api_name": module.api_name } });
        return write::create_under(call, notes, &parent);
    }
    if call.is_strict() && call.request.parameter("fields").is_none() {
        return Err(ApiError::missing_parameter("fields"));
    }
    let page = numbered(call)?;
    let keep = |row: Row<'_>| match row {
        Row::Written(note) => note.fields["Parent_Id"]["id"] == id,
        Row::Customer(_) | Row::Company(_) => false,
    };
    Ok(rows::with(call, notes, keep, |found| {
        shown(call, notes, &found, &page, None)
    }))
}
