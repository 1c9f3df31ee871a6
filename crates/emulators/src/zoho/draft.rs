//! One record as a client sent it, and what is kept of it: types, lookups, the owner, unique
//! fields. Fields that the module does not have are ignored, as the vendor does.

use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use super::errors::ApiError;
use super::fields::{Field, Kind};
use super::modules::{Module, Rules, Source};
use super::product::Call;
use super::write::{holder, id_of};
use super::{calls, rows};
use crate::directory::UserState;
use crate::records::Record;

/// A record of a request.
#[derive(Debug)]
pub(crate) struct Draft {
    /// Its place in `data`.
    pub(crate) nth: usize,
    pub(crate) given: Value,
}

/// What is kept of a draft.
#[derive(Debug)]
pub(crate) struct Ready {
    pub(crate) owner: String,
    pub(crate) fields: Value,
}

impl Draft {
    fn path(&self, field: &str) -> Value {
        json!({ "api_name": field, "json_path": format!("$.data[{}].{field}", self.nth) })
    }

    /// A mandatory field is not there.
    pub(crate) fn mandatory(&self, field: &str) -> ApiError {
        ApiError {
            details: self.path(field),
            ..ApiError::new(
                StatusCode::BAD_REQUEST,
                "MANDATORY_NOT_FOUND",
                "required field not found",
            )
        }
    }

    /// A field holds what it must not.
    pub(crate) fn invalid(&self, field: &str, more: Value) -> ApiError {
        let mut details = self.path(field);
        if let (Value::Object(details), Value::Object(more)) = (&mut details, more) {
            details.extend(more);
        }
        ApiError {
            details,
            ..ApiError::new(StatusCode::BAD_REQUEST, "INVALID_DATA", "invalid data")
        }
    }
}

/// Checks a draft, against what was there if it changes a record.
pub(crate) fn prepared(
    call: &Call<'_>,
    module: &Module,
    draft: &Draft,
    old: Option<&Record>,
) -> Result<Ready, ApiError> {
    let Value::Object(given) = &draft.given else {
        let mut error = draft.invalid("data", json!({ "expected_data_type": "jsonobject" }));
        error.details["json_path"] = json!(format!("$.data[{}]", draft.nth));
        return Err(error);
    };
    let mut fields = old.map_or_else(|| blank(module), |record| record.fields.clone());
    let mut owner = old.and_then(|record| record.owner.clone());
    for field in module.fields.iter().filter(|field| !field.read_only) {
        match given.get(field.name) {
            Some(value) if !value.is_null() && value != "" => {
                if field.kind == Kind::Owner {
                    owner = Some(owner_of(call, draft, value)?);
                } else {
                    fields[field.name] = kept(call, draft, given, field, value)?;
                }
            }
            None if old.is_some() => {}
            _ if field.mandatory => return Err(draft.mandatory(field.name)),
            Some(_) => fields[field.name] = Value::Null,
            None => {}
        }
    }
    if let Some(related) = given.get("$se_module").filter(|name| name.is_string()) {
        fields["$se_module"] = related.clone();
    }
    unique(call, module, draft, &fields, old)?;
    let owner = owner
        .or_else(|| {
            let directory = call.estate.core.directory();
            directory.connecting().map(|user| user.id.clone())
        })
        .ok_or_else(|| draft.mandatory("Owner"))?;
    if module.source == Source::Written(Rules::Call) {
        calls::check(call, draft, &mut fields, &owner, old)?;
    }
    Ok(Ready { owner, fields })
}

fn blank(module: &Module) -> Value {
    let names = module.fields.iter();
    names
        .map(|field| (field.name.to_owned(), Value::Null))
        .collect::<Map<_, _>>()
        .into()
}

fn kept(
    call: &Call<'_>,
    draft: &Draft,
    given: &Map<String, Value>,
    field: &Field,
    value: &Value,
) -> Result<Value, ApiError> {
    let modules = call.product;
    match field.kind {
        Kind::Lookup(name) => {
            let module = modules.module(name)?;
            named(call, module, value).ok_or_else(|| unrelated(draft, field.name))
        }
        Kind::Related => {
            let name = given.get("$se_module").and_then(Value::as_str);
            let name = name.ok_or_else(|| draft.mandatory("$se_module"))?;
            let module = modules
                .modules
                .iter()
                .find(|module| module.api_name == name);
            // A contact goes into Who_Id.
            module
                .filter(|module| !matches!(module.source, Source::Contacts | Source::Customers))
                .and_then(|module| named(call, module, value))
                .ok_or_else(|| unrelated(draft, field.name))
        }
        Kind::Parent => {
            let named_by = value["module"]["api_name"].as_str();
            // The older API names the module beside it.
            let beside = ["$se_module", "se_module"].into_iter();
            let mut beside = beside.filter_map(|name| given.get(name).and_then(Value::as_str));
            let name = named_by.or_else(|| beside.next());
            let name = name.ok_or_else(|| draft.mandatory("$se_module"))?;
            let module = modules
                .modules
                .iter()
                .find(|module| module.api_name == name);
            let mut parent = module
                .and_then(|module| named(call, module, value))
                .ok_or_else(|| unrelated(draft, field.name))?;
            parent["module"] = json!({ "api_name": name });
            Ok(parent)
        }
        _ => field
            .kept(value)
            .map_err(|expected| draft.invalid(field.name, expected)),
    }
}

fn unrelated(draft: &Draft, field: &str) -> ApiError {
    ApiError {
        message: "the related id given seems to be invalid",
        ..draft.invalid(field, json!({}))
    }
}

/// The record of a module that a value names, as lookups show it.
fn named(call: &Call<'_>, module: &Module, value: &Value) -> Option<Value> {
    let id = id_of(value).or_else(|| id_of(&value["id"]))?;
    rows::with(
        call,
        module,
        |row| row.id() == id,
        |found| Some(json!({ "id": id, "name": found.first()?.name() })),
    )
}

/// The owner a client names. Whom the directory does not have, or no longer lets in, is refused.
fn owner_of(call: &Call<'_>, draft: &Draft, value: &Value) -> Result<String, ApiError> {
    let id = id_of(value).or_else(|| id_of(&value["id"]));
    let Some(id) = id else {
        return Err(draft.invalid("Owner", json!({ "expected_data_type": "ownerlookup" })));
    };
    let directory = call.estate.core.directory();
    match directory.find(&id).map(|user| user.state) {
        Some(UserState::Active) => Ok(id),
        Some(UserState::Inactive) => Err(ApiError {
            message: "the user given is inactive",
            ..draft.invalid("Owner", json!({ "id": id }))
        }),
        Some(UserState::Deleted) | None => Err(ApiError {
            message: "the id given seems to be invalid",
            ..draft.invalid("Owner", json!({ "id": id }))
        }),
    }
}

fn unique(
    call: &Call<'_>,
    module: &Module,
    draft: &Draft,
    fields: &Value,
    old: Option<&Record>,
) -> Result<(), ApiError> {
    for field in module.fields.iter().filter(|field| field.own_key) {
        let holder = holder(call, module, field.name, &fields[field.name]);
        let Some(id) = holder.filter(|id| old.is_none_or(|old| old.id != *id)) else {
            continue;
        };
        let mut error = draft.invalid(field.name, json!({ "id": id }));
        error.details["duplicate_record"] = json!({
            "id": id, "module": { "api_name": module.api_name },
        });
        error.code = "DUPLICATE_DATA";
        error.message = "duplicate data";
        return Err(error);
    }
    Ok(())
}
