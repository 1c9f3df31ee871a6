//! `/sobjects`: what objects and fields there are, one record, and who changed when.

use axum::http::StatusCode;
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::errors::ApiError;
use super::ids;
use super::rows::{Row, date_time, rows};
use super::schema::{Field, OBJECTS, Object, PROBED, Type, find};
use crate::answer::{Answer, ApiRequest};
use crate::core::Core;
use crate::directory::UserState;
use crate::faults::Fault;

/// Answers `/sobjects/…`.
pub(crate) fn answer(
    core: &Core,
    request: &ApiRequest,
    rest: &[&str],
    base: &str,
) -> Result<Answer, ApiError> {
    let body = match rest {
        [] => {
            let all = OBJECTS
                .iter()
                .chain(PROBED)
                .map(|object| summary(object, base));
            json!({ "encoding": "UTF-8", "maxBatchSize": 200, "sobjects": all.collect::<Vec<_>>() })
        }
        [name] => {
            json!({ "objectDescribe": summary(object(name)?, base), "recentItems": [] })
        }
        [name, "describe"] => whole(object(name)?, base, request),
        ["User", change @ ("updated" | "deleted")] => changed(core, request, change)?,
        [name, id] => record(core, request, object(name)?, id, base)?,
        _ => return Err(ApiError::not_found()),
    };
    Ok(Answer::json(StatusCode::OK, &body))
}

fn object(name: &str) -> Result<&'static Object, ApiError> {
    let probed = PROBED
        .iter()
        .find(|object| object.name.eq_ignore_ascii_case(name));
    find(name).or(probed).ok_or_else(ApiError::not_found)
}

fn summary(object: &Object, base: &str) -> Value {
    json!({
        "name": object.name,
        "label": object.name,
        "labelPlural": object.label_plural,
        "keyPrefix": object.key_prefix,
        "custom": false,
        "queryable": true,
        "retrieveable": true,
        "searchable": object.writable || object.name == "User",
        "createable": object.writable,
        "updateable": object.writable,
        "deletable": false,
        "layoutable": true,
        "triggerable": true,
        "urls": {
            "sobject": format!("{base}/sobjects/{}", object.name),
            "describe": format!("{base}/sobjects/{}/describe", object.name),
            "rowTemplate": format!("{base}/sobjects/{}/{{ID}}", object.name),
        },
    })
}

fn whole(object: &Object, base: &str, request: &ApiRequest) -> Value {
    let hidden = |name: &str| {
        request.faults.iter().any(|fault| {
            matches!(fault, Fault::HiddenField { field } if field.eq_ignore_ascii_case(name))
        })
    };
    let fields = object.fields.iter().filter(|own| !hidden(own.name));
    let fields: Vec<Value> = fields.map(|own| field(own, object)).collect();
    let mut body = summary(object, base);
    body["fields"] = json!(fields);
    body["childRelationships"] = json!([]);
    body["recordTypeInfos"] = json!([]);
    body
}

fn field(field: &Field, object: &Object) -> Value {
    let writable = object.writable && field.kind != Type::Id;
    let (reference_to, relationship) = match field.kind {
        Type::Reference(object, relationship) => (vec![object], relationship),
        _ => (Vec::new(), None),
    };
    json!({
        "name": field.name,
        "label": field.name,
        "type": field.kind.name(),
        "length": field.kind.length(),
        "nillable": field.nillable,
        "createable": writable,
        // A task's subtype can be chosen only when it is made.
        "updateable": writable && field.name != "TaskSubtype",
        "filterable": true,
        "sortable": true,
        "groupable": !matches!(field.kind, Type::DateTime),
        "custom": false,
        "calculated": false,
        "unique": field.name == "Username",
        "externalId": false,
        "idLookup": matches!(field.name, "Id" | "Username"),
        "caseSensitive": field.name == "FederationIdentifier",
        "defaultedOnCreate": field.kind == Type::Id,
        "referenceTo": reference_to,
        "relationshipName": relationship,
        "picklistValues": picklist(object, field),
    })
}

