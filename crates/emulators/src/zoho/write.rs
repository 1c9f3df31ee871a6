//! Making, changing and removing records, up to a hundred at once, each with an outcome of its
//! own.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::draft::{Draft, prepared};
use super::errors::ApiError;
use super::modules::Module;
use super::people::People;
use super::product::Call;
use super::users::date_time;
use crate::answer::Answer;
use crate::records::Record;

/// Records of a request at most.
const RECORDS: usize = 100;

/// Records that one more credit is spent for.
const PER_CREDIT: usize = 10;

/// What became of one record.
type Outcome = Result<Done, ApiError>;

/// A record that was written.
struct Done {
    record: Record,
    inserted: bool,
    /// The field by which an upsert found it.
    by: Option<String>,
}

/// `POST /{module}`.
pub(crate) fn create(call: &Call<'_>, module: &Module) -> Result<Answer, ApiError> {
    let outcomes = each(call, module, |draft| insert(call, module, &draft))?;
    Ok(answer(call, outcomes, false))
}

/// `POST /{module}/{id}/Notes`: notes under that record.
pub(crate) fn create_under(
    call: &Call<'_>,
    module: &Module,
    parent: &Value,
) -> Result<Answer, ApiError> {
    let outcomes = each(call, module, |mut draft| {
        if let Value::Object(given) = &mut draft.given {
            given.insert("Parent_Id".to_owned(), parent.clone());
        }
        insert(call, module, &draft)
    })?;
    Ok(answer(call, outcomes, false))
}

/// `PUT /{module}/{id}`.
pub(crate) fn update(call: &Call<'_>, module: &Module, id: &str) -> Result<Answer, ApiError> {
    let id = call.own_id(module, id)?;
    let outcomes = each(call, module, |draft| change(call, module, &draft, &id))?;
    Ok(answer(call, outcomes, false))
}

/// `PUT /{module}`, the ids in the records.
pub(crate) fn update_many(call: &Call<'_>, module: &Module) -> Result<Answer, ApiError> {
    let outcomes = each(call, module, |draft| match id_of(&draft.given["id"]) {
        Some(id) => change(call, module, &draft, &id),
        None => Err(draft.mandatory("id")),
    })?;
    Ok(answer(call, outcomes, false))
}

/// `POST /{module}/upsert`: changes the record that has the same value in one of the fields of
/// `duplicate_check_fields`, which must be unique ones, or makes one.
pub(crate) fn upsert(call: &Call<'_>, module: &Module) -> Result<Answer, ApiError> {
    let body = call.body()?;
    let named: Vec<&str> = match &body["duplicate_check_fields"] {
        Value::Null => Vec::new(),
        Value::Array(names) => names.iter().filter_map(Value::as_str).collect(),
        _ => {
            return Err(ApiError::invalid_data(
                "duplicate_check_fields",
                "jsonarray",
            ));
        }
    };
    let unique = |name: &str| module.field(name).is_some_and(|field| field.own_key);
    if named.iter().any(|name| !unique(name)) {
        return Err(ApiError::invalid_data(
            "duplicate_check_fields",
            "unique field",
        ));
    }
    let own = module.fields.iter().filter(|field| field.own_key);
    let mut by = named;
    by.extend(own.map(|field| field.name));
    let outcomes = each(call, module, |draft| {
        let mut found = by.iter().filter_map(|name| {
            let id = holder(call, module, name, &draft.given[*name])?;
            Some(((*name).to_owned(), id))
        });
        match found.next() {
            None => insert(call, module, &draft),
            Some((name, id)) => {
                let mut done = change(call, module, &draft, &id)?;
                done.by = Some(name);
                Ok(done)
            }
        }
    })?;
    Ok(answer(call, outcomes, true))
}

/// `DELETE /{module}/{id}`.
pub(crate) fn delete(call: &Call<'_>, module: &Module, id: &str) -> Result<Answer, ApiError> {
    writable(module, "Delete")?;
    let kind = call.kind(module);
    if !call.estate.core.records().remove(&kind, id) {
        let mut error = ApiError::new(
            StatusCode::BAD_REQUEST,
            "INVALID_DATA",
            "the id given seems to be invalid",
        );
        error.details = json!({ "id": id });
        let body = json!({ "data": [error.body()] });
        return Ok(Answer::json(StatusCode::BAD_REQUEST, &body));
    }
    let body = json!({ "data": [{
        "code": "SUCCESS", "details": { "id": id }, "message": "record deleted", "status": "success",
    }] });
    Ok(Answer::json(StatusCode::OK, &body))
}

