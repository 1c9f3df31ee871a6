//! `/crm/v3/objects/{kind}`: list, read, make, change, archive, and ties.

use std::collections::BTreeMap;

use axum::http::{Method, StatusCode};
use serde_json::{Map, Value, json};

use super::auth::Caller;
use super::errors::{Problem, no_such_path, wrong_verb};
use super::rows::{Row, accepted};
use super::schema::{self, Kind};
use super::{HubSpot, batch, date_time, owners, search};
use crate::answer::{Answer, ApiRequest};
use crate::records::Record;

/// Rows of a list when nobody says otherwise, and at most.
const USUAL: usize = 10;
const MOST: usize = 100;

/// Where the ids of written records start, and how far they lie apart.
const IDS_FROM: usize = 68_114_220_117;
const IDS_APART: usize = 31;

/// What somebody wants to be written.
#[derive(Debug)]
pub(crate) struct Draft<'a> {
    pub(crate) properties: &'a Map<String, Value>,
    pub(crate) associations: &'a Value,
}

impl<'a> Draft<'a> {
    /// The draft in a JSON object.
    pub(crate) fn of(body: &'a Value) -> Result<Self, Problem> {
        let properties = body["properties"]
            .as_object()
            .ok_or_else(|| Problem::bad_json("properties must be an object"))?;
        Ok(Self {
            properties,
            associations: &body["associations"],
        })
    }
}

/// Everything below `/crm/v3/objects/{kind}`.
pub(crate) fn answer(
    hubspot: &HubSpot,
    caller: &Caller,
    request: &ApiRequest,
    kind: &'static Kind,
    rest: &[&str],
) -> Result<Answer, Problem> {
    let reads = request.method == Method::GET || matches!(rest, ["search"] | ["batch", "read"]);
    if !reads && kind.write.is_empty() {
        return Ok(wrong_verb());
    }
    caller.needs(if reads { kind.read } else { kind.write })?;
    let has_body = matches!(request.method, Method::POST | Method::PATCH);
    if has_body && !super::is_json(request) {
        return Ok(Problem::unsupported_media_type());
    }
    match (&request.method, rest) {
        (_, ["search"]) => search::answer(hubspot, request, kind),
        (&Method::POST, ["batch", operation]) => batch::answer(hubspot, request, kind, operation),
        (&Method::GET, []) => list(hubspot, request, kind),
        (&Method::POST, []) => {
            let body = super::body(request)?;
            let id = create(hubspot, kind, &Draft::of(&body)?)?;
            Ok(written(hubspot, kind, &id, StatusCode::CREATED))
        }
        (&Method::GET, [id]) => one(hubspot, request, kind, id),
        (&Method::PATCH, [id]) => {
            let body = super::body(request)?;
            let by = request.parameter("idProperty");
            let id = find_id(hubspot, kind, id, by).ok_or_else(Problem::not_found)?;
            update(hubspot, kind, &id, Draft::of(&body)?.properties)?;
            Ok(written(hubspot, kind, &id, StatusCode::OK))
        }
        (&Method::DELETE, [id]) => {
            // Who archives what is not there has what they wanted.
            archive(hubspot, kind, id);
            Ok(Answer::empty(StatusCode::NO_CONTENT))
        }
        (_, [] | [_]) => Ok(wrong_verb()),
        _ => Ok(no_such_path()),
    }
}

/// The names in a query parameter, comma-separated or repeated.
fn names<'a>(request: &'a ApiRequest, parameter: &str) -> Vec<&'a str> {
    let all = request.query.iter().filter(|(name, _)| name == parameter);
    all.flat_map(|(_, value)| value.split(','))
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .collect()
}

fn list(hubspot: &HubSpot, request: &ApiRequest, kind: &'static Kind) -> Result<Answer, Problem> {
    let limit = owners::limit(request, USUAL, MOST)?;
    let archived = owners::archived(request)?;
    let after = match request.parameter("after") {
        None | Some("") => None,
        Some(text) => Some(text.parse::<u64>().map_err(|_| {
            Problem::invalid(format!(
                "Invalid paging offset: {text} is not a valid cursor"
            ))
        })?),
    };
    let (properties, tied) = (names(request, "properties"), names(request, "associations"));
    let number = |row: &Row| row.id().parse::<u64>().unwrap_or(0);
    let body = hubspot.with_rows(kind, |rows| {
        let from = after.map_or(0, |after| rows.partition_point(|row| number(row) < after));
        let mut left = rows[from..]
            .iter()
            .filter(|row| row.is_archived() == archived);
        let page: Vec<&Row> = left.by_ref().take(limit).collect();
        let results: Vec<Value> = page
            .iter()
            .map(|row| {
                with_ties(
                    **row,
                    row.answer(kind, &hubspot.customs, &properties),
                    &tied,
                )
            })
            .collect();
        let mut body = json!({ "results": results });
        if let Some(next) = left.next() {
            let after = next.id();
            let link = format!("{}{}?after={after}", hubspot.core.base_url, request.path);
            body["paging"] = json!({ "next": { "after": after, "link": link } });
        }
        body
    });
    Ok(Answer::json(StatusCode::OK, &body))
}