fn picklist(object: &Object, field: &Field) -> Vec<Value> {
    let values: &[&str] = match (object.name, field.name) {
        ("User", "UserType") => &[
            "Standard",
            "PowerPartner",
            "PowerCustomerSuccess",
            "CustomerSuccess",
            "Guest",
            "CspLitePortal",
            "CsnOnly",
            "SelfService",
            "AutomatedProcess",
            "CloudIntegrationUser",
        ],
        ("Task", "Status") => &[
            "Not Started",
            "In Progress",
            "Completed",
            "Waiting on someone else",
            "Deferred",
        ],
        ("Task", "Priority") => &["High", "Normal", "Low"],
        ("Task", "CallType") => &["Internal", "Inbound", "Outbound"],
        ("Task", "TaskSubtype") => &["Task", "Email", "ListEmail", "Cadence", "Call", "LinkedIn"],
        _ => &[],
    };
    let value = |value: &&str| json!({ "active": true, "defaultValue": false, "label": value, "value": value });
    values.iter().map(value).collect()
}

/// `GET /sobjects/{object}/{id}?fields=a,b`.
fn record(
    core: &Core,
    request: &ApiRequest,
    object: &Object,
    id: &str,
    base: &str,
) -> Result<Value, ApiError> {
    let missing = || {
        let message = "Provided external ID field does not exist or is not accessible: ";
        ApiError::new(StatusCode::NOT_FOUND, "NOT_FOUND", format!("{message}{id}"))
    };
    let wanted = ids::normalise(id).ok_or_else(missing)?;
    let users: Vec<_> = core.directory().users().to_vec();
    let seen: Vec<_> = users
        .iter()
        .filter(|user| user.state != UserState::Deleted)
        .cloned()
        .collect();
    let row: Row = rows(object, &seen)
        .into_iter()
        .find(|row| row.id() == wanted)
        .ok_or_else(missing)?;
    let mut shown = Map::new();
    let url = format!("{base}/sobjects/{}/{wanted}", object.name);
    shown.insert(
        "attributes".to_owned(),
        json!({ "type": object.name, "url": url }),
    );
    let asked = request
        .parameter("fields")
        .map(|names| names.split(',').map(str::trim).collect::<Vec<_>>());
    if let Some(names) = &asked
        && let Some(unknown) = names.iter().find(|name| object.field(name).is_none())
    {
        let message = format!(
            "No such column '{unknown}' on sobject of type {}",
            object.name
        );
        return Err(ApiError::bad("INVALID_FIELD", message));
    }
    for field in object.fields {
        let wanted = asked.as_ref().is_none_or(|names| {
            names
                .iter()
                .any(|name| name.eq_ignore_ascii_case(field.name))
                || field.name == "Id"
        });
        if wanted {
            shown.insert(field.name.to_owned(), row.value(field.name, &seen));
        }
    }
    Ok(Value::Object(shown))
}

/// `GET /sobjects/User/updated?start=…&end=…` and its twin for deleted records.
fn changed(core: &Core, request: &ApiRequest, change: &str) -> Result<Value, ApiError> {
    let bound = |name: &str| {
        let value = request.parameter(name).ok_or_else(|| {
            ApiError::bad("MISSING_ARGUMENT", format!("{name} parameter is required"))
        })?;
        value.parse::<Timestamp>().map_err(|_| {
            ApiError::bad(
                "INVALID_REPLICATION_DATE",
                format!("{name} date is not valid: {value}"),
            )
        })
    };
    let (start, end) = (bound("start")?, bound("end")?);
    if end <= start {
        let message = "startDate before org replication enabled date or after endDate";
        return Err(ApiError::bad("INVALID_REPLICATION_DATE", message));
    }
    let latest = date_time(core.clock.now().min(end));
    if change == "deleted" {
        // Users are never deleted.
        return Ok(json!({
            "deletedRecords": [], "earliestDateAvailable": date_time(start), "latestDateCovered": latest,
        }));
    }
    let directory = core.directory();
    let changed = directory.users().iter().filter(|user| {
        user.state != UserState::Deleted && user.modified >= start && user.modified < end
    });
    let ids: Vec<&str> = changed.map(|user| user.id.as_str()).collect();
    Ok(json!({ "ids": ids, "latestDateCovered": latest }))
}