/// The id of the record whose unique field has this value.
pub(crate) fn holder(
    call: &Call<'_>,
    module: &Module,
    field: &str,
    value: &Value,
) -> Option<String> {
    let value = value.as_str().filter(|text| !text.is_empty())?;
    let records = call.estate.core.records();
    let kind = call.kind(module);
    let mut all = records.of(&kind);
    all.find(|record| {
        let own = record.fields[field].as_str();
        own.is_some_and(|own| own.eq_ignore_ascii_case(value))
    })
    .map(|record| record.id.clone())
}

/// An id, which clients send as text or as a number.
pub(crate) fn id_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn writable(module: &Module, right: &str) -> Result<(), ApiError> {
    if module.is_written() {
        Ok(())
    } else {
        Err(ApiError::no_permission(&format!(
            "Crm_Implied_{right}_{}",
            module.api_name
        )))
    }
}

/// Treats every record of `data`.
fn each(
    call: &Call<'_>,
    module: &Module,
    mut treat: impl FnMut(Draft) -> Outcome,
) -> Result<Vec<Outcome>, ApiError> {
    let right = if call.request.method == axum::http::Method::PUT {
        "Edit"
    } else {
        "Create"
    };
    writable(module, right)?;
    let mut body = call.body()?;
    let Value::Array(data) = body["data"].take() else {
        let mut error = ApiError::new(
            StatusCode::BAD_REQUEST,
            "MANDATORY_NOT_FOUND",
            "required field not found",
        );
        error.details = json!({ "api_name": "data", "json_path": "$.data" });
        return Err(error);
    };
    if data.is_empty() || data.len() > RECORDS {
        let mut error = ApiError::invalid_data("data", "jsonarray");
        error.details = json!({
            "api_name": "data", "json_path": "$.data", "maximum_length": RECORDS, "minimum_length": 1,
        });
        return Err(error);
    }
    // The first ten are in the credit that the request has cost already.
    for _ in 0..(data.len() - 1) / PER_CREDIT {
        call.estate.core.spend();
    }
    Ok(data
        .into_iter()
        .enumerate()
        .map(|(nth, given)| treat(Draft { nth, given }))
        .collect())
}

fn insert(call: &Call<'_>, module: &Module, draft: &Draft) -> Outcome {
    let ready = prepared(call, module, draft, None)?;
    let core = &call.estate.core;
    let now = core.clock.now();
    let record = Record {
        kind: call.kind(module),
        id: call.estate.next_id(),
        owner: Some(ready.owner),
        fields: ready.fields,
        created: now,
        modified: now,
    };
    core.records().add(record.clone());
    Ok(Done {
        record,
        inserted: true,
        by: None,
    })
}

fn change(call: &Call<'_>, module: &Module, draft: &Draft, id: &str) -> Outcome {
    let core = &call.estate.core;
    let kind = call.kind(module);
    let old = core.records().find(&kind, id).cloned();
    let Some(old) = old else {
        let mut error = draft.invalid("id", json!({}));
        error.message = "the id given seems to be invalid";
        return Err(error);
    };
    let ready = prepared(call, module, draft, Some(&old))?;
    let mut records = core.records();
    let Some(record) = records.find_mut(&kind, id) else {
        return Err(draft.invalid("id", json!({})));
    };
    record.owner = Some(ready.owner);
    record.fields = ready.fields;
    record.modified = core.clock.now();
    Ok(Done {
        record: record.clone(),
        inserted: false,
        by: None,
    })
}

fn answer(call: &Call<'_>, outcomes: Vec<Outcome>, upserted: bool) -> Answer {
    let maker = People::of(&call.estate.core, std::iter::empty()).connecting();
    let maker = json!({ "id": maker["id"], "name": maker["name"] });
    let good = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
    let all_new = outcomes.iter().flatten().all(|done| done.inserted);
    let status = match good {
        0 => StatusCode::BAD_REQUEST,
        _ if good < outcomes.len() => StatusCode::MULTI_STATUS,
        _ if all_new => StatusCode::CREATED,
        _ => StatusCode::OK,
    };
    let data: Vec<Value> = outcomes
        .into_iter()
        .map(|outcome| match outcome {
            Ok(done) => told(&done, &maker, upserted),
            Err(error) => error.body(),
        })
        .collect();
    Answer::json(status, &json!({ "data": data }))
}

fn told(done: &Done, maker: &Value, upserted: bool) -> Value {
    let message = if done.inserted {
        "record added"
    } else {
        "record updated"
    };
    let mut told = json!({
        "code": "SUCCESS",
        "details": {
            "id": done.record.id,
            "Created_Time": date_time(done.record.created),
            "Modified_Time": date_time(done.record.modified),
            "Created_By": maker,
            "Modified_By": maker,
        },
        "message": message,
        "status": "success",
    });
    if upserted {
        told["action"] = json!(if done.inserted { "insert" } else { "update" });
        told["duplicate_field"] = json!(done.by);
    }
    told
}
