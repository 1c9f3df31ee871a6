//! What the tables are like: `EntityDefinitions` and `$metadata`.

use std::fmt::Write as _;

use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use super::Call;
use super::entities::ENTITIES;
use super::errors::ApiError;
use super::schema::{Column, Entity, Kind, Setting, by_name};
use crate::answer::Answer;

/// Answers `EntityDefinitions…`, with the segments after it.
pub(crate) fn answer(call: Call<'_>, key: Option<&str>, rest: &[&str]) -> Result<Answer, ApiError> {
    let value: Vec<Value> = match (key, rest) {
        (None, []) => ENTITIES.iter().map(entity).collect(),
        (Some(key), rest) => {
            let name = key
                .strip_prefix("LogicalName='")
                .and_then(|name| name.strip_suffix('\''))
                .ok_or_else(|| {
                    ApiError::query(format!("The key '{key}' is not supported here."))
                })?;
            let of = by_name(name).ok_or_else(|| {
                let message = format!(
                    "Could not find an entity with name {name} and retrieveAsIfPublished False"
                );
                ApiError::new(StatusCode::NOT_FOUND, "0x80060888", message)
            })?;
            match rest {
                [] => return Ok(super::answer(StatusCode::OK, &picked(call, entity(of)))),
                ["Attributes"] => of.columns.iter().map(attribute).collect(),
                ["Keys"] => of
                    .alternate_keys
                    .iter()
                    .map(|key| alternate_key(key))
                    .collect(),
                ["ManyToOneRelationships"] => of
                    .navigations
                    .iter()
                    .map(|link| {
                        json!({
                            "SchemaName": format!("{}_{}", of.name, link.name),
                            "ReferencingEntity": of.name,
                            "ReferencingAttribute": link.column,
                            "ReferencedEntity": link.target,
                            "ReferencingEntityNavigationPropertyName": link.name,
                        })
                    })
                    .collect(),
                _ => return Err(ApiError::no_segment(rest.last().unwrap_or(&"?"))),
            }
        }
        (None, _) => return Err(ApiError::no_segment(rest.last().unwrap_or(&"?"))),
    };
    let kept = value.into_iter().filter(|one| meets(call, one));
    let value: Vec<Value> = kept.map(|one| picked(call, one)).collect();
    let context = format!("{}/$metadata#EntityDefinitions", call.root);
    Ok(super::answer(
        StatusCode::OK,
        &json!({ "@odata.context": context, "value": value }),
    ))
}

/// Only what `$select` names.
fn picked(call: Call<'_>, value: Value) -> Value {
    let (Some(names), Value::Object(all)) = (call.request.parameter("$select"), &value) else {
        return value;
    };
    let names = names.split(',').map(str::trim).chain(["MetadataId"]);
    let kept = names.filter_map(|name| Some((name.to_owned(), all.get(name)?.clone())));
    Value::Object(kept.collect::<Map<_, _>>())
}

/// `$filter` here knows equality of text, joined by `and`.
fn meets(call: Call<'_>, value: &Value) -> bool {
    let filter = call.request.parameter("$filter").unwrap_or_default();
    let mut conditions = filter.split(" and ").filter(|part| !part.is_empty());
    conditions.all(|condition| {
        condition.split_once(" eq ").is_some_and(|(name, wanted)| {
            let wanted = wanted.trim();
            match &value[name.trim()] {
                Value::String(text) => wanted.trim_matches('\'') == text,
                Value::Bool(flag) => wanted == if *flag { "true" } else { "false" },
                _ => false,
            }
        })
    })
}

fn entity(entity: &Entity) -> Value {
    json!({
        "MetadataId": super::ids::make("metadata", entity.name.len()),
        "LogicalName": entity.name,
        "SchemaName": entity.name,
        "EntitySetName": entity.set,
        "LogicalCollectionName": entity.set,
        "PrimaryIdAttribute": entity.key,
        "PrimaryNameAttribute": entity.title,
        "IsActivity": entity.key == "activityid",
        "ChangeTrackingEnabled": entity.tracked,
        "IsCustomEntity": false,
    })
}

fn attribute(column: &Column) -> Value {
    json!({
        "LogicalName": column.name,
        "SchemaName": column.name,
        "AttributeType": column.kind.attribute_type(),
        "IsValidForCreate": matches!(column.setting, Setting::Once | Setting::Always),
        "IsValidForUpdate": matches!(column.setting, Setting::Later | Setting::Always),
        "IsValidForRead": true,
        "IsCustomAttribute": column.name.starts_with("new_"),
        "MaxLength": match column.kind {
            Kind::Text(length) => json!(length),
            _ => Value::Null,
        },
    })
}

fn alternate_key(column: &str) -> Value {
    json!({
        "LogicalName": format!("{column}_key"),
        "KeyAttributes": [column],
        "EntityKeyIndexStatus": "Active",
    })
}

/// `GET …/$metadata`.
pub(crate) fn metadata() -> Answer {
    let mut text = String::from(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><edmx:Edmx Version=\"4.0\" \
         xmlns:edmx=\"http://docs.oasis-open.org/odata/ns/edmx\"><edmx:DataServices><Schema \
         Namespace=\"Microsoft.Dynamics.CRM\" Alias=\"mscrm\" \
         xmlns=\"http://docs.oasis-open.org/odata/ns/edm\">",
    );
    for entity in ENTITIES {
        // Writing to a string does not fail.
        let _ = write!(
            text,
            "<EntityType Name=\"{}\"><Key><PropertyRef Name=\"{}\"/></Key>",
            entity.name, entity.key
        );
        for column in entity.columns {
            let _ = write!(
                text,
                "<Property Name=\"{}\" Type=\"{}\"/>",
                column.wire(),
                column.kind.edm()
            );
        }
        for link in entity.navigations {
            let _ = write!(
                text,
                "<NavigationProperty Name=\"{}\" Type=\"mscrm.{}\"><ReferentialConstraint \
                 Property=\"_{}_value\" ReferencedProperty=\"{}\"/></NavigationProperty>",
                link.name,
                link.target,
                link.column,
                by_name(link.target).map_or("", |target| target.key)
            );
        }
        text.push_str("</EntityType>");
    }
    text.push_str("<EntityContainer Name=\"System\">");
    for entity in ENTITIES {
        let _ = write!(
            text,
            "<EntitySet Name=\"{}\" EntityType=\"Microsoft.Dynamics.CRM.{}\"/>",
            entity.set, entity.name
        );
    }
    text.push_str("</EntityContainer></Schema></edmx:DataServices></edmx:Edmx>");
    Answer::bytes(StatusCode::OK, "application/xml", text.into_bytes())
}