fn one(
    hubspot: &HubSpot,
    request: &ApiRequest,
    kind: &'static Kind,
    id: &str,
) -> Result<Answer, Problem> {
    let by = request.parameter("idProperty");
    let archived = owners::archived(request)?;
    let id = find_id(hubspot, kind, id, by).ok_or_else(Problem::not_found)?;
    let (properties, tied) = (names(request, "properties"), names(request, "associations"));
    let found = hubspot.with_row(kind, &id, |row| {
        (row.is_archived() == archived)
            .then(|| with_ties(row, row.answer(kind, &hubspot.customs, &properties), &tied))
    });
    let body = found.flatten().ok_or_else(Problem::not_found)?;
    Ok(Answer::json(StatusCode::OK, &body))
}

/// The answer with the ties to the kinds that were asked for.
fn with_ties(row: Row, mut answer: Value, kinds: &[&str]) -> Value {
    for name in kinds {
        let Some(other) = schema::kind(name) else {
            continue;
        };
        let results: Vec<Value> = row
            .ties()
            .into_iter()
            .filter(|(kind, ..)| kind == other.name)
            .map(|(_, id, number)| json!({ "id": id, "type": number.to_string() }))
            .collect();
        if !results.is_empty() {
            answer["associations"][other.name] = json!({ "results": results });
        }
    }
    answer
}

/// The id of a record by its id, e-mail address or another unique property.
pub(crate) fn find_id(
    hubspot: &HubSpot,
    kind: &'static Kind,
    value: &str,
    by: Option<&str>,
) -> Option<String> {
    let by = by.filter(|by| !["hs_object_id", "id"].contains(by));
    let Some(by) = by else {
        return hubspot.with_row(kind, value, |row: Row| row.id());
    };
    let is_unique =
        hubspot.customs.is_unique(kind, by) || (kind.name == "contacts" && by == "email");
    if !is_unique {
        return None;
    }
    let value = value.to_lowercase();
    hubspot.with_rows(kind, |rows| {
        let has = |row: &&Row| {
            row.property(by)
                .is_some_and(|own| own.to_lowercase() == value)
        };
        rows.iter().find(has).map(|row| row.id())
    })
}

/// Properties as the schema accepts them, unique where they must be.
fn checked(
    hubspot: &HubSpot,
    kind: &'static Kind,
    own_id: Option<&str>,
    given: &Map<String, Value>,
) -> Result<BTreeMap<String, String>, Problem> {
    let accepted = {
        let directory = hubspot.core.directory();
        accepted(&hubspot.customs, kind, directory.users(), given)
    };
    let properties = accepted.map_err(|why| Problem::bad_values(&why))?;
    for (name, value) in &properties {
        let is_unique = hubspot.customs.is_unique(kind, name) && !value.is_empty();
        let other = is_unique.then(|| find_id(hubspot, kind, value, Some(name)));
        if let Some(other) = other
            .flatten()
            .filter(|other| Some(other.as_str()) != own_id)
        {
            let message = format!("{name} must be unique; {other} already has the value {value}.");
            return Err(Problem::invalid(message));
        }
    }
    Ok(properties)
}

/// Makes a record and gives its id.
pub(crate) fn create(
    hubspot: &HubSpot,
    kind: &'static Kind,
    draft: &Draft,
) -> Result<String, Problem> {
    let properties = checked(hubspot, kind, None, draft.properties)?;
    let missing: Vec<&str> = kind
        .required
        .iter()
        .copied()
        .filter(|name| properties.get(*name).is_none_or(String::is_empty))
        .collect();
    if !missing.is_empty() {
        return Err(Problem::missing_properties(kind.singular, &missing));
    }
    let ties = ties(hubspot, kind, draft.associations)?;
    let now = hubspot.core.clock.now();
    let mut records = hubspot.core.records();
    let id = (IDS_FROM + records.all().len() * IDS_APART).to_string();
    records.add(Record {
        kind: kind.name.to_owned(),
        id: id.clone(),
        owner: owner(&properties),
        fields: json!({
            "id": id, "properties": properties, "associations": ties, "archived": false,
            "createdAt": date_time(now), "updatedAt": date_time(now),
        }),
        created: now,
        modified: now,
    });
    Ok(id)
}

fn owner(properties: &BTreeMap<String, String>) -> Option<String> {
    let owner = properties.get("hubspot_owner_id")?;
    (!owner.is_empty()).then(|| owner.clone())
}

/// Changes the properties that are given; empty text clears.
pub(crate) fn update(
    hubspot: &HubSpot,
    kind: &'static Kind,
    id: &str,
    given: &Map<String, Value>,
) -> Result<(), Problem> {
    let properties = checked(hubspot, kind, Some(id), given)?;
    let now = hubspot.core.clock.now();
    let mut records = hubspot.core.records();
    let record = records
        .find_mut(kind.name, id)
        .ok_or_else(Problem::not_found)?;
    if properties.contains_key("hubspot_owner_id") {
        record.owner = owner(&properties);
    }
    for (name, value) in properties {
        record.fields["properties"][name] = json!(value);
    }
    record.fields["updatedAt"] = json!(date_time(now));
    record.modified = now;
    Ok(())
}

