//! What objects and fields there are, and which users changed when.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::errors::ApiError;
use super::objects::{OBJECTS, is_restricted, picklist};
use super::rows::date_time;
use super::schema::{Field, Object, Setting, Type};
use crate::answer::ApiRequest;
use crate::core::Core;
use crate::directory::UserState;

/// `GET /sobjects`: all objects.
pub(crate) fn all(base: &str) -> Value {
    let all = OBJECTS.iter().map(|object| summary(object, base));
    json!({ "encoding": "UTF-8", "maxBatchSize": 200, "sobjects": all.collect::<Vec<_>>() })
}

/// `GET /sobjects/{object}`: one object without its fields.
pub(crate) fn one(object: &Object, base: &str) -> Value {
    json!({ "objectDescribe": summary(object, base), "recentItems": [] })
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
        "searchable": object.is_searchable(),
        "createable": object.writable,
        "updateable": object.writable,
        "deletable": object.writable,
        "undeletable": false,
        "layoutable": true,
        "triggerable": true,
        "urls": {
            "sobject": format!("{base}/sobjects/{}", object.name),
            "describe": format!("{base}/sobjects/{}/describe", object.name),
            "rowTemplate": format!("{base}/sobjects/{}/{{ID}}", object.name),
        },
    })
}

/// `GET /sobjects/{object}/describe`: one object with the fields the connecting user sees.
pub(crate) fn whole(object: &Object, base: &str, hidden: &[&str]) -> Value {
    let hides = |name: &str| hidden.iter().any(|field| field.eq_ignore_ascii_case(name));
    let fields = object.fields.iter().filter(|own| !hides(own.name));
    let fields: Vec<Value> = fields.map(|own| field(own, object)).collect();
    let mut body = summary(object, base);
    body["fields"] = json!(fields);
    body["childRelationships"] = json!([]);
    body["recordTypeInfos"] = json!([]);
    body
}

fn field(field: &Field, object: &Object) -> Value {
    let (reference_to, relationship) = match field.kind {
        Type::Reference(objects, relationship) => (objects, relationship),
        _ => (&[] as &[&str], None),
    };
    let value = |value: &&str| json!({ "active": true, "defaultValue": false, "label": value, "value": value });
    let picklist = picklist(object.name, field.name);
    json!({
        "name": field.name,
        "label": field.name,
        "type": field.kind.name(),
        "length": field.kind.length(),
        "nillable": field.nillable,
        "createable": field.setting != Setting::Never,
        "updateable": field.setting == Setting::Always,
        "filterable": !matches!(field.kind, Type::TextArea(_)),
        "sortable": !matches!(field.kind, Type::TextArea(_)),
        "groupable": !matches!(field.kind, Type::DateTime | Type::TextArea(_)),
        "custom": field.name.ends_with("__c"),
        "calculated": false,
        "unique": field.name == "Username",
        "externalId": field.external_id,
        "idLookup": field.external_id || matches!(field.name, "Id" | "Username"),
        "caseSensitive": field.name == "FederationIdentifier",
        "defaultedOnCreate": matches!(field.name, "Id" | "OwnerId" | "Status" | "Priority"),
        "polymorphicForeignKey": reference_to.len() > 1,
        "referenceTo": reference_to,
        "relationshipName": relationship,
        "restrictedPicklist": !picklist.is_empty() && is_restricted(field.name),
        "picklistValues": picklist.iter().map(value).collect::<Vec<_>>(),
    })
}

/// `GET /sobjects/User/updated?start=…&end=…` and its twin for deleted records.
pub(crate) fn changed(core: &Core, request: &ApiRequest, change: &str) -> Result<Value, ApiError> {
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