/// Archives a record, when it is there.
pub(crate) fn archive(hubspot: &HubSpot, kind: &Kind, id: &str) {
    if let Some(record) = hubspot.core.records().find_mut(kind.name, id) {
        record.fields["archived"] = json!(true);
    }
}

/// A written record as the answer to writing it: with all its properties.
fn written(hubspot: &HubSpot, kind: &'static Kind, id: &str, status: StatusCode) -> Answer {
    let body = whole(hubspot, kind, id).unwrap_or(Value::Null);
    Answer::json(status, &body)
}

/// A record with every property that is set.
pub(crate) fn whole(hubspot: &HubSpot, kind: &'static Kind, id: &str) -> Option<Value> {
    let records = hubspot.core.records();
    let record = records.find(kind.name, id)?;
    let set = record.fields["properties"].as_object();
    let names: Vec<&str> = set
        .into_iter()
        .flatten()
        .map(|(name, _)| name.as_str())
        .collect();
    Some(Row::Written(record).answer(kind, &hubspot.customs, &names))
}

/// The ties of a draft, each to something that is there and of a number that fits.
fn ties(hubspot: &HubSpot, kind: &Kind, given: &Value) -> Result<Vec<Value>, Problem> {
    let mut ties = Vec::new();
    for tie in given.as_array().into_iter().flatten() {
        let to = tie["to"]["id"].as_str().map(str::to_owned);
        let to = to.or_else(|| tie["to"]["id"].as_u64().map(|id| id.to_string()));
        let to = to.ok_or_else(|| Problem::invalid("an association needs a to with an id"))?;
        for one in tie["types"].as_array().into_iter().flatten() {
            let number = one["associationTypeId"].as_u64().unwrap_or(0);
            let fits = kind.ties.iter().find(|(_, own)| *own == number);
            let (other, number) = fits.ok_or_else(|| {
                let singular = kind.singular;
                Problem::invalid(format!("association type id {number} doesn't exist between {singular} and the given object"))
            })?;
            ties.push(tie_to(hubspot, other, &to, *number)?);
        }
    }
    Ok(ties)
}

fn tie_to(hubspot: &HubSpot, other: &str, id: &str, number: u64) -> Result<Value, Problem> {
    let missing = || {
        Problem::invalid(format!(
            "One or more associations are not valid: {other} {id} does not exist"
        ))
    };
    let other = schema::kind(other).ok_or_else(missing)?;
    hubspot.with_row(other, id, |_| ()).ok_or_else(missing)?;
    Ok(json!({ "kind": other.name, "id": id, "type": number }))
}

/// `/crm/v4/objects/{kind}/{id}/associations/…`: lists ties, or makes the usual one.
pub(crate) fn associations(
    hubspot: &HubSpot,
    caller: &Caller,
    request: &ApiRequest,
    kind: &'static Kind,
    rest: &[&str],
) -> Result<Answer, Problem> {
    match (&request.method, rest) {
        (&Method::GET, [id, "associations", to]) => {
            caller.needs(kind.read)?;
            let to = schema::kind(to).ok_or_else(Problem::not_found)?;
            let ties = hubspot.with_row(kind, id, |row: Row| row.ties());
            let ties = ties.ok_or_else(Problem::not_found)?;
            let of_kind = ties.into_iter().filter(|(kind, ..)| kind == to.name);
            let results: Vec<Value> = of_kind
                .map(|(_, id, number)| {
                    let label =
                        json!({ "category": "HUBSPOT_DEFINED", "typeId": number, "label": null });
                    json!({ "toObjectId": id.parse::<u64>().ok(), "associationTypes": [label] })
                })
                .collect();
            Ok(Answer::json(StatusCode::OK, &json!({ "results": results })))
        }
        (&Method::PUT, [id, "associations", "default", to, other]) => {
            if kind.write.is_empty() {
                return Ok(wrong_verb());
            }
            caller.needs(kind.write)?;
            let to = schema::kind(to).ok_or_else(Problem::not_found)?;
            let usual = kind.ties.iter().find(|(name, _)| *name == to.name);
            let (name, number) = usual.ok_or_else(Problem::not_found)?;
            let tie = tie_to(hubspot, name, other, *number)?;
            let mut records = hubspot.core.records();
            let record = records
                .find_mut(kind.name, id)
                .ok_or_else(Problem::not_found)?;
            if let Some(all) = record.fields["associations"].as_array_mut()
                && !all.contains(&tie)
            {
                all.push(tie);
            }
            let result = json!({
                "from": { "id": id }, "to": { "id": other },
                "associationSpec": { "associationCategory": "HUBSPOT_DEFINED", "associationTypeId": number },
            });
            let body = json!({ "status": "COMPLETE", "results": [result] });
            Ok(Answer::json(StatusCode::OK, &body))
        }
        _ => Ok(no_such_path()),
    }
}
